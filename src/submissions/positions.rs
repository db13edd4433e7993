//! Many positions of one movement, looked up at once.

use std::{collections::HashMap, sync::Arc};

use super::position::ReportPosition;
use crate::{
    db::Conn,
    http::{Caller, Result},
    movements::{self, Movement, Period},
    units::{self, Node, Tree},
};

/// The periods of a movement, and the organisation on their cut-off days and today.
pub struct ReportPositions<'a> {
    caller: &'a Caller,
    movement: &'a Movement,
    periods: HashMap<String, (Period, Arc<Tree>)>,
    today: Arc<Tree>,
}

/// What names no position that the caller may know of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    Period,
    Unit,
}

impl<'a> ReportPositions<'a> {
    pub async fn open(conn: &mut Conn, caller: &'a Caller, movement: &'a Movement) -> Result<Self> {
        let periods = movements::list_periods(conn, movement).await?;
        let history = units::history(conn, &movement.recall).await?;
        let of_day = |period: Period| {
            let tree = history.on(period.dates.cutoff_on);
            (period.dates.code.clone(), (period, tree))
        };
        let periods = periods.into_iter().map(of_day).collect();
        Ok(Self { caller, movement, periods, today: history.registered_by(caller.today()) })
    }

    /// The codes of the periods.
    pub fn periods(&self) -> impl Iterator<Item = &str> {
        self.periods.keys().map(String::as_str)
    }

    /// The units of a period's cut-off day that the caller may know of.
    pub fn units(&self, period: &str) -> impl Iterator<Item = &Node> {
        let units = self.periods.get(period).into_iter().flat_map(|(_, tree)| tree.iter());
        units.filter(|unit| self.caller.can_see(&self.today.line_of(unit.id)))
    }

    /// The position of a period and a unit, by their codes.
    pub fn find(&self, period: &str, unit: &str) -> Result<ReportPosition, Unknown> {
        let (period, then) = self.periods.get(period).ok_or(Unknown::Period)?;
        ReportPosition::find(self.caller, self.movement, period, (then, &self.today), unit).ok_or(Unknown::Unit)
    }
}
