//! Decisions of the standing agency on initiatives: recognise, reject, mark a duplicate.

use actix_web::{post, web::Data};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::reached,
    duplicate_store,
    initiative::{Duplicate, Initiative},
    rules::{self, Action, next},
    store,
    view::{InitiativeInFull, full},
};
use crate::{
    app::App,
    clock::day,
    db::{Conn, InitiativeId, to_text},
    http::{Actor, Because, Error, IfMatch, Json, Path, Reason, Reply, Result, WriteRequest},
    movements::{self, Movement},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(recognise_initiative).service(reject_initiative).service(mark_duplicate);
}

/// Level of the recognition.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RecogniseInitiative {
    /// A level with points in the plan's criteria.
    #[schema(example = "commune")]
    level: String,
}

/// Recognise an initiative
///
/// The standing agency recognises the initiative at a level of the plan's criteria. Nobody recognises what they proposed.
/// The decision is final.
#[utoipa::path(tag = "awards", params(IfMatch), responses((status = 200, description = "Recognised", body = InitiativeInFull), Error))]
#[post("/initiatives/{id}/recognise")]
async fn recognise_initiative(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<RecogniseInitiative>,
) -> Result<Reply> {
    let decision = Decision::Recognise(body.unjudged().level);
    decide(app, write, InitiativeId::from(*id), if_match, decision).await
}

/// Reject an initiative
///
/// The standing agency rejects the initiative with a reason, which the owners can read. The decision is final.
#[utoipa::path(tag = "awards", params(IfMatch), responses((status = 200, description = "Rejected", body = InitiativeInFull), Error))]
#[post("/initiatives/{id}/reject")]
async fn reject_initiative(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<Because>,
) -> Result<Reply> {
    let decision = Decision::Reject(body.unjudged().reason);
    decide(app, write, InitiativeId::from(*id), if_match, decision).await
}

/// The original of a duplicate.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct MarkDuplicate {
    /// Id of the original: an initiative of the same movement, proposed or recognised.
    #[schema(example = "0197a3b0-0000-7000-8000-000000000000")]
    of: InitiativeId,
    reason: Reason,
}

/// Mark a duplicate
///
/// The standing agency marks the initiative as a duplicate of another one. Only the original counts from then on, in
/// figures and rankings; results as of earlier instants do not change. A recognised initiative needs a recognised
/// original. The decision is final.
#[utoipa::path(tag = "awards", params(IfMatch), responses((status = 200, description = "Marked as duplicate", body = InitiativeInFull), Error))]
#[post("/initiatives/{id}/mark-duplicate")]
async fn mark_duplicate(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<MarkDuplicate>,
) -> Result<Reply> {
    let MarkDuplicate { of, reason } = body.unjudged();
    decide(app, write, InitiativeId::from(*id), if_match, Decision::Duplicate { of, reason }).await
}

enum Decision {
    /// At this level.
    Recognise(String),
    /// For this reason.
    Reject(Reason),
    Duplicate {
        of: InitiativeId,
        reason: Reason,
    },
}

impl Decision {
    fn action(&self) -> Action {
        match self {
            Self::Recognise(_) => Action::Recognise,
            Self::Reject(_) => Action::Reject,
            Self::Duplicate { .. } => Action::MarkDuplicate,
        }
    }

    /// Everything that the decision depends on.
    fn named(&self, id: InitiativeId) -> Vec<InitiativeId> {
        let other = if let Self::Duplicate { of, .. } = self { Some(*of) } else { None };
        [id].into_iter().chain(other).collect()
    }

    /// The initiative after the decision; 409 and 422 where it is not allowed.
    async fn take(
        self,
        conn: &mut Conn,
        actor: &Actor,
        movement: &Movement,
        initiative: &mut Initiative,
        original: Option<&Initiative>,
    ) -> Result<()> {
        match self {
            Self::Recognise(level) => {
                Error::check(rules::check_level(&movement.on(day(actor.at)).plan, &level))?;
                (initiative.level, initiative.decided_at) = (Some(level), Some(actor.at));
                store::decide(conn, actor, initiative).await
            }
            Self::Reject(reason) => {
                Error::check(reason.check("/reason").into_iter().collect())?;
                (initiative.reason, initiative.decided_at) = (Some(reason.into()), Some(actor.at));
                store::decide(conn, actor, initiative).await
            }
            Self::Duplicate { of, reason } => {
                if duplicate_store::has_duplicates(conn, actor.locality, initiative.id).await? {
                    return Err(Error::of("initiative_has_duplicates"));
                }
                let original = original.filter(|original| original.movement == initiative.movement);
                let unfit = rules::check_duplicate(
                    (initiative.id, initiative.level.is_some()),
                    of,
                    original.map(|original| original.state),
                );
                Error::check(unfit.into_iter().chain(reason.check("/reason")).collect())?;
                let duplicate = Duplicate { of, reason: reason.into(), at: actor.at };
                duplicate_store::mark(conn, actor, initiative, &duplicate).await?;
                initiative.duplicate = Some(duplicate);
                Ok(())
            }
        }
    }
}

async fn decide(
    app: Data<App>,
    write: WriteRequest,
    id: InitiativeId,
    if_match: IfMatch,
    decision: Decision,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let locality = scope.locality()?;
            let locked = store::lock_all(conn, locality, &decision.named(id)).await?;
            let (found, others): (Vec<_>, Vec<_>) = locked.into_iter().partition(|locked| locked.id == id);
            let mut initiative = found.into_iter().next().ok_or_else(Error::not_found)?;
            let directory = reached(conn, scope, &initiative).await?;
            let actor = scope.permit()?;
            if_match.check(initiative.version)?;
            let movement = movements::share_by_id(conn, scope.recall()?, initiative.movement).await?;
            movement.must_be_under_way()?;
            let Some(state) = next(initiative.state, decision.action()) else {
                return Err(Error::state("initiative_state", to_text(initiative.state)?));
            };
            let own = store::proposed_by(conn, locality, &[id], scope.persons()).await?;
            if !own.is_empty() && decision.action() == Action::Recognise {
                return Err(Error::of("four_eyes"));
            }
            scope.before(&initiative)?;
            (initiative.state, initiative.version) = (state, initiative.version + 1);
            decision.take(conn, &actor, &movement, &mut initiative, others.first()).await?;
            scope.after(&initiative)?;
            Ok(Reply::ok(full(conn, scope, &movement, &directory, &initiative).await?)?.tag(initiative.version))
        })
        .await
}
