//! Submissions over HTTP.

use actix_web::{HttpRequest, get, post, put, web::Data};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    acts::{self, Why},
    content::Content,
    revisions,
    rules::{Action, State},
    store::{self, Filter},
    view::{Remark, SubmissionSummary, SubmissionView, view},
};
use crate::{
    app::App,
    http::{Caller, Error, IfMatch, Json, NoBody, Page, PageQuery, Path, Query, Reach, Reply, Result, Write},
    movements, units,
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
        .service(excuse_lateness)
        .configure(revisions::routes);
}

#[derive(Deserialize, IntoParams)]
struct SubmissionFilter {
    /// Code of a period.
    #[param(example = "2025-09")]
    period: Option<String>,
    /// Code of a unit; with the units below it.
    unit: Option<String>,
    #[param(inline)]
    state: Option<State>,
    /// Only reports that first came late, or only those that did not.
    late: Option<bool>,
}

/// Submissions
///
/// The reports within the caller's reach, by period and unit.
#[utoipa::path(
    tag = "submissions", params(SubmissionFilter, PageQuery),
    responses((status = 200, description = "A page", body = Page<SubmissionSummary>), Error)
)]
#[get("/movements/{movement}/submissions")]
async fn list_submissions(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<SubmissionFilter>,
    page: Query<PageQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    let (limit, after) = (page.limit()?, page.after()?);
    let SubmissionFilter { period, unit, state, late } = filter.into_inner();
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, locality, &movement).await?;
            let tree = units::tree(conn, locality, caller.today()).await?;
            let tops = match (&unit, caller.reach()) {
                (Some(code), reach) => Some(vec![units::within(conn, locality, &reach, code, caller.today()).await?]),
                (None, Reach::Units(tops)) => Some(tops),
                (None, Reach::Locality) => None,
            };
            caller.permit()?;
            let below = |tops: Vec<_>| {
                tree.iter().map(|unit| unit.id).filter(|id| tops.iter().any(|top| tree.is_within(*id, *top))).collect()
            };
            let filter = Filter { period, units: tops.map(below), state, late, after, limit: limit + 1 };
            let rows = store::list(conn, &movement, filter).await?;
            let summary = |row: store::Submission| {
                let unit = tree.by_id(row.unit);
                SubmissionSummary {
                    period: row.period,
                    unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
                    unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
                    state: row.state,
                    revision: row.revision,
                    first_submitted_at: row.first_submitted_at,
                    late: row.late,
                    excused: row.lateness_excuse.is_some(),
                    updated_at: row.updated_at,
                    etag: format!("\"{}\"", row.version),
                }
            };
            Page::of(rows, limit, |row| (row.period.clone(), row.unit), summary)?.reply(&req)
        })
        .await
}

/// A submission
///
/// What is being edited, or what was handed in last, with what the caller may do next.
#[utoipa::path(tag = "submissions", responses((status = 200, description = "The submission", body = SubmissionView), Error))]
#[get("/movements/{movement}/submissions/{period}/{unit}")]
async fn get_submission(app: Data<App>, caller: Caller, place: Path<(String, String, String)>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let desk = acts::open(conn, &caller, &place, false).await?;
            let version = desk.submission()?.version;
            caller.permit()?;
            Ok(Reply::ok(view(conn, &caller, &desk).await?)?.tag(version))
        })
        .await
}

/// Draft a submission
///
/// Puts the whole draft; held to its form only. Submitting checks everything.
#[utoipa::path(
    tag = "submissions",
    params(IfMatch),
    responses(
        (status = 200, description = "Changed", body = SubmissionView),
        (status = 201, description = "Made", body = SubmissionView),
        Error
    )
)]
#[put("/movements/{movement}/submissions/{period}/{unit}")]
async fn draft_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    body: Json<Content>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, caller| {
            let desk = acts::draft(conn, caller, &place, &if_match, body.unjudged()).await?;
            let version = desk.submission()?.version;
            let (movement, period, unit) = &*place;
            let location = format!("/api/v1/movements/{movement}/submissions/{period}/{unit}");
            Ok(Reply::put(version == 1, location, view(conn, caller, &desk).await?)?.tag(version))
        })
        .await
}

/// Hand a submission in
///
/// Checks everything and reports all findings at once; makes an immutable revision.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Submitted", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/submit")]
async fn submit_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, caller| {
            let desk = acts::submit(conn, caller, &place, &if_match).await?;
            let version = desk.submission()?.version;
            Ok(Reply::ok(view(conn, caller, &desk).await?)?.tag(version))
        })
        .await
}

async fn act(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    action: Action,
    why: impl FnOnce() -> Result<Why>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, caller| {
            let desk = acts::decide(conn, caller, &place, &if_match, action, why).await?;
            let version = desk.submission()?.version;
            Ok(Reply::ok(view(conn, caller, &desk).await?)?.tag(version))
        })
        .await
}

/// Take a submission back
///
/// By the unit, before it is decided; it is a draft again.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Withdrawn", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/withdraw")]
async fn withdraw_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    act(app, write, place, if_match, Action::Withdraw, || Ok(Why::default())).await
}

/// Approve a submission
///
/// By the agency; who submitted it can never approve it.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Approved", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/approve")]
async fn approve_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    act(app, write, place, if_match, Action::Approve, || Ok(Why::default())).await
}

/// Why it is sent back, and words to single values.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionReturn {
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000, example = "Số hồ sơ lĩnh vực đất đai chưa khớp")]
    reason: String,
    #[serde(default)]
    #[validate(nested, length(max = 200))]
    remarks: Vec<Remark>,
}

/// Send a submission back
///
/// By the agency with a reason and, where it helps, remarks to single values.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Returned", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/return")]
async fn return_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    body: Json<SubmissionReturn>,
) -> Result<Reply> {
    let why = || {
        let SubmissionReturn { reason, remarks } = body.valid()?;
        let remarks: Result<Vec<_>, _> = remarks.into_iter().map(serde_json::to_value).collect();
        Ok(Why { reason: Some(reason), remarks: remarks.map_err(Error::internal)? })
    };
    act(app, write, place, if_match, Action::Return, why).await
}

/// Why something is done.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct SubmissionReason {
    #[validate(length(min = 1, max = 2000))]
    #[schema(min_length = 1, max_length = 2000, example = "Đơn vị phát hiện nhầm số liệu tháng 8")]
    reason: String,
}

fn because(body: Json<SubmissionReason>) -> Result<Why> {
    Ok(Why { reason: Some(body.valid()?.reason), ..Why::default() })
}

/// Open an approved submission again
///
/// By the agency with a reason; what was approved stands until the correction is approved.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Reopened", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/reopen")]
async fn reopen_submission(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    body: Json<SubmissionReason>,
) -> Result<Reply> {
    act(app, write, place, if_match, Action::Reopen, || because(body)).await
}

/// Excuse a late submission
///
/// By the agency with a reason, which is shown; it stays late.
#[utoipa::path(tag = "submissions", params(IfMatch), responses((status = 200, description = "Excused", body = SubmissionView), Error))]
#[post("/movements/{movement}/submissions/{period}/{unit}/excuse-lateness")]
async fn excuse_lateness(
    app: Data<App>,
    write: Write,
    place: Path<(String, String, String)>,
    if_match: IfMatch,
    body: Json<SubmissionReason>,
) -> Result<Reply> {
    act(app, write, place, if_match, Action::Excuse, || because(body)).await
}
