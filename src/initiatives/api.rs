//! Initiatives: list, propose, read.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, get, post, web::Data};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::reached,
    initiative::Initiative,
    rules::{self, State},
    store::{self, Filter},
    view::{InitiativeInFull, InitiativeView, full, view},
};
use crate::{
    app::App,
    db::{Conn, HouseholdId, InitiativeId, PersonId},
    finding::Finding,
    http::{Bounded, Caller, Error, Json, ListQuery, Page, Path, Query, Reply, Result, WriteRequest},
    movements,
    people::{self, Directory, Party},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_initiatives).service(create_initiative).service(get_initiative);
}

/// A new initiative.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewInitiative {
    title: Bounded<300>,
    /// Description: what is new, where it is applied, its results.
    summary: Bounded<10000>,
    /// Owners: one, or several for a joint initiative.
    #[schema(min_items = 1, max_items = 20, example = json!([{"unit": "phong-kinh-te"}]))]
    owners: Vec<NewOwner>,
}

/// A unit (by code), or a person or a household (by id).
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum NewOwner {
    Unit(String),
    Person(PersonId),
    Household(HouseholdId),
}

#[derive(Deserialize, IntoParams)]
struct InitiativeFilter {
    /// Only those in this state.
    state: Option<State>,
    /// Only those of this unit, its descendants, and their people.
    #[param(example = "phong-kinh-te")]
    unit: Option<String>,
}

/// Initiatives
///
/// Newest first. Roles of a unit see the initiatives of their units and people. Sort keys: `proposed_at`, `state`, `title`.
#[utoipa::path(
    tag = "awards", params(InitiativeFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<InitiativeView>), Error)
)]
#[get("/movements/{movement}/initiatives")]
async fn list_initiatives(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    movement: Path<String>,
    filter: Query<InitiativeFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let locality = caller.locality()?;
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &movement).await?;
            caller.permit()?;
            let unit = filter.unit.as_deref();
            let scope = people::scope(conn, caller.recall()?, &caller.reach(), unit, caller.today()).await?;
            let rows = store::list(conn, &movement, &Filter { state: filter.state, scope }, &order).await?;
            let owners = rows.items().flat_map(|initiative| initiative.owners.clone());
            let directory = people::directory(conn, caller.recall()?, owners, caller.today()).await?;
            let ids: Vec<InitiativeId> = rows.items().map(|initiative| initiative.id).collect();
            let own = store::proposed_by(conn, locality, &ids, caller.persons()).await?;
            let view = |initiative: Initiative| {
                view(&initiative, &movement.code, &directory, &caller, own.contains(&initiative.id))
            };
            Page::listed(rows, &order, view)?.reply(&req)
        })
        .await
}

/// Propose an initiative
///
/// Owners must be within the caller's units; the standing agency proposes for any owner. The response lists possible
/// duplicates, as a hint.
#[utoipa::path(tag = "awards", responses((status = 201, description = "Proposed", body = InitiativeInFull), Error))]
#[post("/movements/{movement}/initiatives")]
async fn create_initiative(
    app: Data<App>,
    write: WriteRequest,
    movement: Path<String>,
    body: Json<NewInitiative>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::share(conn, scope.recall()?, &movement).await?;
            let actor = scope.permit()?;
            movement.must_be_under_way()?;
            let new = body.unjudged();
            let (owners, directory) = owners(conn, scope, &new).await?;
            let initiative = Initiative {
                id: InitiativeId::new(),
                movement: movement.id,
                title: new.title.into(),
                summary: new.summary.into(),
                state: State::Proposed,
                level: None,
                reason: None,
                duplicate: None,
                owners,
                replicated_to: Vec::new(),
                proposed_at: actor.at,
                decided_at: None,
                version: 1,
            };
            store::insert(conn, &actor, &initiative).await?;
            scope.after(&initiative)?;
            let view = full(conn, scope, &movement, &directory, &initiative).await?;
            Ok(Reply::created(format!("/api/v1/initiatives/{}", initiative.id), view)?.tag(1))
        })
        .await
}

/// The owners of a body, each once and within the caller's scope; 422 with all findings.
async fn owners(conn: &mut Conn, caller: &Caller, new: &NewInitiative) -> Result<(Vec<Party>, Directory)> {
    let by_id = new.owners.iter().filter_map(|owner| match owner {
        NewOwner::Person(id) => Some(Party::Person(*id)),
        NewOwner::Household(id) => Some(Party::Household(*id)),
        NewOwner::Unit(_) => None,
    });
    let directory = people::directory(conn, caller.recall()?, by_id, caller.today()).await?;
    let (reach, mut seen) = (caller.reach(), BTreeSet::new());
    let texts = [new.title.check("/title"), new.summary.check("/summary")];
    let mut findings: Vec<Finding> = texts.into_iter().flatten().chain(rules::check_owners(new.owners.len())).collect();
    for (i, owner) in new.owners.iter().enumerate() {
        match find_owner(&directory, owner) {
            // Who is out of reach is none that the caller may know of; which units there are is no secret.
            Some(party) if !directory.reaches(&reach, party) => findings.push(match owner {
                NewOwner::Unit(_) => Finding::new(format!("/owners/{i}/unit"), "owner_out_of_reach"),
                owner => owner.unknown(i),
            }),
            Some(party) if !seen.insert(party) => {
                findings.push(Finding::new(format!("/owners/{i}"), "owner_duplicate"));
            }
            Some(_) => {}
            None => findings.push(owner.unknown(i)),
        }
    }
    Error::check(findings)?;
    Ok((new.owners.iter().filter_map(|owner| find_owner(&directory, owner)).collect(), directory))
}

impl NewOwner {
    fn unknown(&self, i: usize) -> Finding {
        match self {
            Self::Unit(code) => Finding::new(format!("/owners/{i}/unit"), "unit_unknown").with("unit", code),
            Self::Person(id) => Finding::new(format!("/owners/{i}/person"), "person_unknown").with("person", id),
            Self::Household(id) => {
                Finding::new(format!("/owners/{i}/household"), "household_unknown").with("household", id)
            }
        }
    }
}

fn find_owner(directory: &Directory, owner: &NewOwner) -> Option<Party> {
    match owner {
        NewOwner::Unit(code) => directory.unit(code).map(|unit| Party::Unit(unit.id)),
        NewOwner::Person(id) => directory.person(*id).map(|person| Party::Person(person.id)),
        NewOwner::Household(id) => directory.household(*id).map(|household| Party::Household(household.id)),
    }
}

/// An initiative
///
/// With its owners, its level or the reason of its rejection, the units that replicate it, and possible duplicates.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The initiative", body = InitiativeInFull), Error))]
#[get("/initiatives/{id}")]
async fn get_initiative(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    let locality = caller.locality()?;
    app.db
        .read(async |conn| {
            let initiative =
                store::find(conn, locality, InitiativeId::from(*id)).await?.ok_or_else(Error::not_found)?;
            let directory = reached(conn, &caller, &initiative).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, initiative.movement).await?;
            Ok(Reply::ok(full(conn, &caller, &movement, &directory, &initiative).await?)?.tag(initiative.version))
        })
        .await
}
