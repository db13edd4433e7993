//! The points of one criterion with the figures behind them: what an entry shows, so that anyone can add it up
//! again. PURE.

use num_traits::Zero;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    exact::{BigRational, Decimal, Fraction, half_up},
    movements::plan::{Combine, Criterion, CriterionKind, Stage},
    progress::Verdict,
    whole::{self, Whole},
};

/// One criterion of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CriterionScore {
    pub code: String,
    /// Displayed points, half-up to 2 decimals, or to as many as keep them apart from 0, from the maximum and from those of a
    /// neighbour behind whom they put the candidate. Null for a gate and for a dropped criterion; a penalty's are positive.
    pub points: Option<String>,
    pub points_exact: Option<Fraction>,
    /// Maximum points; for `bonus` and `penalty` the bound.
    pub max: Option<Decimal>,
    /// The criterion had nothing to judge and was dropped: the other criteria carry its weight.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub dropped: bool,
    #[serde(flatten)]
    pub figures: Figures,
}

/// The figures behind the points, by the criterion's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Figures {
    Gate(GateFigures),
    Indicators(IndicatorFigures),
    Assessed(AssessedFigures),
    Initiatives(InitiativeFigures),
    Reporting(ReportingFigures),
    Bonus(AssessedFigures),
    Penalty(AssessedFigures),
}

/// A passed gate; a candidate with a failed gate has no entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GateFigures {
    pub passed: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// `max` × Σ weight × attainment / Σ weight over the counted indicators.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct IndicatorFigures {
    /// Σ weight × attainment / Σ weight; null if nothing was counted.
    pub attainment: Option<Fraction>,
    pub counted: Vec<CountedIndicator>,
    pub excluded: Vec<ExcludedIndicator>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountedIndicator {
    pub indicator: String,
    pub verdict: Verdict,
    pub weight: Decimal,
    pub attainment: Fraction,
    #[serde(default, with = "whole", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Whole>)]
    pub numerator: Option<i128>,
    #[serde(default, with = "whole", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Whole>)]
    pub denominator: Option<i128>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExcludedIndicator {
    pub indicator: String,
    pub why: Excluded,
}

/// Why an indicator is excluded; the others share its weight.
///
/// - `no_weight`: Its weight in the criterion is 0.
/// - `no_data`: No data, and the criterion has `missing: exclude`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Excluded {
    NoWeight,
    NoneArose,
    NotApplicable,
    NotEvaluable,
    NoData,
}

/// Points given by people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AssessedFigures {
    /// The stage that counts.
    pub from: Stage,
    /// The candidate's claimed score (điểm đề xuất).
    pub self_points: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The council's ballots; no names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ballots: Option<Ballots>,
    /// The points given, if the bound of a bonus or penalty reduced them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncapped: Option<Fraction>,
}

/// The ballots on one criterion, lowest first, and those that the mean includes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ballots {
    pub combine: Combine,
    pub cast: Vec<Decimal>,
    pub counted: Vec<Decimal>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InitiativeFigures {
    pub initiatives: Vec<CountedInitiative>,
    /// The sum, if the criterion's maximum reduced it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncapped: Option<Fraction>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountedInitiative {
    pub id: Uuid,
    pub title: String,
    pub level: String,
    /// Null: the criterion has no points for this level, so it counts 0.
    pub points: Option<Decimal>,
}

/// `max` × (on time + excused) / due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReportingFigures {
    pub due: u32,
    pub on_time: u32,
    pub excused: u32,
}

impl CriterionScore {
    pub(super) fn new(criterion: &Criterion, points: Option<BigRational>, figures: Figures) -> Self {
        Self {
            code: criterion.code.clone(),
            points: points.as_ref().map(|points| half_up(points, 2)),
            dropped: points.is_none() && figures.kind() != CriterionKind::Gate,
            points_exact: points.map(Fraction),
            max: criterion.max,
            figures,
        }
    }

    pub fn kind(&self) -> CriterionKind {
        self.figures.kind()
    }

    /// Whether the criterion is part of the maximum that all groups of an award share.
    pub fn within_maximum(&self) -> bool {
        !matches!(self.kind(), CriterionKind::Gate | CriterionKind::Bonus | CriterionKind::Penalty)
    }

    /// The points as they speak for the candidate: a penalty's against, an absent one's not at all.
    pub fn in_favour(&self) -> BigRational {
        let points = self.points_exact.as_ref().map_or_else(BigRational::zero, |points| points.0.clone());
        if self.kind() == CriterionKind::Penalty { -points } else { points }
    }
}

impl Figures {
    pub fn kind(&self) -> CriterionKind {
        match self {
            Self::Gate(_) => CriterionKind::Gate,
            Self::Indicators(_) => CriterionKind::Indicators,
            Self::Assessed(_) => CriterionKind::Assessed,
            Self::Initiatives(_) => CriterionKind::Initiatives,
            Self::Reporting(_) => CriterionKind::Reporting,
            Self::Bonus(_) => CriterionKind::Bonus,
            Self::Penalty(_) => CriterionKind::Penalty,
        }
    }
}
