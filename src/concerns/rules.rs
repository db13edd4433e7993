//! The lifecycle of a concern, the visibility of its texts, and their checks. PURE.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{db::ConcernId, finding::Finding};

/// Maximum number of concerns that one request consolidates.
pub const TOGETHER_MOST: usize = 100;

/// State of a concern.
///
/// - `consolidated`: In a summary that waits for the chair.
/// - `replied`: The unit has its reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConcernState)]
pub enum State {
    Raised,
    Consolidated,
    Decided,
    Replied,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Raised, Self::Consolidated, Self::Decided, Self::Replied];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConcernAction)]
pub enum Action {
    Raise,
    Consolidate,
    Decide,
    Reply,
}

impl Action {
    pub const ALL: [Self; 4] = [Self::Raise, Self::Consolidate, Self::Decide, Self::Reply];
}

/// Kind of a concern.
///
/// - `difficulty`: Khó khăn, vướng mắc.
/// - `proposal`: Kiến nghị, đề xuất.
/// - `plan_change`: Đề nghị điều chỉnh, bổ sung kế hoạch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConcernKind)]
pub enum Kind {
    Difficulty,
    Proposal,
    PlanChange,
}

/// The chair's decision.
///
/// - `referred`: Beyond the commune's powers: referred to a higher authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ConcernOutcome)]
pub enum Outcome {
    Accepted,
    PartlyAccepted,
    Rejected,
    Referred,
}

/// The state after a transition; none where the current state forbids it. A summary may change and grow until the
/// decision.
pub fn next(state: State, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Consolidate, State::Raised | State::Consolidated) => Some(State::Consolidated),
        (Action::Decide, State::Consolidated) => Some(State::Decided),
        (Action::Reply, State::Decided) => Some(State::Replied),
        _ => None,
    }
}

/// Whether the text of an act is visible to a caller who sees the whole locality (`wide`) or only some units: a summary
/// covers several units.
pub fn shows(action: Action, wide: bool) -> bool {
    wide || action != Action::Consolidate
}

/// Findings of the concerns for one summary with `id`; `known` are those of its movement.
pub fn check_together(id: ConcernId, with: &[ConcernId], known: &BTreeMap<ConcernId, State>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if with.len() >= TOGETHER_MOST {
        findings.push(Finding::new("/with", "concerns_too_many").with("most", TOGETHER_MOST));
    }
    let mut seen = BTreeSet::from([id]);
    for (i, other) in with.iter().enumerate() {
        let at = format!("/with/{i}");
        findings.extend(match known.get(other) {
            None => Some(Finding::new(at, "concern_unknown").with("concern", other)),
            Some(_) if !seen.insert(*other) => Some(Finding::new(at, "concern_twice")),
            Some(state) if next(*state, Action::Consolidate).is_none() => Some(Finding::new(at, "concern_decided")),
            Some(_) => None,
        });
    }
    findings
}
