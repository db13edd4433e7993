//! The points of one candidate. PURE.

use chrono::NaiveDate;
use num_traits::One;

use super::{
    answers::{answers, capped, max_of, the_answer},
    assessed,
    centring::Levels,
    conditional,
    headings::Headings,
    indicators, measured,
    result::{Reason, ReasonCode, Scale, Score},
};
use crate::{
    clock::day,
    exact::{self, BigRational, ratio},
    movements::plan::{Criterion, CriterionKind, Group, Span, Stage},
    rankings::{
        figures::{
            CheckAnswer, CountedInitiative, CriterionScore, Figures, GateFigures, InitiativeFigures, PassedOver,
            ReportingFigures, SumFigures,
        },
        inputs::{Candidate, Initiative, Inputs},
    },
};

/// The candidate's points, or all reasons why it is not ranked.
pub fn score(inputs: &Inputs, levels: &Levels, candidate: &Candidate) -> Result<Score, Vec<Reason>> {
    let mut reasons: Vec<Reason> = candidate.held.iter().map(|_| Reason::new(ReasonCode::Held, None)).collect();
    let judged_to = |group: Option<&Group>| {
        let window = group.and_then(|group| group.window.as_ref());
        window.map_or(day(inputs.as_of), |window| window.to.min(day(inputs.as_of)))
    };
    // Discipline that lasts to the end of what is judged leaves no achievement.
    if candidate.achievement_from.is_some_and(|from| from > judged_to(inputs.group_of(candidate))) {
        reasons.push(Reason::new(ReasonCode::AchievementNotCounted, None));
    }
    let Some(group) = inputs.group_of(candidate) else {
        reasons.push(Reason::new(ReasonCode::NoCriteria, None));
        return Err(reasons);
    };
    let mut criteria = Vec::new();
    for criterion in &group.criteria {
        match judge(inputs, levels, candidate, criterion) {
            Ok(judged) => criteria.push(judged),
            Err(reason) => reasons.push(reason),
        }
    }
    reasons.extend(conditional::gates(candidate, &group.criteria, &mut criteria));
    if !reasons.is_empty() {
        return Err(reasons);
    }
    conditional::points(candidate, &group.criteria, &mut criteria);
    let mut headings = Headings { plan: &group.criteria, scores: &mut criteria };
    let scale = headings.settle().map_err(|nothing_left| vec![nothing_left])?;
    let counted = criteria.iter().filter(|criterion| !criterion.is_heading());
    let before_floor = exact::sum(counted.map(|criterion| weighed(criterion, scale.as_ref())));
    Ok(Score { group: group.code.clone(), criteria, scale, before_floor })
}

/// What a criterion adds to the total (a penalty takes away). Bonus and penalty are outside the maximum, so they
/// are not scaled with it.
pub fn weighed(criterion: &CriterionScore, scale: Option<&Scale>) -> BigRational {
    counted(criterion.in_favour(), criterion, scale)
}

/// What points of the criterion come to in the total.
pub fn counted(points: BigRational, criterion: &CriterionScore, scale: Option<&Scale>) -> BigRational {
    let of_total = scale.filter(|_| criterion.within_maximum()).map(Scale::factor);
    let factors = criterion.factor.iter().map(|factor| factor.0.clone()).chain(of_total);
    factors.fold(points, |points, factor| points * factor)
}

/// How often a point of the criterion counts in the total: more than once where something was dropped.
pub fn weight(criterion: &CriterionScore, scale: Option<&Scale>) -> BigRational {
    counted(BigRational::one(), criterion, scale)
}

fn judge(
    inputs: &Inputs,
    levels: &Levels,
    candidate: &Candidate,
    criterion: &Criterion,
) -> Result<CriterionScore, Reason> {
    if is_sent_back(candidate, criterion) {
        return Err(Reason::new(ReasonCode::DossierIncomplete, Some(criterion)));
    }
    if let Some(measure) = criterion.measure() {
        return measured::judge(inputs, candidate, criterion, measure);
    }
    match criterion.kind {
        CriterionKind::Gate if criterion.when.is_some() => {
            Ok(CriterionScore::new(criterion, None, Figures::Gate(GateFigures { passed: true, comment: None })))
        }
        CriterionKind::Gate => gate(candidate, criterion),
        CriterionKind::Check => Ok(check(candidate, criterion)),
        CriterionKind::Indicators => indicators::judge(candidate, criterion),
        CriterionKind::Assessed => assessed::judge(inputs.award.council.as_ref(), levels, candidate, criterion),
        CriterionKind::Initiatives => Ok(initiatives(candidate, criterion)),
        CriterionKind::Reporting => Ok(reporting(candidate, criterion)),
        CriterionKind::Bonus | CriterionKind::Penalty => {
            Ok(assessed::extra(inputs.award.council.as_ref(), levels, candidate, criterion))
        }
        // Lint refuses one without an indicator and a scale; should one come here, there is nothing to read.
        CriterionKind::Measured => Err(Reason::new(ReasonCode::NoData, Some(criterion))),
        // Added up once the others are judged.
        CriterionKind::Sum => Ok(CriterionScore::new(criterion, None, Figures::Sum(SumFigures::default()))),
    }
}

/// Whether the appraisal that counts is in need of correction. Of a penalty, too, nothing is decided before.
fn is_sent_back(candidate: &Candidate, criterion: &Criterion) -> bool {
    let by_appraisal = criterion.from.unwrap_or(Stage::Appraisal) == Stage::Appraisal;
    by_appraisal && the_answer(candidate, criterion, Stage::Appraisal).is_some_and(|answer| answer.sent_back)
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

/// Only conditions ask for it: whoever has no answer yet is ranked all the same.
fn check(candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let answer = the_answer(candidate, criterion, Stage::Appraisal);
    let (passed, comment) = (answer.and_then(|answer| answer.passed), answer.and_then(|answer| answer.comment.clone()));
    CriterionScore::new(criterion, None, Figures::Check(CheckAnswer { passed, comment }))
}

/// Points by level of recognition, capped at the maximum.
fn initiatives(candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let points_of = |level: &str| criterion.points.get(level).copied();
    let mut initiatives: Vec<_> = candidate
        .initiatives
        .iter()
        .map(|one| {
            let passed_over = passed_over(candidate, criterion, one);
            CountedInitiative {
                id: one.id,
                title: one.title.clone(),
                level: one.level.clone(),
                points: points_of(&one.level).filter(|_| passed_over.is_none()),
                passed_over,
                serves: one.serves.clone(),
            }
        })
        .collect();
    initiatives.sort_by_key(|one| one.id);
    let sum = initiatives.iter().filter_map(|one| one.points).map(BigRational::from).sum();
    let (points, uncapped) = capped(sum, criterion);
    CriterionScore::new(criterion, Some(points), Figures::Initiatives(InitiativeFigures { initiatives, uncapped }))
}

/// What serves another award serves no second; then what the days leave out.
fn passed_over(candidate: &Candidate, criterion: &Criterion, one: &Initiative) -> Option<PassedOver> {
    let on = one.recognised_on;
    let outside = |window: &Span| on.is_some_and(|on| on < window.from || on > window.to);
    let before = |from: NaiveDate| on.is_some_and(|on| on < from);
    if one.serves.is_some() {
        Some(PassedOver::ServesAnother)
    } else if candidate.achievement_from.is_some_and(before) {
        Some(PassedOver::BeforeAchievementFrom)
    } else {
        criterion.window.as_ref().is_some_and(outside).then_some(PassedOver::OutsideWindow)
    }
}

/// Nothing due is nothing to judge: the criterion is dropped.
fn reporting(candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let reports = candidate.reporting;
    let in_order = u64::from(reports.on_time) + u64::from(reports.excused);
    let points = (reports.due > 0).then(|| max_of(criterion) * ratio(in_order, reports.due));
    let figures = ReportingFigures { due: reports.due, on_time: reports.on_time, excused: reports.excused };
    CriterionScore::new(criterion, points, Figures::Reporting(figures))
}
