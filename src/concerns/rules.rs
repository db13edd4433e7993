//! The life of a concern, who sees which of its words, and what is wrong with those. PURE.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{db::ConcernId, finding::Finding};

/// Concerns that one request takes together.
pub const TOGETHER_MOST: usize = 100;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConcernState")]
pub enum State {
    Raised,
    /// In a summary before the chair.
    Consolidated,
    Decided,
    /// The unit has its answer.
    Replied,
}

impl State {
    pub const ALL: [Self; 4] = [Self::Raised, Self::Consolidated, Self::Decided, Self::Replied];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConcernAction")]
pub enum Action {
    Raise,
    Consolidate,
    Decide,
    Reply,
}

impl Action {
    pub const ALL: [Self; 4] = [Self::Raise, Self::Consolidate, Self::Decide, Self::Reply];
}

/// What a concern is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConcernKind")]
pub enum Kind {
    /// Khó khăn, vướng mắc.
    Difficulty,
    /// Kiến nghị, đề xuất.
    Proposal,
    /// Đề nghị điều chỉnh, bổ sung kế hoạch.
    PlanChange,
}

/// What the chair decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "ConcernOutcome")]
pub enum Outcome {
    Accepted,
    PartlyAccepted,
    Rejected,
    /// Beyond the commune's powers: put to a higher authority.
    Referred,
}

/// The state that an act leads to; none where the state forbids the act. A summary may be worded anew, and take in
/// more, until it is decided.
pub fn next(state: State, action: Action) -> Option<State> {
    match (action, state) {
        (Action::Consolidate, State::Raised | State::Consolidated) => Some(State::Consolidated),
        (Action::Decide, State::Consolidated) => Some(State::Decided),
        (Action::Reply, State::Decided) => Some(State::Replied),
        _ => None,
    }
}

/// Whether the words of an act show to somebody who sees the whole locality (`wide`) or only units of theirs: the
/// summary tells of several units.
pub fn shows(action: Action, wide: bool) -> bool {
    wide || action != Action::Consolidate
}

/// What is wrong with the concerns that are to stand together with `id`; `known` are those of its movement.
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
