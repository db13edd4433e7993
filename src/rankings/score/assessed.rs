//! `assessed`, `bonus` and `penalty`: points that people gave, from the stage that the criterion names. PURE.

use std::ops::Range;

use num_traits::Zero;

use super::{
    answers::{answers, capped, the_answer},
    result::{Reason, ReasonCode},
};
use crate::{
    exact::{BigRational, Decimal, ratio},
    movements::plan::{Combine, Council, Criterion, CriterionKind, Stage},
    rankings::{
        figures::{AssessedFigures, Ballots, CriterionScore, Figures},
        inputs::Candidate,
    },
};

/// Unscored is not zero: the dossier is incomplete. What does not apply is dropped.
pub(super) fn judge(
    council: Option<&Council>,
    candidate: &Candidate,
    criterion: &Criterion,
) -> Result<CriterionScore, Reason> {
    let (points, figures) = given(council, candidate, criterion);
    if criterion.may_drop && points.is_none() && is_answered(candidate, criterion) {
        return Ok(CriterionScore::new(criterion, None, Figures::Assessed(figures)));
    }
    let points = points.ok_or_else(|| Reason::new(ReasonCode::DossierIncomplete, Some(criterion)))?;
    Ok(CriterionScore::new(criterion, Some(points), Figures::Assessed(figures)))
}

/// A bonus or a penalty: bounded by its `max`, and 0 if none was given.
pub(super) fn extra(council: Option<&Council>, candidate: &Candidate, criterion: &Criterion) -> CriterionScore {
    let (points, mut figures) = given(council, candidate, criterion);
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
    candidate: &Candidate,
    criterion: &Criterion,
) -> (Option<BigRational>, AssessedFigures) {
    let from = criterion.from.unwrap_or(Stage::Appraisal);
    let self_points = the_answer(candidate, criterion, Stage::Own).and_then(|answer| answer.points);
    let mut figures =
        AssessedFigures { from: Some(from), self_points, comment: None, ballots: None, uncapped: None, measured: None };
    if from == Stage::Council {
        figures.ballots = council.map(|council| ballots(council, candidate, criterion));
        let points = figures.ballots.as_ref().and_then(|ballots| mean(&ballots.counted));
        return (points, figures);
    }
    let answer = the_answer(candidate, criterion, from);
    figures.comment = answer.and_then(|answer| answer.comment.clone());
    (answer.and_then(|answer| answer.points).map(BigRational::from), figures)
}

fn ballots(council: &Council, candidate: &Candidate, criterion: &Criterion) -> Ballots {
    let mut cast: Vec<_> = answers(candidate, criterion, Stage::Council).filter_map(|answer| answer.points).collect();
    cast.sort();
    let enough = cast.len() >= council.min_ballots as usize;
    let counted = if enough { cast.get(middle(council, cast.len())).unwrap_or_default().to_vec() } else { Vec::new() };
    Ballots { combine: council.combine, cast, counted }
}

/// Which of `n` sorted ballots are averaged: all, the middle one or two, or all but `trim` at each end. Trimming that
/// leaves nothing gives an empty range or none at all, and so no points.
fn middle(council: &Council, n: usize) -> Range<usize> {
    match council.combine {
        Combine::Mean => 0..n,
        Combine::Median => n.saturating_sub(1) / 2..(n / 2 + 1).min(n),
        Combine::TrimmedMean => {
            let trim = council.trim.unwrap_or(0) as usize;
            trim..n.saturating_sub(trim)
        }
    }
}

fn mean(points: &[Decimal]) -> Option<BigRational> {
    let sum: BigRational = points.iter().map(|points| BigRational::from(*points)).sum();
    (!points.is_empty()).then(|| sum / ratio(points.len(), 1))
}
