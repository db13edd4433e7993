//! What was known of a report at an instant, replayed from its acts. A draft is nobody's business before it is handed in, so
//! what was known begins with the first hand-in. PURE.

use chrono::{DateTime, Utc};

use crate::{
    db::AccountId,
    submissions::{
        content::Remark,
        lifecycle::{Action, State, leads_to, next},
    },
};

/// An act on a report; it never changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    pub action: Action,
    /// The revision acted on.
    pub revision: i32,
    /// The report's version after the act.
    pub version: i32,
    /// The account, and those for whom it acted.
    pub persons: Vec<AccountId>,
    /// The account's name.
    pub actor: String,
    pub at: DateTime<Utc>,
    pub reason: Option<String>,
    pub remarks: Vec<Remark>,
}

/// A report as it was known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Snapshot<'a> {
    pub state: State,
    /// Handed in last.
    pub revision: i32,
    /// The last hand-in.
    pub submitted: &'a Event,
    /// What counts: the newest revision approved. Reopening it takes nothing away.
    pub approved: Option<i32>,
    /// The first hand-in that the unit did not take back: its revision and instant.
    pub first: Option<(i32, DateTime<Utc>)>,
    /// The act that approved it.
    pub approval: Option<&'a Event>,
    /// Of the first hand-in, or given after it.
    pub lateness_excuse: Option<&'a str>,
    /// The return or reopening that asks for a correction, until it is handed in.
    pub sent_back: Option<&'a Event>,
    /// The last act.
    pub last: &'a Event,
}

impl<'a> Snapshot<'a> {
    /// What was known at `as_of`; `events` in their order. None before the first hand-in.
    pub fn as_of(events: &'a [Event], as_of: DateTime<Utc>) -> Option<Self> {
        let mut by_then = events.iter().filter(|event| event.at <= as_of);
        let first = by_then.next()?;
        let begun = Self {
            state: next(State::Draft, first.action)?,
            revision: first.revision,
            submitted: first,
            approved: None,
            first: Some((first.revision, first.at)),
            approval: None,
            lateness_excuse: None,
            sent_back: None,
            last: first,
        };
        Some(by_then.fold(begun, Self::after))
    }

    fn after(self, event: &'a Event) -> Self {
        // An act that happened leads where it leads: a unit may open for its final figures what is not decided yet.
        let after =
            Self { state: leads_to(event.action).unwrap_or(self.state), revision: event.revision, last: event, ..self };
        match event.action {
            Action::Approve => Self { approved: Some(event.revision), approval: Some(event), ..after },
            Action::Return | Action::Reopen => Self { sent_back: Some(event), ..after },
            Action::Submit => {
                let first = self.first.or(Some((event.revision, event.at)));
                Self { submitted: event, sent_back: None, first, ..after }
            }
            Action::Excuse => Self { lateness_excuse: event.reason.as_deref(), ..after },
            Action::Withdraw if self.first.is_some_and(|(first, _)| first == event.revision) => {
                Self { first: None, lateness_excuse: None, ..after }
            }
            Action::Withdraw | Action::Edit => after,
        }
    }
}
