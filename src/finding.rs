//! A finding: an error or warning about a document, with its stable code, its place, and the figures that its message
//! quotes. Pure rules return findings; the kit turns codes into Vietnamese or English sentences. PURE.

use std::collections::BTreeMap;

/// Writes a key as a step of a JSON Pointer (RFC 6901).
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The key of a step of a JSON Pointer.
pub fn unescape(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
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

    pub fn severity(&self) -> &'static str {
        if self.warning { "warning" } else { "error" }
    }

    /// Whether a text keeps to its length in characters, spaces around it not counted.
    pub fn length(pointer: impl Into<String>, text: &str, min: usize, max: usize) -> Option<Self> {
        let fits = (min..=max).contains(&text.trim().chars().count());
        (!fits).then(|| Self::new(pointer, "length_out_of_range").with("min", min).with("max", max))
    }

    /// Names a figure or word that the message quotes.
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.insert(name, value.to_string());
        self
    }
}
