//! A target or a floor as a number that figures are compared with: exactly, on fractions multiplied crosswise. PURE.

use std::cmp::Ordering;

use super::plan::{Comparator, Indicator, IndicatorKind, Target};
use crate::exact::{BigRational, Decimal, ratio};

/// Whether more is better. Read off the comparator, which stands there even where the plan states no number.
pub fn is_upward(comparator: Comparator) -> bool {
    matches!(comparator, Comparator::AtLeast | Comparator::Above)
}

/// A field without a target of its own takes the indicator's.
pub fn target_of<'a>(indicator: &'a Indicator, field: Option<&str>) -> &'a Target {
    let own = indicator.fields.iter().find(|known| Some(known.code.as_str()) == field);
    own.and_then(|field| field.target.as_ref()).unwrap_or(&indicator.target)
}

/// The number that a text of a target means: percent for a ratio, the position from 0 for a level.
pub fn read_number(indicator: &Indicator, text: &str) -> Option<BigRational> {
    match indicator.kind {
        IndicatorKind::Level => Some(ratio(indicator.levels.iter().position(|level| level == text)?, 1)),
        _ => Some(text.parse::<Decimal>().ok()?.into()),
    }
}

/// A target or a floor as a number: percent for a ratio, the position from 0 for a level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bound {
    pub comparator: Comparator,
    pub value: BigRational,
}

impl Bound {
    /// None where the plan states no number (or one that lint refuses).
    pub fn read(indicator: &Indicator, target: &Target) -> Option<Self> {
        let value = read_number(indicator, target.value.as_ref()?)?;
        Some(Self { comparator: target.comparator, value })
    }

    /// Whether `actual` stands on the good side.
    pub fn holds(&self, actual: &BigRational) -> bool {
        let crosswise = (actual.numer() * self.value.denom()).cmp(&(self.value.numer() * actual.denom()));
        match self.comparator {
            Comparator::AtLeast => crosswise != Ordering::Less,
            Comparator::Above => crosswise == Ordering::Greater,
            Comparator::AtMost => crosswise != Ordering::Greater,
            Comparator::Below => crosswise == Ordering::Less,
        }
    }
}

/// What a figure is held against. Without a target number nothing is evaluable, save that a floor still binds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Goal {
    pub target: Option<Bound>,
    pub floor: Option<Bound>,
}

impl Goal {
    /// The goal of an indicator or of one of its fields. The floor is always the indicator's.
    pub fn of(indicator: &Indicator, field: Option<&str>) -> Self {
        let read = |target| Bound::read(indicator, target);
        Self { target: read(target_of(indicator, field)), floor: indicator.floor.as_ref().and_then(read) }
    }

    /// The numbers that a shown figure must not cross.
    pub fn bounds(&self) -> impl Iterator<Item = &Bound> {
        self.target.iter().chain(&self.floor)
    }
}
