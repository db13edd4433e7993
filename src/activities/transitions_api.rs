//! Transitions of an activity: correct, withdraw.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{judge, reach},
    rules::{Action, Content, Kind, next},
    store,
    view::{ActivityView, view},
};
use crate::{
    app::App,
    days,
    db::{ActivityId, to_text},
    http::{Because, Error, IfMatch, Json, Path, Reason, Reply, Result, WriteRequest},
    movements,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(correct_activity).service(withdraw_activity);
}

/// The corrected activity, complete, with the reason.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectActivity {
    /// Reason of the correction.
    reason: Reason,
    kind: Kind,
    #[schema(min_length = 1, max_length = 300, example = "Phát thanh về nộp hồ sơ trực tuyến")]
    title: String,
    /// A day of the movement's span, not in the future.
    #[serde(deserialize_with = "days::day")]
    held_on: NaiveDate,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "Đài truyền thanh xã")]
    place: Option<String>,
    /// Number of participants or people reached.
    #[serde(default)]
    participants: Option<u32>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10000, example = "Hai buổi, sáng và chiều")]
    description: Option<String>,
    /// Ids of evidence of the unit's reports.
    #[serde(default)]
    #[schema(max_items = 50)]
    evidence: Vec<Uuid>,
}

/// Correct an activity
///
/// Adds a version with its reason; earlier versions stay readable.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Corrected", body = ActivityView), Error)
)]
#[post("/activities/{id}/correct")]
async fn correct_activity(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<CorrectActivity>,
) -> Result<Reply> {
    let CorrectActivity { reason, kind, title, held_on, place, participants, description, evidence } = body.unjudged();
    let content = Content { kind, title, held_on, place, participants, description, evidence };
    act(app, write, ActivityId::from(*id), if_match, Action::Correct, reason, Some(content)).await
}

/// Withdraw an activity
///
/// The activity did not take place or was recorded twice. It stays readable with the reason and can no longer change.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Withdrawn", body = ActivityView), Error)
)]
#[post("/activities/{id}/withdraw")]
async fn withdraw_activity(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<Because>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    act(app, write, ActivityId::from(*id), if_match, Action::Withdraw, reason, None).await
}

/// One transition, with the new content where it changes.
async fn act(
    app: Data<App>,
    write: WriteRequest,
    id: ActivityId,
    if_match: IfMatch,
    action: Action,
    reason: Reason,
    content: Option<Content>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let found = store::lock(conn, scope.locality()?, id).await?.ok_or_else(Error::not_found)?;
            let history = reach(conn, scope, &found).await?;
            let actor = scope.permit()?;
            if_match.check(found.version)?;
            let movement = movements::share_by_id(conn, scope.recall()?, found.movement).await?;
            movement.must_be_under_way()?;
            let Some(state) = next(found.state, action) else {
                return Err(Error::state("activity_state", to_text(found.state)?));
            };
            scope.before(&found)?;
            let mut findings = Vec::from_iter(reason.check("/reason"));
            if let Some(content) = &content {
                findings.extend(judge(conn, scope, &movement, Some(found.unit), content).await?);
            }
            Error::check(findings)?;
            let mut activity = found;
            (activity.state, activity.version) = (state, activity.version + 1);
            activity.content = content.unwrap_or(activity.content);
            store::save(conn, &actor, &activity, action, &reason).await?;
            scope.after(&activity)?;
            let version = activity.version;
            Ok(Reply::ok(view(activity, &movement.code, &history, scope))?.tag(version))
        })
        .await
}
