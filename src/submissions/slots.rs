//! Who owes a report, by the tree of each cut-off day, and whether it came. PURE.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::completeness::{Came, Expected};
use crate::{
    db::UnitId,
    movements::{self, Movement, periods::PeriodDates},
    units::{History, Node},
};

/// One unit's report for one period, and who they were on its cut-off day.
pub struct Slot {
    pub period: String,
    pub due_at: DateTime<Utc>,
    pub unit: Node,
    pub report: Expected,
}

/// The slots of some periods, as known at `as_of`.
pub fn slots(
    movement: &Movement,
    windows: &[&PeriodDates],
    history: &History,
    came: &BTreeMap<(String, UnitId), Came>,
    as_of: DateTime<Utc>,
    within: impl Fn(&Node) -> bool,
) -> Vec<Slot> {
    let mut slots = Vec::new();
    for period in windows {
        let (tree, plan) = (history.on(period.cutoff_on), &movement.on(period.cutoff_on).plan);
        let owes = |unit: &Node| plan.indicators.iter().any(|known| movements::owes(known, unit));
        for unit in tree.iter().filter(|unit| owes(unit) && within(unit)) {
            let came = came.get(&(period.code.clone(), unit.id)).copied();
            let report = Expected { came, due: period.due_at < as_of };
            slots.push(Slot { period: period.code.clone(), due_at: period.due_at, unit: unit.clone(), report });
        }
    }
    slots
}
