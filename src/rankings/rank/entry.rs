//! What a run says: its entries, its line, and who is not ranked. The JSON is the API's. PURE.

use std::cmp::Ordering;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    exact::Fraction,
    movements::plan::{Blocks, CandidateKind},
    rankings::{
        figures::CriterionScore,
        inputs::Candidate,
        score::{Reason, Scale},
    },
};

/// The name of the first step of every comparison.
pub const TOTAL: &str = "total";

/// The machine's list. It advises: nobody is chosen by it, and none of those tied across the line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingOutput")]
pub struct Output {
    pub quota: u32,
    pub blocks: Blocks,
    /// `None` where everybody fits, nobody can, or the line is left to people.
    pub line: Option<Line>,
    /// Block by block (with `by_group`, else one), best first.
    pub entries: Vec<Entry>,
    pub ineligible: Vec<Ineligible>,
}

/// The last place within the quota: what those behind it have to reach.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingLine")]
pub struct Line {
    /// Half-up to 2 decimals, for people.
    pub total: String,
    pub total_exact: Fraction,
    /// The least exact total that is level with the line: below `total_exact` where rounded totals are compared.
    pub reach: Fraction,
    pub compared: Vec<Step>,
    /// Several when tied.
    pub held_by: Vec<CandidateRef>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingCandidate")]
pub struct CandidateRef {
    pub kind: CandidateKind,
    pub code: String,
    pub name: String,
}

/// One ranked candidate, with everything that its place follows from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingEntry")]
pub struct Entry {
    /// From 1, within its block; equals share it and the next is skipped.
    pub rank: usize,
    pub tied: bool,
    pub group: String,
    pub candidate: CandidateRef,
    /// Half-up to 2 decimals, for people.
    pub total: String,
    pub total_exact: Fraction,
    /// By the compared total.
    pub class: Option<String>,
    /// `None`: left to people (`by_group`).
    pub standing: Option<Standing>,
    pub criteria: Vec<CriterionScore>,
    /// Where criteria were dropped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
    /// The sum below 0 that the total of 0 stands for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before_floor: Option<Fraction>,
    /// What it was compared on, in this order, more being better.
    pub compared: Vec<Step>,
    /// The step that put it behind the next better rank.
    pub separated_by: Option<String>,
    /// Points of the total that it lacks to be level with the line, rounded up at 8 decimals; level is not past it,
    /// there the tie-breakers decide. `None` for who is within, and where there is no line.
    pub to_reach_quota: Option<String>,
}

/// One step of the comparison: `total`, or a tie-breaker as the plan writes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingStep")]
pub struct Step {
    pub by: String,
    pub value: Fraction,
}

/// Where an entry stands to the quota. With `by_group` people split the one quota among the groups; an entry then has
/// the standing that it has however they split it, and none where that depends on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingStanding")]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    WithinQuota,
    /// Its equals do not all fit: none of them is chosen, people decide.
    TiedAtCutoff,
    BelowQuota,
}

/// A candidate that is not ranked, and every reason why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingIneligible")]
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
    /// By name, then code: an order to read by, which decides nothing.
    pub(in crate::rankings) fn shown_before(&self, other: &Self) -> Ordering {
        (&self.name, &self.code).cmp(&(&other.name, &other.code))
    }
}

/// The step that parts two lists of compared figures; `None` where they are level.
pub fn first_difference(a: &[Step], b: &[Step]) -> Option<String> {
    a.iter().zip(b).find(|(a, b)| a.value != b.value).map(|(step, _)| step.by.clone())
}
