//! The events that acts on reports publish.

use serde_json::json;

use super::lifecycle::Action;
use crate::{
    db::events::{Event, EventType},
    movements::Movement,
};

/// An event about the report of a unit for a period, with their codes.
pub fn event(kind: EventType, movement: &Movement, period: &str, unit: &str) -> Event {
    let movement = movement.code.clone();
    let subject = format!("movements/{movement}/submissions/{period}/{unit}");
    Event { kind, movement, subject, data: json!({"period": period, "unit": unit}), once: None }
}

/// The event of an act; none for acts within the unit or about the lateness.
pub fn of_act(action: Action, movement: &Movement, period: &str, unit: &str, revision: i32) -> Option<Event> {
    let kind = match action {
        Action::Submit => EventType::SubmissionSubmitted,
        Action::Withdraw => EventType::SubmissionWithdrawn,
        Action::Approve => EventType::SubmissionApproved,
        Action::Return => EventType::SubmissionReturned,
        Action::Reopen => EventType::SubmissionReopened,
        Action::Edit | Action::Excuse => return None,
    };
    let mut event = event(kind, movement, period, unit);
    event.data["revision"] = json!(revision);
    Some(event)
}
