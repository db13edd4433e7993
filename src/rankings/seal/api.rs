//! Bundles, and runs computed again.

use actix_web::{get, post, web::Data};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{Seal, Sealed, inspect, recompute};
use crate::{
    app::App,
    auth::integrity::DataIntegrityProof,
    canonical::canonical,
    db::{Conn, RankingId},
    finding::Finding,
    http::{Caller, Error, FindingView, NoBody, Path, Reply, Result},
    rankings::store::{self, Frozen, Kept},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_ranking_bundle).service(verify_ranking);
}

/// A run as one canonical document, byte for byte by RFC 8785, with a proof of the W3C Data Integrity standard. It
/// contains no name of anybody: people are their ids.
#[derive(ToSchema)]
#[allow(dead_code)]
struct RankingBundle {
    #[schema(rename = "@context", example = "https://w3id.org/security/data-integrity/v2")]
    context: String,
    /// The frozen facts.
    #[schema(value_type = Object)]
    inputs: Value,
    /// The frozen rules: `award`, `groups` with their criteria, `plan_version`.
    #[schema(value_type = Object)]
    method: Value,
    /// What the engine made of them.
    #[schema(value_type = Object)]
    output: Value,
    seal: Seal,
    proof: DataIntegrityProof,
}

async fn found(conn: &mut Conn, caller: &Caller, id: Uuid) -> Result<Kept> {
    let found = store::find(conn, caller.locality()?, RankingId::from(id)).await?;
    found.ok_or_else(Error::not_found)
}

/// The bundle of a ranking
///
/// Inputs, method, output, seal and proof in one file, kept elsewhere by whoever wants to check the run one day:
/// `thidua verify bundle.json` needs no network and no database, and other software verifies the proof
/// (`eddsa-jcs-2022`) by the key in `GET /.well-known/did.json`. 409 `ranking_not_sealed` for a run from before seals.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The bundle", body = RankingBundle), Error))]
#[get("/rankings/{id}/bundle")]
async fn get_ranking_bundle(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    let kept = app.db.read(async |conn| found(conn, &caller, *id).await).await?;
    caller.permit()?;
    let malformed = kept.run.seal_malformed.then(malformed).into_iter().collect();
    let sealed: Sealed = kept.run.seal.clone().ok_or_else(|| Error::of("ranking_not_sealed").because(malformed))?;
    let write = move || {
        let bundle = kept.frozen()?.parts.bundle(&sealed);
        let bundle = bundle.and_then(|bundle| canonical(&bundle)).map_err(Error::internal)?;
        Ok(Reply { status: 200, body: bundle.into(), ..Reply::done() })
    };
    app.rankings.aside(write).await
}

/// What came of computing a run again.
#[derive(Serialize, ToSchema)]
struct RankingVerdict {
    /// Whether everything is as it was sealed or, without a seal, as the inputs give it.
    holds: bool,
    /// False for a run from before seals: its inputs may have changed together with its output.
    sealed: bool,
    /// The engine that ranked again: that of the run.
    engine: i32,
    /// What differs, by pointers into the bundle.
    findings: Vec<FindingView>,
}

/// Verify a ranking
///
/// Ranks the frozen inputs again by the run's own engine, and compares inputs, method, output, seal and proof with what is
/// stored. Says what differs and where; stores nothing.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Result", body = RankingVerdict), Error))]
#[post("/rankings/{id}/verify")]
async fn verify_ranking(app: Data<App>, caller: Caller, id: Path<Uuid>, _: NoBody) -> Result<Reply> {
    let (kept, keys) = app
        .db
        .read(async |conn| {
            let kept = found(conn, &caller, *id).await?;
            Ok::<_, Error>((kept, app.sealer.keys(conn).await?))
        })
        .await?;
    caller.permit()?;
    let keys = keys.into_iter().map(|(_, key)| key).collect();
    let locale = caller.locale;
    let again = move || {
        let frozen = kept.frozen()?;
        let Frozen { run, parts } = &frozen;
        let mut findings = head(&frozen);
        match &run.seal {
            Some(sealed) => {
                let bundle = parts.bundle(sealed).map_err(Error::internal)?;
                findings.extend(inspect(&bundle, Some(&keys)));
            }
            None => {
                findings.extend(run.seal_malformed.then(malformed));
                findings.extend(recompute(parts, run.engine));
            }
        }
        let findings: Vec<FindingView> = findings.iter().map(|one| FindingView::of(one, locale)).collect();
        let (sealed, engine) = (run.seal.is_some() || run.seal_malformed, run.engine);
        Reply::ok(RankingVerdict { holds: findings.is_empty(), sealed, engine, findings })
    };
    app.rankings.aside(again).await
}

fn malformed() -> Finding {
    Finding::new("/seal", "seal_malformed")
}

/// Where the row of a run says otherwise than what it is made of.
fn head(Frozen { run, parts }: &Frozen) -> Vec<Finding> {
    let seal = run.seal.as_ref().map(|sealed| &sealed.seal);
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let of = |value: serde_json::Result<Value>| value.map(|value| text(&value)).unwrap_or_default();
    let mut pairs = vec![
        ("/method/award/code", run.award.clone(), parts.method.get("award").map(|award| text(&award["code"]))),
        ("/method/plan_version", run.plan_version.to_string(), parts.method.get("plan_version").map(text)),
        ("/inputs/as_of", of(serde_json::to_value(run.as_of)), parts.inputs.get("as_of").map(text)),
    ];
    if let Some(seal) = seal {
        pairs.push(("/seal/ranking", Uuid::from(run.id).to_string(), Some(seal.ranking.to_string())));
        pairs.push(("/seal/engine", run.engine.to_string(), Some(seal.engine.to_string())));
        pairs.push(("/seal/mode", of(serde_json::to_value(run.mode)), Some(of(serde_json::to_value(seal.mode)))));
    }
    let differing = pairs.into_iter().map(|(at, row, found)| (at, row, found.unwrap_or_default()));
    let differing = differing.filter(|(_, row, found)| row != found);
    differing
        .map(|(at, row, found)| Finding::new(at, "run_differs").with("expected", row).with("found", found))
        .collect()
}
