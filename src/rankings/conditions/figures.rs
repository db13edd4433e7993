//! What a condition came to, with the figure that each atom was decided on. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::{Decimal, Fraction},
    movements::plan::Comparator,
    progress::Verdict,
    quantity::Quantity,
};

/// A condition and whether it holds; one that is a single atom has one part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ConditionFigures {
    pub holds: bool,
    pub of: Quantifier,
    pub parts: Vec<PartFigures>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PartFigures {
    pub holds: bool,
    pub of: Quantifier,
    pub atoms: Vec<AtomFigures>,
}

/// How many of the parts must hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Quantifier {
    All,
    Any,
}

impl Quantifier {
    pub fn holds(self, mut parts: impl Iterator<Item = bool>) -> bool {
        match self {
            Self::All => parts.all(|holds| holds),
            Self::Any => parts.any(|holds| holds),
        }
    }
}

/// One thing asked of a candidate: `value` `relation` `limit` reads as a sentence (`97.90 < 98`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AtomFigures {
    pub holds: bool,
    pub about: About,
    /// Of the indicator, the check, the criterion or the class; of `every_criterion` the criterion that decides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Of an indicator; absent for the movement to the cut.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// The verdicts asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub asked: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<Verdict>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
    /// Exact: of a ratio and of `answered_share` in percent. Absent where there is none: then nothing holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Fraction>,
    /// The figure as shown, with as many digits as keep it on its own side of the limits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// How the figure stands to the limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub relation: Option<Comparator>,
    /// The limit that the figure breaks, else the first that it keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<Decimal>,
    /// To a check; absent where it is not answered: then neither yes nor no holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<bool>,
    /// The class that the candidate has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub class: Option<String>,
}

/// What a condition asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ConditionAbout)]
#[serde(rename_all = "snake_case")]
pub enum About {
    Indicator,
    Check,
    Criterion,
    EveryCriterion,
    Total,
    Class,
    AnsweredShare,
    LateReports,
}
