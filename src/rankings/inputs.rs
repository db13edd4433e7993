//! The frozen inputs of a run: the rules and the facts, and nothing else. They are sufficient to repeat the ranking
//! with the same output: no clock, no database and no later correction has influence. PURE.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{
    exact::{Decimal, Fraction},
    movements::plan::{Award, CandidateKind, Group, IndicatorKind, Stage},
    progress::{Aim, Verdict},
    quantity::Quantity,
};

/// All inputs of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inputs {
    pub locality: String,
    pub movement: String,
    pub plan_version: u32,
    /// The state as of this instant.
    pub as_of: DateTime<Utc>,
    /// The award with its quota, its method, its classes and its council.
    pub award: Award,
    /// The groups of the award, with their criteria.
    pub groups: Vec<Group>,
    pub candidates: Vec<Candidate>,
    /// What figures are read against.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yardsticks: Vec<Yardstick>,
    /// How many units the award's groups have, where the quota is a share of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units: Option<u64>,
    /// Codes of the awards that share a limit of a unit with this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pooled: Vec<String>,
}

/// The figures of a group that a criterion's scale reads those of its candidates against: of its units, nominated or not,
/// or the published one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yardstick {
    pub group: String,
    pub criterion: String,
    pub figures: Vec<UnitFigure>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnitFigure {
    /// The unit's code; none for a published figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// In percent of the target, where the scale reads it so.
    pub figure: Fraction,
}

/// One nomination, as of the run's instant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Candidate {
    pub kind: CandidateKind,
    /// A unit's code, or the id of a person or a household.
    pub code: String,
    /// As it was at the time; stored apart from frozen inputs, see [`Texts`](super::Texts).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// `None`: no group of the award fits.
    pub group: Option<String>,
    /// A person's unit at the cut, or the unit that a household lives in; a resident has none.
    pub unit: Option<String>,
    /// Why the candidate is on hold (disciplinary case, inspection or complaint pending); the text is not frozen.
    pub held: Option<String>,
    /// Does the work directly: a fact that the agency confirmed; persons only.
    pub direct_work: bool,
    /// The share of women, a fact that the agency confirmed: of a person 1 or 0, of a unit or a household of its members.
    /// `None`: unknown, which is not «no».
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub women: Option<Fraction>,
    /// Achievements count from this day on, for discipline ended before it; a fact that the agency confirmed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub achievement_from: Option<NaiveDate>,
    /// What the candidate's own unit owes, not its subtree.
    pub attained: Vec<Attained>,
    /// Recognised ones only.
    pub initiatives: Vec<Initiative>,
    pub reporting: Reports,
    /// Where a condition asks for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answered: Option<Answered>,
    pub assessments: Vec<Assessment>,
    /// Members of the council who do not judge it: their ballots are not among the assessments.
    #[serde(default, skip_serializing_if = "is_nobody")]
    pub recused: u32,
    /// Criteria on which the council votes anew, for a member whose secret ballot was disclosed is recused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anew: Vec<String>,
}

fn is_nobody(count: &u32) -> bool {
    *count == 0
}

impl Candidate {
    /// The code of the unit that reports for it: that it is or belongs to. A resident and a household have none.
    pub fn own_unit(&self) -> Option<&str> {
        self.home().filter(|_| self.kind != CandidateKind::Household)
    }

    /// The code of the unit that it is, belongs to or lives in.
    pub fn home(&self) -> Option<&str> {
        match self.kind {
            CandidateKind::Unit => Some(&self.code),
            CandidateKind::Person | CandidateKind::Household => self.unit.as_deref(),
        }
    }
}

/// What the candidate's unit owed to the cut, an indicator for a period each, and has answered in approved reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    pub answered: u64,
    pub owed: u64,
}

/// One indicator of the candidate's own unit against its target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attained {
    /// The span judged, as the criterion names it.
    pub period: Option<String>,
    pub indicator: String,
    pub verdict: Verdict,
    /// From 0 to 1 of the target. A `met` counts 1 in any case.
    pub attainment: Option<Fraction>,
    /// The figures as shown; they take no part in the points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Quantity>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// The exact figure (of a ratio in percent), where a scale reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub figure: Option<Fraction>,
    /// What it was held against, where the plan has a table of targets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aim: Option<Aim>,
    /// The number to reach, where a scale reads the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Fraction>,
    /// Of the indicator, where a scale reads the figure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<IndicatorKind>,
    /// Of the indicator, where a scale reads the figure and it has any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    /// Of an indicator that parts equals.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub less_is_better: bool,
}

/// A recognised initiative (sáng kiến); a joint one counts in full for each owner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Initiative {
    pub id: Uuid,
    /// Stored apart from frozen inputs, as is an assessment's comment.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The level of recognition, as the criterion's `points` names it.
    pub level: String,
    /// The day of its recognition; runs from before criteria had days of their own have none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recognised_on: Option<NaiveDate>,
    /// The award that it serves already, of another form or movement, as `movements/…/awards/…`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serves: Option<String>,
}

/// Reports due by the cut, and how many of them came in time or were excused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reports {
    pub due: u32,
    pub on_time: u32,
    pub excused: u32,
}

/// One answer on one criterion: `points`, or `passed` for a gate. One per criterion for the self-score and for the
/// appraisal; one per member for the council.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assessment {
    pub criterion: String,
    pub stage: Stage,
    pub assessor: String,
    /// Zero is a score, `None` is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub points: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub passed: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// An appraisal that was sent back for correction, and not given anew.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub sent_back: bool,
}

impl Inputs {
    /// The facts in a fixed order, so that equal facts have equal bytes.
    pub fn in_order(mut self) -> Self {
        self.candidates.sort_by(|a, b| (a.kind, &a.code).cmp(&(b.kind, &b.code)));
        for candidate in &mut self.candidates {
            candidate.attained.sort_by(|a, b| (&a.period, &a.indicator).cmp(&(&b.period, &b.indicator)));
            candidate.initiatives.sort_by_key(|initiative| initiative.id);
            candidate
                .assessments
                .sort_by(|a, b| (&a.criterion, a.stage, &a.assessor).cmp(&(&b.criterion, b.stage, &b.assessor)));
        }
        self.yardsticks.sort_by(|a, b| (&a.group, &a.criterion).cmp(&(&b.group, &b.criterion)));
        for yardstick in &mut self.yardsticks {
            yardstick.figures.sort_by(|a, b| a.unit.cmp(&b.unit));
        }
        self
    }

    /// The group whose criteria judge the candidate; `None` where no group of the award fits or it has no criteria.
    pub(super) fn group_of(&self, candidate: &Candidate) -> Option<&Group> {
        let code = candidate.group.as_ref().filter(|code| self.award.groups.contains(code))?;
        self.groups.iter().find(|group| group.code == *code && !group.criteria.is_empty())
    }
}
