//! One sum against one goal: its numbers, the figure shown, the verdict, what is missing. PURE.

use super::{
    display::shown,
    figure::{LevelCount, Standing, exact},
    shortfall::{excess_of_count, excess_of_ratio, in_units, missing_of_count, missing_of_ratio},
    tally::{Given, Sum},
    verdict::Verdict,
};
use crate::{
    exact::BigRational,
    movements::{
        plan::{Indicator, IndicatorKind},
        target::{Bound, Goal, is_upward},
    },
    quantity::Quantity,
};

/// What a sum is held against. The target shown beside it is the caller's to add: a pool may be measured and not judged.
#[derive(Clone, Copy)]
pub(super) struct Measure<'a> {
    pub indicator: &'a Indicator,
    pub goal: &'a Goal,
    /// Every number of the indicator that a figure is held against: of the pool and of each field. One figure has the same
    /// digits wherever it is shown.
    pub bounds: &'a [Bound],
    /// The span's last cut-off day has ended.
    pub over: bool,
}

/// Judges a sum.
pub(super) fn stand(sum: &Sum, measure: &Measure) -> Standing {
    let Measure { indicator, goal, bounds, over } = *measure;
    let unjudged = numbers(sum, measure);
    let Some(exact) = exact(&unjudged, indicator).filter(|_| sum.reported > 0) else {
        return unjudged;
    };
    let decimals = indicator.decimals();
    let missing = |target: &Bound| match indicator.kind {
        IndicatorKind::Ratio => missing_of_ratio(sum.numerator, sum.denominator, target, indicator.may_exceed),
        IndicatorKind::Count => missing_of_count(sum.numerator, &in_units(target, decimals)),
        IndicatorKind::Level | IndicatorKind::Index | IndicatorKind::Rank => None,
    };
    let excess = |target: &Bound| match indicator.kind {
        IndicatorKind::Ratio => excess_of_ratio(sum.numerator, sum.denominator, target),
        IndicatorKind::Count => excess_of_count(sum.numerator, &in_units(target, decimals)),
        IndicatorKind::Level | IndicatorKind::Index | IndicatorKind::Rank => None,
    };
    let quantity = |units| Quantity::of(units, decimals);
    Standing {
        value: value(indicator, &unjudged, &exact, bounds),
        verdict: goal.judge(&exact, over),
        missing_to_target: goal.target.as_ref().and_then(missing).map(quantity),
        excess_over_target: goal.target.as_ref().and_then(excess).map(quantity),
        ..unjudged
    }
}

/// The numbers of a sum. Of figures that cannot be added the worst represents all, so that a level is met when every
/// unit meets it.
fn numbers(sum: &Sum, measure: &Measure) -> Standing {
    let indicator = measure.indicator;
    let known = sum.reported > 0 || sum.absent == 0 && sum.none_arose > 0;
    let number = |kind, number| (known && indicator.kind == kind).then(|| Quantity::of(number, indicator.decimals()));
    let upward = is_upward(indicator.target.comparator);
    let worst = if upward { sum.given.first_key_value() } else { sum.given.last_key_value() };
    let (mut level, mut index, mut rank, mut population) = (None, None, None, None);
    match worst.map(|(given, _)| *given) {
        Some(Given::Level(at)) => level = indicator.levels.get(at).cloned(),
        Some(Given::Index(given)) => index = Some(given),
        Some(Given::Rank { rank: place, population: of }) => (rank, population) = (Some(place), Some(of)),
        None => {}
    }
    Standing {
        numerator: number(IndicatorKind::Ratio, sum.numerator),
        denominator: number(IndicatorKind::Ratio, sum.denominator),
        count: number(IndicatorKind::Count, sum.numerator),
        level,
        levels: levels(indicator, sum),
        index,
        rank,
        population,
        value: None,
        target: None,
        targets: Vec::new(),
        verdict: unjudged(sum, measure.goal),
        missing_to_target: None,
        excess_over_target: None,
        estimated: sum.estimated > 0,
    }
}

/// What can be said without a figure. Where the plan states no number, no answer can be evaluated. A unit to which the
/// indicator does not apply does not keep the others' "nothing arose" from being the answer.
fn unjudged(sum: &Sum, goal: &Goal) -> Verdict {
    match sum {
        _ if sum.reported + sum.absent + sum.none_arose + sum.not_applicable == 0 => Verdict::NotOwed,
        _ if sum.reported > 0 || goal.target.is_none() => Verdict::NotEvaluable,
        _ if sum.absent > 0 => Verdict::NoData,
        _ if sum.none_arose > 0 => Verdict::NoneArose,
        _ => Verdict::NotApplicable,
    }
}

fn levels(indicator: &Indicator, sum: &Sum) -> Vec<LevelCount> {
    let units = |at| sum.given.get(&Given::Level(at)).copied().unwrap_or(0);
    let counted = indicator.levels.iter().enumerate();
    counted.map(|(at, level)| LevelCount { level: level.clone(), units: units(at) }).collect()
}

fn value(indicator: &Indicator, standing: &Standing, exact: &BigRational, bounds: &[Bound]) -> Option<String> {
    match indicator.kind {
        IndicatorKind::Ratio | IndicatorKind::Index => Some(shown(exact, bounds)),
        IndicatorKind::Count => standing.count.map(|count| count.to_string()),
        IndicatorKind::Rank => standing.rank.map(|rank| rank.to_string()),
        IndicatorKind::Level => None,
    }
}
