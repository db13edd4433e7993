//! How units are called, and what one may be merged into. PURE.

use chrono::NaiveDate;

use super::tree::Tree;
use crate::{db::UnitId, finding::Finding};

/// Paths beside `/units/{unit}`: a unit of such a code could not be asked for.
const RESERVED: [&str; 2] = ["tree", "import"];

/// Small letters, digits, `-` and `_`; 2 to 63 of them.
pub fn is_code(text: &str) -> bool {
    let mut bytes = text.bytes();
    (2..=63).contains(&text.len())
        && bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// The code of a unit.
pub fn check_code(at: &str, code: &str) -> Option<Finding> {
    let reserved = RESERVED.contains(&code).then(|| Finding::new(at, "code_reserved").with("code", code));
    reserved.or_else(|| (!is_code(code)).then(|| Finding::new(at, "code_malformed")))
}

/// What is wrong with merging `unit` into another from a day on, as the tree stands `then`: the other is there and stays.
pub fn check_merge(unit: UnitId, began: NaiveDate, (into, on): (&str, NaiveDate), then: &Tree) -> Vec<Finding> {
    let early = (on <= began).then(|| Finding::new("/on", "merged_before_begun").with("day", began));
    let other = match then.by_code(into) {
        None => Some(Finding::new("/into", "unit_unknown").with("unit", into)),
        Some(other) if then.is_within(other.id, unit) => Some(Finding::new("/into", "unit_cycle").with("day", on)),
        Some(other) => other.valid_to.map(|to| Finding::new("/into", "successor_ends").with("day", to)),
    };
    early.into_iter().chain(other).collect()
}
