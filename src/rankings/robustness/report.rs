//! How firmly each place stands, and the line: counted draws and variants, and what they say in a sentence. PURE.

use num_traits::{One, Zero};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    draws::{Counted, CountedEntry},
    table::Seat,
    variants::{Skipped, Variant, VariantKind},
};
use crate::{
    exact::{Decimal, half_up, ratio, shown},
    rankings::{
        rank::{CandidateRef, CutLine, Entry, EntryRobustness, Output},
        wording::{Names, Sentence, number, say, step, word},
    },
};

/// A line is stable if at least so many percent of the draws keep it.
const STABLE: u32 = 95;

/// One entry, and how firmly it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingFirmness)]
pub struct Firmness {
    pub rank: usize,
    pub candidate: CandidateRef,
    #[serde(flatten)]
    pub robustness: EntryRobustness,
    /// The variant that moves it by the most ranks, the first of several; null if none does.
    pub most_moved_by: Option<Moved>,
    /// All of it in a sentence.
    pub sentence: String,
}

/// Where a variant puts an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingMovedBy)]
pub struct Moved {
    pub kind: VariantKind,
    pub of: Option<String>,
    /// Null: not ranked.
    pub rank: Option<usize>,
}

/// The run with one thing otherwise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingVariant)]
pub struct VariantView {
    pub kind: VariantKind,
    /// A tie-breaker, a number of digits, a criterion's code, or a judge's number.
    pub of: Option<String>,
    /// Why it was not done; null if it was.
    pub skipped: Option<Skipped>,
    /// Whether the same candidates are within the quota, and the same tied at its line.
    pub keeps_line: Option<bool>,
    /// The entries that it moves.
    pub moved: Vec<MovedEntry>,
}

/// An entry that a variant moves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingMovedEntry)]
pub struct MovedEntry {
    /// A unit's code, or an id.
    pub candidate: String,
    pub from: usize,
    /// Null: not ranked.
    pub to: Option<usize>,
}

/// The line under some draws; none without a line.
pub fn cut_line(counted: &Counted, draws: u32) -> Option<CutLine> {
    let kept = counted.kept?;
    let stable = u64::from(kept) * 100 >= u64::from(draws) * u64::from(STABLE);
    Some(CutLine { stable, share_of_draws: share(kept, draws) })
}

/// The line in a sentence.
pub fn line_sentence(counted: &Counted, draws: u32) -> Option<Sentence> {
    let line = cut_line(counted, draws)?;
    let percent = [("percent", share_percent(counted.kept?, draws))];
    Some(say(if line.stable { "line_stable" } else { "line_unstable" }, &percent))
}

/// Why no judge is left out, where a plan has the council vote in secret.
pub fn secret_sentence(variants: &[Variant]) -> Option<Sentence> {
    let is_secret = variants.iter().any(|variant| variant.outcome == Err(Skipped::BallotSecret));
    is_secret.then(|| say("judges_secret", &[]))
}

/// By the output's entries.
pub fn robustness(counted: &Counted, draws: u32) -> Vec<EntryRobustness> {
    let of = |one: &CountedEntry| EntryRobustness {
        rank_p05: one.low,
        rank_p95: one.high,
        within_quota: one.within.map(|within| share(within, draws)),
    };
    counted.entries.iter().map(of).collect()
}

/// Every entry; `language` picks one of a sentence.
pub fn firmness(
    output: &Output,
    (counted, draws): (&Counted, u32),
    variants: &[Variant],
    names: &Names,
    language: impl Fn(Sentence) -> String,
) -> Vec<Firmness> {
    let all = output.entries.iter().zip(&counted.entries).zip(robustness(counted, draws)).enumerate();
    let one = |(at, ((entry, counted), robustness)): (usize, ((&Entry, &CountedEntry), EntryRobustness))| {
        let moved = most_moved(entry, at, variants);
        let mut parts = vec![range(entry, &robustness)];
        let within = counted.within.map(|within| share_percent(within, draws));
        parts.extend(within.map(|percent| say("firm_within", &[("percent", percent)])));
        parts.push(moved.as_ref().map_or_else(|| say("firm_unmoved", &[]), |moved| by_variant(moved, names)));
        let sentence = language(Sentence::of_parts(&parts));
        Firmness { rank: entry.rank, candidate: entry.candidate.clone(), robustness, most_moved_by: moved, sentence }
    };
    all.map(one).collect()
}

/// Every variant beside the run.
pub fn views(output: &Output, variants: &[Variant]) -> Vec<VariantView> {
    let has_line = output.entries.iter().any(|entry| entry.standing.is_some());
    let view = |variant: &Variant| {
        let outcome = variant.outcome.as_ref().ok();
        let pairs = || outcome.into_iter().flat_map(|outcome| output.entries.iter().zip(outcome));
        let moved = pairs().filter(|(entry, placed)| placed.map(|(rank, _)| rank) != Some(entry.rank));
        let keeps = |(entry, placed): (&Entry, &Option<(usize, Seat)>)| {
            placed.map_or(Seat::None, |(_, seat)| seat) == Seat::from(entry.standing)
        };
        VariantView {
            kind: variant.kind,
            of: variant.of.clone(),
            skipped: variant.outcome.as_ref().err().copied(),
            keeps_line: outcome.filter(|_| has_line).map(|_| pairs().all(keeps)),
            moved: moved
                .map(|(entry, placed)| MovedEntry {
                    candidate: entry.candidate.code.clone(),
                    from: entry.rank,
                    to: placed.map(|(rank, _)| rank),
                })
                .collect(),
        }
    };
    variants.iter().map(view).collect()
}

fn most_moved(entry: &Entry, at: usize, variants: &[Variant]) -> Option<Moved> {
    let by = |rank: Option<usize>| rank.map_or(usize::MAX, |rank| rank.abs_diff(entry.rank));
    let mut most: Option<Moved> = None;
    for variant in variants {
        let Ok(outcome) = &variant.outcome else { continue };
        let rank = outcome[at].map(|(rank, _)| rank);
        if by(rank) > most.as_ref().map_or(0, |most| by(most.rank)) {
            most = Some(Moved { kind: variant.kind, of: variant.of.clone(), rank });
        }
    }
    most
}

fn range(entry: &Entry, robustness: &EntryRobustness) -> Sentence {
    let EntryRobustness { rank_p05, rank_p95, .. } = robustness;
    let words = [
        ("name", word(&entry.candidate.name)),
        ("rank", number(entry.rank)),
        ("low", number(rank_p05)),
        ("high", number(rank_p95)),
    ];
    say(if rank_p05 == rank_p95 { "firm_same" } else { "firm_range" }, &words)
}

fn by_variant(moved: &Moved, names: &Names) -> Sentence {
    let code = match moved.kind {
        VariantKind::TieLeftOut => "change_tie_left_out",
        VariantKind::TieAdded => "change_tie_added",
        VariantKind::ComparedExactly => "change_compared_exactly",
        VariantKind::ComparedRounded => "change_compared_rounded",
        VariantKind::CriterionLeftOut => "change_criterion_left_out",
        VariantKind::JudgeLeftOut => "change_judge_left_out",
    };
    let of = moved.of.as_deref().unwrap_or_default();
    let of = match moved.kind {
        VariantKind::TieLeftOut | VariantKind::TieAdded => step(of, names),
        VariantKind::CriterionLeftOut => names.criterion(of),
        _ => word(of),
    };
    let change = ("change", say(code, &[("of", of)]));
    match moved.rank {
        Some(rank) => say("firm_moved", &[change, ("rank", number(rank))]),
        None => say("firm_out", &[change]),
    }
}

/// The share as the answer has it, in percent with one decimal or as many as it has.
fn share_percent(times: u32, draws: u32) -> Sentence {
    let part = share(times, draws);
    let digits = part.split_once('.').map_or(0, |(_, decimals)| decimals.len().max(3) as u32 - 2);
    let exact = part.parse().map_or_else(|_| ratio(times, draws), |part: Decimal| part.into());
    number(half_up(&(exact * ratio(100, 1)), digits))
}

/// Never 1 where some draw is otherwise, nor 0 where some draw is so.
fn share(times: u32, draws: u32) -> String {
    let exact = ratio(times, draws);
    let text = shown(&exact, 3, |seen| seen.is_one() != exact.is_one() || seen.is_zero() != exact.is_zero());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}
