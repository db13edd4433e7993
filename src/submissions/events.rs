//! What happens to reports, as events tell it.

use serde_json::json;

use super::{completeness::Slot, lifecycle::Action, stages::Stage};
use crate::{
    db::events::{Event, EventType},
    movements::Movement,
};

/// Codes of a report's period and unit.
fn event(kind: EventType, movement: &Movement, period: &str, unit: &str) -> Event {
    let movement = movement.code.clone();
    let subject = format!("movements/{movement}/submissions/{period}/{unit}");
    Event { kind, movement, subject, data: json!({"period": period, "unit": unit}), once: None }
}

/// The event of an act; none for acts within the unit's desk or about the lateness.
pub fn acted(action: Action, movement: &Movement, period: &str, unit: &str, revision: i32) -> Option<Event> {
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

/// The event of a reminder, told once.
pub fn reminded(stage: Stage, movement: &Movement, slot: &Slot) -> Event {
    let (kind, hours) = match stage {
        Stage::Before(hours) => (EventType::SubmissionReminder, hours),
        Stage::After(hours) => (EventType::SubmissionOverdue, hours),
    };
    let mut event = event(kind, movement, &slot.period, &slot.unit.code);
    event.data["due_at"] = json!(slot.due_at);
    event.data["hours"] = json!(hours);
    event.once = Some(format!("reminder:{}:{}:{}:{}", movement.id, slot.period, slot.unit.id, stage.word()));
    event
}
