//! Awards with what is published of them.

use std::collections::BTreeMap;

use actix_web::{get, web::Data};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, PublishedAward};
use crate::{
    app::App,
    awards::{Recipient, decisions::symbol},
    db::{Conn, DecisionId, NominationId},
    http::{Caller, Error, Path, Reply, Result},
    movements::{self, Movement, plan::Award},
    nominations, people,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_award);
}

/// An award of the plan, with its published results.
#[derive(Serialize, ToSchema)]
struct AwardWithResults {
    award: Award,
    /// Who has it, by decision and ordinal. Null until a decision is published; empty where nobody gets it.
    #[schema(required)]
    results: Option<Vec<AwardResult>>,
}

/// Whether a published award stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum AwardResultState {
    Valid,
    Revoked,
}

/// A published award of somebody.
#[derive(Serialize, ToSchema)]
struct AwardResult {
    state: AwardResultState,
    /// Code of the unit, or id of the person or the household.
    #[schema(example = "phong-kinh-te")]
    candidate: String,
    #[serde(flatten)]
    recipient: Recipient,
    /// In the decision (số sổ vàng).
    ordinal: u32,
    /// Code of the place (giải).
    #[schema(required)]
    place: Option<String>,
    decision: DecisionId,
    /// Number and signs of the decision.
    #[schema(example = "1234/QĐ-UBND")]
    symbol: String,
    date: NaiveDate,
    published_at: DateTime<Utc>,
}

/// An award
///
/// As the plan in force states it, with its published results.
#[utoipa::path(tag = "movements", responses((status = 200, description = "The award", body = AwardWithResults), Error))]
#[get("/movements/{movement}/awards/{award}")]
async fn get_award(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            caller.permit()?;
            let award = crate::awards::proposals::award(&movement, &caller, &path.1)?;
            Reply::ok(with_results(conn, &caller, &movement, award).await?)
        })
        .await
}

async fn with_results(conn: &mut Conn, caller: &Caller, movement: &Movement, award: Award) -> Result<AwardWithResults> {
    if !store::is_published(conn, movement, &award.code).await? {
        return Ok(AwardWithResults { award, results: None });
    }
    let mut results = store::results(conn, movement.locality, movement.id).await?;
    results.retain(|one| one.award == award.code);
    let candidates = nominations::candidates(conn, movement.locality, results.iter().map(|one| one.nomination)).await?;
    let directory = people::directory(conn, caller.recall()?, candidates.values().copied(), caller.today()).await?;
    let codes: BTreeMap<NominationId, String> =
        candidates.into_iter().map(|(id, party)| (id, directory.view(party).code)).collect();
    Ok(AwardWithResults { award, results: Some(results.iter().map(|one| result(one, &codes)).collect()) })
}

fn result(one: &PublishedAward, codes: &BTreeMap<NominationId, String>) -> AwardResult {
    AwardResult {
        state: if one.revoked { AwardResultState::Revoked } else { AwardResultState::Valid },
        candidate: codes.get(&one.nomination).cloned().unwrap_or_default(),
        recipient: one.recipient.clone(),
        ordinal: one.ordinal,
        place: one.place.clone(),
        decision: one.decision,
        symbol: symbol(one.number, &one.paper_type, &one.issuer),
        date: one.date,
        published_at: one.published_at,
    }
}
