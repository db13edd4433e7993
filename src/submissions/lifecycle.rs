//! The life of a submission: which act leads from which state to which, who may not take it, what a hand-in counts for,
//! and for whom it waits. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    db::AccountId,
    movements::{self, PeriodState},
};

/// State of a report.
///
/// - `returned`: Sent back by the agency with a reason, to be corrected.
/// - `reopened`: Opened again after approval. What was approved stands until the correction is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = SubmissionState)]
pub enum State {
    Draft,
    Submitted,
    Returned,
    Approved,
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

/// The state that an act leads to, wherever it is let; none for an act that leaves the state as it is.
pub fn leads_to(action: Action) -> Option<State> {
    match action {
        Action::Submit => Some(State::Submitted),
        Action::Withdraw => Some(State::Draft),
        Action::Approve => Some(State::Approved),
        Action::Return => Some(State::Returned),
        Action::Reopen => Some(State::Reopened),
        Action::Edit | Action::Excuse => None,
    }
}

/// The state after an act; none where the state forbids the act.
pub fn next(state: State, action: Action) -> Option<State> {
    let from: &[State] = match action {
        Action::Edit | Action::Submit => &[State::Draft, State::Returned, State::Reopened],
        Action::Withdraw | Action::Approve | Action::Return => &[State::Submitted],
        Action::Reopen => &[State::Approved],
        Action::Excuse => &[State::Submitted, State::Approved, State::Returned, State::Reopened],
    };
    from.contains(&state).then(|| leads_to(action).unwrap_or(state))
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

/// What stands in the way of an act: its state does not let it happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bar {
    Movement,
    Period,
    Submission,
}

/// The state that an act leads to, or the first thing in its way. A closed movement takes nothing more; excusing changes
/// no figure, so it may come later still.
pub fn lets(movement: movements::State, period: PeriodState, state: State, action: Action) -> Result<State, Bar> {
    if movement != movements::State::Launched && action != Action::Excuse {
        return Err(Bar::Movement);
    }
    if !period_lets(period, state, action) {
        return Err(Bar::Period);
    }
    next(state, action).ok_or(Bar::Submission)
}

/// How often a report was handed in, and whether it first came in time. A hand-in that the unit took back itself was none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HandIns {
    /// Number of the last revision; 0 before the first.
    pub revision: i32,
    pub first_at: Option<DateTime<Utc>>,
    pub late: bool,
}

impl HandIns {
    /// The last one is taken back; `first` is the number of the one that timeliness was measured at. Where it is the same,
    /// measuring starts anew; what the agency had sent back before stays measured.
    pub fn taken_back(self, first: Option<i32>) -> Self {
        if first == Some(self.revision) { Self { first_at: None, late: false, ..self } } else { self }
    }

    /// One more, now. Timeliness is measured at the first, and never again.
    pub fn one_more(self, now: DateTime<Utc>, due_at: DateTime<Utc>) -> Self {
        let revision = self.revision + 1;
        match self.first_at {
            Some(_) => Self { revision, ..self },
            None => Self { revision, first_at: Some(now), late: now > due_at },
        }
    }
}

/// Four eyes: who handed in never approves, nor who wrote what is handed in, nor for whom they did, nor whoever holds a
/// role that one of these delegated. `persons` are the caller and their delegators.
pub fn may_approve(persons: &[AccountId], authors: &[AccountId]) -> bool {
    !persons.iter().any(|person| authors.contains(person))
}

/// Who has written what a report says since it was last approved, after one more wrote, and for whom. What a return or a
/// withdrawal leaves standing keeps its authors.
pub fn with_authors(so_far: &[AccountId], actor: AccountId, acting_for: &[AccountId]) -> Vec<AccountId> {
    let all = so_far.iter().chain([&actor]).chain(acting_for);
    all.copied().collect::<BTreeSet<_>>().into_iter().collect()
}

/// Whether a report waits for its unit: once it has its time where it was not handed in, and at once where the agency asks
/// for a correction.
pub fn waits_for_unit(state: Option<State>, has_its_time: bool) -> bool {
    match state {
        None | Some(State::Draft) => has_its_time,
        Some(State::Returned | State::Reopened) => true,
        Some(State::Submitted | State::Approved) => false,
    }
}
