//! What keeps a score from counting: an appraisal sent back for correction, a member who is recused.

use actix_web::{post, web::Data};
use chrono::{DateTime, SubsecRound, Utc};
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    api::{AssessmentPath, Given, criterion, locked, must_stand},
    disclose::disclose,
    panel::Panel,
    panel_store::{Declared, declare},
    store,
    ties::Ground,
    view::AssessmentView,
};
use crate::{
    app::App,
    db::events::{self, Event, EventType},
    http::{Because, Error, IfMatch, Json, Path, Reply, Result, WriteRequest},
    nominations::NominationPath,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(return_assessment).service(create_recusal);
}

/// Send one score back
///
/// The agency's score on one criterion is to be given again by the appraiser; everything else stands. Until then no run
/// ranks the candidate by it.
#[utoipa::path(
    tag = "awards", params(IfMatch, AssessmentPath),
    responses((status = 200, description = "Sent back", body = AssessmentView), Error)
)]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/assessments/{criterion}/send-back")]
async fn return_assessment(
    app: Data<App>,
    write: WriteRequest,
    path: Path<AssessmentPath>,
    if_match: IfMatch,
    body: Json<Because>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    write
        .run(&app.db, async |conn, scope| {
            let of = path.nomination();
            let (place, nomination) = locked(conn, scope, &of).await?;
            let criterion = criterion(&place, &nomination, &path.criterion)?;
            let actor = scope.permit()?;
            let given = Given::of(conn, scope, &place, &nomination).await?;
            let Some(held) = given.on(&criterion.code) else { return Err(Error::of("not_appraised")) };
            if_match.check(held.version)?;
            must_stand(&place, &nomination)?;
            if held.sent_back.is_some() {
                return Err(Error::of("score_sent_back"));
            }
            Error::check(reason.check("/reason").into_iter().collect())?;
            scope.before(held)?;
            store::send_back(conn, &actor, nomination.id, (&criterion.code, held.version), &reason).await?;
            let version = held.version;
            let given = Given::of(conn, scope, &place, &nomination).await?;
            scope.after(&given.on(&criterion.code))?;
            let event = Event {
                kind: EventType::AssessmentSentBack,
                movement: place.movement.code.clone(),
                subject: of.location().trim_start_matches("/api/v1/").to_owned(),
                data: json!({"award": place.award.code, "criterion": criterion.code}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            Ok(Reply::ok(given.sheet(scope, &place, &nomination).criterion(criterion))?.tag(version))
        })
        .await
}

/// A recusal.
#[derive(Serialize, ToSchema)]
#[schema(as = Recusal)]
struct RecusalView {
    /// Username of the member.
    member: String,
    ground: Ground,
    #[schema(required)]
    reason: Option<String>,
    at: DateTime<Utc>,
}

/// Declare a recusal
///
/// A member of the council does not judge the candidate. It is final. Their ballots on the candidate are in no number that
/// is shown from then on, whatever instant is asked about; a secret vote that counted one is void, and everybody votes anew. Who is the candidate, or belongs to its unit, is recused without
/// a declaration.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 201, description = "Recused", body = RecusalView), Error))]
#[post("/movements/{movement}/awards/{award}/nominations/{candidate}/recusals")]
async fn create_recusal(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    body: Json<Because>,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    write
        .run(&app.db, async |conn, scope| {
            let (place, nomination) = locked(conn, scope, &path).await?;
            let actor = scope.permit()?;
            must_stand(&place, &nomination)?;
            let Some(council) = &place.award.council else {
                return Err(Error::of("award_without_council").with("award", &place.award.code));
            };
            let panel = Panel::of(conn, &place.movement, std::slice::from_ref(&nomination), scope.today()).await?;
            let sits = panel.sitting().find(|member| member.account == actor.account);
            let member = sits.ok_or_else(|| Error::of("ballot_personal"))?.username.clone();
            Error::check(reason.check("/reason").into_iter().collect())?;
            let at = actor.at.trunc_subsecs(6);
            let declared = Declared { nomination: nomination.id, member: actor.account, reason: reason.into(), at };
            declare(conn, &actor, &declared).await?;
            scope.after(&declared)?;
            // Those who are left may all have voted.
            disclose(conn, scope, &place.movement, council, std::slice::from_ref(&nomination)).await?;
            let view = RecusalView { member, ground: Ground::Declared, reason: Some(declared.reason), at };
            Reply::created(format!("{}/assessments", path.location()), view)
        })
        .await
}
