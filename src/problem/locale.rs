//! Vietnamese or English, by `Accept-Language`; Vietnamese where nobody asks.

use actix_web::http::header::{ACCEPT_LANGUAGE, HeaderMap};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Locale {
    #[default]
    Vi,
    En,
}

impl Locale {
    /// The better liked of the two languages (RFC 9110, section 12.5.4); others are passed over.
    pub fn of(headers: &HeaderMap) -> Self {
        let liked = |language: &str| {
            let header = headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?;
            header.split(',').find_map(|range| {
                let mut parts = range.split(';');
                let tag = parts.next()?.trim().to_ascii_lowercase();
                let q = parts.find_map(|p| p.trim().strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
                (tag == language || tag.split('-').next() == Some(language)).then_some(q)
            })
        };
        if liked("en").unwrap_or(0.0) > liked("vi").unwrap_or(0.0) { Self::En } else { Self::Vi }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }
}
