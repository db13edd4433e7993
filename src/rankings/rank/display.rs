//! What people read of an order: rounded totals and points that never contradict what was decided by the exact ones. PURE.

use std::collections::BTreeSet;

use num_traits::{Signed, Zero};

use super::{
    classes::limits,
    contender::{digits, kind},
    entry::{Entry, Output},
};
use crate::{
    exact::{BigRational, rounded, shown_apart},
    movements::plan::{Award, Blocks, CompareOn},
    rankings::figures::CriterionScore,
};

/// A total has the digits that keep it on its own side of every class and apart from a neighbour that it is not level
/// with; a plan that compares rounded totals shows what it compares. Points have those of their total, and those that keep
/// them apart from 0, from their maximum and from a neighbour's where they decided the order.
pub(super) fn show(engine: i32, award: &Award, output: &mut Output) {
    let together = output.blocks == Blocks::Together;
    for block in output.entries.chunk_by_mut(|a, b| together || a.group == b.group) {
        show_totals(award, block);
        show_points(engine, block);
    }
    let totals: Vec<(String, String)> =
        output.entries.iter().map(|entry| (entry.candidate.code.clone(), entry.total.clone())).collect();
    for line in output.lines_mut() {
        let holder = |(code, _): &&(String, String)| line.held_by.iter().any(|held_by| held_by.code == *code);
        if let Some((_, total)) = totals.iter().find(holder) {
            line.total.clone_from(total);
        }
        if line.reach.0.is_negative() {
            line.reach.0 = BigRational::zero();
        }
    }
}

fn show_totals(award: &Award, block: &mut [Entry]) {
    let compare = &award.ranking.compare;
    let least = if compare.on == CompareOn::Rounded { digits(compare.digits).max(2) } else { 2 };
    let limits = limits(award);
    let crosses = |exact: &BigRational, shown: &BigRational| {
        limits.iter().any(|(comparator, limit)| comparator.holds(exact, limit) != comparator.holds(shown, limit))
    };
    let compared = block.iter().filter_map(|entry| Some(entry.compared[0].value.clone()?.0));
    let compared: Vec<BigRational> = compared.collect();
    for (entry, text) in block.iter_mut().zip(shown_apart(&compared, least, crosses)) {
        entry.total = text;
    }
}

fn show_points(engine: i32, block: &mut [Entry]) {
    let codes: BTreeSet<String> =
        block.iter().flat_map(|entry| &entry.criteria).map(|score| score.code.clone()).collect();
    for code in codes {
        for run in block.chunk_by_mut(|above, below| parts(&code, above, below)) {
            // Nothing but the criterion itself parts them: their totals are equal.
            let total = if engine > 2 { decimals(&run[0].total) } else { 2 };
            let scores = run.iter_mut().filter_map(|entry| entry.criteria.iter_mut().find(|score| score.code == code));
            let mut scores: Vec<&mut CriterionScore> = scores.filter(|score| score.points_exact.is_some()).collect();
            scores.sort_by(|a, b| b.points_exact.cmp(&a.points_exact));
            let exact: Vec<BigRational> =
                scores.iter().filter_map(|score| Some(score.points_exact.clone()?.0)).collect();
            let most: Vec<BigRational> = scores.iter().filter_map(|score| Some(score.max?.into())).collect();
            let crosses = |exact: &BigRational, shown: &BigRational| {
                exact.is_zero() != shown.is_zero() || most.iter().any(|most| (exact < most) != (shown < most))
            };
            for (score, text) in scores.into_iter().zip(shown_apart(&exact, least(total, &exact), crosses)) {
                score.points = Some(text);
            }
        }
    }
}

fn decimals(text: &str) -> u32 {
    text.split_once('.').map_or(0, |(_, part)| part.len() as u32)
}

/// As many decimals as the total has, unless all points end before: beside 89.99999999 the points are no 90.00.
fn least(total: u32, points: &[BigRational]) -> u32 {
    let ends = |digits: &u32| points.iter().all(|points| rounded(points, *digits) == *points);
    (2..total).find(ends).unwrap_or(total.max(2))
}

/// Whether the points of a criterion part two neighbours, or are the same in both of equal rank.
fn parts(code: &str, above: &Entry, below: &Entry) -> bool {
    let score = |entry: &Entry| entry.criteria.iter().position(|score| score.code == code);
    let (Some(a), Some(b)) = (score(above), score(below)) else { return false };
    let (a, b) = (&above.criteria[a], &below.criteria[b]);
    let alone = |entry: &Entry| entry.criteria.iter().filter(|score| score.kind() == a.kind()).count() == 1;
    match below.separated_by.as_deref().filter(|_| above.rank != below.rank).and_then(|step| step.split_once(':')) {
        Some(("criterion", step)) => step == code,
        Some(("kind", step)) => kind(step) == Some(a.kind()) && alone(above) && alone(below),
        _ => above.rank == below.rank && a.points_exact == b.points_exact,
    }
}
