//! Properties of a ranking: whatever the award and its candidates.

mod build;
mod centring;
mod conditions;
mod female_first;
mod headings;
mod kinds;
mod moved;
mod places;
mod robustness;
mod scales;
mod seal;
mod shown;
mod tables;
mod wording;

use std::collections::BTreeSet;

use num_rational::BigRational;
use proptest::prelude::*;
use serde::{Serialize, de::DeserializeOwned};
use thidua::{
    exact::{Decimal, half_up, ratio},
    movements::plan::{Blocks, CompareOn, Quota},
    progress::Verdict,
    rankings::{Candidate, Entry, Inputs, Leader, Output, Standing, compare, explain, rank, rank_as},
};

use build::{any_inputs, appraised};

fn entry<'a>(output: &'a Output, code: &str) -> Option<&'a Entry> {
    output.entries.iter().find(|entry| entry.candidate.code == code)
}

/// The entries that an entry is ranked among, itself included.
fn block<'a>(output: &'a Output, of: &Entry) -> Vec<&'a Entry> {
    let together = output.blocks == Blocks::Together;
    output.entries.iter().filter(|entry| together || entry.group == of.group).collect()
}

fn beats(a: &Entry, b: &Entry) -> bool {
    a.compared.iter().map(|step| &step.value).gt(b.compared.iter().map(|step| &step.value))
}

fn fixed(inputs: &Inputs) -> usize {
    let Quota::Fixed(number) = inputs.award.quota else { panic!("{:?}", inputs.award.quota) };
    number as usize
}

fn shuffled<T: Clone>(items: &[T], keys: &[u32]) -> Vec<T> {
    let mut keyed: Vec<_> = keys.iter().cycle().zip(items.iter().cloned()).collect();
    keyed.sort_by_key(|(key, _)| **key);
    keyed.into_iter().map(|(_, item)| item).collect()
}

fn through_json<T: Serialize + DeserializeOwned>(value: &T) -> T {
    serde_json::from_str(&serde_json::to_string(value).unwrap()).unwrap()
}

/// Gives the candidate more bonus points; a negative amount takes some away.
fn give(candidate: &mut Candidate, more: rust_decimal::Decimal) {
    let bonus = candidate.assessments.iter().position(|one| one.criterion == "extra");
    let bonus = bonus.unwrap_or_else(|| {
        candidate.assessments.push(appraised("extra", "0"));
        candidate.assessments.len() - 1
    });
    let given = &mut candidate.assessments[bonus].points;
    *given = given.map(|points| Decimal::from(rust_decimal::Decimal::from(points) + more));
}

/// Raises (or lowers, but never below 0) what the candidate has on a criterion.
fn raise(candidate: &mut Candidate, criterion: &str, more: rust_decimal::Decimal) {
    let raised = |points| (rust_decimal::Decimal::from(points) + more).max(rust_decimal::Decimal::ZERO);
    for one in candidate.assessments.iter_mut().filter(|one| one.criterion == criterion) {
        one.points = one.points.map(|points| raised(points).into());
    }
}

/// Improves one candidate in one of the ways there are.
fn improve(candidate: &mut Candidate, way: usize, by: u32) {
    let more = rust_decimal::Decimal::new(by.into(), 2);
    match way {
        0 => raise(candidate, "appraised", more),
        1 => raise(candidate, "council", more),
        2 => raise(candidate, "fault", -more),
        3 => give(candidate, more),
        4 => candidate.attained.iter_mut().filter(|one| one.attainment.is_some()).for_each(|one| {
            if matches!(one.verdict, Verdict::NotMet | Verdict::AtRisk | Verdict::BelowFloor) {
                one.verdict = Verdict::Met;
            }
        }),
        5 => candidate.reporting.on_time = candidate.reporting.due,
        _ => candidate.initiatives.push(build::initiative(99, "unit")),
    }
}

/// The inputs with one candidate changed.
fn with(inputs: &Inputs, code: &str, change: impl FnOnce(&mut Candidate)) -> Inputs {
    let mut inputs = inputs.clone();
    change(inputs.candidates.iter_mut().find(|candidate| candidate.code == code).unwrap());
    inputs
}

/// A figure as it is shown.
fn read(text: &str) -> BigRational {
    rust_decimal::Decimal::from_str_exact(text).map(|shown| Decimal::from(shown).into()).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn everybody_is_answered_once_and_always_alike(inputs in any_inputs()) {
        let output = rank(&inputs);
        let ranked = output.entries.iter().map(|entry| &entry.candidate.code);
        let all: Vec<_> = ranked.chain(output.ineligible.iter().map(|one| &one.candidate.code)).collect();
        prop_assert_eq!(all.len(), inputs.candidates.len());
        prop_assert_eq!(all.into_iter().collect::<BTreeSet<_>>().len(), inputs.candidates.len());
        prop_assert!(output.ineligible.iter().all(|one| !one.reasons.is_empty()));
        prop_assert_eq!(rank(&inputs), output);
    }

    #[test]
    fn the_order_of_the_inputs_decides_nothing(inputs in any_inputs(), keys in prop::collection::vec(any::<u32>(), 7)) {
        let mut other = inputs.clone();
        other.candidates = shuffled(&inputs.candidates, &keys);
        for candidate in &mut other.candidates {
            candidate.assessments = shuffled(&candidate.assessments, &keys);
            candidate.attained = shuffled(&candidate.attained, &keys);
            candidate.initiatives = shuffled(&candidate.initiatives, &keys);
        }
        prop_assert_eq!(rank(&other), rank(&inputs));
        prop_assert_eq!(other.in_order(), inputs.in_order());
    }

    #[test]
    fn more_points_never_lower_a_rank(
        inputs in any_inputs(), who in any::<prop::sample::Index>(), way in 0..7_usize, by in 1..3000_u32,
    ) {
        let output = rank(&inputs);
        prop_assume!(!output.entries.is_empty());
        let before = who.get(&output.entries);
        let output = rank(&with(&inputs, &before.candidate.code, |candidate| improve(candidate, way, by)));
        let after = entry(&output, &before.candidate.code).unwrap();
        prop_assert!(after.rank <= before.rank, "{before:?} became {after:?}");
    }

    #[test]
    fn equals_share_a_rank_and_the_next_is_skipped(inputs in any_inputs()) {
        let output = rank(&inputs);
        for one in &output.entries {
            let block = block(&output, one);
            prop_assert_eq!(one.rank, 1 + block.iter().filter(|other| beats(other, one)).count());
            let level = block.iter().filter(|other| !beats(other, one) && !beats(one, other)).count();
            prop_assert_eq!(one.tied, level > 1);
            prop_assert_eq!(one.separated_by.is_none(), one.rank == 1);
        }
    }

    #[test]
    fn an_ineligible_entrant_changes_nothing(inputs in any_inputs(), at in any::<prop::sample::Index>()) {
        prop_assume!(!inputs.candidates.is_empty());
        let before = rank(&inputs);
        let mut more = inputs.clone();
        let entrant = Candidate { held: Some("inspection".into()), ..at.get(&inputs.candidates).clone() };
        more.candidates.insert(at.index(inputs.candidates.len()), Candidate { code: "new".into(), ..entrant });
        let after = rank(&more);
        prop_assert_eq!((after.entries, after.line), (before.entries, before.line));
    }

    #[test]
    fn a_total_is_never_below_zero(inputs in any_inputs()) {
        for entry in rank(&inputs).entries {
            prop_assert!(entry.total_exact >= build::fraction("0"));
            prop_assert!(entry.before_floor.is_none_or(|sum| sum < build::fraction("0")));
        }
    }

    #[test]
    fn tied_at_the_cutoff_exactly_when_the_equals_straddle_it(mut inputs in any_inputs()) {
        inputs.award.ranking.blocks = Blocks::Together;
        let (output, quota) = (rank(&inputs), fixed(&inputs));
        for one in &output.entries {
            let last = one.rank - 1 + output.entries.iter().filter(|other| other.rank == one.rank).count();
            let straddles = one.rank <= quota && quota < last;
            prop_assert_eq!(one.standing == Some(Standing::TiedAtCutoff), straddles);
            prop_assert_eq!(one.standing == Some(Standing::WithinQuota), last <= quota);
        }
        let chosen = output.entries.iter().filter(|one| one.standing == Some(Standing::WithinQuota)).count();
        prop_assert!(chosen <= quota);
    }

    #[test]
    fn groups_apart_are_judged_only_where_people_cannot_differ(
        mut inputs in any_inputs(), who in any::<prop::sample::Index>(),
    ) {
        inputs.award.ranking.blocks = Blocks::ByGroup;
        let (output, quota) = (rank(&inputs), fixed(&inputs));
        if let Some(one) = output.entries.get(who.index(output.entries.len().max(1))) {
            let mut alone = inputs.clone();
            alone.candidates.retain(|candidate| candidate.group.as_ref() == Some(&one.group));
            let elsewhere = output.entries.len() - block(&output, one).len();
            let standings = (quota.saturating_sub(elsewhere)..=quota).map(|places| {
                alone.award.quota = Quota::Fixed(places as u32);
                entry(&rank(&alone), &one.candidate.code).unwrap().standing
            });
            let standings: Vec<_> = standings.collect();
            let agreed = standings[0].filter(|_| standings.iter().all(|standing| *standing == standings[0]));
            prop_assert_eq!(one.standing, agreed);
        }
    }

    #[test]
    fn what_is_missing_to_the_line_reaches_it_and_less_does_not(mut inputs in any_inputs()) {
        inputs.award.ranking.blocks = Blocks::Together;
        let output = rank(&inputs);
        // the last entry is the one most likely to lie behind
        if let Some((one, to_reach)) = output.entries.last().and_then(|one| Some((one, one.to_reach_quota.as_ref()?))) {
            let to_reach: rust_decimal::Decimal = to_reach.parse().unwrap();
            let least = rust_decimal::Decimal::new(1, 8);
            let after = |more| {
                let output = rank(&with(&inputs, &one.candidate.code, |candidate| give(candidate, more)));
                entry(&output, &one.candidate.code).unwrap().clone()
            };
            prop_assert!(after(to_reach).compared[0].value >= output.line.as_ref().unwrap().compared[0].value);
            if to_reach > least {
                prop_assert_eq!(after(to_reach - least).standing, Some(Standing::BelowQuota));
            }
            if inputs.award.ranking.compare.on == CompareOn::Exact && one.before_floor.is_none() {
                prop_assert_eq!(after(to_reach + least).standing, Some(Standing::WithinQuota));
            }
            let explained = explain(&output, &one.candidate.code).unwrap();
            prop_assert_eq!(explained.ways.is_empty(), to_reach.is_zero());
            for way in explained.ways.iter().filter(|way| way.criterion == "appraised") {
                let needed: rust_decimal::Decimal = way.needed.parse().unwrap();
                let after = |more| {
                    let output = rank(&with(&inputs, &one.candidate.code, |candidate| raise(candidate, "appraised", more)));
                    entry(&output, &one.candidate.code).unwrap().compared[0].value.clone()
                };
                prop_assert!(after(needed) >= output.line.as_ref().unwrap().compared[0].value);
                prop_assert!(after(needed - least) < output.line.as_ref().unwrap().compared[0].value);
            }
        }
    }

    #[test]
    fn stored_inputs_and_outputs_read_back_the_same(inputs in any_inputs()) {
        let read: Inputs = through_json(&inputs);
        let output = rank(&inputs);
        prop_assert_eq!(rank(&read), output.clone());
        prop_assert_eq!(read, inputs);
        prop_assert_eq!(through_json(&output), output);
    }

    #[test]
    fn what_is_shown_never_contradicts_what_was_decided(mut inputs in any_inputs(), from in 40..100_u32) {
        let classes = serde_json::json!([{"code": "high", "name": {"vi": "Cao"}, "from": from.to_string()},
                                         {"code": "low", "name": {"vi": "Thấp"}, "from": "0.01"}]);
        inputs.award.classes = serde_json::from_value(classes).unwrap();
        let output = rank(&inputs);
        for (a, b) in output.entries.iter().zip(output.entries.iter().skip(1)) {
            if output.blocks == Blocks::Together || a.group == b.group {
                prop_assert_eq!(a.compared[0].value == b.compared[0].value, a.total == b.total);
                prop_assert!(read(&a.total) >= read(&b.total));
            }
            let parted = b.separated_by.as_deref().filter(|_| a.rank != b.rank);
            if let Some(code) = parted.and_then(|step| step.strip_prefix("criterion:")) {
                let points = |entry: &Entry| {
                    let score = entry.criteria.iter().find(|score| score.code == code);
                    score.and_then(|score| score.points.as_deref()).map(read)
                };
                prop_assert!(points(a) > points(b), "{:?} {:?}", a.criteria, b.criteria);
            }
        }
        for entry in &output.entries {
            let total = read(&entry.total);
            let class = if total >= ratio(from, 1) { Some("high") } else { (total >= ratio(1, 100)).then_some("low") };
            prop_assert_eq!(entry.class.as_deref(), class);
            for score in &entry.criteria {
                if let (Some(shown), Some(exact)) = (&score.points, &score.points_exact) {
                    let most = score.max.map(BigRational::from);
                    prop_assert_eq!(read(shown) == ratio(0, 1), exact.0 == ratio(0, 1));
                    prop_assert_eq!(Some(read(shown)) == most, Some(exact.0.clone()) == most);
                }
            }
        }
        if let Some(line) = &output.line {
            let holder = entry(&output, &line.held_by[0].code).unwrap();
            prop_assert_eq!(&line.total, &holder.total);
            prop_assert!(line.reach.0 >= ratio(0, 1));
        }
    }

    #[test]
    fn the_first_engine_repeats_an_old_run(inputs in any_inputs()) {
        let (mut old, now) = (rank_as(1, &inputs), rank(&inputs));
        for (entry, new) in old.entries.iter_mut().zip(&now.entries) {
            prop_assert_eq!(&entry.total, &half_up(&entry.total_exact.0, 2));
            entry.total.clone_from(&new.total);
            for (score, new) in entry.criteria.iter_mut().zip(&new.criteria) {
                prop_assert_eq!(&score.points, &score.points_exact.as_ref().map(|points| half_up(&points.0, 2)));
                score.points.clone_from(&new.points);
            }
        }
        if let Some(line) = &mut old.line {
            prop_assert_eq!(&line.total, &half_up(&line.total_exact.0, 2));
            line.total.clone_from(&now.line.as_ref().unwrap().total);
            line.reach = line.reach.clone().max(build::fraction("0"));
        }
        prop_assert_eq!(old, now, "digits alone differ");
    }

    #[test]
    fn the_second_engine_repeats_an_old_run(inputs in any_inputs()) {
        let (mut old, now) = (rank_as(2, &inputs), rank(&inputs));
        for (entry, new) in old.entries.iter_mut().zip(&now.entries) {
            for (score, new) in entry.criteria.iter_mut().zip(&new.criteria) {
                let digits = |points: &Option<String>| points.as_ref().map(|points| points.len());
                prop_assert!(digits(&score.points) <= digits(&new.points));
                score.points.clone_from(&new.points);
            }
        }
        prop_assert_eq!(old, now, "the digits of points alone differ");
    }

    #[test]
    fn a_comparison_adds_up_and_agrees_with_the_ranks(inputs in any_inputs()) {
        let output = rank(&inputs);
        for (a, b) in output.entries.iter().zip(output.entries.iter().skip(1)) {
            let comparison = compare(&output, &a.candidate.code, &b.candidate.code).unwrap();
            let sum: BigRational = comparison.criteria.iter().map(|one| one.difference_exact.0.clone()).sum();
            let before_floor = |entry: &Entry| entry.before_floor.as_ref().unwrap_or(&entry.total_exact).0.clone();
            prop_assert_eq!(sum, before_floor(a) - before_floor(b));
            let leader = (comparison.ranked_together && a.rank < b.rank).then_some(Leader::A);
            prop_assert_eq!(comparison.leader, leader);
            prop_assert_eq!(comparison.decided_by, b.separated_by.clone().filter(|_| leader.is_some()));
        }
    }
}
