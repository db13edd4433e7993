//! Deciding on a proposal.

use std::collections::BTreeMap;

use actix_web::{get, post, web::Data};
use chrono::SubsecRound;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Ruling, decision},
    rules::{SignedAs, check_accepted, check_signed_as, ordered},
    store::{self, Decided, Decision},
    view::{DecisionView, shown},
};
use crate::{
    app::App,
    awards::proposals::{
        self, Case, award, check_beyond, check_chosen, check_texts, must_be_open, proposal_for_change,
    },
    db::{
        DecisionId, NominationId, ProposalId,
        events::{self, Event, EventType},
    },
    http::{Actor, Caller, Error, Json, Path, Reply, Result, WriteRequest},
    movements,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(decide_proposal).service(get_decision);
}

/// A decision on a proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewDecision {
    /// Codes of who is given the award, in the order of the decision: their ordinals (số sổ vàng).
    #[schema(max_items = 1000)]
    accepted: Vec<String>,
    /// By code: why somebody proposed is not accepted, or somebody else is.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    signed_as: SignedAs,
}

/// Decide on a proposal
///
/// By the chair, or by a deputy with the chair's role delegated, who signs for the chair (KT.); never by who proposed. 409
/// names everything that is missing, a hold that came since the proposal too. A difference to the proposal has its reason.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The decision", body = DecisionView), Error))]
#[post("/proposals/{id}/decide")]
async fn decide_proposal(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<NewDecision>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let (movement, proposal) = proposal_for_change(conn, scope, ProposalId::from(*id)).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &proposal)?;
            if proposal.is_by(&scope.persons()) {
                return Err(Error::of("proposal_own"));
            }
            let case = Case::held(conn, scope, &movement, proposal).await?;
            let chosen = chosen(&case, &new.accepted);
            let missing = case.missing(&movement, scope, &chosen);
            if !missing.is_empty() {
                return Err(Error::of("proposal_not_ready").because(missing));
            }
            let lists = case.lists();
            let selected: Vec<String> = case.selected().into_iter().map(|id| case.code(id)).collect();
            let mut findings = check_chosen("accepted", &lists, &new.accepted);
            findings.extend(check_texts(&lists, &new.reasons));
            findings.extend(check_accepted(&selected, &new.accepted, &new.reasons));
            findings.extend(check_signed_as(new.signed_as, !actor.acting_for.is_empty()));
            let beyond = award(&movement, scope, &case.proposal.award)?.beyond_quota;
            findings.extend(check_beyond(&lists, &new.accepted, (case.proposal.quota, beyond)));
            Error::check(findings)?;
            let decided = rows(&case, &selected, &new);
            let decision = made(&actor, &case, new.signed_as);
            scope.before(&json!({"decision": null}))?;
            proposals::end(conn, &actor, &case.proposal, proposals::State::Decided, None).await?;
            store::insert(conn, &actor, &decision, &decided).await?;
            scope.after(&json!({"decision": decision, "candidates": decided}))?;
            let event = Event {
                kind: EventType::AwardDecided,
                movement: movement.code.clone(),
                subject: format!("decisions/{}", decision.id),
                data: json!({"award": decision.award, "decision": decision.id, "accepted": chosen.len()}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            let location = format!("/api/v1/decisions/{}", decision.id);
            let ruling = Ruling::held(conn, scope, &movement, decision).await?;
            Reply::created(location, ruling.view(conn, scope, &movement).await?)
        })
        .await
}

/// The candidates of these codes; codes of nobody are a finding later.
fn chosen(case: &Case, accepted: &[String]) -> Vec<NominationId> {
    let of = |code: &String| case.candidates.iter().map(|one| one.nomination).find(|id| case.code(*id) == *code);
    accepted.iter().filter_map(of).collect()
}

fn made(actor: &Actor, case: &Case, signed_as: SignedAs) -> Decision {
    Decision {
        id: DecisionId::new(),
        proposal: case.proposal.id,
        movement: case.proposal.movement,
        award: case.proposal.award.clone(),
        signed_as,
        decided_by: actor.account,
        acting_for: actor.acting_for.clone(),
        decided_at: actor.at.trunc_subsecs(6),
    }
}

fn rows(case: &Case, selected: &[String], new: &NewDecision) -> Vec<Decided> {
    let row = |(code, ordinal): (String, Option<u32>)| {
        let candidate = case.candidates.iter().find(|one| case.code(one.nomination) == code)?;
        let place = candidate.place.clone().filter(|_| ordinal.is_some());
        Some(Decided { nomination: candidate.nomination, ordinal, place, reason: new.reasons.get(&code).cloned() })
    };
    let all = ordered(selected, &new.accepted).into_iter().map(|one| (one.code, one.ordinal));
    all.filter_map(row).collect()
}

/// A decision
///
/// With its number, its signed paper, its publication and the acts on it.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The decision", body = DecisionView), Error))]
#[get("/decisions/{id}")]
async fn get_decision(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let decision = decision(conn, &caller, DecisionId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, decision.movement).await?;
            shown(conn, &caller, &movement, decision).await
        })
        .await
}
