//! Transitions of concerns: consolidate, decide, reply. A transition of one concern applies to all of its summary.

use std::collections::BTreeMap;

use actix_web::{post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{reached, shown},
    rules::{self, Action, Outcome, State, next},
    store::{self, Concern, Deed, Stored},
    view::ConcernView,
};
use crate::{
    app::App,
    db::{ConcernId, ConcernSummaryId, Conn, to_text},
    http::{Bounded, Error, IfMatch, Json, Path, Reply, Result, WriteRequest},
    movements::{self, Movement},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(consolidate_concern).service(decide_concern).service(reply_concern);
}

/// A summary for the chair.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ConsolidateConcern {
    /// Text of the summary.
    text: Bounded<10000>,
    /// Ids of other concerns of the movement for the same summary.
    #[serde(default)]
    #[schema(max_items = 99)]
    with: Vec<ConcernId>,
}

/// Consolidate concerns
///
/// Submits the concern to the chair in a summary, alone or with related concerns; each keeps its own text. Until the
/// decision the agency may rewrite the summary and add concerns; a concern cannot leave its summary.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Consolidated", body = ConcernView), Error)
)]
#[post("/concerns/{id}/consolidate")]
async fn consolidate_concern(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ConsolidateConcern>,
) -> Result<Reply> {
    let ConsolidateConcern { text, with } = body.unjudged();
    let act = Act { action: Action::Consolidate, text, outcome: None, with };
    act.run(app, write, ConcernId::from(*id), if_match).await
}

/// The chair's decision.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct DecideConcern {
    outcome: Outcome,
    text: Bounded<10000>,
}

/// Decide a concern
///
/// The chair decides all concerns of the summary. The decision is final.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Decided", body = ConcernView), Error)
)]
#[post("/concerns/{id}/decide")]
async fn decide_concern(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<DecideConcern>,
) -> Result<Reply> {
    let DecideConcern { outcome, text } = body.unjudged();
    let act = Act { action: Action::Decide, text, outcome: Some(outcome), with: Vec::new() };
    act.run(app, write, ConcernId::from(*id), if_match).await
}

/// The reply to the units.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplyConcern {
    text: Bounded<10000>,
}

/// Reply to a concern
///
/// The agency informs the units of the summary about the decision and the next steps. The reply is final.
#[utoipa::path(
    tag = "participation", params(IfMatch), responses((status = 200, description = "Replied", body = ConcernView), Error)
)]
#[post("/concerns/{id}/reply")]
async fn reply_concern(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ReplyConcern>,
) -> Result<Reply> {
    let act = Act { action: Action::Reply, text: body.unjudged().text, outcome: None, with: Vec::new() };
    act.run(app, write, ConcernId::from(*id), if_match).await
}

/// A requested transition.
struct Act {
    action: Action,
    text: Bounded<10000>,
    outcome: Option<Outcome>,
    /// Concerns for the same summary.
    with: Vec<ConcernId>,
}

impl Act {
    async fn run(self, app: Data<App>, write: WriteRequest, id: ConcernId, if_match: IfMatch) -> Result<Reply> {
        write
            .run(&app.db, async |conn, scope| {
                reached(conn, scope, id).await?;
                let actor = scope.permit()?;
                store::hold(conn, actor.locality).await?;
                // Read again: it may have changed before the hold.
                let (concern, history) = reached(conn, scope, id).await?;
                if_match.check(concern.version)?;
                let movement = movements::share_by_id(conn, scope.recall()?, concern.movement).await?;
                movement.must_be_under_way()?;
                let Some(state) = next(concern.state, self.action) else {
                    return Err(Error::state("concern_state", to_text(concern.state)?));
                };
                let mut changed = self.judged(conn, &movement, &concern).await?;
                scope.before(&concern)?;
                scope.also_names(
                    changed.iter().filter(|other| other.id != id).map(|other| format!("concerns/{}", other.id)),
                );
                let summary = (self.action == Action::Consolidate).then(ConcernSummaryId::new);
                for concern in &mut changed {
                    (concern.state, concern.version) = (state, concern.version + 1);
                    concern.summary = summary.or(concern.summary);
                }
                let deed = Deed { action: self.action, outcome: self.outcome, text: Some(&self.text) };
                store::act(conn, &actor, &changed, &deed).await?;
                let concern = changed.into_iter().find(|concern| concern.id == id).ok_or_else(Error::not_found)?;
                scope.after(&Stored { concern: &concern, act: &deed })?;
                shown(conn, scope, &movement.code, &history, concern, false).await
            })
            .await
    }

    /// All concerns that the transition changes; 422 with all findings.
    async fn judged(&self, conn: &mut Conn, movement: &Movement, concern: &Concern) -> Result<Vec<Concern>> {
        let named: Vec<ConcernId> = self.with.iter().copied().chain([concern.id]).collect();
        let together = store::together(conn, movement, &named).await?;
        let known: BTreeMap<ConcernId, State> = together.iter().map(|concern| (concern.id, concern.state)).collect();
        let words = self.text.check("/text");
        Error::check(words.into_iter().chain(rules::check_together(concern.id, &self.with, &known)).collect())?;
        Ok(together)
    }
}
