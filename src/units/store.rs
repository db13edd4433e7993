//! Units in the database: one row a unit, one row for each state of its name, kind and parent.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use super::tree::{History, Node, Tree};
use crate::{
    db::{
        Conn, LocalityId, Lock, OnConstraint, UnitId, advisory_lock,
        schema::{unit_versions, units},
        share_advisory_lock,
    },
    http::{Actor, Error, Reach, Result},
};

/// What never changes with time.
#[derive(Queryable, Selectable, Clone, Serialize)]
#[diesel(table_name = units)]
pub struct Row {
    pub id: UnitId,
    pub code: String,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub external_codes: Value,
    pub version: i32,
    /// What it was merged into.
    pub successor_id: Option<UnitId>,
}

/// What holds from a day on.
#[derive(Queryable, Selectable, Clone, Serialize)]
#[diesel(table_name = unit_versions)]
pub struct State {
    pub valid_from: NaiveDate,
    pub name: String,
    pub kind: String,
    pub parent_id: Option<UnitId>,
}

/// A unit with all its states, by the day each begins: what the audit log keeps of it.
#[derive(Serialize)]
pub struct Stored<'a> {
    #[serde(flatten)]
    row: &'a Row,
    states: BTreeMap<NaiveDate, State>,
}

pub async fn stored<'a>(conn: &mut Conn, locality: LocalityId, row: &'a Row) -> Result<Stored<'a>> {
    let states = states(conn, locality, row.id).await?;
    Ok(Stored { row, states: states.into_iter().map(|state| (state.valid_from, state)).collect() })
}

/// Every unit with everything it ever was.
pub async fn history(conn: &mut Conn, locality: LocalityId) -> Result<History> {
    let same = unit_versions::locality_id.eq(units::locality_id).and(unit_versions::unit_id.eq(units::id));
    let rows: Vec<(Row, State)> = units::table
        .inner_join(unit_versions::table.on(same))
        .filter(units::locality_id.eq(locality))
        .order((units::id, unit_versions::valid_from))
        .select((Row::as_select(), State::as_select()))
        .load(conn)
        .await?;
    let node = |(unit, state): (Row, State)| {
        let node = Node {
            id: unit.id,
            code: unit.code,
            name: state.name,
            kind: state.kind,
            parent: state.parent_id,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            successor: unit.successor_id,
            absorbed: Vec::new(),
        };
        (state.valid_from, node)
    };
    Ok(rows.into_iter().map(node).collect())
}

/// The tree as it stood on `on`.
pub async fn tree(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Tree> {
    Ok(history(conn, locality).await?.on(on))
}

/// Every unit that had begun by `on`, those that ended too: what to name them by.
pub async fn register(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Tree> {
    Ok(history(conn, locality).await?.begun_by(on))
}

/// Every unit, as [History::all] names them.
pub async fn all(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Tree> {
    Ok(history(conn, locality).await?.all(on))
}

/// Lets nobody change the tree until the transaction ends; others may count on it too. After the movement's row is held.
pub async fn share_tree(conn: &mut Conn, locality: LocalityId) -> Result<()> {
    share_advisory_lock(conn, Lock::Tree(locality)).await
}

/// The unit of this code within the caller's reach on `on`, or 404.
pub async fn within(conn: &mut Conn, locality: LocalityId, reach: &Reach, code: &str, on: NaiveDate) -> Result<UnitId> {
    let row = find(conn, locality, code).await?.ok_or_else(Error::not_found)?;
    let Reach::Units(tops) = reach else { return Ok(row.id) };
    let reached = tops.contains(&row.id) || {
        let tree = tree(conn, locality, on).await?;
        tops.iter().any(|top| tree.is_within(row.id, *top))
    };
    reached.then_some(row.id).ok_or_else(Error::not_found)
}

pub async fn find(conn: &mut Conn, locality: LocalityId, code: &str) -> Result<Option<Row>> {
    let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq(code)));
    Ok(found.select(Row::as_select()).first(conn).await.optional()?)
}

/// Locks the unit until the transaction ends; rows that refer to it may still be written.
pub async fn lock(conn: &mut Conn, locality: LocalityId, code: &str) -> Result<Option<Row>> {
    let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq(code)));
    Ok(found.select(Row::as_select()).for_no_key_update().first(conn).await.optional()?)
}

/// Lets nobody else move a unit of the locality until the transaction ends: two moves that are each fine may together
/// make a cycle.
pub async fn lock_tree(conn: &mut Conn, locality: LocalityId) -> Result<()> {
    advisory_lock(conn, Lock::Tree(locality)).await
}

/// The unit's states, oldest first.
pub async fn states(conn: &mut Conn, locality: LocalityId, id: UnitId) -> Result<Vec<State>> {
    let of_unit =
        unit_versions::table.filter(unit_versions::locality_id.eq(locality).and(unit_versions::unit_id.eq(id)));
    Ok(of_unit.order(unit_versions::valid_from).select(State::as_select()).load(conn).await?)
}

pub async fn insert(conn: &mut Conn, actor: &Actor, row: &Row) -> Result<()> {
    let values = (
        units::locality_id.eq(actor.locality),
        units::id.eq(row.id),
        units::code.eq(&row.code),
        units::valid_from.eq(row.valid_from),
        units::valid_to.eq(row.valid_to),
        units::external_codes.eq(&row.external_codes),
        units::version.eq(row.version),
    );
    let taken = || Error::of("precondition_failed").with("etag", "–");
    diesel::insert_into(units::table).values(values).execute(conn).await.on_constraint("units_code_key", taken)?;
    Ok(())
}

pub async fn update(conn: &mut Conn, actor: &Actor, row: &Row) -> Result<()> {
    diesel::update(units::table.find((actor.locality, row.id)))
        .set((
            units::valid_from.eq(row.valid_from),
            units::valid_to.eq(row.valid_to),
            units::external_codes.eq(&row.external_codes),
            units::version.eq(row.version),
            units::successor_id.eq(row.successor_id),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Sets what holds from a day on; a second change on one day corrects the first.
pub async fn put_state(conn: &mut Conn, actor: &Actor, id: UnitId, state: &State) -> Result<()> {
    let what = (
        unit_versions::name.eq(&state.name),
        unit_versions::kind.eq(&state.kind),
        unit_versions::parent_id.eq(state.parent_id),
    );
    diesel::insert_into(unit_versions::table)
        .values((
            unit_versions::locality_id.eq(actor.locality),
            unit_versions::unit_id.eq(id),
            unit_versions::valid_from.eq(state.valid_from),
            what,
        ))
        .on_conflict((unit_versions::locality_id, unit_versions::unit_id, unit_versions::valid_from))
        .do_update()
        .set(what)
        .execute(conn)
        .await?;
    Ok(())
}
