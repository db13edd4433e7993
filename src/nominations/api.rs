//! Nominations: list, read, nominate.

use std::{collections::BTreeSet, sync::Arc};

use actix_web::{HttpRequest, get, put, web::Data};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    beside::Beside,
    place::{NominationPath, award, place, place_for_change},
    relied::{Named, check_evidence},
    rules::{Action, Draft, Nomination, State},
    store::{self, Filter},
    view::{NominationView, Showing, drafted, step},
};
use crate::{
    app::App,
    db::{InitiativeId, NominationId},
    http::{
        Actor, Caller, Error, IfMatch, ListQuery, Page, Path, PutJson, Query, Reply, Result, WriteRequest,
        record_reading,
    },
    movements,
    people::{self, Party},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_nominations).service(get_nomination).service(nominate);
}

#[derive(Deserialize, IntoParams)]
struct NominationFilter {
    /// Only those in this state.
    state: Option<State>,
    /// Only candidates of this unit, its descendants, and their people.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
}

/// The reason of a hold is restricted: every reading of it is recorded under this action, or refused.
pub(super) const READ_HOLD: &str = "read_hold";

/// Nominations
///
/// Nominations for one award, in the order of their entry. A unit's head sees those of their own units and people. Sort
/// keys: `entered`, `state`, `group`.
#[utoipa::path(
    tag = "awards", params(NominationFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<NominationView>), Error)
)]
#[get("/movements/{movement}/awards/{award}/nominations")]
async fn list_nominations(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    path: Path<(String, String)>,
    filter: Query<NominationFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            caller.permit()?;
            let award = &award(&movement.on(caller.today()).plan, &path.1)?;
            let unit = filter.unit.as_deref();
            let scope = people::scope(conn, caller.recall()?, &caller.reach(), unit, caller.today()).await?;
            let rows =
                store::list(conn, &movement, &award.code, &Filter { state: filter.state, scope }, &order).await?;
            let ids: Vec<NominationId> = rows.items().map(|nomination| nomination.id).collect();
            let entered = store::entered(conn, locality, &ids).await?;
            let candidates: Vec<Party> = rows.items().map(|nomination| nomination.candidate).collect();
            let parties = candidates.iter().copied();
            let directory = Arc::new(people::directory(conn, caller.recall()?, parties, caller.today()).await?);
            let beside = &Beside::find(conn, &caller, (&movement, &award.code), &candidates, directory).await?;
            let showing = Showing { movement: &movement, award, beside, caller: &caller };
            let unknown = || Error::internal("nobody nominated");
            let view =
                |nomination: Nomination| showing.view(&nomination, entered.get(&nomination.id).ok_or_else(unknown)?);
            let page = Page::listed(rows.try_map(view)?, &order, |view| view)?;
            let held = page.items.iter().filter(|view| view.hold.is_some());
            let base = format!("movements/{}/awards/{}/nominations", movement.code, award.code);
            let held: Vec<String> = held.map(|view| format!("{base}/{}", view.candidate.code)).collect();
            if !held.is_empty() {
                record_reading(conn, &req, &caller, READ_HOLD, held).await?;
            }
            page.reply(&req)
        })
        .await
}

/// A nomination
///
/// The dossier of one candidate for one award.
#[utoipa::path(tag = "awards", params(NominationPath), responses((status = 200, description = "The nomination", body = NominationView), Error))]
#[get("/movements/{movement}/awards/{award}/nominations/{candidate}")]
async fn get_nomination(req: HttpRequest, app: Data<App>, caller: Caller, path: Path<NominationPath>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let place = place(conn, &caller, &path).await?;
            let found = store::find(conn, &place.movement, &place.award.code, place.candidate).await?;
            let nomination = found.ok_or_else(|| Error::missing("nomination"))?;
            caller.permit()?;
            let view = place.view(conn, &caller, &nomination).await?;
            if view.hold.is_some() {
                record_reading(conn, &req, &caller, READ_HOLD, Vec::new()).await?;
            }
            Ok(Reply::ok(view)?.tag(nomination.version))
        })
        .await
}

/// Nominate
///
/// The head of the candidate's unit submits the dossier, or the standing agency on their behalf with a reason. Until it
/// is verified the whole dossier may change. An initiative that serves another form of award, or another movement, is refused
/// with the earlier one named; other nominations of the candidate are shown in `also_nominated`.
#[utoipa::path(
    tag = "awards", params(IfMatch, NominationPath), request_body = Draft,
    responses(
        (status = 200, description = "Changed", body = NominationView),
        (status = 201, description = "Nominated", body = NominationView),
        Error
    )
)]
#[put("/movements/{movement}/awards/{award}/nominations/{candidate}")]
async fn nominate(
    app: Data<App>,
    write: WriteRequest,
    path: Path<NominationPath>,
    if_match: IfMatch,
    body: PutJson<Draft>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let place = place_for_change(conn, scope, &path).await?;
            let actor = scope.permit()?;
            let actor = Actor { acting_for: place.nominates_for(scope, &actor), ..actor };
            let found = store::lock(conn, &place.movement, &place.award.code, place.candidate).await?;
            if let Some(nomination) = &found {
                // Whoever comes too late is told the state: another tag would not help.
                step(nomination, Action::Nominate)?;
            }
            match &found {
                Some(nomination) => if_match.check(nomination.version)?,
                None => if_match.check_absent()?,
            }
            place.must_be_open()?;
            if let Some(nomination) = &found {
                scope.before(nomination)?;
            }
            if body.is_compared() {
                let there = match &found {
                    Some(nomination) => Some(place.view(conn, scope, nomination).await?),
                    None => None,
                };
                body.compare(there)?;
            }
            let draft = body.unjudged();
            let named: BTreeSet<InitiativeId> = draft.initiatives.iter().copied().collect();
            let named = Named::lock(conn, actor.locality, &named).await?;
            let mut relied = named.check(&place, &draft);
            relied.extend(check_evidence(conn, &place, &draft).await?);
            let nomination = drafted(scope, &place, found, draft, relied)?;
            let at = (&place.movement, place.award.code.as_str());
            store::save(conn, &actor, at, &nomination, Action::Nominate, nomination.on_behalf_reason.as_deref())
                .await?;
            scope.after(&nomination)?;
            let location = path.location();
            let view = place.view(conn, scope, &nomination).await?.without_hold();
            Ok(Reply::put(nomination.version == 1, location, view)?.tag(nomination.version))
        })
        .await
}
