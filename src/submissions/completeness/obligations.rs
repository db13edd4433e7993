//! Who owes a report, by the tree of each cut-off day, and whether it came. PURE.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::counts::{Came, Expected};
use crate::{
    db::UnitId,
    movements::{
        self, Movement,
        periods::{self, PeriodDates},
        plan::Indicator,
    },
    units::{History, Node, Tree},
};

/// One unit's report for one period, and who they were on its cut-off day.
pub struct Obligation {
    pub period: String,
    pub due_at: DateTime<Utc>,
    pub unit: Node,
    pub report: Expected,
}

/// The obligations of some periods, as known at `as_of`.
pub fn obligations(
    movement: &Movement,
    windows: &[&PeriodDates],
    history: &History,
    came: &BTreeMap<(String, UnitId), Came>,
    as_of: DateTime<Utc>,
    within: impl Fn(&Tree, &Node) -> bool,
) -> Vec<Obligation> {
    let mut obligations = Vec::new();
    for period in windows {
        let (tree, plan) = (history.on(period.cutoff_on), &movement.on(period.cutoff_on).plan);
        // What targets are made of is nobody's punctuality.
        if plan.reporting.is_base(&period.code) {
            continue;
        }
        let reported: Vec<&Indicator> = periods::reported_in(plan, period.window()).collect();
        let owes = |unit: &Node| reported.iter().any(|known| movements::owes(known, &plan.unit_sets, unit));
        for unit in tree.iter().filter(|unit| owes(unit) && within(&tree, unit)) {
            let came = came.get(&(period.code.clone(), unit.id)).copied();
            let report = Expected { came, due: period.due_at < as_of };
            obligations.push(Obligation {
                period: period.code.clone(),
                due_at: period.due_at,
                unit: unit.clone(),
                report,
            });
        }
    }
    obligations
}
