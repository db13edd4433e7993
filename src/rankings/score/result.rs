//! What scoring gives: points, how they were scaled, or why there are none. PURE.

use num_traits::{Signed, Zero};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::{BigRational, Fraction},
    movements::plan::Criterion,
    rankings::{conditions::ConditionFigures, figures::CriterionScore},
};

/// The points of an eligible candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub group: String,
    pub criteria: Vec<CriterionScore>,
    pub scale: Option<Scale>,
    /// Total before the floor at 0.
    pub before_floor: BigRational,
}

/// A total scaled up because criteria were dropped: by full maximum / remaining maximum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingScale)]
pub struct Scale {
    pub full_max: Fraction,
    /// Above 0.
    pub remaining_max: Fraction,
    pub dropped: Vec<String>,
}

/// Why a candidate is not ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IneligibleReason)]
pub struct Reason {
    pub code: ReasonCode,
    pub criterion: Option<String>,
    /// For `no_data`: the indicators without data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
    /// For `not_eligible`, and for `gate_failed` of a gate that the service answers: what was asked and found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<ConditionFigures>,
    /// For `dossier_incomplete`: whether the council votes anew, for a member whose secret ballot was disclosed is recused.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub anew: bool,
}

/// Why a candidate is not ranked, as a code.
///
/// - `held`: The nomination is on hold; the reason is in the inputs, for roles that judge.
/// - `achievement_not_counted`: Discipline lasts beyond the run's instant: no achievement counts yet.
/// - `no_criteria`: No group of the award fits, or it has no criteria.
/// - `dossier_incomplete`: A counting criterion is unscored, or has too few ballots.
/// - `not_eligible`: The award's `eligible` does not hold.
/// - `no_data`: No data for a criterion with `missing: ineligible`; without a criterion: all criteria were dropped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = IneligibleCode)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    Held,
    AchievementNotCounted,
    NoCriteria,
    GateFailed,
    GateUnanswered,
    DossierIncomplete,
    NoData,
    NotEligible,
}

impl Reason {
    pub(in crate::rankings) fn new(code: ReasonCode, criterion: Option<&Criterion>) -> Self {
        let criterion = criterion.map(|criterion| criterion.code.clone());
        Self { code, criterion, indicators: Vec::new(), condition: None, anew: false }
    }
}

impl Score {
    /// Σ points of the maximum × scale + bonus − penalty, never below 0.
    pub fn total(&self) -> BigRational {
        if self.before_floor.is_negative() { BigRational::zero() } else { self.before_floor.clone() }
    }
}

impl Scale {
    /// Full maximum / remaining maximum.
    pub fn factor(&self) -> BigRational {
        &self.full_max.0 / &self.remaining_max.0
    }
}
