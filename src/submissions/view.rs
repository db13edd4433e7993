//! A submission as front ends see it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::{
    acts::{Desk, word},
    content::OnBehalf,
    rules::{Action, State, next, period_lets},
    store::{self, Event, Submission},
    value::Value,
};
use crate::{
    db::Conn,
    http::{Caller, Error, Result},
    movements,
};

/// One unit's report for one period: what is being edited, or what was handed in last.
#[derive(Serialize, ToSchema)]
pub struct SubmissionView {
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "Phòng Kinh tế")]
    unit_name: String,
    state: State,
    /// Number of the last revision; 0 before the first submit.
    revision: i32,
    /// Reports are due at this instant.
    due_at: DateTime<Utc>,
    #[schema(required)]
    first_submitted_at: Option<DateTime<Utc>>,
    /// Measured at the first submit, and never again.
    late: bool,
    /// Why the agency excused the lateness.
    #[schema(required)]
    lateness_excuse: Option<String>,
    #[schema(required)]
    narrative: Option<String>,
    secret: bool,
    values: Vec<Value>,
    #[schema(required)]
    on_behalf: Option<OnBehalf>,
    /// Why it was last returned or reopened.
    #[schema(required)]
    reason: Option<String>,
    /// Words of the agency to single values, while it is returned.
    remarks: Vec<Remark>,
    updated_at: DateTime<Utc>,
    #[schema(example = json!(["submit"]))]
    allowed_actions: Vec<&'static str>,
}

/// A submission in a list.
#[derive(Serialize, ToSchema)]
pub struct SubmissionSummary {
    #[schema(example = "2025-09")]
    pub period: String,
    #[schema(example = "phong-kinh-te")]
    pub unit: String,
    #[schema(example = "Phòng Kinh tế")]
    pub unit_name: String,
    pub state: State,
    pub revision: i32,
    #[schema(required)]
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub excused: bool,
    pub updated_at: DateTime<Utc>,
    /// For the next act on it.
    pub etag: String,
}

/// A word of the agency to one value.
#[derive(Debug, Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    #[validate(length(min = 1, max = 64))]
    #[schema(example = "CCHC-05")]
    pub indicator: String,
    #[serde(default)]
    #[schema(required, example = "tnmt")]
    pub field: Option<String>,
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000, example = "Số liệu khác với hệ thống của Thành phố")]
    pub text: String,
}

/// What stands on the desk, as the caller sees it.
pub async fn view(conn: &mut Conn, caller: &Caller, desk: &Desk) -> Result<SubmissionView> {
    let found = desk.submission()?;
    let events = store::list_events(conn, desk.movement.locality, found.id).await?;
    let sent_back = matches!(found.state, State::Returned | State::Reopened);
    let last = events.iter().rev().find(|e| sent_back && matches!(e.action, Action::Return | Action::Reopen));
    let remarks =
        last.map(|event| serde_json::from_value(event.remarks.clone())).transpose().map_err(Error::internal)?;
    Ok(SubmissionView {
        movement: desk.movement.code.clone(),
        period: found.period.clone(),
        unit: desk.unit.code.clone(),
        unit_name: desk.unit.name.clone(),
        state: found.state,
        revision: found.revision,
        due_at: desk.period.window.due_at,
        first_submitted_at: found.first_submitted_at,
        late: found.late,
        lateness_excuse: found.lateness_excuse.clone(),
        narrative: found.content.narrative.clone(),
        secret: found.content.secret,
        values: found.content.values.clone(),
        on_behalf: found.content.on_behalf.clone(),
        reason: last.and_then(|event| event.reason.clone()),
        remarks: remarks.unwrap_or_default(),
        updated_at: found.updated_at,
        allowed_actions: allowed(caller, desk, found, &events),
    })
}

fn allowed(caller: &Caller, desk: &Desk, found: &Submission, events: &[Event]) -> Vec<&'static str> {
    const ACTIONS: [(Action, &str, &str); 7] = [
        (Action::Edit, "edit", "draft_submission"),
        (Action::Submit, "submit", "submit_submission"),
        (Action::Withdraw, "withdraw", "withdraw_submission"),
        (Action::Approve, "approve", "approve_submission"),
        (Action::Return, "return", "return_submission"),
        (Action::Reopen, "reopen", "reopen_submission"),
        (Action::Excuse, "excuse_lateness", "excuse_lateness"),
    ];
    let submitter = events.iter().rev().find(|event| event.action == Action::Submit).map(|event| &event.actor);
    let may = |action: Action, operation: &str| {
        let lets = desk.movement.state == movements::State::Launched
            && period_lets(desk.period.state, found.state, action)
            && next(found.state, action).is_some();
        let suits = match action {
            Action::Approve => submitter != Some(&caller.account.username),
            Action::Withdraw => desk.own || found.content.on_behalf.is_some(),
            Action::Excuse => found.late && found.lateness_excuse.is_none(),
            _ => true,
        };
        caller.may(operation) && lets && suits
    };
    ACTIONS.into_iter().filter(|(action, _, operation)| may(*action, operation)).map(|(_, name, _)| name).collect()
}

/// What became of a revision: the last act on it but its submit.
#[derive(Serialize, ToSchema)]
pub struct RevisionFate {
    #[schema(example = "approve")]
    pub action: String,
    pub at: DateTime<Utc>,
    #[schema(example = "phong-vhxh-2")]
    pub by: String,
    #[schema(required)]
    pub reason: Option<String>,
}

impl From<&Event> for RevisionFate {
    fn from(event: &Event) -> Self {
        Self { action: word(event.action), at: event.at, by: event.actor.clone(), reason: event.reason.clone() }
    }
}
