//! The whole as good as its worst unit (`units_judged: each`). PURE.

use num_traits::Zero;

use super::{
    aggregate::total,
    figure::{Figure, Standing},
    verdict::Verdict,
};
use crate::{
    exact::BigRational,
    movements::{
        plan::{Indicator, IndicatorKind},
        target::Goal,
    },
};

/// The figure of the whole with the verdict of its units. A unit without a target is left out; one that reported nothing
/// keeps the whole from being met.
pub(super) fn of_units(indicator: &Indicator, whole: Figure, units: &[Figure], over: bool) -> Figure {
    let judged: Vec<(&Standing, Verdict)> = units
        .iter()
        .filter(|unit| has_target(indicator, unit))
        .filter_map(|unit| Some((&unit.whole, verdict(indicator, unit, over)?)))
        .collect();
    let verdicts: Vec<Verdict> = judged.iter().map(|(_, verdict)| *verdict).collect();
    let worst = match Verdict::worst(&verdicts) {
        Verdict::Met if verdicts.contains(&Verdict::NoData) => Verdict::NoData,
        worst => worst,
    };
    let verdict = match worst {
        Verdict::NoData if !over => Verdict::AtRisk,
        Verdict::NotOwed if whole.coverage.expected > 0 => Verdict::NotEvaluable,
        worst => worst,
    };
    let standings = || judged.iter().map(|(one, _)| *one);
    let missing_to_target = total(standings(), |one| one.missing_to_target);
    let excess_over_target = total(standings(), |one| one.excess_over_target);
    Figure { whole: Standing { verdict, missing_to_target, excess_over_target, ..whole.whole }, ..whole }
}

fn has_target(indicator: &Indicator, unit: &Figure) -> bool {
    let fields = unit.fields.iter().map(|field| &field.standing);
    std::iter::once(&unit.whole)
        .chain(fields)
        .any(|one| one.target.as_ref().is_some_and(|aim| aim.bound(indicator).is_some()))
}

/// How a unit counts; none where it is left out. A count of which nothing arose is a count of 0.
fn verdict(indicator: &Indicator, unit: &Figure, over: bool) -> Option<Verdict> {
    match unit.whole.verdict {
        Verdict::NoneArose if indicator.kind == IndicatorKind::Count => {
            let target = unit.whole.target.as_ref()?.bound(indicator);
            Some(Goal { target, floor: None }.judge(&BigRational::zero(), over))
        }
        Verdict::NoneArose | Verdict::NotApplicable | Verdict::NotOwed => None,
        verdict => Some(verdict),
    }
}
