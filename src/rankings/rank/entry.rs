//! What a run says: its entries, its line, and who is not ranked. The JSON is the API's. PURE.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::Fraction,
    movements::plan::{Blocks, CandidateKind},
    rankings::{
        conditions::ConditionFigures,
        figures::CriterionScore,
        inputs::Candidate,
        score::{Reason, Scale},
    },
};

/// The name of the first step of every comparison.
pub const TOTAL: &str = "total";

/// The computed list. It is advice: it chooses nobody, and none of the candidates tied across the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Output {
    pub quota: u32,
    pub blocks: Blocks,
    /// Null if all fit, none can, or the line is left to people.
    pub line: Option<Line>,
    /// Block by block (one without `by_group`), best first.
    pub entries: Vec<Entry>,
    pub ineligible: Vec<Ineligible>,
}

/// The last place within the quota: the mark for the entries behind it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingLine)]
pub struct Line {
    /// Displayed, half-up to 2 decimals, or to as many as keep it from contradicting the order and the class.
    pub total: String,
    pub total_exact: Fraction,
    /// The least exact total that equals the line, never below 0: below `total_exact` if rounded totals are compared.
    pub reach: Fraction,
    pub compared: Vec<Step>,
    /// Several if tied.
    pub held_by: Vec<CandidateRef>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingCandidate)]
pub struct CandidateRef {
    pub kind: CandidateKind,
    pub code: String,
    pub name: String,
}

/// One ranked candidate, with everything that determines its rank.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingEntry)]
pub struct Entry {
    /// From 1, within its block; ties share a rank and the next is skipped.
    pub rank: usize,
    pub tied: bool,
    pub group: String,
    pub candidate: CandidateRef,
    /// Displayed, half-up to 2 decimals, or to as many as keep it from contradicting the order and the class.
    pub total: String,
    pub total_exact: Fraction,
    /// The best class whose bound the compared total reaches and whose condition holds.
    pub class: Option<String>,
    /// The conditions of the classes that the total reaches, down to its own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<ClassFigures>,
    /// What the award asks of whoever is ranked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eligible: Option<ConditionFigures>,
    /// Codes of the checks without an answer, for which no condition holds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unanswered: Vec<String>,
    /// Null: left to people (`by_group`).
    pub standing: Option<Standing>,
    pub criteria: Vec<CriterionScore>,
    /// Present if criteria were dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// The sum below 0, if the total was raised to 0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_floor: Option<Fraction>,
    /// The compared figures, in order; more is better.
    pub compared: Vec<Step>,
    /// The step that placed it behind the next better rank.
    pub separated_by: Option<String>,
    /// Points missing to equal the line, rounded up at 8 decimals; at equal totals the tie-breakers decide. Null for an
    /// entry within the line, and without a line.
    pub to_reach_quota: Option<String>,
}

/// What the condition of a class came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClassFigures {
    pub class: String,
    pub when: ConditionFigures,
}

/// One step of the comparison: `total`, or a tie-breaker as the plan writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingStep)]
pub struct Step {
    pub by: String,
    pub value: Fraction,
}

/// Position of an entry relative to the quota. With `by_group` people split the quota among the groups; the standing is
/// given only if it is the same for every split.
///
/// - `tied_at_cutoff`: The tied candidates do not all fit: none is chosen, people decide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingStanding)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    WithinQuota,
    TiedAtCutoff,
    BelowQuota,
}

/// A candidate that is not ranked, with all reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingIneligible)]
pub struct Ineligible {
    pub candidate: CandidateRef,
    pub reasons: Vec<Reason>,
}

impl From<&Candidate> for CandidateRef {
    fn from(candidate: &Candidate) -> Self {
        Self { kind: candidate.kind, code: candidate.code.clone(), name: candidate.name.clone() }
    }
}

impl CandidateRef {
    /// By name, then code: an order for reading, which decides nothing.
    pub(in crate::rankings) fn shown_before(&self, other: &Self) -> Ordering {
        (&self.name, &self.code).cmp(&(&other.name, &other.code))
    }
}

/// The step that parts two lists of compared figures; `None` where they are level.
pub fn first_difference(a: &[Step], b: &[Step]) -> Option<String> {
    a.iter().zip(b).find(|(a, b)| a.value != b.value).map(|(step, _)| step.by.clone())
}
