//! What a unit handed in stays its own: reports that nobody would count, for on a cut-off day the unit is not there or
//! does not owe what it said. PURE.

use crate::{
    db::UnitId,
    finding::Finding,
    movements::{self, Movement, Period},
    units::History,
};

/// By period and indicator, of what was `said`: period, unit and indicator.
pub fn stranded(
    movement: &Movement,
    periods: &[Period],
    history: &History,
    said: &[(String, UnitId, String)],
) -> Vec<Finding> {
    let mut stranded = Vec::new();
    for window in periods.iter().map(|period| &period.window) {
        let (tree, all) = (history.on(window.cutoff_on), history.all(window.cutoff_on));
        let plan = &movement.on(window.cutoff_on).plan;
        let owes = |unit: UnitId, indicator: &str| {
            let known = plan.indicators.iter().find(|known| known.code == indicator);
            tree.by_id(unit).zip(known).is_some_and(|(unit, known)| movements::owes(known, unit))
        };
        let lost = said.iter().filter(|(period, unit, indicator)| *period == window.code && !owes(*unit, indicator));
        stranded.extend(lost.map(|(period, unit, indicator)| {
            let unit = all.by_id(*unit).map(|unit| unit.code.as_str()).unwrap_or_default();
            let finding = Finding::new("", "report_stranded").with("movement", &movement.code).with("period", period);
            finding.with("unit", unit).with("indicator", indicator).with("cutoff", window.cutoff_on)
        }));
    }
    stranded
}
