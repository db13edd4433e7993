//! A submission as front ends see it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::{
    content::{Content, OnBehalf, Remark},
    history::{self, Event, Snapshot},
    lifecycle::{Action, State},
    list_store::Summary,
    plausible,
    position::ReportPosition,
    revisions,
    store::Submission,
    value::Value as SubmissionValue,
};
use crate::{
    days,
    db::{Conn, from_text},
    finding::Finding,
    http::{Caller, Locale, Result, message},
    movements::{
        self,
        periods::{self, Window},
        plan::Indicator,
    },
    units::Node,
};

#[derive(Deserialize, IntoParams)]
pub struct AsOf {
    /// What was known at this instant; when left out, what stands.
    #[serde(default, deserialize_with = "days::optional_instant")]
    pub as_of: Option<DateTime<Utc>>,
}

/// State of a report as it is shown.
///
/// - `not_begun`: Owed, and nobody has begun it.
/// - `returned`: Sent back by the agency with a reason, to be corrected.
/// - `reopened`: Opened again after approval. What was approved stands until the correction is approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReportState {
    NotBegun,
    Draft,
    Submitted,
    Returned,
    Approved,
    Reopened,
}

impl From<State> for ReportState {
    fn from(state: State) -> Self {
        match state {
            State::Draft => Self::Draft,
            State::Submitted => Self::Submitted,
            State::Returned => Self::Returned,
            State::Approved => Self::Approved,
            State::Reopened => Self::Reopened,
        }
    }
}

/// An indicator that the unit reports in the period.
#[derive(Serialize, ToSchema)]
struct OwedIndicator {
    #[schema(example = "CCHC-05")]
    indicator: String,
    #[schema(example = "Tỷ lệ hồ sơ giải quyết đúng hạn")]
    name: String,
    /// Codes of its fields, each reported by itself; empty for an indicator without fields.
    fields: Vec<String>,
    /// First and last day that the answer covers: of the period, or of a longer one that ends with it.
    from: NaiveDate,
    to: NaiveDate,
}

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
    state: ReportState,
    /// Number of the last revision; 0 before the first submit.
    revision: i32,
    /// The revision that counts: the newest approved one, also while it is reopened.
    #[schema(required)]
    approved_revision: Option<i32>,
    /// Reports are due at this instant.
    due_at: DateTime<Utc>,
    /// It is taken from this day on; null where the plan names none: from the period's first day.
    #[schema(required)]
    opens_on: Option<NaiveDate>,
    #[schema(required)]
    first_submitted_at: Option<DateTime<Utc>>,
    /// Username of whoever handed in the last revision.
    #[schema(required, example = "phong-kinh-te-tt")]
    submitted_by: Option<String>,
    /// Username of whoever approved the revision that counts.
    #[schema(required, example = "phong-vhxh-2")]
    approved_by: Option<String>,
    /// Measured at the first submit that the unit did not take back.
    late: bool,
    /// Why the agency excused the lateness.
    #[schema(required)]
    lateness_excuse: Option<String>,
    #[schema(required)]
    narrative: Option<String>,
    secret: bool,
    values: Vec<SubmissionValue>,
    #[schema(required)]
    on_behalf: Option<OnBehalf>,
    /// Why it was last returned or reopened.
    #[schema(required)]
    reason: Option<String>,
    /// Words of the agency to single values, while it is returned.
    remarks: Vec<Remark>,
    /// What the unit reports in the period.
    owed: Vec<OwedIndicator>,
    /// Null before it is begun.
    #[schema(required)]
    updated_at: Option<DateTime<Utc>>,
    /// Figures that deserve a second look; they stop nothing.
    warnings: Vec<ValueWarning>,
    allowed_actions: Vec<&'static str>,
}

/// A figure that deserves a second look.
#[derive(Serialize, ToSchema)]
pub struct ValueWarning {
    /// JSON Pointer (RFC 6901) into the submission.
    #[schema(example = "/values/0/value")]
    pointer: String,
    #[schema(example = "percent_unlikely")]
    code: String,
    message: String,
}

impl ValueWarning {
    fn of(finding: &Finding, locale: Locale) -> Self {
        Self { pointer: finding.pointer.clone(), code: finding.code.to_owned(), message: message(finding, locale) }
    }
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
    /// What the caller may do next; empty with `as_of`.
    pub allowed_actions: Vec<&'static str>,
}

impl SubmissionSummary {
    pub fn of(row: Summary, unit: Option<&Node>, allowed_actions: Vec<&'static str>) -> Result<Self> {
        Ok(Self {
            period: row.period,
            unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
            unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
            state: from_text(row.state)?,
            revision: row.revision,
            first_submitted_at: row.first_submitted_at,
            late: row.late,
            excused: row.lateness_excuse.is_some(),
            updated_at: row.updated_at,
            etag: crate::http::etag(row.version),
            allowed_actions,
        })
    }
}

/// A report as the caller sees it.
pub async fn view(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    found: &Submission,
) -> Result<SubmissionView> {
    let events = history::of(conn, position.movement.locality, Some(found)).await?;
    view_with(conn, caller, position, found, &events).await
}

/// The same, of a report whose acts are known.
pub async fn view_with(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    found: &Submission,
    events: &[Event],
) -> Result<SubmissionView> {
    let allowed = allowed(caller, position, found, events);
    let owed = position.owed();
    let last = position.last_values(conn, &plausible::not_applied(&found.content, &owed)).await?;
    let warned = plausible::warnings(&found.content, &owed, &last);
    let warnings = warned.iter().map(|finding| ValueWarning::of(finding, caller.locale)).collect();
    let snapshot = Snapshot::as_of(events, DateTime::<Utc>::MAX_UTC);
    Ok(SubmissionView { warnings, ..show(caller, position, found, snapshot.as_ref(), allowed) })
}

/// What was known at an instant, with the version it then had; none before the first hand-in. Nothing can be done to the
/// past.
pub async fn view_as_of(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    found: Submission,
    as_of: DateTime<Utc>,
) -> Result<Option<(SubmissionView, i32)>> {
    let locality = position.movement.locality;
    let events = history::list(conn, locality, found.id).await?;
    let Some(snapshot) = Snapshot::as_of(&events, as_of) else { return Ok(None) };
    let known = periods::due_as_of(conn, &position.movement, vec![position.period.clone()], as_of).await?;
    let due_at = known.first().map_or(position.period.dates.due_at, |period| period.dates.due_at);
    let then = history::submission_as_of(conn, locality, found, &snapshot, due_at).await?;
    let view = show(caller, position, &then, Some(&snapshot), Vec::new());
    Ok(Some((SubmissionView { due_at, ..view }, then.version)))
}

/// A report that is owed and not begun. It can only be begun.
pub fn not_begun(caller: &Caller, position: &ReportPosition) -> SubmissionView {
    let blank = position.blank(caller.now);
    let mut allowed = allowed(caller, position, &blank, &[]);
    allowed.retain(|action| *action == "edit");
    let shown = show(caller, position, &blank, None, allowed);
    SubmissionView { state: ReportState::NotBegun, updated_at: None, ..shown }
}

/// What a report says to the caller: its draft where they see it, elsewhere what was handed in last.
pub async fn content(
    conn: &mut Conn,
    caller: &Caller,
    position: &ReportPosition,
    found: Submission,
) -> Result<Content> {
    let locality = position.movement.locality;
    match found.revision {
        _ if position.shows_draft(caller) => Ok(found.content),
        0 => Ok(Content::default()),
        revision => revisions::content(conn, locality, found.id, revision).await,
    }
}

/// A report in a state of it, as of a snapshot of its acts.
pub fn show(
    caller: &Caller,
    position: &ReportPosition,
    found: &Submission,
    snapshot: Option<&Snapshot>,
    allowed_actions: Vec<&'static str>,
) -> SubmissionView {
    let sent_back = snapshot.and_then(|snapshot| snapshot.sent_back);
    SubmissionView {
        movement: position.movement.code.clone(),
        period: found.period.clone(),
        unit: position.unit.code.clone(),
        unit_name: position.unit.name.clone(),
        state: found.state.into(),
        revision: found.revision,
        submitted_by: snapshot.map(|snapshot| snapshot.submitted.actor.clone()),
        approved_by: snapshot.and_then(|snapshot| snapshot.approval).map(|event| event.actor.clone()),
        approved_revision: snapshot.and_then(|snapshot| snapshot.approved),
        due_at: position.period.dates.due_at,
        opens_on: position.movement.opens_on(&position.period.dates),
        first_submitted_at: found.first_submitted_at,
        late: found.late,
        lateness_excuse: found.lateness_excuse.clone(),
        narrative: found.content.narrative.clone(),
        secret: found.content.secret,
        values: found.content.values.clone(),
        on_behalf: found.content.on_behalf.clone(),
        reason: sent_back.and_then(|event| event.reason.clone()),
        remarks: sent_back.map(|event| event.remarks.clone()).unwrap_or_default(),
        owed: position.owed().into_iter().map(|indicator| OwedIndicator::of(indicator, position, caller)).collect(),
        updated_at: Some(found.updated_at),
        warnings: Vec::new(),
        allowed_actions,
    }
}

impl OwedIndicator {
    fn of(indicator: &Indicator, position: &ReportPosition, caller: &Caller) -> Self {
        let Window { starts_on: from, cutoff_on: to } = position.covers(indicator);
        Self {
            from,
            to,
            indicator: indicator.code.clone(),
            name: movements::label(&indicator.name, caller.locale),
            fields: indicator.fields.iter().map(|field| field.code.clone()).collect(),
        }
    }
}

/// What would be done, were it asked for with the present tag and fit content.
pub fn allowed(caller: &Caller, position: &ReportPosition, found: &Submission, events: &[Event]) -> Vec<&'static str> {
    const ACTIONS: [(Action, &str); 7] = [
        (Action::Edit, "edit"),
        (Action::Submit, "submit"),
        (Action::Withdraw, "withdraw"),
        (Action::Approve, "approve"),
        (Action::Return, "return"),
        (Action::Reopen, "reopen"),
        (Action::Excuse, "excuse_lateness"),
    ];
    let submit = events.iter().rev().find(|event| event.action == Action::Submit);
    let may = |action: Action| {
        let suits = match action {
            Action::Approve => submit.is_some_and(|event| position.may_review(caller, found, &event.persons)),
            Action::Excuse => found.late,
            _ => true,
        };
        suits && position.may(caller, action, Some(found)) && position.lets(Some(found), action).is_ok()
    };
    ACTIONS.into_iter().filter(|(action, _)| may(*action)).map(|(_, name)| name).collect()
}
