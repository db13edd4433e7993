//! Ends of a proposal without a decision: the chair returns it, who made it withdraws it.

use actix_web::{post, web::Data};
use serde_json::json;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{must_be_open, proposal_for_change},
    store::{self, State},
    view::{ProposalView, shown},
};
use crate::{
    app::App,
    db::{
        ProposalId,
        events::{self, Event, EventType},
        to_text,
    },
    http::{Because, Error, Json, Path, Reply, Result, WriteRequest},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(return_proposal).service(withdraw_proposal);
}

/// Return a proposal
///
/// The chair asks for another one, with a reason.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Returned", body = ProposalView), Error))]
#[post("/proposals/{id}/return")]
async fn return_proposal(app: Data<App>, write: WriteRequest, id: Path<Uuid>, body: Json<Because>) -> Result<Reply> {
    ended(app, write, id, body, State::Returned).await
}

/// Withdraw a proposal
///
/// By who made it, with a reason.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Withdrawn", body = ProposalView), Error))]
#[post("/proposals/{id}/withdraw")]
async fn withdraw_proposal(app: Data<App>, write: WriteRequest, id: Path<Uuid>, body: Json<Because>) -> Result<Reply> {
    ended(app, write, id, body, State::Withdrawn).await
}

async fn ended(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    body: Json<Because>,
    state: State,
) -> Result<Reply> {
    let reason = body.unjudged().reason;
    write
        .run(&app.db, async |conn, scope| {
            let (movement, mut proposal) = proposal_for_change(conn, scope, ProposalId::from(*id)).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &proposal)?;
            let own = proposal.is_by(&scope.persons());
            match state {
                State::Withdrawn if !own => return Err(Error::of("proposal_not_own")),
                State::Returned if own => return Err(Error::of("proposal_own")),
                _ => {}
            }
            Error::check(reason.check("/reason").into_iter().collect())?;
            scope.before(&proposal)?;
            proposal.end = Some(store::end(conn, &actor, &proposal, state, Some(reason.into())).await?);
            scope.after(&proposal)?;
            let event = Event {
                kind: EventType::ProposalEnded,
                movement: movement.code.clone(),
                subject: format!("proposals/{}", proposal.id),
                data: json!({"award": proposal.award, "proposal": proposal.id, "state": to_text(state)?}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            shown(conn, scope, &movement, proposal).await
        })
        .await
}
