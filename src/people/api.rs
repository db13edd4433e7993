//! People as front ends see and change them.

use std::sync::Arc;

use actix_web::{HttpRequest, get, patch, post, web::Data};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::store::{self, Filter, Row};
use crate::{
    app::App,
    days,
    db::{Conn, LocalityId, PersonId, UnitId},
    finding::Finding,
    http::{
        Bounded, Caller, Error, IfMatch, Json, ListQuery, Page, Path, Query, Reach, Reply, Result, WriteRequest,
        nullable, present,
    },
    units::{self, Tree},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_people).service(create_person).service(get_person).service(patch_person);
}

/// A new person.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    #[validate(nested)]
    name: Bounded<120>,
    /// A kind of person that plans name.
    #[validate(length(min = 2, max = 63))]
    #[schema(min_length = 2, max_length = 63, example = "official")]
    kind: String,
    #[serde(default)]
    #[validate(length(max = 200))]
    #[schema(max_length = 200, example = "Chuyên viên")]
    position: Option<String>,
    /// Code of the unit they belong to; none for a resident.
    #[serde(default)]
    #[schema(example = "phong-kinh-te")]
    unit: Option<String>,
    /// The day from which this holds; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
}

/// What changes of a person from a day on; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PersonPatch {
    #[serde(default, deserialize_with = "present")]
    #[validate(nested)]
    #[schema(value_type = Bounded<120>, required = false)]
    name: Option<Bounded<120>>,
    #[serde(default, deserialize_with = "present")]
    #[validate(length(min = 2, max = 63))]
    #[schema(value_type = String, required = false, min_length = 2, max_length = 63, example = "official")]
    kind: Option<String>,
    /// Null empties it.
    #[serde(default, deserialize_with = "nullable")]
    #[validate(length(max = 200))]
    #[schema(value_type = Option<String>, max_length = 200, example = "Phó Trưởng phòng")]
    position: Option<Option<String>>,
    /// Code of the unit they belong to; null for a resident.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>, example = "phong-kinh-te")]
    unit: Option<Option<String>>,
    /// The day from which this holds; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
}

/// A person.
#[derive(Serialize, ToSchema)]
struct Person {
    id: PersonId,
    #[schema(example = "Nguyễn Thị Hòa")]
    name: String,
    #[schema(example = "official")]
    kind: String,
    #[schema(required)]
    position: Option<String>,
    #[schema(required)]
    unit: Option<String>,
    #[schema(required)]
    unit_name: Option<String>,
    /// The day from which this holds.
    valid_from: NaiveDate,
}

#[derive(Deserialize, IntoParams)]
struct PeopleFilter {
    /// Words of the name, or parts of them, in any order; diacritics and đ/d make no difference.
    #[param(example = "hoa")]
    q: Option<String>,
    /// Only people of this unit.
    unit: Option<String>,
    /// The day asked about; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    as_of: Option<NaiveDate>,
}

fn view(row: Row, tree: &Tree) -> Person {
    let unit = row.unit_id.and_then(|id| tree.by_id(tree.resolve_successor(id)));
    Person {
        id: row.id,
        name: row.name,
        kind: row.kind,
        position: row.position,
        unit: unit.map(|unit| unit.code.clone()),
        unit_name: unit.map(|unit| unit.name.clone()),
        valid_from: row.valid_from,
    }
}

/// People
///
/// By given name, then surname, in the order of Vietnamese. A unit's head sees the people of their own units. Sort keys:
/// `name`, `kind`, `valid_from`.
#[utoipa::path(
    tag = "organisation", params(PeopleFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<Person>), Error)
)]
#[get("/people")]
async fn list_people(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<PeopleFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    let order = page.order(&store::SORTS)?;
    let on = filter.as_of.unwrap_or_else(|| caller.today());
    let PeopleFilter { q, unit, .. } = filter.into_inner();
    app.db
        .read(async |conn| {
            let tree = units::tree(conn, caller.recall()?, on).await?;
            let units = match (&unit, caller.reach()) {
                (Some(code), reach) => Some(vec![units::within(conn, caller.recall()?, &reach, code, on).await?]),
                (None, Reach::Units(tops)) => Some(tree.below(&tops)),
                (None, Reach::Locality) => None,
            };
            let units = units.map(|units| tree.with_merged(&units));
            let rows = store::list(conn, locality, Filter { on, q, units }, &order).await?;
            Page::listed(rows, &order, |row| view(row, &tree))?.reply(&req)
        })
        .await
}

/// Register a person
///
/// A person who may be nominated for an award.
#[utoipa::path(tag = "organisation", responses((status = 201, description = "Registered", body = Person), Error))]
#[post("/people")]
async fn create_person(app: Data<App>, write: WriteRequest, body: Json<NewPerson>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            let new = body.valid()?;
            let (row, tree) = row(conn, scope, PersonId::new(), 1, new).await?;
            store::insert(conn, &actor, row.id).await?;
            store::put_state(conn, &actor, &row).await?;
            scope.after(&row)?;
            Ok(Reply::created(format!("/api/v1/people/{}", row.id), view(row, &tree))?.tag(1))
        })
        .await
}

/// A person
///
/// The person's data as of today.
#[utoipa::path(tag = "organisation", responses((status = 200, description = "The person", body = Person), Error))]
#[get("/people/{id}")]
async fn get_person(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    let locality = caller.locality()?;
    app.db
        .read(async |conn| {
            let row = visible(conn, &caller, locality, PersonId::from(*id)).await?;
            caller.permit()?;
            let tree = units::tree(conn, caller.recall()?, caller.today()).await?;
            let version = row.version;
            Ok(Reply::ok(view(row, &tree))?.tag(version))
        })
        .await
}

/// Change a person
///
/// Changes the given members from the day `valid_from` on; the others stay, and earlier data stay on record.
#[utoipa::path(tag = "organisation", params(IfMatch), responses((status = 200, description = "Changed", body = Person), Error))]
#[patch("/people/{id}")]
async fn patch_person(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<PersonPatch>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (locality, id) = (scope.locality()?, PersonId::from(*id));
            let version = store::lock(conn, locality, id).await?.ok_or_else(Error::not_found)?;
            let now = visible(conn, scope, locality, id).await?;
            let actor = scope.permit()?;
            if_match.check(version)?;
            let patch = body.valid()?;
            let from = patch.valid_from.unwrap_or_else(|| scope.today());
            let held = store::facts(conn, locality, id, from).await?;
            if let Some(held) = &held {
                scope.before(held)?;
            }
            let (row, tree) = patched(conn, scope, held.unwrap_or(now), patch, from).await?;
            let row = Row { version: version + 1, ..row };
            store::bump(conn, &actor, id, row.version).await?;
            store::put_state(conn, &actor, &row).await?;
            scope.after(&row)?;
            Ok(Reply::ok(view(row, &tree))?.tag(version + 1))
        })
        .await
}

/// The person, where the caller's roles reach them (404).
async fn visible(conn: &mut Conn, caller: &Caller, locality: LocalityId, id: PersonId) -> Result<Row> {
    let row = store::facts(conn, locality, id, caller.today()).await?.ok_or_else(Error::not_found)?;
    if let Reach::Units(tops) = caller.reach() {
        let tree = units::tree(conn, caller.recall()?, caller.today()).await?;
        let reached = row.unit_id.map(|unit| tree.resolve_successor(unit));
        let reached = reached.is_some_and(|unit| tops.iter().any(|top| tree.is_within(unit, *top)));
        return reached.then_some(row).ok_or_else(Error::not_found);
    }
    Ok(row)
}

/// The state from a day on, with the tree of that day.
async fn patched(
    conn: &mut Conn,
    caller: &Caller,
    held: Row,
    patch: PersonPatch,
    from: NaiveDate,
) -> Result<(Row, Arc<Tree>)> {
    let tree = units::tree(conn, caller.recall()?, from).await?;
    let row = Row {
        name: patch.name.map_or(held.name, String::from),
        kind: patch.kind.unwrap_or(held.kind),
        position: patch.position.unwrap_or(held.position),
        unit_id: match patch.unit {
            Some(unit) => unit_of(&tree, unit.as_deref())?,
            None => held.unit_id,
        },
        valid_from: from,
        ..held
    };
    Ok((row, tree))
}

/// The unit of a code in the tree (422).
fn unit_of(tree: &Tree, code: Option<&str>) -> Result<Option<UnitId>> {
    let Some(code) = code else { return Ok(None) };
    let unknown =
        || Error::of("content_invalid").because(vec![Finding::new("/unit", "unit_unknown").with("unit", code)]);
    tree.by_code(code).map(|unit| Some(unit.id)).ok_or_else(unknown)
}

/// The new state as a row, with the tree that its unit stands in.
async fn row(conn: &mut Conn, caller: &Caller, id: PersonId, version: i32, new: NewPerson) -> Result<(Row, Arc<Tree>)> {
    let valid_from = new.valid_from.unwrap_or_else(|| caller.today());
    let tree = units::tree(conn, caller.recall()?, valid_from).await?;
    let unit_id = unit_of(&tree, new.unit.as_deref())?;
    let row = Row {
        id,
        version,
        sort_name: String::new(),
        name: new.name.into(),
        kind: new.kind,
        position: new.position,
        unit_id,
        valid_from,
    };
    Ok((row, tree))
}
