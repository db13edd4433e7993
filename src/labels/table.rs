//! The table of labels, read once. PURE.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::Deserialize;

/// A label: Vietnamese, English.
#[derive(Debug, Clone, Deserialize)]
pub struct Label(pub String, pub String);

type Lists = BTreeMap<String, BTreeMap<String, Label>>;

static LISTS: LazyLock<Lists> = LazyLock::new(|| {
    serde_json::from_str(include_str!("labels.json")).expect("labels.json is compiled in and read by a test")
});

/// Every list by its name, with its codes and their labels.
pub fn lists() -> &'static BTreeMap<String, BTreeMap<String, Label>> {
    &LISTS
}

/// The labels of some codes of a list, in both languages, each with its code behind.
pub fn labels<'a>(list: &str, codes: impl IntoIterator<Item = &'a str>) -> (String, String) {
    let of = |code: &'a str| {
        let (vi, en) = name(list, code);
        (format!("{vi} ({code})"), format!("{en} ({code})"))
    };
    let (vi, en): (Vec<String>, Vec<String>) = codes.into_iter().map(of).unzip();
    (vi.join(", "), en.join(", "))
}

/// The label of a code in both languages; a code without one is itself.
pub fn name(list: &str, code: &str) -> (String, String) {
    match LISTS.get(list).and_then(|known| known.get(code)) {
        Some(Label(vi, en)) => (vi.clone(), en.clone()),
        None => (code.to_owned(), code.to_owned()),
    }
}
