//! The lifecycle of an initiative, the checks of its content, and the levels of recognition. PURE.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    db::InitiativeId,
    finding::Finding,
    movements::plan::{CriterionKind, Plan},
};

const OWNERS_MOST: usize = 20;

/// State of an initiative.
///
/// - `duplicate`: A duplicate of another initiative; only the original counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InitiativeState)]
pub enum State {
    Proposed,
    Recognised,
    Rejected,
    Duplicate,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Proposed, Self::Recognised, Self::Rejected, Self::Duplicate];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = InitiativeAction)]
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

/// The state after a transition; none where the current state forbids it.
pub fn next(state: State, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Recognise, State::Proposed) => Some(State::Recognised),
        (Action::Reject, State::Proposed) => Some(State::Rejected),
        (Action::MarkDuplicate, State::Proposed | State::Recognised) => Some(State::Duplicate),
        (Action::Replicate | Action::WithdrawReplication, State::Recognised) => Some(State::Recognised),
        _ => None,
    }
}

/// Whether an initiative may be a duplicate of `of`; `original` is the state of `of` in the same movement, if it
/// exists. A duplicate or a rejected initiative counts nowhere and cannot be an original; a proposed one may still be
/// rejected and cannot be the original of a recognised one.
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

/// Checks the first day of a replication.
pub fn check_use(used_from: NaiveDate, today: NaiveDate) -> Option<Finding> {
    (used_from > today).then(|| Finding::new("/used_from", "day_future"))
}

/// Checks the number of owners of a proposal.
pub fn check_owners(owners: usize) -> Option<Finding> {
    let fits = (1..=OWNERS_MOST).contains(&owners);
    (!fits).then(|| Finding::new("/owners", "owners_out_of_range").with("most", OWNERS_MOST))
}

/// The levels of recognition with points in some criterion of the plan.
pub fn levels(plan: &Plan) -> BTreeSet<&str> {
    let criteria = plan.groups.iter().flat_map(|group| &group.criteria);
    let initiatives = criteria.filter(|criterion| criterion.kind == CriterionKind::Initiatives);
    initiatives.flat_map(|criterion| criterion.points.keys().map(String::as_str)).collect()
}

/// A level without points in the plan would count nowhere.
pub fn check_level(plan: &Plan, level: &str) -> Vec<Finding> {
    let known = levels(plan);
    if known.contains(level) {
        return Vec::new();
    }
    let known: Vec<&str> = known.into_iter().collect();
    vec![Finding::new("/level", "recognition_level_unknown").with("level", level).with("known", known.join(", "))]
}
