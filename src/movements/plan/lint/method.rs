//! The method of an award's ranking: comparison, ties, robustness, council. PURE.

use chrono::NaiveDate;

use super::checks::whole;
use crate::{
    finding::Finding,
    movements::plan::{
        Award, Ballot, CandidateKind, Combine, Compare, CompareOn, Council, CriterionKind, FEMALE_FIRST, Group, Plan,
        Robustness, Share,
    },
};

/// Totals have at most as many decimals as points have.
const MOST_DIGITS: u32 = 8;
/// Fewer draws say nothing about a 5% interval; more only cost time.
const DRAWS: std::ops::RangeInclusive<u32> = 100..=100_000;
/// What JSON carries without loss, so that a sealed run reads back the same everywhere.
const MOST_SEED: u64 = (1 << 53) - 1;

pub(super) fn check(base: &str, plan: &Plan, award: &Award, groups: &[&Group], out: &mut Vec<Finding>) {
    let ranking = format!("{base}/ranking");
    compare(&format!("{ranking}/compare"), &award.ranking.compare, out);
    ties(&format!("{ranking}/ties"), plan, award, groups, out);
    female_first(&format!("{ranking}/ties"), plan, &award.ranking.ties, out);
    award.ranking.robustness.iter().for_each(|rules| robustness(&format!("{ranking}/robustness"), rules, out));
    award.council.iter().for_each(|rules| council(&format!("{base}/council"), rules, out));
}

fn compare(pointer: &str, compare: &Compare, out: &mut Vec<Finding>) {
    let pointer = format!("{pointer}/digits");
    match (compare.on, compare.digits) {
        (CompareOn::Rounded, None) => out.push(Finding::new(pointer, "digits_missing").with("most", MOST_DIGITS)),
        (CompareOn::Rounded, Some(digits)) if digits > MOST_DIGITS => {
            out.push(Finding::new(pointer, "digits_out_of_range").with("digits", digits).with("most", MOST_DIGITS));
        }
        (CompareOn::Exact, Some(_)) => out.push(Finding::warning(pointer, "digits_unused")),
        _ => {}
    }
}

fn ties(list: &str, plan: &Plan, award: &Award, groups: &[&Group], out: &mut Vec<Finding>) {
    let ties = &award.ranking.ties;
    let criteria = || groups.iter().flat_map(|group| &group.criteria);
    let has = |kind| criteria().any(|criterion| criterion.kind == kind);
    for (i, tie) in ties.iter().enumerate() {
        let finding = |code| Finding::new(format!("{list}/{i}"), code).with("tie", tie);
        if ties[..i].contains(tie) {
            out.push(finding("code_duplicate").with("code", tie));
        }
        if let Some(code) = tie.strip_prefix("indicator:") {
            match plan.indicators.iter().find(|known| known.code == code) {
                _ if award.candidates == CandidateKind::Household => out.push(finding("tie_of_household")),
                None => out.push(finding("indicator_not_in_plan").with("indicator", code)),
                Some(known) if known.counts.is_some() => out.push(finding("tie_on_counted").with("indicator", code)),
                Some(_) => {}
            }
            continue;
        }
        match (tie.as_str(), tie.strip_prefix("criterion:")) {
            ("direct_work", _) if award.candidates != CandidateKind::Person => out.push(finding("tie_for_persons")),
            ("kind:indicators", _) if has(CriterionKind::Indicators) => {}
            ("kind:initiatives", _) if has(CriterionKind::Initiatives) => {}
            ("kind:indicators" | "kind:initiatives", _) => {
                out.push(Finding { warning: true, ..finding("tie_decides_nothing") });
            }
            (_, Some(code)) if !criteria().any(|criterion| criterion.code == code) => {
                out.push(finding("criterion_unknown").with("criterion", code));
            }
            ("direct_work" | FEMALE_FIRST, _) | (_, Some(_)) => {}
            _ => out.push(finding("tie_malformed")),
        }
    }
}

/// From the day on which the law asks for it (Nghị định 152/2025/NĐ-CP, Điều 4, khoản 6).
fn female_first(list: &str, plan: &Plan, ties: &[String], out: &mut Vec<Finding>) {
    let in_force = NaiveDate::from_ymd_opt(2025, 7, 1).is_some_and(|day| plan.span.from >= day);
    if in_force && ties.iter().all(|tie| tie != FEMALE_FIRST) {
        out.push(Finding::warning(list, "female_first_missing"));
    }
}

/// What draws of a ranking may be asked for.
pub fn robustness(pointer: &str, rules: &Robustness, out: &mut Vec<Finding>) {
    if !DRAWS.contains(&rules.draws) {
        let finding = Finding::new(format!("{pointer}/draws"), "draws_out_of_range").with("draws", rules.draws);
        out.push(finding.with("least", DRAWS.start()).with("most", DRAWS.end()));
    }
    if rules.spread <= whole(0) || rules.spread >= whole(1) {
        out.push(Finding::new(format!("{pointer}/spread"), "spread_out_of_range").with("spread", rules.spread));
    }
    if rules.seed > MOST_SEED {
        out.push(Finding::new(format!("{pointer}/seed"), "seed_too_large").with("most", MOST_SEED));
    }
}

/// A trimmed mean needs ballots left after the cut at both ends.
fn council(pointer: &str, rules: &Council, out: &mut Vec<Finding>) {
    for (member, share) in [("quorum", &rules.quorum), ("pass", &rules.pass)] {
        if share.parse::<Share>().is_err() {
            out.push(Finding::new(format!("{pointer}/{member}"), "share_malformed").with("share", share));
        }
    }
    let cut = match (rules.combine, rules.trim) {
        (Combine::TrimmedMean, None | Some(0)) => {
            out.push(Finding::new(format!("{pointer}/trim"), "trim_missing"));
            0
        }
        (Combine::TrimmedMean, Some(trim)) => trim.saturating_mul(2),
        (_, None) => 0,
        (_, Some(_)) => {
            out.push(Finding::warning(format!("{pointer}/trim"), "trim_unused"));
            0
        }
    };
    if rules.centres() && rules.ballot == Ballot::Secret {
        out.push(Finding::warning(format!("{pointer}/normalise"), "centre_joins_ballots"));
    }
    if rules.min_ballots <= cut {
        let finding = Finding::new(format!("{pointer}/min_ballots"), "min_ballots_too_few");
        out.push(finding.with("ballots", rules.min_ballots).with("least", cut.saturating_add(1)));
    }
}
