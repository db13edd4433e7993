//! Many desks of one movement, looked up at once.

use std::collections::HashMap;

use super::desk::Desk;
use crate::{
    db::Conn,
    http::{Caller, Result},
    movements::{self, Movement, Period},
    units::{self, Tree},
};

/// The periods of a movement, and the organisation on their cut-off days and today.
pub struct Desks<'a> {
    caller: &'a Caller,
    movement: &'a Movement,
    periods: HashMap<String, (Period, Tree)>,
    today: Tree,
}

/// What names no desk that the caller may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Period,
    Unit,
}

impl<'a> Desks<'a> {
    /// For a change, the organisation stays as it is until the transaction ends.
    pub async fn open(conn: &mut Conn, caller: &'a Caller, movement: &'a Movement, change: bool) -> Result<Self> {
        let periods = movements::list_periods(conn, movement).await?;
        if change {
            units::share_tree(conn, movement.locality).await?;
        }
        let history = units::history(conn, movement.locality).await?;
        let of_day = |period: Period| {
            let tree = history.on(period.dates.cutoff_on);
            (period.dates.code.clone(), (period, tree))
        };
        let periods = periods.into_iter().map(of_day).collect();
        Ok(Self { caller, movement, periods, today: history.registered_by(caller.today()) })
    }

    /// The desk of a period and a unit, by their codes.
    pub fn find(&self, period: &str, unit: &str) -> Result<Desk, Unknown> {
        let (period, then) = self.periods.get(period).ok_or(Unknown::Period)?;
        Desk::find(self.caller, self.movement, period, (then, &self.today), unit).ok_or(Unknown::Unit)
    }
}
