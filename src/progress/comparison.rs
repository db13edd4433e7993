//! A figure beside that of other days: what changed, exactly, and whether it is better. PURE.

use std::cmp::Ordering;

use num_traits::Zero;
use serde::Serialize;
use utoipa::ToSchema;

use super::figure::Covers;
use crate::{
    exact::{BigRational, Fraction, ratio, shown},
    movements::plan::{Direction, Indicator, IndicatorKind},
};

/// Whether a change is for the better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgressTendency)]
pub enum Tendency {
    Better,
    Worse,
    Same,
}

/// Why two figures are not compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ComparisonReason)]
pub enum NotCompared {
    /// The movement has no period in the span.
    NoPeriod,
    NotBegun,
    /// No period of the span is over.
    NotOver,
    /// Nothing is reported for the days of the span that are over.
    NoFigure,
    /// Neither the movement, nor a base period of its plan, nor a movement that it continues has these days.
    NoSource,
    /// What has these days does not have the indicator.
    NotStated,
    KindDiffers,
    UnitDiffers,
    DecimalsDiffer,
    OverTimeDiffers,
    DirectionDiffers,
    NoEarlierFigure,
    /// A count of which a report is missing, now or then.
    Incomplete,
}

/// What changed since other days.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub difference: BigRational,
    /// Of a count, in percent of the earlier one, if that is not 0.
    pub percent: Option<BigRational>,
    pub tendency: Tendency,
}

/// How much of a figure is there: slots (owing unit × reporting period), and those of them with a complete answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ComparedCoverage)]
pub struct Covered {
    pub expected: u64,
    pub reported: u64,
}

impl Covered {
    pub fn is_complete(self) -> bool {
        self.reported == self.expected
    }
}

/// The figure of other days, and what changed since; a reason where there is no change to tell.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ProgressCompared)]
pub struct Compared {
    pub covers: Option<Covers>,
    /// The movement that has these days.
    pub movement: Option<String>,
    pub value: Option<String>,
    pub coverage: Option<Covered>,
    /// Percentage points of a ratio, places of a level or a rank.
    pub difference: Option<String>,
    pub difference_exact: Option<Fraction>,
    /// Of a count; null also where the earlier one is 0.
    pub percent: Option<String>,
    pub tendency: Option<Tendency>,
    pub reason: Option<NotCompared>,
}

/// The part of the span whose periods are over, beside the days before and the same days a year before.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(as = ProgressComparison)]
pub struct Comparison {
    pub covers: Option<Covers>,
    pub value: Option<String>,
    pub coverage: Option<Covered>,
    /// As many months before, or days.
    pub previous: Compared,
    pub year_before: Compared,
}

impl Compared {
    pub fn none(reason: NotCompared) -> Self {
        let (covers, movement, value, coverage) = (None, None, None, None);
        let (difference, difference_exact, percent, tendency) = (None, None, None, None);
        let reason = Some(reason);
        Self { covers, movement, value, coverage, difference, difference_exact, percent, tendency, reason }
    }
}

impl Comparison {
    pub fn none(reason: NotCompared) -> Self {
        let (previous, year_before) = (Compared::none(reason), Compared::none(reason));
        Self { covers: None, value: None, coverage: None, previous, year_before }
    }
}

/// What two plans state otherwise of an indicator, so that its figures say different things: members of the plan.
pub fn differing(one: &Indicator, other: &Indicator) -> impl Iterator<Item = &'static str> {
    let same = [
        ("kind", one.kind == other.kind),
        ("unit", one.unit == other.unit),
        ("levels", one.levels == other.levels),
        ("decimals", one.decimals() == other.decimals()),
        ("over_time", one.over_time == other.over_time),
        ("direction", one.direction == other.direction),
        ("over_units", one.over_units == other.over_units),
    ];
    same.into_iter().filter(|(_, same)| !same).map(|(member, _)| member)
}

/// Why the figures of two indicators, of one code, cannot stand beside each other.
pub fn differs(now: &Indicator, then: &Indicator) -> Option<NotCompared> {
    differing(now, then).find_map(|member| match member {
        "kind" => Some(NotCompared::KindDiffers),
        "unit" | "levels" => Some(NotCompared::UnitDiffers),
        "decimals" => Some(NotCompared::DecimalsDiffer),
        "over_time" => Some(NotCompared::OverTimeDiffers),
        "direction" => Some(NotCompared::DirectionDiffers),
        _ => None,
    })
}

/// Whether two figures of an indicator can be compared: what is missing of a count is no decrease.
pub fn is_comparable(indicator: &Indicator, now: Covered, then: Covered) -> bool {
    indicator.kind != IndicatorKind::Count || now.is_complete() && then.is_complete()
}

/// What changed from one exact figure to another.
pub fn change(indicator: &Indicator, then: &BigRational, now: &BigRational) -> Change {
    let difference = now - then;
    let relative = indicator.kind == IndicatorKind::Count && !then.is_zero();
    let tendency = match (difference.cmp(&BigRational::zero()), indicator.direction) {
        (Ordering::Equal, _) => Tendency::Same,
        (Ordering::Greater, Direction::Up) | (Ordering::Less, Direction::Down) => Tendency::Better,
        _ => Tendency::Worse,
    };
    let percent = relative.then(|| &difference / then * ratio(100, 1));
    Change { difference, percent, tendency }
}

/// A difference of two exact figures as people read it, never as none where there is one.
pub fn difference_shown(indicator: &Indicator, difference: &BigRational) -> String {
    let digits = match indicator.kind {
        IndicatorKind::Ratio | IndicatorKind::Index => 2,
        IndicatorKind::Count => indicator.decimals(),
        IndicatorKind::Level | IndicatorKind::Rank => 0,
    };
    apart_from_zero(difference, digits)
}

pub(super) fn apart_from_zero(exact: &BigRational, digits: u32) -> String {
    shown(exact, digits, |shown| shown.is_zero() != exact.is_zero())
}
