//! What the proposing units are told.

use std::collections::BTreeSet;

use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, NoticeKind, Told};
use crate::{
    app::App,
    db::DecisionId,
    http::{Caller, Error, Page, Reply, Result},
    people::{self, Party, PartyView},
};

/// Most notices in an answer; older ones are in the results of awards.
const NOTICES_MOST: i64 = 200;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_award_notices);
}

/// What a unit is told of its candidate.
#[derive(Serialize, ToSchema)]
struct AwardNotice {
    kind: NoticeKind,
    /// Code of the unit that is told.
    #[schema(example = "phong-kinh-te")]
    unit: String,
    #[schema(example = "cchc-2025-h2")]
    movement: String,
    #[schema(example = "tap-the")]
    award: String,
    candidate: PartyView,
    decision: DecisionId,
    at: DateTime<Utc>,
}

/// Notices of awards
///
/// What the units within the caller's reach are told of their candidates: published results, revocations, corrections. The
/// newest 200 first.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The notices", body = Page<AwardNotice>), Error))]
#[get("/award-notices")]
async fn list_award_notices(app: Data<App>, caller: Caller) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let locality = caller.permit()?.locality;
            let within = people::scope(conn, caller.recall()?, &caller.reach(), None, caller.today()).await?;
            let told = store::told(conn, locality, within.map(|scope| scope.units), NOTICES_MOST).await?;
            let parties: BTreeSet<Party> = told.iter().map(|one| one.candidate).collect();
            let directory = people::directory(conn, caller.recall()?, parties, caller.today()).await?;
            let view = |one: Told| AwardNotice {
                kind: one.kind,
                unit: one.unit,
                movement: one.movement,
                award: one.award,
                candidate: directory.view(one.candidate),
                decision: one.decision,
                at: one.at,
            };
            Reply::ok(Page::whole(told.into_iter().map(view).collect()))
        })
        .await
}
