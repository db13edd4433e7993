//! The figure of all localities together. PURE.

use crate::{
    exact::ratio,
    movements::plan::IndicatorKind,
    progress::{Standing, shown},
    quantity::Quantity,
};

/// Σ numerators and Σ denominators, or Σ counts; none of what cannot be added, or where nobody has a number.
pub struct Whole {
    pub numerator: Option<Quantity>,
    pub denominator: Option<Quantity>,
    pub value: Option<String>,
}

impl Whole {
    pub fn of<'a>(kind: IndicatorKind, figures: impl Iterator<Item = &'a Standing> + Clone) -> Self {
        let numerator = total(figures.clone().map(|figure| figure.numerator.or(figure.count)));
        let denominator = total(figures.map(|figure| figure.denominator));
        Self { value: value(kind, numerator, denominator), numerator, denominator }
    }
}

fn total(numbers: impl Iterator<Item = Option<Quantity>>) -> Option<Quantity> {
    numbers.flatten().reduce(|a, b| Quantity::of(a.units() + b.units(), a.decimals()))
}

fn value(kind: IndicatorKind, numerator: Option<Quantity>, denominator: Option<Quantity>) -> Option<String> {
    match kind {
        IndicatorKind::Ratio => {
            let denominator = denominator.filter(|denominator| denominator.units() != 0)?;
            let exact = ratio(numerator?.units(), denominator.units()) * ratio(100, 1);
            Some(shown(&exact, &[]))
        }
        IndicatorKind::Count => Some(numerator?.to_string()),
        IndicatorKind::Level | IndicatorKind::Index | IndicatorKind::Rank => None,
    }
}
