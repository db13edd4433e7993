//! A progress figure: one indicator over a scope and a span, as in the JSON of the API. The caller adds what it alone
//! knows: the indicator's name, the scope, the plan version. PURE.
//!
//! Sums are 128-bit, so they cannot overflow (that takes 2^74 slots of the largest value), and are never rounded or
//! capped: [`Whole`] writes them as every reader of JSON keeps them.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{targets::Aim, verdict::Verdict};
use crate::{
    exact::{BigRational, Decimal, ratio},
    movements::plan::{Indicator, IndicatorKind},
    quantity::Quantity,
};

/// One indicator over a scope and a span.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figure {
    /// The indicator's code.
    pub indicator: String,
    pub kind: IndicatorKind,
    /// Unit of measure of `value`, as in the plan.
    pub unit: Option<String>,
    /// First and last day, inclusive; null for an empty span.
    pub covers: Option<Covers>,
    #[serde(flatten)]
    pub whole: Standing,
    /// Whether the parts by unit, period or field add up to this.
    pub additive: bool,
    /// Stocks whose newest answer is from an earlier period than the span's last; by unit, then day.
    pub stale: Vec<Stale>,
    pub coverage: Coverage,
    #[serde(default)]
    pub fields: Vec<FieldStanding>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Covers {
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// The numbers and the verdict of a whole or a field. Numbers are absent if nothing was answered: missing is never
/// zero. `none_arose` alone is 0/0, or a count of 0.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Standing {
    #[serde(default)]
    pub numerator: Option<Quantity>,
    #[serde(default)]
    pub denominator: Option<Quantity>,
    #[serde(default)]
    pub count: Option<Quantity>,
    /// The worst level reported.
    #[serde(default)]
    pub level: Option<String>,
    /// How many units report each level, worst first; every level of the plan.
    #[serde(default)]
    pub levels: Vec<LevelCount>,
    /// The index exactly as the issuing authority gave it; the worst if several units report one.
    #[serde(default)]
    pub index: Option<Decimal>,
    /// The rank as given; the worst of several.
    #[serde(default)]
    pub rank: Option<i64>,
    #[serde(default)]
    pub population: Option<i64>,
    /// The displayed figure: percent for a ratio; null for a level.
    pub value: Option<String>,
    /// Null where this is not judged separately: a pool of fields judged each, or a field of a judged pool.
    pub target: Option<Aim>,
    /// All targets, oldest first, if an amendment changed the target inside the span. The last one judges.
    #[serde(default)]
    pub targets: Vec<Aim>,
    pub verdict: Verdict,
    /// The least number of missing cases (ratio, count); null if no number of cases reaches the target, and where less is
    /// better.
    pub missing_to_target: Option<Quantity>,
    /// Where less is better, the least number of cases that are too many (ratio, count); absent if none suffices.
    #[serde(default)]
    pub excess_over_target: Option<Quantity>,
    /// Whether any part is an estimate (ước thực hiện).
    pub estimated: bool,
}

/// The exact figure of a standing's numbers: percent, a count, a level's position from 0, an index, a rank.
pub fn exact(standing: &Standing, indicator: &Indicator) -> Option<BigRational> {
    match indicator.kind {
        IndicatorKind::Ratio => {
            let (n, d) = (standing.numerator?.units(), standing.denominator.map(Quantity::units).filter(|d| *d != 0)?);
            Some(ratio(n, d) * ratio(100, 1))
        }
        IndicatorKind::Count => standing.count.map(Quantity::exact),
        IndicatorKind::Level => {
            let level = standing.level.as_ref()?;
            Some(ratio(indicator.levels.iter().position(|known| known == level)?, 1))
        }
        IndicatorKind::Index => standing.index.map(BigRational::from),
        IndicatorKind::Rank => Some(ratio(standing.rank?, 1)),
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct FieldStanding {
    /// The field's code.
    pub field: String,
    #[serde(flatten)]
    pub standing: Standing,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LevelCount {
    pub level: String,
    pub units: u64,
}

/// Coverage of the owed answers, in slots (owing unit × reporting period): `expected` = `reported` + the slots of
/// `missing`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Coverage {
    pub expected: u64,
    /// Slots with a complete answer, in one of the three answered states.
    pub reported: u64,
    /// Of those reported.
    pub approved: u64,
    /// Of those reported.
    pub late: u64,
    /// Reported slots where nothing arose in any field.
    pub none_arose: u64,
    /// Reported slots where the indicator applies in no field.
    pub not_applicable: u64,
    /// By unit code; periods in order.
    pub missing: Vec<Missing>,
}

/// Missing reports of one unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = MissingReports)]
pub struct Missing {
    pub unit: String,
    pub unit_name: String,
    pub periods: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Stale {
    pub unit: String,
    pub unit_name: String,
    pub period: String,
}
