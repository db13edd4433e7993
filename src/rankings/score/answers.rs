//! A criterion's maximum and the answers given to it. PURE.

use num_traits::Zero;

use crate::{
    exact::{BigRational, Fraction},
    movements::plan::{Criterion, Stage},
    rankings::inputs::{Assessment, Candidate},
};

/// Lint refuses a criterion of points without a maximum; should one come here, it is worth nothing.
pub(super) fn max_of(criterion: &Criterion) -> BigRational {
    criterion.max.map_or_else(BigRational::zero, BigRational::from)
}

/// The points within the maximum, and what they were where it cut them.
pub(super) fn capped(points: BigRational, criterion: &Criterion) -> (BigRational, Option<Fraction>) {
    let max = max_of(criterion);
    if points > max { (max, Some(Fraction(points))) } else { (points, None) }
}

pub(super) fn answers<'a>(
    candidate: &'a Candidate,
    criterion: &'a Criterion,
    stage: Stage,
) -> impl Iterator<Item = &'a Assessment> {
    candidate.assessments.iter().filter(move |one| one.stage == stage && one.criterion == criterion.code)
}

/// The one answer of a stage that answers once. Two would contradict each other, and neither is preferred: no answer.
pub(super) fn the_answer<'a>(
    candidate: &'a Candidate,
    criterion: &'a Criterion,
    stage: Stage,
) -> Option<&'a Assessment> {
    let mut all = answers(candidate, criterion, stage);
    all.next().filter(|_| all.next().is_none())
}
