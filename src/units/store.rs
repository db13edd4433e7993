//! Units in the database: one row a unit, one row for each state of its name, kind and parent.

use std::{collections::BTreeMap, sync::Arc};

use chrono::NaiveDate;
use diesel::{
    prelude::*,
    sql_types::{Array, Date, Integer, Jsonb, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use super::tree::{History, Node, Tree};
use crate::{
    db::{
        Conn, Holdable, LocalityId, Lock, Of, OnConstraint, Recall, UnitId, advisory_lock, renew_generation,
        schema::{unit_versions, units},
        share_advisory_lock, statement,
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

impl<'a> Stored<'a> {
    pub fn of(row: &'a Row, history: &History) -> Self {
        let states = history.of_unit(row.id).map(State::of);
        Self { row, states: states.map(|state| (state.valid_from, state)).collect() }
    }
}

impl State {
    pub fn of((valid_from, node): &(NaiveDate, Node)) -> Self {
        let (name, kind) = (node.name.clone(), node.kind.clone());
        Self { valid_from: *valid_from, name, kind, parent_id: node.parent }
    }

    /// The state as the history of the tree holds it.
    pub fn of_unit(self, unit: &Row) -> (NaiveDate, Node) {
        let node = Node {
            id: unit.id,
            code: unit.code.clone(),
            name: self.name,
            kind: self.kind,
            parent: self.parent_id,
            valid_from: unit.valid_from,
            valid_to: unit.valid_to,
            successor: unit.successor_id,
            absorbed: Vec::new(),
        };
        (self.valid_from, node)
    }
}

/// Every unit with everything it ever was.
pub async fn history(conn: &mut Conn, recall: &Recall) -> Result<Arc<History>> {
    recall.take(conn, Of::Locality, async |conn| history_now(conn, recall.locality).await).await
}

impl Holdable for History {
    fn weight(&self) -> usize {
        // With the trees of some days, about which it is asked again and again.
        self.iter().count() * 400 * 8
    }
}

/// The same from the database, for who [holds the tree](lock_tree) to change it.
pub async fn history_now(conn: &mut Conn, locality: LocalityId) -> Result<History> {
    let same = unit_versions::locality_id.eq(units::locality_id).and(unit_versions::unit_id.eq(units::id));
    let rows: Vec<(Row, State)> = units::table
        .inner_join(unit_versions::table.on(same))
        .filter(units::locality_id.eq(locality))
        .order((units::id, unit_versions::valid_from))
        .select((Row::as_select(), State::as_select()))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(unit, state)| state.of_unit(&unit)).collect())
}

/// The tree as it stood on `on`.
pub async fn tree(conn: &mut Conn, recall: &Recall, on: NaiveDate) -> Result<Arc<Tree>> {
    Ok(history(conn, recall).await?.on(on))
}

/// Every unit that had begun by `on`, those that ended too: what to name them by.
pub async fn register(conn: &mut Conn, recall: &Recall, on: NaiveDate) -> Result<Arc<Tree>> {
    Ok(history(conn, recall).await?.registered_by(on))
}

/// Every unit, as [History::ever_registered] names them.
pub async fn ever_registered(conn: &mut Conn, recall: &Recall, on: NaiveDate) -> Result<Arc<Tree>> {
    Ok(history(conn, recall).await?.ever_registered(on))
}

/// Lets nobody change the tree until the transaction ends; others may count on it too. After the movement's row is held.
/// What is recalled from then on is what stays.
pub async fn share_tree(conn: &mut Conn, recall: &Recall) -> Result<Recall> {
    share_advisory_lock(conn, Lock::Tree(recall.locality)).await?;
    recall.again(conn).await
}

/// The unit of this code within the caller's reach on `on`, or 404.
pub async fn within(conn: &mut Conn, recall: &Recall, reach: &Reach, code: &str, on: NaiveDate) -> Result<UnitId> {
    let history = history(conn, recall).await?;
    let unit = history.iter().find(|(_, node)| node.code == code).map(|(_, node)| node.id);
    let id = unit.ok_or_else(|| Error::missing("unit"))?;
    let Reach::Units(tops) = reach else { return Ok(id) };
    let reached = tops.contains(&id) || {
        let tree = history.on(on);
        tops.iter().any(|top| tree.is_within(id, *top))
    };
    reached.then_some(id).ok_or_else(|| Error::missing("unit"))
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

/// Locks the units of some codes until the transaction ends.
pub async fn lock_each(conn: &mut Conn, locality: LocalityId, codes: &[&str]) -> Result<Vec<Row>> {
    let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq_any(codes)));
    Ok(found.order(units::id).select(Row::as_select()).for_no_key_update().load(conn).await?)
}

/// Lets nobody else move a unit of the locality until the transaction ends: two moves that are each fine may together
/// make a cycle.
pub async fn lock_tree(conn: &mut Conn, locality: LocalityId) -> Result<()> {
    advisory_lock(conn, Lock::Tree(locality)).await
}

/// Stores units, new ones and known ones alike; a known one must be held and bear the next version.
pub async fn put(conn: &mut Conn, actor: &Actor, rows: &[Row]) -> Result<()> {
    let put = statement(
        "INSERT INTO units (locality_id, id, code, valid_from, valid_to, external_codes, version, successor_id)
         SELECT $1, u.* FROM unnest($2, $3, $4, $5, $6, $7, $8) AS u
         ON CONFLICT (locality_id, id) DO UPDATE
         SET valid_from = excluded.valid_from, valid_to = excluded.valid_to, external_codes = excluded.external_codes,
             version = excluded.version, successor_id = excluded.successor_id
         WHERE units.version = excluded.version - 1",
    );
    let taken = || Error::of("precondition_failed");
    let put = put
        .bind::<SqlUuid, _>(actor.locality)
        .bind::<Array<SqlUuid>, _>(each(rows, |row| row.id))
        .bind::<Array<Text>, _>(each(rows, |row| row.code.clone()))
        .bind::<Array<Date>, _>(each(rows, |row| row.valid_from))
        .bind::<Array<Nullable<Date>>, _>(each(rows, |row| row.valid_to))
        .bind::<Array<Jsonb>, _>(each(rows, |row| row.external_codes.clone()))
        .bind::<Array<Integer>, _>(each(rows, |row| row.version))
        .bind::<Array<Nullable<SqlUuid>>, _>(each(rows, |row| row.successor_id));
    if put.execute(conn).await.on_constraint("units_code_key", taken)? < rows.len() {
        return Err(Error::internal("a unit changed while it was held"));
    }
    renew_generation(conn, &actor.recall).await
}

fn each<T, M>(rows: &[T], member: impl Fn(&T) -> M) -> Vec<M> {
    rows.iter().map(member).collect()
}

/// Sets what holds of [stored](put) units from a day on; a second change on one day corrects the first.
pub async fn put_states(conn: &mut Conn, actor: &Actor, states: &[(NaiveDate, Node)]) -> Result<()> {
    statement(
        "INSERT INTO unit_versions (locality_id, unit_id, valid_from, name, kind, parent_id)
         SELECT $1, u.* FROM unnest($2, $3, $4, $5, $6) AS u
         ON CONFLICT (locality_id, unit_id, valid_from)
         DO UPDATE SET name = excluded.name, kind = excluded.kind, parent_id = excluded.parent_id",
    )
    .bind::<SqlUuid, _>(actor.locality)
    .bind::<Array<SqlUuid>, _>(each(states, |(_, node)| node.id))
    .bind::<Array<Date>, _>(each(states, |(from, _)| *from))
    .bind::<Array<Text>, _>(each(states, |(_, node)| node.name.clone()))
    .bind::<Array<Text>, _>(each(states, |(_, node)| node.kind.clone()))
    .bind::<Array<Nullable<SqlUuid>>, _>(each(states, |(_, node)| node.parent))
    .execute(conn)
    .await?;
    Ok(())
}
