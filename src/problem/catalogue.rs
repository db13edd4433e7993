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

/// Fills the `{placeholders}` of a message. The field of an indicator stands behind its code where the message does not
/// name it; words of one language that nobody gave are left out.
pub fn fill(message: &str, args: &BTreeMap<&'static str, String>) -> String {
    let mut text = message.to_owned();
    if let (Some(indicator), Some(field)) = (args.get("indicator"), args.get("field"))
        && !text.contains("{field}")
    {
        text = text.replace("{indicator}", &format!("{indicator} ({field})"));
    }
    let text = args.iter().fold(text, |text, (name, value)| text.replace(&format!("{{{name}}}"), value));
    OPTIONAL.iter().fold(text, |text, name| text.replace(name, "")).trim_end().to_owned()
}

/// Words that only some findings of a code have.
const OPTIONAL: [&str; 4] = ["{advice_vi}", "{advice_en}", "{known_vi}", "{known_en}"];

/// The first sentence of a message, and the rest.
pub fn split(message: &str) -> (&str, &str) {
    message.split_once(". ").map_or((message.trim_end_matches('.'), ""), |(first, rest)| (first, rest))
}
