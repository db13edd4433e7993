//! What a unit handed in stays its own: reports that nobody would count, for on a cut-off day the unit is not there or
//! does not owe what it said. PURE.

use std::collections::BTreeSet;

use crate::{
    db::{MovementId, UnitId},
    finding::Finding,
    movements::{self, Movement, Period, periods},
    units::{History, TreeChange},
};

/// An indicator of a report that is handed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedIndicator {
    pub movement: MovementId,
    pub period: String,
    pub unit: UnitId,
    pub indicator: String,
}

/// The periods of a movement on whose cut-off a change of the tree lets units differ, and all those units.
pub fn affected<'a>(periods: &'a [Period], change: &TreeChange) -> (Vec<&'a Period>, BTreeSet<UnitId>) {
    let mut units = BTreeSet::new();
    let touches = |period: &&Period| {
        let differ = change.units_that_differ(period.dates.cutoff_on);
        let any = !differ.is_empty();
        units.extend(differ);
        any
    };
    (periods.iter().filter(touches).collect(), units)
}

/// What of the reports `said` nothing would count, by period and indicator.
pub fn orphaned_reports<'a>(
    movement: &Movement,
    periods: impl IntoIterator<Item = &'a Period>,
    history: &History,
    said: &[ReportedIndicator],
) -> Vec<Finding> {
    let said: Vec<&ReportedIndicator> = said.iter().filter(|said| said.movement == movement.id).collect();
    let mut orphaned = Vec::new();
    for window in periods.into_iter().map(|period| &period.dates) {
        let mut said = said.iter().filter(|said| said.period == window.code).peekable();
        if said.peek().is_none() {
            continue;
        }
        let (tree, all) = (history.on(window.cutoff_on), history.ever_registered(window.cutoff_on));
        let plan = &movement.on(window.cutoff_on).plan;
        let owes = |said: &ReportedIndicator| {
            let known = plan.indicators.iter().find(|known| known.code == said.indicator);
            let known = known.filter(|known| periods::covered(plan, known, window.window()).is_some());
            tree.by_id(said.unit).zip(known).is_some_and(|(unit, known)| movements::owes(known, &plan.unit_sets, unit))
        };
        orphaned.extend(said.filter(|said| !owes(said)).map(|said| {
            let unit = all.by_id(said.unit).map(|unit| unit.code.as_str()).unwrap_or_default();
            let finding = Finding::new("", "report_stranded").with("movement", &movement.code);
            let finding = finding.with("period", &said.period).with("cutoff", window.cutoff_on);
            finding.with("unit", unit).with("indicator", &said.indicator)
        }));
    }
    orphaned
}
