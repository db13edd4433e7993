//! A change of the organisation tree: what it was, what it is to be, and on which days figures see the difference. PURE.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::tree::{History, Node, Tree};
use crate::{db::UnitId, finding::Finding};

pub struct TreeChange {
    pub before: History,
    pub after: History,
}

impl TreeChange {
    /// The change that puts some states into a history.
    pub fn of(before: History, states: impl IntoIterator<Item = (NaiveDate, Node)>) -> Self {
        let after = before.with(states);
        Self { before, after }
    }

    /// The units that count differently on a day: one that comes or goes, is of another kind, stands below another unit, or
    /// goes on for others.
    pub fn units_that_differ(&self, day: NaiveDate) -> BTreeSet<UnitId> {
        let (before, after) = (self.before.on(day), self.after.on(day));
        let missing = |unit: &&Node, tree: &Tree| !tree.by_id(unit.id).is_some_and(|other| unit.counts_as(other));
        let gone = before.iter().filter(|unit| missing(unit, &after));
        gone.chain(after.iter().filter(|unit| missing(unit, &before))).map(|unit| unit.id).collect()
    }
}

/// What is broken after a change and was not before: what was broken may stay so.
pub fn newly_broken(before: &[Finding], after: Vec<Finding>) -> Vec<Finding> {
    after.into_iter().filter(|finding| !before.contains(finding)).collect()
}
