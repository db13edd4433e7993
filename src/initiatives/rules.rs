//! The life of an initiative, what it must say, and at which levels one may be recognised. PURE.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    db::InitiativeId,
    finding::Finding,
    movements::plan::{CriterionKind, Plan},
};

const OWNERS_MOST: usize = 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InitiativeState")]
pub enum State {
    Proposed,
    Recognised,
    Rejected,
    /// The same as another one, which alone counts.
    Duplicate,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Recognised, Self::Rejected, Self::Duplicate];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "InitiativeAction")]
pub enum Action {
    Recognise,
    Reject,
    MarkDuplicate,
    Replicate,
    WithdrawReplication,
}

impl Action {
    pub const ALL: [Self; 5] =
        [Self::Recognise, Self::Reject, Self::MarkDuplicate, Self::Replicate, Self::WithdrawReplication];
}

/// The state that an act leads to; none where the state forbids the act.
pub fn next(state: State, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Recognise, State::Proposed) => Some(State::Recognised),
        (Action::Reject, State::Proposed) => Some(State::Rejected),
        (Action::MarkDuplicate, State::Proposed | State::Recognised) => Some(State::Duplicate),
        (Action::Replicate | Action::WithdrawReplication, State::Recognised) => Some(State::Recognised),
        _ => None,
    }
}

/// Whether one may be a duplicate of `of`; `original` is how that one of the same movement stands, where there is one.
/// What is a duplicate itself, or rejected, counts nowhere and can stand for nothing; what is only proposed may come to
/// be rejected, and cannot stand for one that is `recognised`.
pub fn check_duplicate(
    (id, recognised): (InitiativeId, bool),
    of: InitiativeId,
    original: Option<State>,
) -> Option<Finding> {
    match original {
        _ if of == id => Some(Finding::new("/of", "duplicate_of_itself")),
        None => Some(Finding::new("/of", "initiative_unknown").with("initiative", of)),
        Some(State::Rejected | State::Duplicate) => Some(Finding::new("/of", "original_counts_not")),
        Some(State::Proposed) if recognised => Some(Finding::new("/of", "original_not_recognised")),
        Some(State::Proposed | State::Recognised) => None,
    }
}

/// The day from which a unit uses an initiative.
pub fn check_use(used_from: NaiveDate, today: NaiveDate) -> Option<Finding> {
    (used_from > today).then(|| Finding::new("/used_from", "day_future"))
}

/// The number of a proposal's owners.
pub fn check_owners(owners: usize) -> Option<Finding> {
    let fits = (1..=OWNERS_MOST).contains(&owners);
    (!fits).then(|| Finding::new("/owners", "owners_out_of_range").with("most", OWNERS_MOST))
}

/// The levels of recognition that some criterion of the plan gives points for.
pub fn levels(plan: &Plan) -> BTreeSet<&str> {
    let criteria = plan.groups.iter().flat_map(|group| &group.criteria);
    let initiatives = criteria.filter(|criterion| criterion.kind == CriterionKind::Initiatives);
    initiatives.flat_map(|criterion| criterion.points.keys().map(String::as_str)).collect()
}

/// A level that no criterion names would count nowhere.
pub fn check_level(plan: &Plan, level: &str) -> Vec<Finding> {
    let known = levels(plan);
    if known.contains(level) {
        return Vec::new();
    }
    let known: Vec<&str> = known.into_iter().collect();
    vec![Finding::new("/level", "recognition_level_unknown").with("level", level).with("known", known.join(", "))]
}
