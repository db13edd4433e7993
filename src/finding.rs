//! A finding: an error or warning about a document, with its stable code, its place, and the figures that its message
//! quotes. Pure rules return findings; the kit turns codes into Vietnamese or English sentences. PURE.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::text::{is_visible, near};

/// Writes a key as a step of a JSON Pointer (RFC 6901).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key of a step of a JSON Pointer.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// What a finding is about, as a program reads it: a number or a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Param {
    Whole(i64),
    Text(String),
}

/// Names of params that are whole numbers; all others are texts: codes, days, decimals.
const WHOLE: &[&str] = &[
    "min",
    "max",
    "most",
    "line",
    "column",
    "count",
    "received",
    "rejected",
    "days",
    "years",
    "first",
    "retry_after",
    "numerator",
    "denominator",
    "rank",
    "population",
];

/// What messages quote, for programs: without words of one language, and without the number of the row, which has a
/// member of its own.
pub fn params(args: &BTreeMap<&'static str, String>) -> BTreeMap<&'static str, Param> {
    let is_word = |name: &str| name.ends_with("_vi") || name.ends_with("_en") || name == "row";
    let said = args.iter().filter(|(name, value)| !is_word(name) && *value != "–");
    let read = |name: &str, value: &str| value.parse().ok().filter(|_| WHOLE.contains(&name)).map(Param::Whole);
    said.map(|(name, value)| (*name, read(name, value).unwrap_or_else(|| Param::Text(value.clone())))).collect()
}

/// A finding: an error, or in lint a warning, at one place of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// JSON Pointer (RFC 6901) into the request's document.
    pub pointer: String,
    /// Stable code of the problem catalogue.
    pub code: &'static str,
    /// Values of the message's `{placeholders}`.
    pub args: BTreeMap<&'static str, String>,
    /// A warning informs, an error refuses.
    pub warning: bool,
}

impl Finding {
    pub fn new(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { pointer: pointer.into(), code, args: BTreeMap::new(), warning: false }
    }

    pub fn warning(pointer: impl Into<String>, code: &'static str) -> Self {
        Self { warning: true, ..Self::new(pointer, code) }
    }

    /// Whether a text keeps to its length in characters, spaces around it not counted.
    pub fn length(pointer: impl Into<String>, text: &str, min: usize, max: usize) -> Option<Self> {
        let fits = (min..=max).contains(&text.trim().chars().count());
        let shows = min == 0 || text.chars().any(is_visible);
        match (fits, shows) {
            (true, true) => None,
            (true, false) => Some(Self::new(pointer, "text_blank")),
            (false, _) => Some(Self::new(pointer, "length_out_of_range").with("min", min).with("max", max)),
        }
    }

    /// A name that is not one of the known ones: it says which is near, or which there are.
    pub fn unknown<'a>(pointer: impl Into<String>, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let finding = Self::new(pointer, "unknown_field").with("name", name).with("known", known.join(", "));
        match near(name, known.iter().copied()) {
            Some(near) => finding
                .with("nearest", near)
                .with("advice_vi", format!("Có phải là {near} không? "))
                .with("advice_en", format!("Did you mean {near}? ")),
            None if known.is_empty() => {
                finding.with("advice_vi", "Ở đây không nhận trường nào. ").with("advice_en", "None is taken here. ")
            }
            None => finding
                .with("advice_vi", format!("Các trường được nhận: {}. ", known.join(", ")))
                .with("advice_en", format!("Those taken are {}. ", known.join(", "))),
        }
    }

    /// Suggests the known code that is near to an unknown one.
    pub fn suggesting<'a>(self, code: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        match near(code, known) {
            Some(near) => self
                .with("nearest", near)
                .with("advice_vi", format!("Có phải là {near} không? "))
                .with("advice_en", format!("Did you mean {near}? ")),
            None => self.with("advice_vi", "").with("advice_en", ""),
        }
    }

    /// Names a figure or word that the message quotes.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}
