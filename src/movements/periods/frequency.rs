//! Indicators that are reported less often than the report: in which leaves, and what days their answers cover. PURE.

use std::iter::successors;

use super::rules::{PeriodCode, Window, all, extent, window_of};
use crate::movements::plan::{Frequency, Indicator, Plan, TargetEntry};

/// The days that an indicator's answer in a leaf covers: those of the leaf, or of the longer period that ends with it;
/// none where it is not owed there. What the movement does not see the end of is owed in its last leaf.
pub fn covered(plan: &Plan, indicator: &Indicator, leaf: Window) -> Option<Window> {
    if let Some(base) = plan.reporting.bases().find(|base| Window::from(*base) == leaf) {
        // Of days before the movement only what targets are made of is asked.
        let asked = |entry: &TargetEntry| entry.base().is_some_and(|named| named.base == base.code);
        return indicator.targets.iter().any(asked).then_some(leaf);
    }
    let Some(every) = &indicator.every else { return Some(leaf) };
    let is_last = || extent(&plan.reporting, &plan.span).cutoff_on <= leaf.cutoff_on;
    let ends = |longer: &Window| {
        longer.cutoff_on == leaf.cutoff_on
            || longer.starts_on <= leaf.cutoff_on && leaf.cutoff_on < longer.cutoff_on && is_last()
    };
    let longer = match every {
        Frequency::Each(every) => {
            let windows = plan.reporting.windows;
            PeriodCode::holding(*every, windows, leaf.cutoff_on).map(|code| code.window(windows)).filter(ends)
        }
        Frequency::In(codes) => codes.iter().filter_map(|code| window_of(&plan.reporting, code)).find(ends),
    };
    longer.map(|Window { starts_on, .. }| Window { starts_on, ..leaf })
}

/// The indicators that somebody reports in a leaf.
pub fn reported_in(plan: &Plan, leaf: Window) -> impl Iterator<Item = &Indicator> {
    plan.indicators.iter().filter(move |indicator| covered(plan, indicator, leaf).is_some())
}

/// The longer periods that a movement has days of, by their codes; none of an indicator that every report answers.
pub fn longer(plan: &Plan, indicator: &Indicator) -> Vec<(String, Window)> {
    let leaves = all(&plan.reporting, &plan.span);
    let (Some((_, first)), Some((_, last))) = (leaves.first(), leaves.last()) else { return Vec::new() };
    let windows = plan.reporting.windows;
    let periods: Vec<(String, Window)> = match &indicator.every {
        None => Vec::new(),
        Some(Frequency::In(codes)) => {
            codes.iter().filter_map(|code| Some((code.clone(), window_of(&plan.reporting, code)?))).collect()
        }
        Some(Frequency::Each(every)) => {
            successors(PeriodCode::holding(*every, windows, first.starts_on), |code| code.next())
                .map(|code| (code.to_string(), code.window(windows)))
                .take_while(|(_, window)| window.starts_on <= last.cutoff_on)
                .collect()
        }
    };
    let meets = |window: &Window| first.starts_on <= window.cutoff_on && window.starts_on <= last.cutoff_on;
    periods.into_iter().filter(|(_, window)| meets(window)).collect()
}
