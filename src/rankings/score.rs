//! One candidate's points, criterion by criterion, or every reason why there are none. Points are taken as given:
//! that nobody gives more than a criterion's maximum is checked where they are entered.

mod assessed;
mod indicators;

use num_traits::{One, Zero};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    figures::{CountedInitiative, CriterionScore, Figures, GateFigures, InitiativeFigures, ReportingFigures},
    inputs::{Assessment, Candidate, Inputs},
};
use crate::{
    exact::{BigRational, Fraction, ratio},
    movements::plan::{Criterion, CriterionKind, Stage},
};

/// The points of an eligible candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Score {
    pub group: String,
    pub criteria: Vec<CriterionScore>,
    pub scale: Option<Scale>,
    /// Before the rule that a total is never below 0.
    pub before_floor: BigRational,
}

/// A total scaled up because criteria were dropped: by full maximum / remaining maximum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "RankingScale")]
pub struct Scale {
    pub full_max: Fraction,
    /// Above 0.
    pub remaining_max: Fraction,
    pub dropped: Vec<String>,
}

/// Why a candidate is not ranked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "IneligibleReason")]
pub struct Reason {
    pub code: ReasonCode,
    pub criterion: Option<String>,
    /// `no_data`: the indicators without data.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub indicators: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(rename = "IneligibleCode")]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// A hold stands; its reason is in the inputs, for those who may know it.
    Held,
    /// No group of the award fits, or it has no criteria.
    NoCriteria,
    GateFailed,
    GateUnanswered,
    /// A criterion that counts is unscored, or has too few ballots.
    DossierIncomplete,
    /// No data where the criterion says `missing: ineligible`; without a criterion: every criterion was dropped.
    NoData,
}

impl Reason {
    fn new(code: ReasonCode, criterion: Option<&Criterion>) -> Self {
        Self { code, criterion: criterion.map(|criterion| criterion.code.clone()), indicators: Vec::new() }
    }
}

impl Score {
    /// Σ points of the maximum × scale + bonus − penalty, never below 0.
    pub fn total(&self) -> BigRational {
        self.before_floor.clone().max(BigRational::zero())
    }
}

impl Scale {
    /// Full maximum / remaining maximum.
    pub fn factor(&self) -> BigRational {
        &self.full_max.0 / &self.remaining_max.0
    }
}

/// The candidate's points, or all reasons why it is not ranked.
pub fn score(inputs: &Inputs, candidate: &Candidate) -> Result<Score, Vec<Reason>> {
    let mut reasons: Vec<Reason> = candidate.held.iter().map(|_| Reason::new(ReasonCode::Held, None)).collect();
    let Some(group) = inputs.group_of(candidate) else {
        reasons.push(Reason::new(ReasonCode::NoCriteria, None));
        return Err(reasons);
    };
    let mut criteria = Vec::new();
    for criterion in &group.criteria {
        match judge(inputs, candidate, criterion) {
            Ok(judged) => criteria.push(judged),
            Err(reason) => reasons.push(reason),
        }
    }
    if !reasons.is_empty() {
        return Err(reasons);
    }
    let scale = scale(&criteria).map_err(|nothing_left| vec![nothing_left])?;
    let before_floor = criteria.iter().map(|criterion| weighed(criterion, scale.as_ref())).sum();
    Ok(Score { group: group.code.clone(), criteria, scale, before_floor })
}

/// What a criterion adds to the total (a penalty takes away). Bonus and penalty stand outside the maximum, so they
/// are not scaled with it.
pub(super) fn weighed(criterion: &CriterionScore, scale: Option<&Scale>) -> BigRational {
    let factor = scale.filter(|_| criterion.within_maximum()).map_or_else(BigRational::one, Scale::factor);
    criterion.in_favour() * factor
}

/// How the remaining criteria make up for the dropped ones; an error where none remains.
fn scale(criteria: &[CriterionScore]) -> Result<Option<Scale>, Reason> {
    let max_of = |kept: &dyn Fn(&CriterionScore) -> bool| -> BigRational {
        criteria.iter().filter(|c| c.within_maximum() && kept(c)).filter_map(|c| c.max).map(BigRational::from).sum()
    };
    let dropped: Vec<_> = criteria.iter().filter(|c| c.dropped).map(|c| c.code.clone()).collect();
    let (full, remaining) = (max_of(&|_| true), max_of(&|c| !c.dropped));
    match (dropped.is_empty(), remaining.is_zero()) {
        (true, _) => Ok(None),
        (false, true) => Err(Reason::new(ReasonCode::NoData, None)),
        (false, false) => Ok(Some(Scale { full_max: Fraction(full), remaining_max: Fraction(remaining), dropped })),
    }
}

fn judge(inputs: &Inputs, candidate: &Candidate, criterion: &Criterion) -> Result<CriterionScore, Reason> {
    match criterion.kind {
        CriterionKind::Gate => gate(candidate, criterion),
        CriterionKind::Indicators => indicators::judge(candidate, criterion),
        CriterionKind::Assessed => assessed::judge(inputs.award.council.as_ref(), candidate, criterion),
        CriterionKind::Initiatives => Ok(initiatives(candidate, criterion)),
        CriterionKind::Reporting => Ok(reporting(candidate, criterion)),
        CriterionKind::Bonus | CriterionKind::Penalty => {
            Ok(assessed::extra(inputs.award.council.as_ref(), candidate, criterion))
        }
    }
}

fn gate(candidate: &Candidate, criterion: &Criterion) -> Result<CriterionScore, Reason> {
    if answers(candidate, criterion, Stage::Appraisal).any(|answer| answer.passed == Some(false)) {
        return Err(Reason::new(ReasonCode::GateFailed, Some(criterion)));
    }
    let passed = the_answer(candidate, criterion, Stage::Appraisal).filter(|answer| answer.passed == Some(true));
    let answer = passed.ok_or_else(|| Reason::new(ReasonCode::GateUnanswered, Some(criterion)))?;
    let figures = GateFigures { passed: true, comment: answer.comment.clone() };
    Ok(CriterionScore::new(criterion, None, Figures::Gate(figures)))
}

/// Points by level of recognition, capped at the maximum.
fn initiatives(candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let points_of = |level: &str| criterion.points.get(level).copied();
    let mut initiatives: Vec<_> = candidate
        .initiatives
        .iter()
        .map(|one| CountedInitiative {
            id: one.id,
            title: one.title.clone(),
            level: one.level.clone(),
            points: points_of(&one.level),
        })
        .collect();
    initiatives.sort_by_key(|one| one.id);
    let sum = initiatives.iter().filter_map(|one| one.points).map(BigRational::from).sum();
    let (points, uncapped) = capped(sum, criterion);
    CriterionScore::new(criterion, Some(points), Figures::Initiatives(InitiativeFigures { initiatives, uncapped }))
}

/// Nothing due is nothing to judge: the criterion is dropped.
fn reporting(candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let reports = candidate.reporting;
    let in_order = u64::from(reports.on_time) + u64::from(reports.excused);
    let points = (reports.due > 0).then(|| max_of(criterion) * ratio(in_order, reports.due));
    let figures = ReportingFigures { due: reports.due, on_time: reports.on_time, excused: reports.excused };
    CriterionScore::new(criterion, points, Figures::Reporting(figures))
}

/// Lint refuses a criterion of points without a maximum; should one come here, it is worth nothing.
fn max_of(criterion: &Criterion) -> BigRational {
    criterion.max.map_or_else(BigRational::zero, BigRational::from)
}

/// The points within the maximum, and what they were where it cut them.
fn capped(points: BigRational, criterion: &Criterion) -> (BigRational, Option<Fraction>) {
    let max = max_of(criterion);
    if points > max { (max, Some(Fraction(points))) } else { (points, None) }
}

fn answers<'a>(
    candidate: &'a Candidate,
    criterion: &'a Criterion,
    stage: Stage,
) -> impl Iterator<Item = &'a Assessment> {
    candidate.assessments.iter().filter(move |one| one.stage == stage && one.criterion == criterion.code)
}

/// The one answer of a stage that answers once. Two would contradict each other, and neither is preferred: no answer.
fn the_answer<'a>(candidate: &'a Candidate, criterion: &'a Criterion, stage: Stage) -> Option<&'a Assessment> {
    let mut all = answers(candidate, criterion, stage);
    all.next().filter(|_| all.next().is_none())
}
