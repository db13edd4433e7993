//! The quota's line: the last who are within it, and the gap to them. PURE.

use num_bigint::BigInt;
use num_traits::Zero;

use super::{
    contender::{Contender, digits},
    entry::{Line, Standing, Step},
    seats::Seats,
};
use crate::{
    exact::{self, BigRational, Fraction, half_up, ratio, round_up},
    movements::plan::{Compare, CompareOn},
    rankings::score::Score,
};

/// The equals of a sorted block who take the last seat.
pub(super) fn line(compare: &Compare, block: &[Contender], seats: &Seats) -> Option<Line> {
    let last = &block[seats.line?];
    let total = last.score.total();
    let reach = match compare.on {
        CompareOn::Exact => last.total.clone(),
        // half-up: what rounds to the line's figure begins half a unit of the last digit below it
        CompareOn::Rounded => &last.total - ratio(1, BigInt::from(10).pow(digits(compare.digits)) * 2),
    };
    let level = block.iter().zip(&seats.of_each).filter(|(other, _)| other.compared == last.compared);
    let held_by = level.filter(|(_, seat)| seat.standing != Standing::OverUnitLimit);
    Some(Line {
        total: half_up(&total, 2),
        total_exact: Fraction(total),
        reach: Fraction(reach),
        compared: last.compared.clone(),
        held_by: held_by.map(|(contender, _)| contender.candidate.into()).collect(),
    })
}

/// The points missing to the line; zero where only tie-breakers part them.
pub(in crate::rankings) fn gap(before_floor: &BigRational, compared: &[Step], line: &Line) -> BigRational {
    if compared.first() == line.compared.first() {
        BigRational::zero()
    } else {
        exact::sum([&line.reach.0, &-before_floor])
    }
}

/// The gap as an entry states it: none where points are not what is missing.
pub(super) fn to_reach(
    standing: Option<Standing>,
    score: &Score,
    compared: &[Step],
    line: Option<&Line>,
) -> Option<String> {
    let is_ahead =
        |line: &Line| compared.iter().map(|step| &step.value).gt(line.compared.iter().map(|step| &step.value));
    let counts = !matches!(standing, Some(Standing::WithinQuota | Standing::OverUnitLimit));
    line.filter(|line| counts && !is_ahead(line)).map(|line| round_up(&gap(&score.before_floor, compared, line)))
}
