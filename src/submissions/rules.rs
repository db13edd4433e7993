//! The life of a submission: which act leads from which state to which, and who may not take it. PURE.

use serde::{Deserialize, Serialize};

use crate::movements::PeriodState;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "SubmissionState")]
pub enum State {
    Draft,
    Submitted,
    /// Sent back by the agency with a reason, to be corrected.
    Returned,
    Approved,
    /// Opened again after approval. What was approved stands until the correction is approved.
    Reopened,
}

impl State {
    pub const ALL: [Self; 5] = [Self::Draft, Self::Submitted, Self::Returned, Self::Approved, Self::Reopened];
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    Edit,
    Submit,
    Withdraw,
    Approve,
    Return,
    Reopen,
    /// Excuse a late first submit.
    Excuse,
}

impl Action {
    pub const ALL: [Self; 7] =
        [Self::Edit, Self::Submit, Self::Withdraw, Self::Approve, Self::Return, Self::Reopen, Self::Excuse];
}

/// The state that an act leads to; none where the state forbids the act.
pub fn next(state: State, action: Action) -> Option<State> {
    use {Action::*, State::*};
    match (action, state) {
        (Edit, Draft | Returned | Reopened) => Some(state),
        (Submit, Draft | Returned | Reopened) => Some(Submitted),
        (Withdraw, Submitted) => Some(Draft),
        (Approve, Submitted) => Some(Approved),
        (Return, Submitted) => Some(State::Returned),
        (Reopen, Approved) => Some(Reopened),
        (Excuse, Submitted | Approved | Returned | Reopened) => Some(state),
        _ => None,
    }
}

/// Whether the period lets the act happen. A closed one takes nothing more from units, but for a submission that the
/// agency sent back or reopened; withdrawing is closed too, for it could not be submitted again.
pub fn period_lets(period: PeriodState, state: State, action: Action) -> bool {
    match action {
        _ if period != PeriodState::Closed => true,
        Action::Edit | Action::Submit => matches!(state, State::Returned | State::Reopened),
        Action::Withdraw => false,
        Action::Approve | Action::Return | Action::Reopen | Action::Excuse => true,
    }
}
