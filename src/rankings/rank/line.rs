//! The quota's line: the side of each entry, and the gap to it. PURE.

use std::ops::RangeInclusive;

use num_bigint::BigInt;
use num_traits::Zero;

use super::{
    contender::{Contender, digits},
    entry::{Line, Standing, Step},
};
use crate::{
    exact::{BigRational, Fraction, half_up, ratio, round_up},
    movements::plan::{Compare, CompareOn},
    rankings::score::Score,
};

/// The standing of `level` equals at `rank`, where it is the same for the fewest and the most places. Between the two
/// it only moves from below to within, so it is then the same for every number of places.
pub(super) fn standing(rank: usize, level: usize, places: &RangeInclusive<usize>) -> Option<Standing> {
    let among = |places: usize| match rank {
        _ if rank > places => Standing::BelowQuota,
        _ if rank + level - 1 > places => Standing::TiedAtCutoff,
        _ => Standing::WithinQuota,
    };
    let standing = among(*places.start());
    (standing == among(*places.end())).then_some(standing)
}

/// The last of `places` in a sorted block, if an entry is behind or tied with it.
pub(super) fn line(compare: &Compare, block: &[Contender], places: usize) -> Option<Line> {
    if block.len() <= places {
        return None;
    }
    let last = &block[places.checked_sub(1)?];
    let total = last.score.total();
    let level = &last.compared[0].value.0;
    let reach = match compare.on {
        CompareOn::Exact => level.clone(),
        // half-up: what rounds to the line's figure begins half a unit of the last digit below it
        CompareOn::Rounded => level - ratio(1, BigInt::from(10).pow(digits(compare.digits)) * 2),
    };
    let held_by = block.iter().filter(|other| other.compared == last.compared);
    Some(Line {
        total: half_up(&total, 2),
        total_exact: Fraction(total),
        reach: Fraction(reach),
        compared: last.compared.clone(),
        held_by: held_by.map(|contender| contender.candidate.into()).collect(),
    })
}

/// The points missing to the line; zero where only tie-breakers part them.
pub(in crate::rankings) fn gap(before_floor: &BigRational, compared: &[Step], line: &Line) -> BigRational {
    if compared.first() == line.compared.first() { BigRational::zero() } else { &line.reach.0 - before_floor }
}

/// The gap as an entry states it.
pub(super) fn to_reach(
    standing: Option<Standing>,
    score: &Score,
    compared: &[Step],
    line: Option<&Line>,
) -> Option<String> {
    line.filter(|_| standing != Some(Standing::WithinQuota))
        .map(|line| round_up(&gap(&score.before_floor, compared, line)))
}
