//! Units as front ends see and change them.

use std::{collections::BTreeMap, slice};

use actix_web::{HttpRequest, get, patch, put, web::Data};
use chrono::NaiveDate;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    change::TreeChange,
    judge::{TreeRules, judge},
    kinds::code_of,
    kinds_api::UnitKinds,
    rules::check_code,
    store::{self, Row, State, Stored},
    tree::History,
    view::{Unit, UnitBranch, UnitSummary, branches, summary},
};
use crate::{
    app::App,
    days,
    db::{self, Conn, LocalityId, SortKey, Sorts, UnitId},
    finding::Finding,
    http::{
        Actor, Bounded, Caller, Error, IfMatch, Json, ListQuery, Page, Path, PutJson, Query, Reply, Result,
        WriteRequest, WriteScope, nullable, present,
    },
    text::{holds_all, searched},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_units).service(get_unit_tree).service(get_unit).service(put_unit).service(patch_unit);
}

/// A unit, whole.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewUnit {
    #[validate(nested)]
    name: Bounded<200>,
    /// A kind of unit, by its code or one of its names; plans say which kinds report what.
    #[schema(example = "division")]
    kind: String,
    /// Code of the unit above; null at the top.
    #[serde(default)]
    parent: Option<String>,
    /// The day from which name, kind and parent hold; the unit's first day when it is made.
    #[serde(deserialize_with = "days::day")]
    valid_from: NaiveDate,
    /// Last day, included.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_to: Option<NaiveDate>,
    /// Codes other systems know it by, by system.
    #[serde(default)]
    external_codes: BTreeMap<String, String>,
}

/// What changes from a day on; what is left out stays.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct UnitPatch {
    #[serde(default, deserialize_with = "present")]
    #[validate(nested)]
    #[schema(value_type = Bounded<200>, required = false)]
    name: Option<Bounded<200>>,
    /// By its code or one of its names.
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = String, required = false)]
    kind: Option<String>,
    /// Code of the unit above; null moves it to the top.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<String>)]
    parent: Option<Option<String>>,
    /// Last day, included; null takes the end back.
    #[serde(default, deserialize_with = "given_day")]
    #[schema(value_type = Option<NaiveDate>)]
    valid_to: Option<Option<NaiveDate>>,
    /// Codes other systems know it by, all of them; null removes all.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<BTreeMap<String, String>>)]
    external_codes: Option<Option<BTreeMap<String, String>>>,
    /// The day from which name, kind and parent hold; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    valid_from: Option<NaiveDate>,
}

fn given_day<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<Option<NaiveDate>>, D::Error> {
    days::optional_day(deserializer).map(Some)
}

/// The code of the kind that a text means (422).
async fn kind_of(conn: &mut Conn, locality: LocalityId, kinds: &UnitKinds, said: &str) -> Result<String> {
    let named = (kinds.0)(conn, locality).await?;
    code_of(said, &named, "/kind").map_err(|wrong| Error::of("content_invalid").because(vec![wrong]))
}

#[derive(Deserialize, IntoParams)]
struct UnitFilter {
    /// Words of the name or the code, or parts of them, in any order; diacritics and đ/d make no difference.
    #[param(example = "kinh te")]
    q: Option<String>,
    /// Only units of this kind.
    #[param(example = "division")]
    kind: Option<String>,
    /// Only units directly below this one.
    parent: Option<String>,
    /// The day asked about; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    as_of: Option<NaiveDate>,
}

/// The keys of an item of the list.
const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("code", "r->>'code'"),
        SortKey::words("name", "r->>'name'"),
        SortKey::text("kind", "r->>'kind'"),
        SortKey::text("parent", "coalesce(r->>'parent', '')"),
    ],
    default: "code",
    tie: SortKey::text("code", "r->>'code'"),
};

#[derive(Deserialize, IntoParams)]
struct AsOfDay {
    /// The day asked about; today when left out.
    #[serde(default, deserialize_with = "days::optional_day")]
    as_of: Option<NaiveDate>,
}

/// Units
///
/// The units valid on a day, by code. Sort keys: `code`, `name`, `kind`, `parent`.
#[utoipa::path(
    tag = "organisation", params(UnitFilter, ListQuery),
    responses((status = 200, description = "A page", body = Page<UnitSummary>), Error)
)]
#[get("/units")]
async fn list_units(
    req: HttpRequest,
    app: Data<App>,
    caller: Caller,
    filter: Query<UnitFilter>,
    page: Query<ListQuery>,
) -> Result<Reply> {
    caller.permit()?;
    let (order, on) = (page.order(&SORTS)?, filter.as_of.unwrap_or_else(|| caller.today()));
    let words = filter.q.as_deref().map(searched).unwrap_or_default();
    app.db
        .read(async |conn| {
            let tree = store::tree(conn, caller.recall()?, on).await?;
            let rows: Vec<UnitSummary> = tree
                .iter()
                .map(|node| summary(&tree, node))
                .filter(|unit| filter.kind.as_ref().is_none_or(|kind| *kind == unit.kind))
                .filter(|unit| filter.parent.is_none() || filter.parent == unit.parent)
                .filter(|unit| holds_all(&format!("{} {}", unit.name, unit.code), &words))
                .collect();
            Page::listed(db::arrange(conn, &order, rows).await?, &order, |unit| unit)?.reply(&req)
        })
        .await
}

/// The organisation tree
///
/// Every unit valid on a day, each with the units below it.
#[utoipa::path(tag = "organisation", params(AsOfDay), responses((status = 200, description = "The tree", body = Page<UnitBranch>), Error))]
#[get("/units/tree")]
async fn get_unit_tree(app: Data<App>, caller: Caller, day: Query<AsOfDay>) -> Result<Reply> {
    caller.permit()?;
    let on = day.as_of.unwrap_or_else(|| caller.today());
    let tree = app.db.read(async |conn| store::tree(conn, caller.recall()?, on).await).await?;
    Reply::ok(Page::whole(branches(&tree, None)))
}

/// A unit
///
/// The unit as it is today (or on its last day), with every name it bore.
#[utoipa::path(tag = "organisation", responses((status = 200, description = "The unit", body = Unit), Error))]
#[get("/units/{unit}")]
async fn get_unit(app: Data<App>, caller: Caller, unit: Path<String>) -> Result<Reply> {
    let locality = caller.permit()?.locality;
    app.db
        .read(async |conn| {
            let row = store::find(conn, locality, &unit).await?.ok_or_else(Error::not_found)?;
            let version = row.version;
            let history = store::history(conn, caller.recall()?).await?;
            Ok(Reply::ok(Unit::of(row, &history, caller.today())?)?.tag(version))
        })
        .await
}

/// Create or change a unit
///
/// With `If-None-Match: *` it creates the unit; with `If-Match` it changes it from the day `valid_from` on.
#[utoipa::path(
    tag = "organisation", params(IfMatch), request_body = NewUnit,
    responses((status = 200, description = "Changed", body = Unit), (status = 201, description = "Made", body = Unit), Error)
)]
#[put("/units/{unit}")]
async fn put_unit(
    app: Data<App>,
    rules: Data<TreeRules>,
    kinds: Data<UnitKinds>,
    write: WriteRequest,
    unit: Path<String>,
    if_match: IfMatch,
    body: PutJson<NewUnit>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let actor = scope.permit()?;
            store::lock_tree(conn, actor.locality).await?;
            let found = store::lock(conn, actor.locality, &unit).await?;
            match &found {
                Some(row) => if_match.check(row.version)?,
                None => if_match.check_absent()?,
            }
            let history = store::history_now(conn, actor.locality).await?;
            if let Some(row) = &found {
                scope.before(&Stored::of(row, &history))?;
            }
            if body.is_compared() {
                let there = found.clone().map(|row| Unit::of(row, &history, scope.today())).transpose()?;
                body.compare(there)?;
            }
            let NewUnit { name, kind, parent, valid_from, valid_to, external_codes } = body.valid()?;
            Error::check(check_code("", &unit).into_iter().collect())?;
            let kind = kind_of(conn, actor.locality, &kinds, &kind).await?;
            let made = found.is_none();
            let row = Row {
                id: found.as_ref().map_or_else(UnitId::new, |row| row.id),
                code: unit.clone(),
                valid_from: found.as_ref().map_or(valid_from, |row| row.valid_from.min(valid_from)),
                valid_to,
                external_codes: serde_json::to_value(external_codes).map_err(Error::internal)?,
                // Who does not end has no successor.
                successor_id: found.as_ref().and_then(|row| row.successor_id).filter(|_| valid_to.is_some()),
                version: found.map_or(1, |row| row.version + 1),
            };
            let parent_id = parent_of(&history, &row, parent.as_deref(), valid_from)?;
            let state = State { valid_from, name: name.into(), kind, parent_id };
            save(conn, scope, &actor, (history, &rules), (made, row, state)).await
        })
        .await
}

/// Change a unit
///
/// Changes the given members from the day `valid_from` on; the others stay.
#[utoipa::path(tag = "organisation", params(IfMatch), responses((status = 200, description = "Changed", body = Unit), Error))]
#[patch("/units/{unit}")]
async fn patch_unit(
    app: Data<App>,
    rules: Data<TreeRules>,
    kinds: Data<UnitKinds>,
    write: WriteRequest,
    unit: Path<String>,
    if_match: IfMatch,
    body: Json<UnitPatch>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let locality = scope.locality()?;
            store::lock_tree(conn, locality).await?;
            let mut row = store::lock(conn, locality, &unit).await?.ok_or_else(Error::not_found)?;
            let actor = scope.permit()?;
            if_match.check(row.version)?;
            let history = store::history_now(conn, locality).await?;
            scope.before(&Stored::of(&row, &history))?;
            let patch = body.valid()?;
            let from = patch.valid_from.unwrap_or_else(|| scope.today());
            let held = history.of_unit(row.id).rev().find(|(day, _)| *day <= from);
            let held = held.or_else(|| history.of_unit(row.id).next());
            let held = State::of(held.ok_or_else(|| Error::internal("a unit without a state"))?);
            let parent_id = match &patch.parent {
                Some(parent) => parent_of(&history, &row, parent.as_deref(), from)?,
                None => held.parent_id,
            };
            let kind = match &patch.kind {
                Some(said) => kind_of(conn, locality, &kinds, said).await?,
                None => held.kind.clone(),
            };
            let state = State {
                valid_from: from,
                name: patch.name.map_or_else(|| held.name.clone(), String::from),
                kind,
                parent_id,
            };
            let changed = state.name != held.name || state.kind != held.kind || state.parent_id != held.parent_id;
            if changed {
                row.valid_from = row.valid_from.min(from);
            }
            row.valid_to = patch.valid_to.unwrap_or(row.valid_to);
            row.successor_id = row.successor_id.filter(|_| row.valid_to.is_some());
            if let Some(codes) = patch.external_codes {
                row.external_codes = serde_json::to_value(codes.unwrap_or_default()).map_err(Error::internal)?;
            }
            row.version += 1;
            save(conn, scope, &actor, (history, &rules), (false, row, if changed { state } else { held })).await
        })
        .await
}

/// The unit above that `row` names, valid on the day and another one (422).
fn parent_of(history: &History, row: &Row, parent: Option<&str>, on: NaiveDate) -> Result<Option<UnitId>> {
    let Some(code) = parent else { return Ok(None) };
    let tree = history.on(on);
    let wrong = match tree.by_code(code) {
        Some(above) if above.id != row.id => return Ok(Some(above.id)),
        Some(_) => Finding::new("/parent", "unit_cycle").with("day", on),
        None => Finding::new("/parent", "unit_unknown").with("unit", code),
    };
    Err(Error::of("content_invalid").because(vec![wrong]))
}

/// Stores a unit, new or known, with a state of it.
async fn save(
    conn: &mut Conn,
    scope: &WriteScope,
    actor: &Actor,
    (history, rules): (History, &TreeRules),
    (made, row, state): (bool, Row, State),
) -> Result<Reply> {
    if row.valid_to.is_some_and(|to| to < row.valid_from) {
        return Err(Error::of("content_invalid").at("/valid_to", "days_reversed"));
    }
    let state = state.of_unit(&row);
    let change = TreeChange::of(history, [state.clone()]);
    let warned = judge(conn, rules, scope.recall()?, &change, "/parent").await?;
    store::put(conn, actor, slice::from_ref(&row)).await?;
    store::put_states(conn, actor, &[state]).await?;
    scope.after(&Stored::of(&row, &change.after))?;
    let (version, location) = (row.version, format!("/api/v1/units/{}", row.code));
    let unit = Unit::of(row, &change.after, scope.today())?.warned(&warned, scope.locale);
    Ok(Reply::put(made, location, unit)?.tag(version))
}
