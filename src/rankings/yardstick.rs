//! What a scale reads: the exact figure of a unit with its target, and the figures that it is read against. PURE.

use super::{
    inputs::{Attained, UnitFigure, Yardstick},
    score::of_target,
};
use crate::{
    exact::Fraction,
    movements::{
        membership::candidates,
        plan::{Against, Criterion, Group, Indicator, UnitSet},
        target::Goal,
        target_table::has_table,
    },
    progress::{Figure, Scope, exact},
    units::{Node, Tree},
};

/// The same with what a scale reads.
pub(super) fn with_figure(one: Attained, indicator: &Indicator, figure: &Figure) -> Attained {
    let exact = exact(&figure.whole, indicator).map(Fraction);
    Attained {
        figure: exact,
        target: target_of(indicator, figure),
        kind: Some(indicator.kind),
        decimals: indicator.decimals,
        ..one
    }
}

fn target_of(indicator: &Indicator, figure: &Figure) -> Option<Fraction> {
    // of fields that are judged each, the pool has no target of its own
    let pool = || Goal::of(indicator, None).target.filter(|_| !has_table(indicator));
    let target = figure.whole.target.as_ref().and_then(|aim| aim.bound(indicator)).or_else(pool)?;
    Some(Fraction(target.value))
}

/// What a criterion's scale reads figures against: those of the group's units in the tree, nominated or not, or the
/// published one of the locality; none where it reads them alone. `figure` finds that of an indicator.
pub(super) fn yardstick<'a>(
    group: &Group,
    criterion: &Criterion,
    sets: &[UnitSet],
    tree: &Tree,
    figure: impl Fn(&str, Scope) -> Option<(&'a Indicator, Figure)>,
) -> Option<Yardstick> {
    let (indicator, scale) = criterion.measure()?;
    let of_unit = |unit: &Node| {
        let (indicator, figure) = figure(indicator, Scope::Units(&[unit.id]))?;
        let figure = of_target(scale, &exact(&figure.whole, indicator)?, target_of(indicator, &figure).as_ref())?;
        Some(UnitFigure { unit: Some(unit.code.clone()), figure: Fraction(figure) })
    };
    let published = |code: &str| {
        let (indicator, figure) = figure(code, Scope::Locality)?;
        Some(UnitFigure { unit: None, figure: Fraction(exact(&figure.whole, indicator)?) })
    };
    let figures = match scale.read_against()? {
        Against::Indicator(code) => published(code).into_iter().collect(),
        Against::Best | Against::Mean => candidates(group, sets, tree.iter()).filter_map(of_unit).collect(),
    };
    Some(Yardstick { group: group.code.clone(), criterion: criterion.code.clone(), figures })
}
