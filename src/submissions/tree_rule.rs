//! What a unit handed in stays its own: no change of the organisation tree takes the unit, or what it owes, away from
//! under a report. Held at the cut-off of every period of a movement once launched.

use std::pin::Pin;

use super::store;
use crate::{
    db::{Conn, LocalityId},
    finding::Finding,
    http::Result,
    movements, units,
};

/// The reports that nobody would count as the tree stands in this transaction, by indicator.
pub fn tree_rule(conn: &mut Conn, locality: LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + '_>> {
    Box::pin(async move {
        let mut stranded = Vec::new();
        let history = units::history(conn, locality).await?;
        for movement in movements::ever_launched(conn, locality).await? {
            let said = store::handed_in(conn, &movement).await?;
            for period in movements::list_periods(conn, &movement).await? {
                let (code, cutoff) = (&period.window.code, period.window.cutoff_on);
                let (tree, all, plan) = (history.on(cutoff), history.all(cutoff), &movement.on(cutoff).plan);
                for (_, unit, indicator) in said.iter().filter(|(of, ..)| of == code) {
                    let known = plan.indicators.iter().find(|known| known.code == *indicator);
                    if tree.by_id(*unit).zip(known).is_some_and(|(unit, known)| movements::owes(known, unit)) {
                        continue;
                    }
                    let finding = Finding::new("", "report_stranded").with("movement", &movement.code);
                    let unit = all.by_id(*unit).map(|unit| unit.code.as_str()).unwrap_or_default();
                    let finding = finding.with("unit", unit).with("indicator", indicator).with("cutoff", cutoff);
                    stranded.push(finding.with("period", code));
                }
            }
        }
        Ok(stranded)
    })
}
