//! A run with one thing otherwise: a tie-breaker, how totals are compared, without a criterion, without a judge. What
//! cannot be done is named. PURE.

use std::{cmp::Reverse, collections::BTreeSet};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{
    order::{Weighed, alike, weigh},
    table::{Seat, Table},
};
use crate::{
    movements::plan::{CandidateKind, Compare, CompareOn, FEMALE_FIRST, Stage},
    rankings::{
        inputs::Inputs,
        judges::is_secret,
        rank::{CandidateRef, Output, rank_as},
    },
};

const DIRECT_WORK: &str = "direct_work";

/// What is otherwise.
///
/// - `judge_left_out`: Judges are numbered by how much their ballots move, not by who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingVariantKind)]
#[serde(rename_all = "snake_case")]
pub enum VariantKind {
    TieLeftOut,
    TieAdded,
    ComparedExactly,
    ComparedRounded,
    CriterionLeftOut,
    JudgeLeftOut,
}

/// Why a variant was not done.
///
/// - `nothing_left`: Without the criterion nothing is left to judge somebody by.
/// - `too_few_ballots`: Without the judge somebody has fewer ballots than the council needs.
/// - `ballot_secret`: What moves without a judge would tell a secret ballot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingVariantSkipped)]
#[serde(rename_all = "snake_case")]
pub enum Skipped {
    NoTies,
    FactsAbsent,
    NothingLeft,
    NoBallots,
    TooFewBallots,
    BallotSecret,
}

/// One variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variant {
    pub kind: VariantKind,
    /// A tie-breaker, a number of digits, a criterion's code, or a judge's number.
    pub of: Option<String>,
    pub outcome: Result<Outcome, Skipped>,
}

/// By the output's entries; none where the entry would not be ranked.
pub type Outcome = Vec<Option<(usize, Seat)>>;

/// Every variant of a run, which an engine made.
pub fn variants(engine: i32, inputs: &Inputs, output: &Output, table: &Table) -> Vec<Variant> {
    let mut variants = ties(engine, inputs, output);
    variants.extend(comparisons(engine, inputs, output));
    variants.extend(without_criteria(table, output.entries.len()));
    variants.extend(without_judges(engine, inputs, output));
    variants
}

/// What a run says of this one's entries.
fn outcome(other: &Output, output: &Output) -> Outcome {
    let find = |of: &CandidateRef| {
        let found =
            other.entries.iter().find(|entry| (entry.candidate.kind, &entry.candidate.code) == (of.kind, &of.code));
        found.map(|entry| (entry.rank, entry.standing.into()))
    };
    output.entries.iter().map(|entry| find(&entry.candidate)).collect()
}

fn ties(engine: i32, inputs: &Inputs, output: &Output) -> Vec<Variant> {
    let listed = &inputs.award.ranking.ties;
    let ranked = |ties: Vec<String>| {
        let mut inputs = inputs.clone();
        inputs.award.ranking.ties = ties;
        outcome(&rank_as(engine, &inputs), output)
    };
    let without = |tie: &String| {
        let ties = listed.iter().filter(|other| *other != tie).cloned().collect();
        Variant { kind: VariantKind::TieLeftOut, of: Some(tie.clone()), outcome: Ok(ranked(ties)) }
    };
    let with = |tie: &str, is_known: bool| {
        let ties = listed.iter().cloned().chain([tie.to_owned()]).collect();
        let outcome = if is_known { Ok(ranked(ties)) } else { Err(Skipped::FactsAbsent) };
        (!listed.iter().any(|other| other == tie)).then(|| Variant {
            kind: VariantKind::TieAdded,
            of: Some(tie.to_owned()),
            outcome,
        })
    };
    let mut variants: Vec<Variant> = listed.iter().map(without).collect();
    if listed.is_empty() {
        variants.push(Variant { kind: VariantKind::TieLeftOut, of: None, outcome: Err(Skipped::NoTies) });
    }
    if inputs.award.candidates == CandidateKind::Person {
        variants.extend(with(DIRECT_WORK, inputs.candidates.iter().any(|one| one.direct_work)));
    }
    variants.extend(with(FEMALE_FIRST, inputs.candidates.iter().any(|one| one.women.is_some())));
    variants
}

/// Exactly, and rounded to as many digits as people compare by.
fn comparisons(engine: i32, inputs: &Inputs, output: &Output) -> Vec<Variant> {
    let exactly = (VariantKind::ComparedExactly, None, Compare { on: CompareOn::Exact, digits: None });
    let rounded = (0..=2).map(|digits| {
        let compare = Compare { on: CompareOn::Rounded, digits: Some(digits) };
        (VariantKind::ComparedRounded, Some(digits.to_string()), compare)
    });
    let present = &inputs.award.ranking.compare;
    let is_other =
        |compare: &Compare| compare.on != present.on || present.on == CompareOn::Rounded && compare != present;
    let others = std::iter::once(exactly).chain(rounded).filter(|(_, _, compare)| is_other(compare));
    let ranked = others.map(|(kind, of, compare)| {
        let mut inputs = inputs.clone();
        inputs.award.ranking.compare = compare;
        Variant { kind, of, outcome: Ok(outcome(&rank_as(engine, &inputs), output)) }
    });
    ranked.collect()
}

/// As if a criterion had the weight 0: the others make up for it.
fn without_criteria(table: &Table, entries: usize) -> Vec<Variant> {
    let variant =
        |code: &String, outcome| Variant { kind: VariantKind::CriterionLeftOut, of: Some(code.clone()), outcome };
    let weighed = table.criteria.iter().enumerate().map(|(left_out, code)| {
        let mut weights = alike(table.criteria.len());
        weights[left_out] = 0;
        variant(code, weigh_all(table, entries, &weights, None))
    });
    let extras =
        table.extras.iter().enumerate().map(|(left_out, code)| {
            variant(code, weigh_all(table, entries, &alike(table.criteria.len()), Some(left_out)))
        });
    weighed.chain(extras).collect()
}

/// Where given weights, and without one bonus or penalty, put each of so many entries.
pub fn weigh_all(table: &Table, entries: usize, weights: &[i64], extra: Option<usize>) -> Result<Outcome, Skipped> {
    let mut outcome = vec![None; entries];
    for block in &table.blocks {
        let mut weighed = Weighed::room(block);
        if !weigh(block, weights, &block.fixed_without(extra), &mut weighed) {
            return Err(Skipped::NothingLeft);
        }
        for (entry, rank) in block.entries.iter().zip(&weighed.ranks) {
            outcome[*entry] = Some((*rank as usize, Seat::None));
        }
        for (row, seat) in &weighed.seated {
            outcome[block.entries[*row as usize]].iter_mut().for_each(|placed| placed.1 = *seat);
        }
    }
    Ok(outcome)
}

/// The council's ballots without those of one member each.
fn without_judges(engine: i32, inputs: &Inputs, output: &Output) -> Vec<Variant> {
    let ballots = inputs.candidates.iter().flat_map(|one| &one.assessments).filter(|one| one.stage == Stage::Council);
    let judges: BTreeSet<&str> = ballots.map(|ballot| ballot.assessor.as_str()).collect();
    let variant = |of, outcome| Variant { kind: VariantKind::JudgeLeftOut, of, outcome };
    if is_secret(inputs.award.council.as_ref()) {
        return vec![variant(None, Err(Skipped::BallotSecret))];
    }
    if judges.is_empty() {
        return vec![variant(None, Err(Skipped::NoBallots))];
    }
    let without = |judge: &str| {
        let mut inputs = inputs.clone();
        for candidate in &mut inputs.candidates {
            candidate.assessments.retain(|one| one.stage != Stage::Council || one.assessor != judge);
        }
        let outcome = outcome(&rank_as(engine, &inputs), output);
        if outcome.iter().all(Option::is_some) { Ok(outcome) } else { Err(Skipped::TooFewBallots) }
    };
    let mut outcomes: Vec<Result<Outcome, Skipped>> = judges.into_iter().map(without).collect();
    let ranks = |outcome: &Result<Outcome, Skipped>| -> Vec<usize> {
        outcome.iter().flatten().flatten().map(|(rank, _)| *rank).collect()
    };
    let moved = |ranks: &[usize]| -> usize {
        ranks.iter().zip(&output.entries).map(|(rank, entry)| rank.abs_diff(entry.rank)).sum()
    };
    outcomes.sort_by_cached_key(|outcome| {
        let ranks = ranks(outcome);
        (Reverse(moved(&ranks)), ranks)
    });
    outcomes.into_iter().zip(1..).map(|(outcome, number)| variant(Some(number.to_string()), outcome)).collect()
}
