//! What a scale reads: the exact figure of a unit with its target, and the figures that it is read against. PURE.

use super::{
    inputs::{Attained, UnitFigure, Yardstick},
    score::of_target,
};
use crate::{
    exact::Fraction,
    movements::{
        plan::{Against, Criterion, Direction, Group, Indicator},
        target::Goal,
    },
    progress::{Figure, Scope, exact},
    units::{Node, Tree},
};

/// The same with what a scale reads.
pub(super) fn with_figure(one: Attained, indicator: &Indicator, figure: &Figure) -> Attained {
    let exact = exact(&figure.whole, indicator).map(Fraction);
    Attained { figure: exact, target: target_of(indicator), kind: Some(indicator.kind), ..one }
}

/// The same with which way is better.
pub(super) fn with_direction(one: Attained, indicator: &Indicator) -> Attained {
    Attained { less_is_better: indicator.direction == Direction::Down, ..one }
}

fn target_of(indicator: &Indicator) -> Option<Fraction> {
    Goal::of(indicator, None).target.map(|target| Fraction(target.value))
}

/// What a criterion's scale reads figures against: those of the group's units in the tree, nominated or not, or the
/// published one of the locality; none where it reads them alone. `figure` finds that of an indicator.
pub(super) fn yardstick<'a>(
    group: &Group,
    criterion: &Criterion,
    tree: &Tree,
    figure: impl Fn(&str, Scope) -> Option<(&'a Indicator, Figure)>,
) -> Option<Yardstick> {
    let (indicator, scale) = criterion.measure()?;
    let of_unit = |unit: &Node| {
        let (indicator, figure) = figure(indicator, Scope::Unit(unit.id))?;
        let figure = of_target(scale, &exact(&figure.whole, indicator)?, target_of(indicator).as_ref())?;
        Some(UnitFigure { unit: Some(unit.code.clone()), figure: Fraction(figure) })
    };
    let published = |code: &str| {
        let (indicator, figure) = figure(code, Scope::Locality)?;
        Some(UnitFigure { unit: None, figure: Fraction(exact(&figure.whole, indicator)?) })
    };
    let figures = match scale.read_against()? {
        Against::Indicator(code) => published(code).into_iter().collect(),
        Against::Best | Against::Mean => {
            tree.iter().filter(|unit| group.kinds.contains(&unit.kind)).filter_map(of_unit).collect()
        }
    };
    Some(Yardstick { group: group.code.clone(), criterion: criterion.code.clone(), figures })
}
