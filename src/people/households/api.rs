//! Households as front ends see and change them.

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
    db::{Conn, HouseholdId, UnitId},
    finding::Finding,
    http::{
        Bounded, Caller, Error, IfMatch, Json, ListQuery, Page, Path, Query, Reach, Reply, Result, WriteRequest,
        present,
    },
    units::{self, Tree},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_households).service(create_household).service(get_household).service(patch_household);
}

/// A new household.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewHousehold {
    /// Name of the head of the household.
    #[validate(nested)]
    head: Bounded<120>,
    /// Code of the residential unit that it lives in.
    #[schema(example = "thon-1")]
    unit: String,
    /// The day from which this holds; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
}

/// What changes of a household from a day on; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct HouseholdPatch {
    #[serde(default, deserialize_with = "present")]
    #[validate(nested)]
    #[schema(value_type = Bounded<120>, required = false)]
    head: Option<Bounded<120>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false, example = "thon-1")]
    unit: Option<String>,
    /// The day from which this holds; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
}

/// A household.
#[derive(Serialize, ToSchema)]
struct Household {
    id: HouseholdId,
    #[schema(example = "Nguyễn Văn Tám")]
    head: String,
    #[schema(example = "thon-1")]
    unit: String,
    #[schema(example = "Thôn 1")]
    unit_name: String,
    /// The day from which this holds.
    valid_from: NaiveDate,
}

#[derive(Deserialize, IntoParams)]
struct HouseholdFilter {
    /// Words of the head's name, or parts of them, in any order; diacritics and đ/d make no difference.
    #[param(example = "tam")]
    q: Option<String>,
    /// Only households of this unit.
    unit: Option<String>,
    /// The day asked about; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    as_of: Option<NaiveDate>,
}

fn view(row: Row, tree: &Tree) -> Household {
    let unit = tree.by_id(tree.resolve_successor(row.unit_id));
    Household {
        id: row.id,
        head: row.head,
        unit: unit.map(|unit| unit.code.clone()).unwrap_or_default(),
        unit_name: unit.map(|unit| unit.name.clone()).unwrap_or_default(),
        valid_from: row.valid_from,
    }
}

/// Households
///
/// By the head's given name, then surname, in the order of Vietnamese. A unit's head sees the households of their own
/// units. Sort keys: `head`, `valid_from`.
#[utoipa::path(
    tag = "organisation", params(HouseholdFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<Household>), Error)
)]
#[get("/households")]
async fn list_households(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<HouseholdFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    let order = page.order(&store::SORTS)?;
    let on = filter.as_of.unwrap_or_else(|| caller.today());
    let HouseholdFilter { q, unit, .. } = filter.into_inner();
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

/// Register a household
///
/// A household that may be nominated for an award.
#[utoipa::path(tag = "organisation", responses((status = 201, description = "Registered", body = Household), Error))]
#[post("/households")]
async fn create_household(app: Data<App>, write: WriteRequest, body: Json<NewHousehold>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            let new = body.valid()?;
            let valid_from = new.valid_from.unwrap_or_else(|| scope.today());
            let tree = units::tree(conn, scope.recall()?, valid_from).await?;
            let unit_id = unit_of(&tree, &new.unit)?;
            let row = Row { id: HouseholdId::new(), version: 1, head: new.head.into(), unit_id, valid_from };
            store::put(conn, &actor, &row).await?;
            scope.after(&row)?;
            Ok(Reply::created(format!("/api/v1/households/{}", row.id), view(row, &tree))?.tag(1))
        })
        .await
}

/// A household
///
/// The household's data as of today.
#[utoipa::path(tag = "organisation", responses((status = 200, description = "The household", body = Household), Error))]
#[get("/households/{id}")]
async fn get_household(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let (row, tree) = visible(conn, &caller, HouseholdId::from(*id)).await?;
            caller.permit()?;
            let version = row.version;
            Ok(Reply::ok(view(row, &tree))?.tag(version))
        })
        .await
}

/// Change a household
///
/// Changes the given members from the day `valid_from` on; the others stay, and earlier data stay on record.
#[utoipa::path(tag = "organisation", params(IfMatch), responses((status = 200, description = "Changed", body = Household), Error))]
#[patch("/households/{id}")]
async fn patch_household(
    app: Data<App>,
    write: WriteRequest,
    id: Path<Uuid>,
    if_match: IfMatch,
    body: Json<HouseholdPatch>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (locality, id) = (scope.locality()?, HouseholdId::from(*id));
            let version = store::lock(conn, locality, id).await?.ok_or_else(Error::not_found)?;
            let (now, _) = visible(conn, scope, id).await?;
            let actor = scope.permit()?;
            if_match.check(version)?;
            let patch = body.valid()?;
            let from = patch.valid_from.unwrap_or_else(|| scope.today());
            let held = store::facts(conn, locality, id, from).await?;
            if let Some(held) = &held {
                scope.before(held)?;
            }
            let held = held.unwrap_or(now);
            let tree = units::tree(conn, scope.recall()?, from).await?;
            let unit_id = patch.unit.map_or(Ok(held.unit_id), |code| unit_of(&tree, &code))?;
            let head = patch.head.map_or(held.head, String::from);
            let row = Row { id, version: version + 1, head, unit_id, valid_from: from };
            store::put(conn, &actor, &row).await?;
            scope.after(&row)?;
            Ok(Reply::ok(view(row, &tree))?.tag(version + 1))
        })
        .await
}

/// The household, where the caller's roles reach it (404), with the tree of today.
async fn visible(conn: &mut Conn, caller: &Caller, id: HouseholdId) -> Result<(Row, Arc<Tree>)> {
    let found = store::facts(conn, caller.locality()?, id, caller.today()).await?;
    let row = found.ok_or_else(Error::not_found)?;
    let tree = units::tree(conn, caller.recall()?, caller.today()).await?;
    let unit = tree.resolve_successor(row.unit_id);
    let reached = match caller.reach() {
        Reach::Locality => true,
        Reach::Units(tops) => tops.iter().any(|top| tree.is_within(unit, *top)),
    };
    reached.then_some((row, tree)).ok_or_else(Error::not_found)
}

/// The unit of a code in the tree (422).
fn unit_of(tree: &Tree, code: &str) -> Result<UnitId> {
    let unknown =
        || Error::of("content_invalid").because(vec![Finding::new("/unit", "unit_unknown").with("unit", code)]);
    tree.by_code(code).map(|unit| unit.id).ok_or_else(unknown)
}
