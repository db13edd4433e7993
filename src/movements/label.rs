//! A plan's words in a language.

use super::plan::Text;
use crate::http::Locale;

/// A plan's words in the caller's language, else in Vietnamese.
pub fn label(text: &Text, locale: Locale) -> String {
    match (locale, &text.en) {
        (Locale::En, Some(en)) => en.clone(),
        _ => text.vi.clone(),
    }
}
