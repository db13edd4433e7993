//! What an `indicators` criterion makes of targets that were not stated for it: each unit is held against the whole target,
//! and all points are given for it. PURE.

use super::checks::whole;
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::{
        plan::{CandidateKind, Criterion, Direction, Group, Indicator, IndicatorKind, OverUnits, Plan},
        target_table::has_one_reporter,
    },
};

pub(super) fn check(pointer: &str, plan: &Plan, group: &Group, criterion: &Criterion, out: &mut Vec<Finding>) {
    let weighed = |indicator: &&Indicator| {
        let weight = criterion.weights.get(&indicator.code).copied().or(criterion.otherwise);
        let mut reporters = indicator.reported_by.iter();
        let owed = group.candidates == CandidateKind::Person
            || reporters.any(|reporter| reporter.contains(':') || group.kinds.contains(reporter));
        owed && weight.is_none_or(|weight| weight != whole(0))
    };
    let mut find = |code, warning, fits: fn(&Indicator) -> bool| {
        let found = plan.indicators.iter().filter(weighed).filter(|indicator| fits(indicator));
        let codes: Vec<&str> = found.map(|indicator| indicator.code.as_str()).collect();
        if !codes.is_empty() {
            let finding = Finding::new(format!("{pointer}/weights"), code).with("criterion", &criterion.code);
            out.push(Finding { warning, ..finding }.with("indicators", codes.join(", ")));
        }
    };
    // The second format can say it, so that its author decides.
    find("target_shared", !plan.is_second(), shares_one_target);
    find("full_points_below_hundred", true, is_full_below_hundred);
}

/// Whether several units together are to reach a number.
fn shares_one_target(indicator: &Indicator) -> bool {
    let sums = indicator.kind == IndicatorKind::Count && indicator.over_units == OverUnits::Sum;
    let is_open = indicator.targets.is_empty() && indicator.unassigned.is_none() && !has_one_reporter(indicator);
    sums && indicator.counts.is_none() && indicator.target.value.is_some() && is_open
}

/// Whether a share below 100 % counts as much as all.
fn is_full_below_hundred(indicator: &Indicator) -> bool {
    let target: Option<Decimal> = indicator.target.value.as_ref().and_then(|value| value.parse().ok());
    let rises = indicator.kind == IndicatorKind::Ratio && indicator.direction == Direction::Up;
    rises && target.is_some_and(|target| target < whole(100))
}
