//! What a run says: its entries, its line, and who is not ranked. The JSON is the API's. PURE.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{firm::EntryRobustness, quota::ShareFigures};
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
    /// Of all groups together.
    pub quota: u32,
    /// How the quota came to be, where it is a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub share: Option<ShareFigures>,
    pub blocks: Blocks,
    /// Null if all fit, none can, the line is left to people, or each group has its own.
    pub line: Option<Line>,
    /// Where groups have quotas of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_lines: Vec<GroupLine>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pool: Option<PoolFigures>,
    /// Block by block (one without `by_group`), best first.
    pub entries: Vec<Entry>,
    pub ineligible: Vec<Ineligible>,
}

impl Output {
    /// The line that entries of a group are held against.
    pub fn line_of(&self, group: &str) -> Option<&Line> {
        let own = self.group_lines.iter().find(|own| own.group == group);
        own.map_or(self.line.as_ref(), |own| own.line.as_ref())
    }

    /// The quota that entries of a group are held against.
    pub fn quota_of(&self, group: &str) -> u32 {
        let own = self.group_lines.iter().find(|own| own.group == group);
        own.map_or(self.quota, |own| own.quota)
    }

    /// Every line there is.
    pub fn lines_mut(&mut self) -> impl Iterator<Item = &mut Line> {
        self.line.iter_mut().chain(self.group_lines.iter_mut().filter_map(|own| own.line.as_mut()))
    }
}

/// The quota of a group, and its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GroupLine {
    pub group: String,
    pub quota: u32,
    pub line: Option<Line>,
}

/// Awards that share the limit of a unit. People choose between them: each ranking shows whom it would take.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PoolFigures {
    pub code: String,
    pub per_unit: Option<u32>,
    /// Codes of the other awards.
    pub awards: Vec<String>,
    pub units: Vec<PooledUnit>,
}

/// A unit, and how many of it are within the quota or tied at the cut-off.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PooledUnit {
    pub unit: String,
    pub within: u32,
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
    /// Code of the place (giải); of those tied at its edge, the better one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
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
    /// Where draws of other weights put it; in the view of a run alone, never frozen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub robustness: Option<EntryRobustness>,
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
    /// Null: an indicator without a figure, which stands behind every figure; of `female_first` that it decides nothing,
    /// for of somebody level so far the fact is absent.
    pub value: Option<Fraction>,
}

/// Position of an entry relative to the quota. With `by_group` people split the quota among the groups; the standing is
/// given only if it is the same for every split.
///
/// - `tied_at_cutoff`: The tied candidates do not all fit (the quota, the limit of their unit, or their place): none is
///   chosen, people decide.
/// - `over_unit_limit`: As many of the unit as the award takes stand before it; the next one moves up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingStanding)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    WithinQuota,
    TiedAtCutoff,
    BelowQuota,
    OverUnitLimit,
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
