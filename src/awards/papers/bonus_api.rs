//! The money of a decision.

use actix_web::{get, web::Data};
use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    decision::{accepted, decided_on, moneys, total},
    grounds::Grounds,
};
use crate::{
    app::App,
    awards::decisions::{self, Ruling},
    db::DecisionId,
    exact::Decimal,
    http::{Caller, Error, Path, Reply, Result},
    movements,
    people::PartyView,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_decision_bonus);
}

/// The money that goes with a decision.
#[derive(Serialize, ToSchema)]
struct DecisionBonus {
    /// The day whose figures count: of the decision's number, else of the decision.
    day: NaiveDate,
    items: Vec<BonusItem>,
    /// Dong.
    #[schema(example = 2820000)]
    total: u64,
}

/// The money of one who is accepted.
#[derive(Serialize, ToSchema)]
struct BonusItem {
    candidate: PartyView,
    ordinal: u32,
    /// Null for the money of a place (giải), which the plan names.
    #[schema(required, example = "0.6")]
    coefficient: Option<Decimal>,
    /// Dong.
    #[schema(required, example = "2340000")]
    base_salary: Option<Decimal>,
    /// Dong, rounded up to 10,000 where it is computed.
    #[schema(example = 1410000)]
    amount: u64,
}

/// The money of a decision
///
/// Coefficient × base salary of the decision's day, for everybody accepted. 409 `bonus_unknown` names every figure that nobody
/// has entered, `award_without_bonus` a plan without money.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The money", body = DecisionBonus), Error))]
#[get("/decisions/{id}/bonus")]
async fn get_decision_bonus(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let found = decisions::decision(conn, &caller, DecisionId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, found.movement).await?;
            let ruling = Ruling::as_decided(conn, &movement, found).await?;
            let (grounds, _) = Grounds::of(conn, &caller, &movement, &ruling.proposal).await?;
            if !grounds.award.bonus {
                return Err(Error::of("award_without_bonus"));
            }
            let moneys = moneys(&grounds, &ruling)?;
            let total = total(&moneys);
            let items = accepted(&ruling).into_iter().zip(moneys).filter_map(|((ordinal, one), money)| {
                let candidate = ruling.directory.view(ruling.nominations.get(&one.nomination)?.candidate);
                let (coefficient, base_salary, amount) = (money.coefficient, money.base_salary, money.amount);
                Some(BonusItem { candidate, ordinal, coefficient, base_salary, amount })
            });
            Reply::ok(DecisionBonus { day: decided_on(&ruling), items: items.collect(), total })
        })
        .await
}
