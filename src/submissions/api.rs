//! Submissions over HTTP.

use actix_web::{get, post, put, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    commands::{self, Acted},
    content::{Content, Remark, Why},
    lifecycle::Action,
    position::{self, ReportPath},
    view::{AsOf, SubmissionView, not_begun, view, view_as_of, view_with},
};
use crate::{
    app::App,
    db::Conn,
    http::{Because, Caller, Error, IfMatch, Json, NoBody, Path, PutJson, Query, Reason, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config
        .service(get_submission)
        .service(draft_submission)
        .service(submit_submission)
        .service(withdraw_submission)
        .service(approve_submission)
        .service(return_submission)
        .service(reopen_submission)
        .service(excuse_lateness);
}

/// A submission
///
/// What is being edited, or what was handed in last, with what the caller may do next. What is being edited is shown to
/// its unit and the standing agency only; to others what was handed in last. A report that is owed and of which there is
/// nothing to show is answered as `not_begun`, empty and without a tag. With `as_of` it is as it was known then: what had
/// been handed in last; before the first hand-in there is nothing.
#[utoipa::path(
    tag = "submissions", params(AsOf, ReportPath),
    responses((status = 200, description = "The submission", body = SubmissionView), Error)
)]
#[get("/movements/{movement}/submissions/{period}/{unit}")]
async fn get_submission(app: Data<App>, caller: Caller, path: Path<ReportPath>, asked: Query<AsOf>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (position, found) = position::open(conn, &caller, &path).await?;
            let seen = found.filter(|found| found.revision > 0 || position.shows_draft(&caller));
            let Some(found) = seen else {
                let owed = asked.as_of.is_none() && !position.owed().is_empty();
                let position = owed.then_some(position).ok_or_else(|| Error::missing("submission"))?;
                caller.permit()?;
                return Reply::ok(not_begun(&caller, &position));
            };
            caller.permit()?;
            if asked.as_of.is_none() && position.shows_draft(&caller) {
                let view = view(conn, &caller, &position, &found).await?;
                return Ok(Reply::ok(view)?.tag(found.version));
            }
            let then = view_as_of(conn, &caller, &position, found, caller.as_of(asked.as_of)).await?;
            let (view, version) = then.ok_or_else(Error::not_found)?;
            Ok(Reply::ok(view)?.tag(version))
        })
        .await
}

async fn reply(conn: &mut Conn, caller: &Caller, acted: &Acted) -> Result<Reply> {
    let Acted { position, report, acts } = acted;
    Ok(Reply::ok(view_with(conn, caller, position, report, acts).await?)?.tag(report.version))
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
            let acted = commands::draft(conn, scope, &path, &if_match, body).await?;
            let ReportPath { movement, period, unit } = &*path;
            let location = format!("/api/v1/movements/{movement}/submissions/{period}/{unit}");
            let Acted { position, report, acts } = &acted;
            let view = view_with(conn, scope, position, report, acts).await?;
            Ok(Reply::put(report.version == 1, location, view)?.tag(report.version))
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
            let acted = commands::submit(conn, scope, &path, &if_match).await?;
            reply(conn, scope, &acted).await
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
            let acted = commands::decide(conn, scope, &path, &if_match, action, &why).await?;
            reply(conn, scope, &acted).await
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

impl From<Because> for Why {
    fn from(body: Because) -> Self {
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
    body: Json<Because>,
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
    body: Json<Because>,
) -> Result<Reply> {
    act(app, write, path, if_match, Action::Excuse, body.unjudged().into()).await
}
