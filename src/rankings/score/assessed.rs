//! `assessed`, `bonus` and `penalty`: points that people gave, from the stage that the criterion names. PURE.

use num_traits::{Signed, Zero};

use super::{
    answers::{answers, capped, the_answer},
    centring::Levels,
    result::{Reason, ReasonCode},
};
use crate::{
    exact::{BigRational, Decimal, Fraction, mean},
    movements::plan::{Council, Criterion, CriterionKind, Stage},
    rankings::{
        figures::{AssessedFigures, Ballots, Centred, CriterionScore, Figures},
        inputs::Candidate,
    },
};

/// Unscored is not zero: the dossier is incomplete. What does not apply is dropped.
pub(super) fn judge(
    council: Option<&Council>,
    levels: &Levels,
    candidate: &Candidate,
    criterion: &Criterion,
) -> Result<CriterionScore, Reason> {
    let (points, figures) = given(council, levels, candidate, criterion);
    if criterion.may_drop && points.is_none() && is_answered(candidate, criterion) {
        return Ok(CriterionScore::new(criterion, None, Figures::Assessed(figures)));
    }
    let anew = candidate.anew.contains(&criterion.code);
    let unscored = || Reason { anew, ..Reason::new(ReasonCode::DossierIncomplete, Some(criterion)) };
    let points = points.ok_or_else(unscored)?;
    Ok(CriterionScore::new(criterion, Some(points), Figures::Assessed(figures)))
}

/// A bonus or a penalty: bounded by its `max`, and 0 if none was given.
pub(super) fn extra(
    council: Option<&Council>,
    levels: &Levels,
    candidate: &Candidate,
    criterion: &Criterion,
) -> CriterionScore {
    let (points, mut figures) = given(council, levels, candidate, criterion);
    let (points, uncapped) = capped(points.unwrap_or_else(BigRational::zero), criterion);
    figures.uncapped = uncapped;
    let kind = if criterion.kind == CriterionKind::Penalty { Figures::Penalty } else { Figures::Bonus };
    CriterionScore::new(criterion, Some(points), kind(figures))
}

/// Whether the stage that counts answered, if only that the criterion does not apply.
fn is_answered(candidate: &Candidate, criterion: &Criterion) -> bool {
    the_answer(candidate, criterion, criterion.from.unwrap_or(Stage::Appraisal)).is_some()
}

/// The points of the stage that counts, `None` while unscored.
fn given(
    council: Option<&Council>,
    levels: &Levels,
    candidate: &Candidate,
    criterion: &Criterion,
) -> (Option<BigRational>, AssessedFigures) {
    let from = criterion.from.unwrap_or(Stage::Appraisal);
    let self_points = the_answer(candidate, criterion, Stage::Own).and_then(|answer| answer.points);
    let mut figures =
        AssessedFigures { from: Some(from), self_points, comment: None, ballots: None, uncapped: None, measured: None };
    if from == Stage::Council {
        let Some(council) = council else { return (None, figures) };
        let (points, ballots) = combined(council, levels, candidate, criterion);
        let is_centred = ballots.centred.is_some();
        figures.ballots = Some(ballots);
        // What was centred may lie beyond what can be given: what it comes to does not.
        let Some(centred) = points.clone().filter(|_| is_centred) else { return (points, figures) };
        let (points, uncapped) = if centred.is_negative() { at_least_0(centred) } else { capped(centred, criterion) };
        figures.uncapped = uncapped;
        return (Some(points), figures);
    }
    let answer = the_answer(candidate, criterion, from);
    figures.comment = answer.and_then(|answer| answer.comment.clone());
    (answer.and_then(|answer| answer.points).map(BigRational::from), figures)
}

/// 0 in place of less.
fn at_least_0(points: BigRational) -> (BigRational, Option<Fraction>) {
    (BigRational::zero(), Some(Fraction(points)))
}

/// What the ballots come to; none where they are too few. Centred ones are put in order, trimmed and averaged as such.
fn combined(
    council: &Council,
    levels: &Levels,
    candidate: &Candidate,
    criterion: &Criterion,
) -> (Option<BigRational>, Ballots) {
    let level = levels.on(candidate, criterion);
    let centred = |member: &str, points: Decimal| {
        let points = BigRational::from(points);
        level.map_or_else(|| points.clone(), |level| &points + level.shift(member))
    };
    let given = answers(candidate, criterion, Stage::Council);
    let given = given.filter_map(|answer| Some((centred(&answer.assessor, answer.points?), answer.points?)));
    let mut given: Vec<(BigRational, Decimal)> = given.collect();
    given.sort();
    let enough = given.len() >= council.min_ballots as usize;
    let counted = if enough { given.get(council.averaged(given.len())).unwrap_or_default() } else { &[] };
    let raw = |ballots: &[(BigRational, Decimal)]| {
        let mut raw: Vec<Decimal> = ballots.iter().map(|(_, raw)| *raw).collect();
        raw.sort();
        raw
    };
    let fractions =
        |ballots: &[(BigRational, Decimal)]| ballots.iter().map(|(exact, _)| Fraction(exact.clone())).collect();
    let centred = level.map(|level| Centred { over: level.over, cast: fractions(&given), counted: fractions(counted) });
    let points = mean(counted.iter().map(|(exact, _)| exact));
    let recused = Some(candidate.recused).filter(|count| *count > 0);
    (points, Ballots { combine: council.combine, cast: raw(&given), counted: raw(counted), centred, recused })
}
