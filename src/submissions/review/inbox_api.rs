//! The inbox: what waits for the caller, oldest first. For a unit what it has not handed in after the period's last day,
//! or before it where it is due before, and what it is to correct, for the agency what it may approve, for the chair the next step of the movement; and the
//! concerns whose next act is the caller's.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpRequest, get, web::Data};
use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    concerns::{self, WaitingConcern},
    db::{self, Conn, SortKey, Sorts, UnitId, to_text},
    http::{Caller, Error, ListQuery, Page, Path, Query, Reply, Result},
    movements::{self, Movement, State as MovementState, calendar},
    submissions::{
        history::{self, Event, Snapshot},
        lifecycle::{Action, State, waits_for_unit},
        position::ReportPosition,
        store::{self, Submission},
        view::allowed,
    },
    units::{self, History},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_inbox);
}

/// What waits.
///
/// - `report`: A report to hand in, to correct or to approve.
/// - `concern`: A concern to consolidate, to decide or to reply to.
/// - `launch`: A movement to launch.
/// - `close`: A movement whose last day is over.
/// - `conclude`: A closed movement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum InboxKind {
    Report,
    Concern,
    Launch,
    Close,
    Conclude,
}

/// Something that waits for the caller.
#[derive(Serialize, ToSchema)]
struct InboxItem {
    kind: InboxKind,
    /// Its address.
    #[schema(example = "/api/v1/movements/cchc-2025-h2/submissions/2025-09/phong-kinh-te")]
    subject: String,
    /// Title of a concern or a movement; null for a report.
    #[schema(required)]
    title: Option<String>,
    /// Of a report.
    #[schema(required, example = "2025-09")]
    period: Option<String>,
    /// Of a report or a concern.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required, example = "Phòng Kinh tế")]
    unit_name: Option<String>,
    /// Of a report; null where nothing has been begun.
    #[schema(required)]
    state: Option<State>,
    /// Number of the last revision; 0 before the first submit.
    revision: i32,
    /// From when on it waits.
    since: DateTime<Utc>,
    /// Reports are due at this instant; null for anything else.
    #[schema(required)]
    due_at: Option<DateTime<Utc>>,
    /// Not handed in yet, and due already.
    overdue: bool,
    /// Why it was returned or reopened.
    #[schema(required)]
    reason: Option<String>,
    /// For the next act on it; null where nothing has been begun.
    #[schema(required, example = "\"2\"")]
    etag: Option<String>,
    allowed_actions: Vec<String>,
}

/// Inbox
///
/// The caller's open work, oldest first: for people of a unit its reports that are not handed in when the period's last
/// day is over, or from their opening day where they are due before, and those returned or reopened; for the agency what is handed in and may be approved by the caller; for the
/// chair the movement's launch, closing and conclusion; and the concerns whose next act is the caller's. Sort keys:
/// `since`, `kind`, `period`, `unit`, `due_at`.
#[utoipa::path(
    tag = "submissions", params(ListQuery),
    responses((status = 200, description = "A page", body = Page<InboxItem>), Error)
)]
#[get("/movements/{movement}/submissions/inbox")]
async fn get_inbox(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let order = page.order(&SORTS)?;
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            let history = units::history(conn, caller.recall()?).await?;
            let mut items = reports(conn, &caller, &movement, &history).await?;
            items.extend(concerns(conn, &caller, &movement, &history).await?);
            items.extend(next_step(&caller, &movement));
            Page::listed(db::arrange(conn, &order, items).await?, &order, |item| item)?.reply(&req)
        })
        .await
}

/// The keys of an item of the list.
const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::instant("since", "(r->>'since')::timestamptz"),
        SortKey::text("kind", "r->>'kind'"),
        SortKey::text("period", "coalesce(r->>'period', '')"),
        SortKey::text("unit", "coalesce(r->>'unit', '')"),
        SortKey::instant("due_at", "coalesce((r->>'due_at')::timestamptz, '2200-01-01Z')"),
    ],
    default: "since,period,unit",
    tie: SortKey::text("subject", "r->>'subject'"),
};

/// An item that is no report.
fn item_of(kind: InboxKind, subject: String, title: String, since: DateTime<Utc>, version: i32) -> InboxItem {
    InboxItem {
        kind,
        subject,
        title: Some(title),
        period: None,
        unit: None,
        unit_name: None,
        state: None,
        revision: 0,
        since,
        due_at: None,
        overdue: false,
        reason: None,
        etag: Some(crate::http::etag(version)),
        allowed_actions: Vec::new(),
    }
}

async fn concerns(conn: &mut Conn, caller: &Caller, movement: &Movement, history: &History) -> Result<Vec<InboxItem>> {
    if !movement.is_under_way() {
        return Ok(Vec::new());
    }
    let waiting = concerns::waiting(conn, caller, movement, history).await?;
    let item = |concern: WaitingConcern| {
        let subject = format!("/api/v1/concerns/{}", concern.id);
        let (unit, unit_name) = concern.unit.unzip();
        let allowed_actions = concern.allowed_actions.iter().map(to_text).collect::<Result<_>>()?;
        let item = item_of(InboxKind::Concern, subject, concern.title, concern.since, concern.version);
        Ok(InboxItem { unit, unit_name, allowed_actions, ..item })
    };
    waiting.into_iter().map(item).collect()
}

/// The next step of the movement, where it is due and the caller's to take.
fn next_step(caller: &Caller, movement: &Movement) -> Option<InboxItem> {
    let newest = movement.versions.newest();
    let last = newest.plan.span.to;
    let over = calendar::instant(last.succ_opt().unwrap_or(last), NaiveTime::MIN);
    let (kind, action, operation, since) = match movement.state {
        MovementState::Draft => (InboxKind::Launch, "launch", "launch_movement", Some(newest.created_at)),
        MovementState::Launched => (InboxKind::Close, "close", "close_movement", Some(over)),
        MovementState::Closed => (InboxKind::Conclude, "conclude", "conclude_movement", movement.closed_at),
        MovementState::Concluded => return None,
    };
    let since = since.filter(|since| *since <= caller.now && caller.may(operation))?;
    let title = movements::label(&newest.plan.title, caller.locale);
    let subject = format!("/api/v1/movements/{}", movement.code);
    let item = item_of(kind, subject, title, since, movement.version);
    Some(InboxItem { allowed_actions: vec![action.to_owned()], ..item })
}

async fn reports(conn: &mut Conn, caller: &Caller, movement: &Movement, history: &History) -> Result<Vec<InboxItem>> {
    let today = history.registered_by(caller.today());
    let reached = units::units_of_scope(&today, &caller.reach(), None)?;
    let units: Vec<UnitId> = reached.unwrap_or_else(|| today.iter().map(|unit| unit.id).collect());
    let begun: HashSet<(String, UnitId)> = store::places(conn, movement).await?.into_iter().collect();
    let open = store::unapproved(conn, movement, &units).await?;
    let ids: Vec<_> = open.iter().map(|found| found.id).collect();
    let events = history::list_many(conn, movement.locality, &ids).await?;
    let mut open: HashMap<(String, UnitId), Submission> =
        open.into_iter().map(|found| ((found.period.clone(), found.unit), found)).collect();
    let mut items = Vec::new();
    for period in movements::list_periods(conn, movement).await? {
        let then = history.on(period.dates.cutoff_on);
        for unit in then.iter().filter(|unit| units.contains(&unit.id)) {
            let place = (period.dates.code.clone(), unit.id);
            let found = open.remove(&place);
            if found.is_none() && begun.contains(&place) {
                continue;
            }
            let acts = found.as_ref().and_then(|found| events.get(&found.id)).map_or(&[][..], Vec::as_slice);
            let position = ReportPosition::find(caller, movement, &period, (&then, &today), &unit.code);
            items.extend(position.and_then(|position| item(caller, &position, found, acts)));
        }
    }
    Ok(items)
}

/// The report of a position, where it waits for the caller.
fn item(caller: &Caller, position: &ReportPosition, found: Option<Submission>, events: &[Event]) -> Option<InboxItem> {
    let (state, window) = (found.as_ref().map(|found| found.state), &position.period.dates);
    let stands = found.unwrap_or_else(|| position.blank(caller.now));
    let mut allowed_actions = allowed(caller, position, &stands, events);
    // What is not begun cannot be handed in.
    allowed_actions.retain(|action| state.is_some() || *action == "edit");
    let own = position.capacity(caller, Action::Edit).own && !position.owed().is_empty();
    let for_unit =
        own && waits_for_unit(state, position.waits_from() <= caller.today()) && allowed_actions.contains(&"edit");
    if !for_unit && !allowed_actions.contains(&"approve") {
        return None;
    }
    let snapshot = Snapshot::as_of(events, DateTime::<Utc>::MAX_UTC);
    let (movement, period, unit) = (&position.movement.code, &window.code, &position.unit.code);
    Some(InboxItem {
        kind: InboxKind::Report,
        subject: format!("/api/v1/movements/{movement}/submissions/{period}/{unit}"),
        title: None,
        period: Some(period.clone()),
        unit: Some(unit.clone()),
        unit_name: Some(position.unit.name.clone()),
        state,
        revision: stands.revision,
        since: since(state, position, events),
        due_at: Some(window.due_at),
        overdue: stands.first_submitted_at.is_none() && window.due_at < caller.now,
        reason: snapshot.and_then(|snapshot| snapshot.sent_back).and_then(|event| event.reason.clone()),
        etag: state.map(|_| crate::http::etag(stands.version)),
        allowed_actions: allowed_actions.into_iter().map(str::to_owned).collect(),
    })
}

/// When the last act put it there; what was never handed in waits from a day on.
fn since(state: Option<State>, position: &ReportPosition, events: &[Event]) -> DateTime<Utc> {
    let begun = calendar::instant(position.waits_from(), NaiveTime::MIN);
    let last = events.iter().rev().find(|event| event.action != Action::Excuse);
    match state {
        None | Some(State::Draft) => begun,
        Some(_) => last.map_or(begun, |event| event.at),
    }
}
