//! Submissions over HTTP.

use std::collections::HashMap;

use actix_web::{HttpRequest, get, post, put, web::Data};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    commands,
    content::{Content, Remark, Why},
    history,
    lifecycle::{Action, State},
    position::{self, ReportPath, ReportPosition, draft_reach},
    store::{self, Filter, Submission, Summary},
    view::{AsOf, SubmissionSummary, SubmissionView, view, view_as_of},
};
use crate::{
    app::App,
    db::{Conn, UnitId},
    http::{
        Caller, Error, IfMatch, Json, NoBody, Page, PageQuery, Path, PutJson, Query, Reason, Reply, Result,
        WriteRequest,
    },
    movements::{self, Movement},
    units::{self, Tree},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(list_submissions)
        .service(get_submission)
        .service(draft_submission)
        .service(submit_submission)
        .service(withdraw_submission)
        .service(approve_submission)
        .service(return_submission)
        .service(reopen_submission)
        .service(excuse_lateness);
}

#[derive(Deserialize, IntoParams)]
struct SubmissionFilter {
    /// Code of a period.
    #[param(example = "2025-09")]
    period: Option<String>,
    /// Code of a unit; with the units below it on each period's cut-off day.
    unit: Option<String>,
    /// Only reports in this state.
    state: Option<State>,
    /// Only reports that first came late, or only those that did not.
    late: Option<bool>,
}

/// Submissions
///
/// The reports within the caller's reach, by period and unit; with `as_of` those that were handed in by then, as they
/// were. A draft is listed for its unit and the standing agency only.
#[utoipa::path(
    tag = "submissions", params(SubmissionFilter, AsOf, PageQuery),
    responses((status = 200, description = "A page", body = Page<SubmissionSummary>), Error)
)]
#[get("/movements/{movement}/submissions")]
async fn list_submissions(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<SubmissionFilter>,
    asked: Query<AsOf>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    let (limit, after) = (page.limit()?, page.after()?);
    let SubmissionFilter { period, unit, state, late } = filter.into_inner();
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, locality, &movement).await?;
            let history = units::history(conn, locality).await?;
            let today = history.registered_by(caller.today());
            let tops = units::scope(&today, &caller.reach(), unit.as_deref())?;
            caller.permit()?;
            let units = units::units_of_scope(&today, &caller.reach(), None)?;
            let periods = movements::list_periods(conn, &movement).await?;
            let then: HashMap<_, _> =
                periods.into_iter().map(|p| (p.dates.code, history.registered_by(p.dates.cutoff_on))).collect();
            let places = tops.filter(|_| unit.is_some()).map(|tops| places(&then, period.as_deref(), &tops));
            let filter = Filter { period, units, places, state, late, after, limit: limit + 1 };
            let rows = match asked.as_of {
                None => listed(conn, &caller, &movement, &today, filter).await?,
                Some(_) => history::list_as_of(conn, &movement, filter, caller.as_of(asked.as_of)).await?,
            };
            let rows = summaries(&then, rows)?;
            Page::of(rows, limit, |(place, _)| place.clone(), |(_, summary)| summary)?.reply(&req)
        })
        .await
}

/// As it stands where the caller sees the drafts, elsewhere as it was handed in.
async fn listed(
    conn: &mut Conn,
    caller: &Caller,
    movement: &Movement,
    today: &Tree,
    filter: Filter,
) -> Result<Vec<Summary>> {
    let Some(drafts) = units::units_of_scope(today, &draft_reach(caller), None)? else {
        return store::list(conn, movement, filter).await;
    };
    let asked = filter.units.clone().unwrap_or_else(|| today.iter().map(|unit| unit.id).collect());
    let (own, others): (Vec<UnitId>, Vec<UnitId>) = asked.into_iter().partition(|unit| drafts.contains(unit));
    let limit = filter.limit;
    let of_others = Filter { units: Some(others), ..filter.clone() };
    let mut rows = store::list(conn, movement, Filter { units: Some(own), ..filter }).await?;
    rows.extend(history::list_as_of(conn, movement, of_others, caller.now).await?);
    rows.sort_by(|one, other| (&one.period, one.unit_id).cmp(&(&other.period, other.unit_id)));
    rows.truncate(limit as usize);
    Ok(rows)
}

/// The units that were `tops` or lay below them on the cut-off day of each period, or of the one asked about.
fn places(then: &HashMap<String, Tree>, period: Option<&str>, tops: &[UnitId]) -> Vec<(String, UnitId)> {
    let asked = then.iter().filter(|(code, _)| period.is_none_or(|period| period == code.as_str()));
    asked.flat_map(|(code, tree)| tree.below(tops).into_iter().map(|unit| (code.clone(), unit))).collect()
}

/// With the names that the units had on the cut-off day.
fn summaries(then: &HashMap<String, Tree>, rows: Vec<Summary>) -> Result<Vec<((String, UnitId), SubmissionSummary)>> {
    let summary = |row: Summary| {
        let unit = then.get(&row.period).and_then(|tree| tree.by_id(row.unit_id));
        Ok(((row.period.clone(), row.unit_id), SubmissionSummary::of(row, unit)?))
    };
    rows.into_iter().map(summary).collect()
}

/// A submission
///
/// What is being edited, or what was handed in last, with what the caller may do next. What is being edited is shown to
/// its unit and the standing agency only; to others what was handed in last. With `as_of` it is as it was known then: what
/// had been handed in last; before the first hand-in there is nothing.
#[utoipa::path(
    tag = "submissions", params(AsOf, ReportPath),
    responses((status = 200, description = "The submission", body = SubmissionView), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}")]
async fn get_submission(app: Data<App>, caller: Caller, path: Path<ReportPath>, asked: Query<AsOf>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (position, found) = position::read(conn, &caller, &path).await?;
            if asked.as_of.is_none() && position.shows_draft(&caller) {
                return reply(conn, &caller, &position, &found).await;
            }
            let then = view_as_of(conn, &position, found, caller.as_of(asked.as_of)).await?;
            let (view, version) = then.ok_or_else(Error::not_found)?;
            Ok(Reply::ok(view)?.tag(version))
        })
        .await
}

async fn reply(conn: &mut Conn, caller: &Caller, position: &ReportPosition, found: &Submission) -> Result<Reply> {
    Ok(Reply::ok(view(conn, caller, position, found).await?)?.tag(found.version))
}

/// Draft a submission
///
/// Replaces the whole draft and checks its form only. Submitting checks everything.
#[utoipa::path(
    tag = "submissions",
    params(IfMatch, ReportPath),
    request_body = Content,
    responses(
        (status = 200, description = "Changed", body = SubmissionView),
        (status = 201, description = "Made", body = SubmissionView),
        Error
    )
)]
#[put("/movements/{movement}/submissions/{period}/{unit}")]
async fn draft_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    body: PutJson<Content>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (position, found) = commands::draft(conn, scope, &path, &if_match, body).await?;
            let ReportPath { movement, period, unit } = &*path;
            let location = format!("/api/v1/movements/{movement}/submissions/{period}/{unit}");
            let view = view(conn, scope, &position, &found).await?;
            Ok(Reply::put(found.version == 1, location, view)?.tag(found.version))
        })
        .await
}

/// Submit a submission
///
/// Checks everything and reports all findings at once; makes an immutable revision.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Submitted", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/submit")]
async fn submit_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (position, found) = commands::submit(conn, scope, &path, &if_match).await?;
            reply(conn, scope, &position, &found).await
        })
        .await
}

async fn act(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    action: Action,
    why: Why,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (position, found) = commands::decide(conn, scope, &path, &if_match, action, &why).await?;
            reply(conn, scope, &position, &found).await
        })
        .await
}

/// Withdraw a submission
///
/// By the unit, before it is decided; it is a draft again.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Withdrawn", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/withdraw")]
async fn withdraw_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Withdraw, Why::default()).await
}

/// Approve a submission
///
/// By the agency. Nobody approves a submission that they submitted or that was submitted on their behalf.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Approved", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/approve")]
async fn approve_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Approve, Why::default()).await
}

/// Why it is sent back, and words to single values.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionReturn {
    reason: Reason,
    #[serde(default)]
    remarks: Vec<Remark>,
}

/// Return a submission
///
/// By the agency with a reason and, where it helps, remarks to single values.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Returned", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/return")]
async fn return_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    body: Json<SubmissionReturn>,
) -> Result<Reply> {
    let SubmissionReturn { reason, remarks } = body.unjudged();
    act(app, write, path, if_match, Action::Return, Why { reason: Some(reason), remarks }).await
}

/// Why something is done.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionReason {
    reason: Reason,
}

impl From<SubmissionReason> for Why {
    fn from(body: SubmissionReason) -> Self {
        Self { reason: Some(body.reason), ..Self::default() }
    }
}

/// Reopen an approved submission
///
/// By the agency with a reason; what was approved counts until the correction is approved.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Reopened", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/reopen")]
async fn reopen_submission(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    body: Json<SubmissionReason>,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Reopen, body.unjudged().into()).await
}

/// Excuse a late submission
///
/// By the agency with a reason, which is shown; it stays late.
#[utoipa::path(tag = "submissions", params(IfMatch, ReportPath), responses((status = 200, description = "Excused", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/excuse-lateness")]
async fn excuse_lateness(
    app: Data<App>,
    write: WriteRequest,
    path: Path<ReportPath>,
    if_match: IfMatch,
    body: Json<SubmissionReason>,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Excuse, body.unjudged().into()).await
}
