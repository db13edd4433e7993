//! What several parts of a plan are checked for: codes, texts, members. PURE.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{IndicatorKind, Text},
    text::is_visible,
};

/// Codes of a list stand in paths of the API, so they keep to letters, digits and `. _ -`; each stands once.
/// `member` is what follows the index in the pointer: `/code`, or nothing for a list of bare codes.
pub(super) fn codes<'a>(base: &str, member: &str, codes: impl IntoIterator<Item = &'a str>, out: &mut Vec<Finding>) {
    let mut seen = BTreeSet::new();
    for (i, code) in codes.into_iter().enumerate() {
        let pointer = format!("{base}/{i}{member}");
        if !well_formed(code) {
            out.push(Finding::new(&pointer, "code_malformed").with("code", code));
        }
        if !seen.insert(code) {
            out.push(Finding::new(&pointer, "code_duplicate").with("code", code));
        }
    }
}

/// Codes that are words of paths themselves: what is called so could not be asked for.
pub(super) fn reserved(pointer: &str, code: &str, words: &[&str], out: &mut Vec<Finding>) {
    if words.contains(&code) {
        out.push(Finding::new(format!("{pointer}/code"), "code_reserved").with("code", code));
    }
}

pub(super) fn well_formed(code: &str) -> bool {
    let mut bytes = code.bytes();
    code.len() <= 63
        && bytes.next().is_some_and(|b| b.is_ascii_alphanumeric())
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

/// Words that somebody will read must not be blank.
pub(super) fn words(pointer: impl Into<String>, words: &str, out: &mut Vec<Finding>) {
    if !words.chars().any(is_visible) {
        out.push(Finding::new(pointer, "text_blank"));
    }
}

pub(super) fn text(pointer: &str, text: &Text, out: &mut Vec<Finding>) {
    words(format!("{pointer}/vi"), &text.vi, out);
    text.en.iter().for_each(|en| words(format!("{pointer}/en"), en, out));
}

/// Which optional members a kind needs, and which it may have.
pub(super) struct Members {
    pub required: &'static [&'static str],
    pub optional: &'static [&'static str],
}

impl Members {
    pub fn check(&self, base: &str, kind: &str, present: &[(&'static str, bool)], out: &mut Vec<Finding>) {
        for (member, present) in present {
            let code = match (self.required.contains(member), present) {
                (true, false) => "member_missing",
                (false, true) if !self.optional.contains(member) => "member_foreign",
                _ => continue,
            };
            out.push(Finding::new(format!("{base}/{member}"), code).with("member", member).with("kind", kind));
        }
    }
}

/// The word that stands for a value in the document.
pub(super) fn word(value: &impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// The kind of an indicator, as a code and in words.
pub(super) fn of_kind(finding: Finding, kind: IndicatorKind) -> Finding {
    let code = word(&kind);
    finding.with("kind_vi", crate::labels::name("indicator_kind", &code).0).with("kind", code)
}

pub(super) fn whole(number: i64) -> Decimal {
    rust_decimal::Decimal::from(number).into()
}
