//! Replications of an initiative (nhân rộng), recorded by the standing agency.

use actix_web::{post, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::reached,
    initiative::{Initiative, Replication},
    replication_store,
    rules::{self, Action, next},
    store,
    view::{InitiativeInFull, full},
};
use crate::{
    app::App,
    days,
    db::{Conn, InitiativeId, UnitId, to_text},
    finding::Finding,
    http::{Actor, Bounded, Error, IfMatch, Json, Path, Reason, Reply, Result, WriteRequest, WriteScope},
    movements,
    people::{Directory, Party},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(replicate_initiative).service(withdraw_replication);
}

/// A unit that replicates an initiative of others.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ReplicateInitiative {
    #[schema(example = "van-phong")]
    unit: String,
    /// First day of use, not in the future.
    #[serde(deserialize_with = "days::day")]
    used_from: NaiveDate,
    #[serde(default)]
    note: Option<Bounded<2000>>,
}

/// Replicate an initiative
///
/// The standing agency records that a unit uses a recognised initiative, with the first day of use.
#[utoipa::path(tag = "awards", params(IfMatch), responses((status = 200, description = "Recorded", body = InitiativeInFull), Error))]
#[post("/initiatives/{id}/replicate")]
async fn replicate_initiative(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<ReplicateInitiative>,
) -> Result<Reply> {
    let ReplicateInitiative { unit, used_from, note } = body.unjudged();
    act(app, write, *id, if_match, Action::Replicate, async |conn, actor, directory, initiative, caller| {
        let mut findings = Vec::from_iter(rules::check_use(used_from, caller.today()));
        findings.extend(note.as_ref().and_then(|note| note.check("/note")));
        let known = directory.unit(&unit).map(|known| known.id);
        findings.extend(match known {
            None => Some(Finding::new("/unit", "unit_unknown").with("unit", &unit)),
            Some(id) if initiative.owners.contains(&Party::Unit(id)) => {
                Some(Finding::new("/unit", "replication_to_owner"))
            }
            Some(id) if uses(initiative, id) => Some(Finding::new("/unit", "replication_stands")),
            Some(_) => None,
        });
        Error::check(findings)?;
        let used = Replication { unit: known.ok_or_else(Error::not_found)?, used_from, note: note.map(String::from) };
        replication_store::insert(conn, actor, initiative, &used).await?;
        initiative.replicated_to.push(used);
        Ok(())
    })
    .await
}

/// The withdrawal of a replication.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct WithdrawReplication {
    #[schema(example = "van-phong")]
    unit: String,
    reason: Reason,
}

/// Withdraw a replication
///
/// The unit does not use the initiative, or has stopped. The record stays, with the reason.
#[utoipa::path(tag = "awards", params(IfMatch), responses((status = 200, description = "Withdrawn", body = InitiativeInFull), Error))]
#[post("/initiatives/{id}/withdraw-replication")]
async fn withdraw_replication(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<WithdrawReplication>,
) -> Result<Reply> {
    let WithdrawReplication { unit, reason } = body.unjudged();
    act(app, write, *id, if_match, Action::WithdrawReplication, async |conn, actor, directory, initiative, _| {
        // Of a unit that has ended too.
        let known = directory.units.by_code(&unit).map(|known| known.id).filter(|id| uses(initiative, *id));
        let unknown = known.is_none().then(|| Finding::new("/unit", "replication_unknown").with("unit", &unit));
        Error::check(unknown.into_iter().chain(reason.check("/reason")).collect())?;
        let unit = known.ok_or_else(Error::not_found)?;
        replication_store::withdraw(conn, actor, initiative, unit, &reason).await?;
        initiative.replicated_to.retain(|used| used.unit != unit);
        Ok(())
    })
    .await
}

fn uses(initiative: &Initiative, unit: UnitId) -> bool {
    initiative.replicated_to.iter().any(|used| used.unit == unit)
}

/// One transition; `change` checks the body (422), stores it and updates the initiative.
async fn act(
    app: Data<App>,
    write: WriteRequest,
    id: Uuid,
    if_match: IfMatch,
    action: Action,
    change: impl AsyncFnOnce(&mut Conn, &Actor, &Directory, &mut Initiative, &WriteScope) -> Result<()>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let found = store::lock(conn, scope.locality()?, InitiativeId::from(id)).await?;
            let mut initiative = found.ok_or_else(Error::not_found)?;
            let directory = reached(conn, scope, &initiative).await?;
            let actor = scope.permit()?;
            if_match.check(initiative.version)?;
            let movement = movements::share_by_id(conn, scope.recall()?, initiative.movement).await?;
            movement.must_be_under_way()?;
            let Some(state) = next(initiative.state, action) else {
                return Err(Error::state("initiative_state", to_text(initiative.state)?));
            };
            scope.before(&initiative)?;
            (initiative.state, initiative.version) = (state, initiative.version + 1);
            change(conn, &actor, &directory, &mut initiative, scope).await?;
            scope.after(&initiative)?;
            Ok(Reply::ok(full(conn, scope, &movement, &directory, &initiative).await?)?.tag(initiative.version))
        })
        .await
}
