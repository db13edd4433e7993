//! How far an indicator is attained, 0 to 1: what the ranking's `indicators` criterion weighs. Exact. PURE.

use num_traits::{One, Signed, Zero};

use super::{
    aggregate::judges_each,
    figure::{Figure, Standing, exact},
    verdict::Verdict,
};
use crate::{
    exact::{BigRational, ratio},
    movements::{
        plan::{Indicator, IndicatorKind},
        target::{Bound, is_upward},
    },
    quantity::Quantity,
};

/// What an indicator contributes to a ranking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attainment {
    /// From 0 to 1.
    Reached(BigRational),
    /// Excluded, and the weights renormalised; the verdict gives the reason: none arose, not applicable, not evaluable,
    /// not owed, or a broken floor under a target without a number.
    Excluded(Verdict),
    /// Owed and not reported: the criterion's `missing` decides.
    NoData,
}

/// The attainment of a figure under the indicator that judged it: the figure's own verdict decides whether there is one.
/// With fields judged each, the mean of theirs weighed by denominator (equally for kinds that have none) over the fields
/// that are held against a number. An indicator without a number to reach is left out even when nothing was reported:
/// nobody loses points against a target that the plan does not state.
pub fn attainment(indicator: &Indicator, figure: &Figure) -> Attainment {
    match figure.whole.verdict {
        Verdict::NoData => return Attainment::NoData,
        verdict if !verdict.compares() => return Attainment::Excluded(verdict),
        _ => {}
    }
    let (mut points, mut weights) = (BigRational::zero(), BigRational::zero());
    for (standing, target) in targeted(indicator, figure).iter().filter(|(standing, _)| standing.verdict.compares()) {
        let Some(actual) = exact(standing, indicator) else { continue };
        let weight = standing.denominator.map_or_else(|| ratio(1, 1), Quantity::exact);
        points += &weight * reach(&actual, target);
        weights += weight;
    }
    if weights.is_zero() { Attainment::Excluded(figure.whole.verdict) } else { Attainment::Reached(points / weights) }
}

/// The same in a plan of the second format: a count of which nothing arose is 0 of its target.
pub fn attainment_of_second(indicator: &Indicator, figure: &Figure) -> Attainment {
    let nothing = figure.whole.verdict == Verdict::NoneArose && indicator.kind == IndicatorKind::Count;
    let reached: Vec<_> = targeted(indicator, figure).iter().map(|(_, target)| reach(&ratio(0, 1), target)).collect();
    match nothing && !reached.is_empty() {
        true => Attainment::Reached(reached.iter().sum::<BigRational>() / ratio(reached.len(), 1)),
        false => attainment(indicator, figure),
    }
}

/// The parts judged separately, with their target numbers; a part without one is excluded.
fn targeted<'a>(indicator: &Indicator, figure: &'a Figure) -> Vec<(&'a Standing, Bound)> {
    let standings: Vec<&Standing> = match judges_each(indicator) {
        true => figure.fields.iter().map(|field| &field.standing).collect(),
        false => vec![&figure.whole],
    };
    standings.into_iter().filter_map(|one| Some((one, one.target.as_ref()?.bound(indicator)?))).collect()
}

/// 1 when met, else the part of the way, never outside 0 to 1; a divisor of zero (or below) gives 0.
fn reach(actual: &BigRational, target: &Bound) -> BigRational {
    if target.holds(actual) {
        return BigRational::one();
    }
    let (part, whole) = if is_upward(target.comparator) { (actual, &target.value) } else { (&target.value, actual) };
    if !whole.is_positive() {
        return BigRational::zero();
    }
    (part / whole).clamp(BigRational::zero(), BigRational::one())
}
