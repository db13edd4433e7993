//! A movement held until the transaction ends. Only the holder of one may ask what its state lets happen: a state that
//! was merely read may be another by the time that the act is stored.

use std::ops::Deref;

use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::{
    movement::{Movement, State, UNDER_WAY},
    store::{Row, with_plan},
};
use crate::{
    db::{Conn, LocalityId, MovementId, Recall, schema::movements, to_text},
    http::{Error, Result},
    units,
};

/// A movement that nobody else changes before the transaction ends.
pub struct LockedMovement(Movement);

impl Deref for LockedMovement {
    type Target = Movement;

    fn deref(&self) -> &Movement {
        &self.0
    }
}

impl From<LockedMovement> for Movement {
    fn from(locked: LockedMovement) -> Self {
        locked.0
    }
}

impl LockedMovement {
    /// Nothing moves any more, or yet (409).
    pub fn must_be_under_way(&self) -> Result<()> {
        self.must_be(&UNDER_WAY)
    }

    /// Nothing but one of these states lets the act happen (409).
    pub fn must_be(&self, states: &[State]) -> Result<()> {
        if states.contains(&self.state) { Ok(()) } else { Err(Error::state("movement_state", to_text(self.state)?)) }
    }
}

/// The movement of this code as it stays until the transaction ends, or 404: nobody changes its state, its plan or its
/// periods. Others may share it.
pub async fn share(conn: &mut Conn, recall: &Recall, code: &str) -> Result<LockedMovement> {
    let found = shared(conn, recall.locality, code).await?;
    let recall = recall.again(conn).await?;
    stays(conn, recall, found).await
}

/// The same, and nobody changes the tree.
pub async fn share_with_tree(conn: &mut Conn, recall: &Recall, code: &str) -> Result<LockedMovement> {
    let found = shared(conn, recall.locality, code).await?;
    let recall = units::share_tree(conn, recall).await?;
    stays(conn, recall, found).await
}

async fn shared(conn: &mut Conn, locality: LocalityId, code: &str) -> Result<Option<Row>> {
    let of_code = movements::table.filter(movements::locality_id.eq(locality).and(movements::code.eq(code)));
    Ok(of_code.select(Row::as_select()).for_share().first(conn).await.optional()?)
}

/// The movement of a row that is locked, by a generation that was read after.
async fn stays(conn: &mut Conn, recall: Recall, found: Option<Row>) -> Result<LockedMovement> {
    with_plan(conn, &recall, found).await.map(LockedMovement)
}

/// The same of the movement of this id.
pub async fn share_by_id(conn: &mut Conn, recall: &Recall, id: MovementId) -> Result<LockedMovement> {
    let of_id = movements::table.find((recall.locality, id));
    let found = of_id.select(Row::as_select()).for_share().first(conn).await.optional()?;
    let recall = recall.again(conn).await?;
    stays(conn, recall, found).await
}

/// All of the locality that are under way, in one order, each as [`share`] has it.
pub async fn share_under_way(conn: &mut Conn, recall: &Recall) -> Result<Vec<LockedMovement>> {
    let states = UNDER_WAY.iter().map(to_text).collect::<Result<Vec<String>>>()?;
    let of_locality = movements::locality_id.eq(recall.locality).and(movements::state.eq_any(states));
    let under_way = movements::table.filter(of_locality).order(movements::id).select(Row::as_select());
    let rows: Vec<Row> = under_way.for_share().load(conn).await?;
    let recall = recall.again(conn).await?;
    let mut shared = Vec::with_capacity(rows.len());
    for row in rows {
        shared.push(stays(conn, recall.clone(), Some(row)).await?);
    }
    Ok(shared)
}

/// The movement, for changing it or its periods: who shares or locks it waits until the transaction ends. Rows that
/// refer to it may still be written, for neither its id nor its code ever changes.
pub async fn lock(conn: &mut Conn, recall: &Recall, code: &str) -> Result<LockedMovement> {
    let of_code = movements::table.filter(movements::locality_id.eq(recall.locality).and(movements::code.eq(code)));
    let found = of_code.select(Row::as_select()).for_no_key_update().first(conn).await.optional()?;
    let recall = recall.again(conn).await?;
    stays(conn, recall, found).await
}
