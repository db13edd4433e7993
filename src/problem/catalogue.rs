//! Every problem and finding code of the service, with its status and its words: one table, `problems.json`.
//! A message says what is wrong in its first sentence and what to do in the rest.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

use super::locale::Locale;

/// What a code means.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub code: String,
    /// HTTP status of the problem; a finding is part of a problem with this status.
    pub status: u16,
    pub vi: String,
    pub en: String,
}

impl Entry {
    pub fn message(&self, locale: Locale) -> &str {
        match locale {
            Locale::Vi => &self.vi,
            Locale::En => &self.en,
        }
    }
}

static ENTRIES: LazyLock<BTreeMap<String, Entry>> = LazyLock::new(|| {
    let entries: Vec<Entry> =
        serde_json::from_str(include_str!("problems.json")).expect("problems.json is compiled in and read by a test");
    entries.into_iter().map(|entry| (entry.code.clone(), entry)).collect()
});

/// All codes, in order of their names.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    ENTRIES.values()
}

/// What `code` means. A code that is not in the table is a defect that a test finds; here it is an internal error.
pub fn entry(code: &str) -> &'static Entry {
    ENTRIES.get(code).unwrap_or_else(|| &ENTRIES["internal"])
}

/// Fills the `{placeholders}` of a message; one without a value is a dash. The field of an indicator stands behind its
/// code where the message does not name it; words of one language that nobody gave are left out.
pub fn fill(message: &str, args: &BTreeMap<&'static str, String>) -> String {
    let mut text = message.to_owned();
    if args.contains_key("indicator") && args.contains_key("field") && !text.contains("{field}") {
        text = text.replace("{indicator}", "{indicator} ({field})");
    }
    let mut filled = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let name = after.split_once('}').filter(|(name, _)| !name.is_empty() && name.bytes().all(is_of_name));
        match name {
            Some((name, behind)) => {
                let value = args.get(name).map_or_else(|| absent(name), String::as_str);
                filled.push_str(value);
                rest = behind;
                // A cell without an address leaves one space between its neighbours.
                if value.is_empty() && filled.ends_with(' ') {
                    rest = behind.strip_prefix(' ').unwrap_or(behind);
                }
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled.trim_end().to_owned()
}

fn absent(name: &str) -> &'static str {
    if OPTIONAL.contains(&name) { "" } else { "–" }
}

fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_'
}

/// Words that only some findings of a code have.
const OPTIONAL: [&str; 5] = ["advice_vi", "advice_en", "known_vi", "known_en", "cell"];

/// The first sentence of a message, and the rest.
pub fn split(message: &str) -> (&str, &str) {
    message.split_once(". ").map_or((message.trim_end_matches('.'), ""), |(first, rest)| (first, rest))
}
