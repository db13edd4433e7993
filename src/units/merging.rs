//! What a unit may be merged into. PURE.

use chrono::NaiveDate;

use super::tree::Tree;
use crate::{db::UnitId, finding::Finding};

/// What is wrong with merging `unit` into another from a day on, as the tree stands `then`: the other is there and stays.
pub fn check(unit: UnitId, began: NaiveDate, (into, on): (&str, NaiveDate), then: &Tree) -> Vec<Finding> {
    let early = (on <= began).then(|| Finding::new("/on", "merged_before_begun").with("day", began));
    let other = match then.by_code(into) {
        None => Some(Finding::new("/into", "unit_unknown").with("unit", into)),
        Some(other) if then.is_within(other.id, unit) => Some(Finding::new("/into", "unit_cycle").with("day", on)),
        Some(other) => other.valid_to.map(|to| Finding::new("/into", "successor_ends").with("day", to)),
    };
    early.into_iter().chain(other).collect()
}
