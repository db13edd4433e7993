//! The inbox: what waits for the caller, oldest first. For a unit what it has not handed in after the period's last day
//! and what it is to correct, for the agency what it may approve.

use std::collections::{HashMap, HashSet};

use actix_web::{HttpRequest, get, web::Data};
use chrono::{DateTime, NaiveTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    db::{Conn, UnitId},
    http::{Caller, Error, Page, PageQuery, Path, Query, Reply, Result},
    movements::{self, Movement, calendar},
    submissions::{
        history::{self, Event, Snapshot},
        lifecycle::{Action, State, waits_for_unit},
        position::ReportPosition,
        store::{self, Submission},
        view::allowed,
    },
    units,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_inbox);
}

/// A report that waits for the caller.
#[derive(Serialize, ToSchema)]
struct InboxItem {
    #[schema(example = "2025-09")]
    period: String,
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "Phòng Kinh tế")]
    unit_name: String,
    /// Null where nothing has been begun.
    #[schema(required)]
    state: Option<State>,
    /// Number of the last revision; 0 before the first submit.
    #[schema(example = 0)]
    revision: i32,
    /// From when on it waits.
    since: DateTime<Utc>,
    /// Reports are due at this instant.
    due_at: DateTime<Utc>,
    /// Not handed in yet, and due already.
    overdue: bool,
    /// Why it was returned or reopened.
    #[schema(required)]
    reason: Option<String>,
    /// For the next act on it; null where nothing has been begun.
    #[schema(required, example = "\"2\"")]
    etag: Option<String>,
    #[schema(example = json!(["edit", "submit"]))]
    allowed_actions: Vec<&'static str>,
}

/// Inbox
///
/// The caller's open work, oldest first: for people of a unit its reports that are not handed in when the period's last
/// day is over, and those returned or reopened; for the agency what is handed in and may be approved by the caller.
#[utoipa::path(
    tag = "submissions", params(PageQuery),
    responses((status = 200, description = "A page", body = Page<InboxItem>), Error)
)]
#[get("/movements/{movement}/submissions/inbox")]
async fn get_inbox(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    let (limit, after) = (page.limit()?, page.after::<InboxKey>()?);
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, locality, &movement).await?;
            caller.permit()?;
            let mut items = waiting(conn, &caller, &movement).await?;
            items.sort_by_key(key);
            items.retain(|item| after.as_ref().is_none_or(|after| key(item) > *after));
            items.truncate(limit as usize + 1);
            Page::of(items, limit, key, |item| item)?.reply(&req)
        })
        .await
}

/// Where an item stands in the inbox.
type InboxKey = (DateTime<Utc>, String, String);

fn key(item: &InboxItem) -> InboxKey {
    (item.since, item.period.clone(), item.unit.clone())
}

async fn waiting(conn: &mut Conn, caller: &Caller, movement: &Movement) -> Result<Vec<InboxItem>> {
    let history = units::history(conn, movement.locality).await?;
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
    let for_unit = own && waits_for_unit(state, caller.today() > window.cutoff_on) && allowed_actions.contains(&"edit");
    if !for_unit && !allowed_actions.contains(&"approve") {
        return None;
    }
    let snapshot = Snapshot::as_of(events, DateTime::<Utc>::MAX_UTC);
    Some(InboxItem {
        period: window.code.clone(),
        unit: position.unit.code.clone(),
        unit_name: position.unit.name.clone(),
        state,
        revision: stands.revision,
        since: since(state, position, events),
        due_at: window.due_at,
        overdue: stands.first_submitted_at.is_none() && window.due_at < caller.now,
        reason: snapshot.and_then(|snapshot| snapshot.sent_back).and_then(|event| event.reason.clone()),
        etag: state.map(|_| crate::http::etag(stands.version)),
        allowed_actions,
    })
}

/// When the last act put it there; what was never handed in waits from the end of the period's last day.
fn since(state: Option<State>, position: &ReportPosition, events: &[Event]) -> DateTime<Utc> {
    let day = position.period.dates.cutoff_on;
    let over = calendar::instant(day.succ_opt().unwrap_or(day), NaiveTime::MIN);
    let last = events.iter().rev().find(|event| event.action != Action::Excuse);
    match state {
        None | Some(State::Draft) => over,
        Some(_) => last.map_or(over, |event| event.at),
    }
}
