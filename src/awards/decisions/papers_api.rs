//! Number and date from the registry.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Ruling, decision_for_change},
    papers_store::{Paper, insert_paper},
    rules::{Act, Numbered},
    view::{DecisionView, shown},
};
use crate::{
    app::App,
    days,
    db::DecisionId,
    finding::Finding,
    http::{Actor, Bounded, Error, Json, Path, Reply, Result, WriteRequest},
};

/// Most that a registry numbers in a year.
const NUMBER_MOST: u32 = 1_000_000;

pub fn routes(config: &mut ServiceConfig) {
    config.service(register_decision);
}

/// Number and date that the registry (văn thư) gave.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewNumber {
    #[schema(minimum = 1, maximum = 1000000, example = 1234)]
    pub number: u32,
    #[serde(deserialize_with = "days::day")]
    pub date: NaiveDate,
    /// Who issues the paper; left out: UBND.
    #[serde(default)]
    #[schema(example = "UBND")]
    pub issuer: Option<Bounded<50>>,
    /// Left out: QĐ.
    #[serde(default)]
    #[schema(example = "QĐ")]
    pub paper_type: Option<Bounded<20>>,
}

impl NewNumber {
    pub fn check(&self, today: NaiveDate) -> Vec<Finding> {
        let out = || Finding::new("/number", "number_out_of_range").with("min", 1).with("max", NUMBER_MOST);
        let mut findings = Vec::from_iter((!(1..=NUMBER_MOST).contains(&self.number)).then(out));
        findings.extend((self.date > today).then(|| Finding::new("/date", "day_future")));
        findings.extend(self.issuer.as_ref().and_then(|text| text.check("/issuer")));
        findings.extend(self.paper_type.as_ref().and_then(|text| text.check("/paper_type")));
        findings
    }

    /// The number as the actor registers it, of a decision or of an act on one.
    pub fn paper(self, actor: &Actor, decision: DecisionId, act: i32) -> Paper {
        let text =
            |given: Option<String>, usual: &str| given.map_or_else(|| usual.to_owned(), |text| text.trim().to_owned());
        let numbered = Numbered {
            issuer: text(self.issuer.map(String::from), "UBND"),
            paper_type: text(self.paper_type.map(String::from), "QĐ"),
            number: self.number,
            date: self.date,
        };
        Paper { numbered, decision, act, by: actor.account, acting_for: actor.acting_for.clone() }
    }
}

/// Register a decision
///
/// Number and date as the registry gave them, once, by somebody else than who decided. It numbers all papers, so that gaps
/// are normal; a number that is taken is refused (409). `warnings` of the answer tell a date before the decision, or out of
/// order with its number.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Registered", body = DecisionView), Error))]
#[post("/decisions/{id}/register")]
async fn register_decision(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<NewNumber>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let (movement, decision) = decision_for_change(conn, scope, DecisionId::from(*id)).await?;
            let actor = scope.permit()?;
            let ruling = Ruling::shown(conn, scope, &movement, decision).await?;
            ruling.must_permit(Act::Register)?;
            if ruling.is_decided_by(&scope.persons()) {
                return Err(Error::of("decision_own"));
            }
            Error::check(new.check(scope.today()))?;
            let paper = new.paper(&actor, ruling.decision.id, 0);
            insert_paper(conn, &actor, &paper).await?;
            scope.before(&json!({"registration": null}))?;
            scope.after(&json!({"registration": paper}))?;
            shown(conn, scope, &movement, ruling.decision).await
        })
        .await
}
