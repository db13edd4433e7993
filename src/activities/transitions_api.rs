//! The acts on an activity that stands: corrected, withdrawn.

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
    http::{Error, IfMatch, Json, Path, Reason, Reply, Result, WriteRequest},
    movements,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(correct_activity).service(withdraw_activity);
}

/// An activity told anew, whole, and why.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CorrectActivity {
    /// Why what was told before was wrong.
    reason: Reason,
    kind: Kind,
    #[schema(min_length = 1, max_length = 300, example = "Phát thanh về nộp hồ sơ trực tuyến")]
    title: String,
    /// Within the movement's span, and not in the future.
    #[serde(deserialize_with = "days::day")]
    #[schema(example = "2025-09-06")]
    held_on: NaiveDate,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 300, example = "Đài truyền thanh xã")]
    place: Option<String>,
    /// Those who took part or were reached.
    #[serde(default)]
    #[schema(example = 120)]
    participants: Option<u32>,
    #[serde(default)]
    #[schema(min_length = 1, max_length = 10000, example = "Hai buổi, sáng và chiều")]
    description: Option<String>,
    /// Ids of documents that the unit handed in for its reports.
    #[serde(default)]
    #[schema(max_items = 50, example = json!([]))]
    evidence: Vec<Uuid>,
}

/// Correct an activity
///
/// A new version with its reason; the former ones stay readable.
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

/// Why an activity is withdrawn.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawActivity {
    reason: Reason,
}

/// Withdraw an activity
///
/// It was none, or was told twice. It stays readable with the reason, and changes no more.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Withdrawn", body = ActivityView), Error)
)]
#[post("/activities/{id}/withdraw")]
async fn withdraw_activity(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WithdrawActivity>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    act(app, write, ActivityId::from(*id), if_match, Action::Withdraw, reason, None).await
}

/// One act, with what is told from now on where that changes.
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
            let movement = movements::share_by_id(conn, actor.locality, found.movement).await?;
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
            let mut one = found;
            (one.state, one.version) = (state, one.version + 1);
            one.content = content.unwrap_or(one.content);
            store::save(conn, &actor, &one, action, &reason).await?;
            scope.after(&one)?;
            let version = one.version;
            Ok(Reply::ok(view(one, &movement.code, &history, scope))?.tag(version))
        })
        .await
}
