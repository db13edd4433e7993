//! What a figure comes to against its target: the number to compare with, the comparison, the verdict. Everything is
//! compared exactly, on fractions multiplied crosswise; a rounded figure is never judged.

use std::cmp::Ordering;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    exact::{BigRational, Decimal, ratio},
    movements::plan::{Comparator, Indicator, IndicatorKind, Target},
};

/// The verdict on one figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Met,
    /// Not met, and the span is over.
    NotMet,
    /// Not met yet: the span's last cut-off day has not ended.
    AtRisk,
    BelowFloor,
    /// Every owing unit answered that nothing arose.
    NoneArose,
    NotApplicable,
    /// Nothing reported, something absent.
    NoData,
    /// No number to compare with.
    NotEvaluable,
}

impl Verdict {
    /// Worst first. What was reported outranks what was not, because any reported value decides; a part that cannot
    /// be judged keeps the whole from being called met.
    const BY_GRAVITY: [Verdict; 8] = [
        Self::BelowFloor,
        Self::NotMet,
        Self::AtRisk,
        Self::NotEvaluable,
        Self::Met,
        Self::NoData,
        Self::NoneArose,
        Self::NotApplicable,
    ];

    /// The verdict on a whole whose parts are judged each: the gravest among them, `not_applicable` for no parts.
    pub fn worst(parts: &[Verdict]) -> Verdict {
        Self::BY_GRAVITY.into_iter().find(|verdict| parts.contains(verdict)).unwrap_or(Self::NotApplicable)
    }

    /// Whether a reported figure stands behind it.
    pub fn has_figure(self) -> bool {
        !matches!(self, Self::NoneArose | Self::NotApplicable | Self::NoData)
    }
}

/// Whether more is better. Read off the comparator, which stands there even where the plan states no number.
pub(super) fn is_upward(comparator: Comparator) -> bool {
    matches!(comparator, Comparator::AtLeast | Comparator::Above)
}

/// A field without a target of its own takes the indicator's.
pub(super) fn target_of<'a>(indicator: &'a Indicator, field: Option<&str>) -> &'a Target {
    let own = indicator.fields.iter().find(|known| Some(known.code.as_str()) == field);
    own.and_then(|field| field.target.as_ref()).unwrap_or(&indicator.target)
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
        let text = target.value.as_ref()?;
        let value = match indicator.kind {
            IndicatorKind::Level => ratio(indicator.levels.iter().position(|level| level == text)?, 1),
            _ => text.parse::<Decimal>().ok()?.into(),
        };
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

    /// The verdict on a reported figure; `over` says that the span's last cut-off day has ended. A broken floor is
    /// said at once: it weighs more than the days that are left.
    pub fn judge(&self, actual: &BigRational, over: bool) -> Verdict {
        if self.floor.as_ref().is_some_and(|floor| !floor.holds(actual)) {
            return Verdict::BelowFloor;
        }
        match &self.target {
            None => Verdict::NotEvaluable,
            Some(target) if target.holds(actual) => Verdict::Met,
            Some(_) if over => Verdict::NotMet,
            Some(_) => Verdict::AtRisk,
        }
    }

    /// The numbers that a shown figure must not cross.
    pub fn bounds(&self) -> impl Iterator<Item = &Bound> {
        self.target.iter().chain(&self.floor)
    }
}

/// Whether `last_day` has ended at `as_of` in Asia/Ho_Chi_Minh (seven hours ahead of UTC, the whole year).
pub fn is_over(last_day: NaiveDate, as_of: DateTime<Utc>) -> bool {
    (as_of + TimeDelta::hours(7)).date_naive() > last_day
}
