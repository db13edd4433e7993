//! How firmly places stand: draws by their seed, against the rule worked by exact fractions, and variants of the method.

use num_rational::BigRational;
use num_traits::Signed;
use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    exact::ratio,
    movements::plan::{CriterionKind, Robustness, Stage},
    rankings::{
        Candidate, CriterionScore, Entry, Inputs, Output, rank,
        robustness::{
            Counted, Counting, Seat, Skipped, Table, Variant, VariantKind, alike, count, draw, fits, lines, splitmix64,
            variants, weigh_all,
        },
    },
};

use super::{build::*, shuffled};

fn rules(draws: u32, spread: &str, seed: u64) -> Robustness {
    Robustness { draws, spread: spread.parse().unwrap(), seed }
}

/// Ranks and seats by the output's entries.
fn weighed(output: &Output, table: &Table, weights: &[i64]) -> Vec<(usize, Seat)> {
    weigh_all(table, output.entries.len(), weights, None).unwrap().into_iter().map(Option::unwrap).collect()
}

/// What a criterion adds to the total by the run, and what it is out of.
fn part(entry: &Entry, code: &str) -> (BigRational, BigRational) {
    let own = |one: &&CriterionScore| one.code == code && one.points_exact.is_some();
    let Some(own) = entry.criteria.iter().find(own) else { return Default::default() };
    let scale = entry.scale.as_ref().map_or_else(|| ratio(1, 1), |scale| &scale.full_max.0 / &scale.remaining_max.0);
    (own.points_exact.clone().unwrap().0 * &scale, BigRational::from(own.max.unwrap()) * scale)
}

/// The rule in exact fractions: full × Σ weight × part / Σ weight × maximum, bonus and penalty as they are.
fn total(entry: &Entry, codes: &[String], weights: &[i64]) -> BigRational {
    let (mut sum, mut out_of, mut full) = (ratio(0, 1), ratio(0, 1), ratio(0, 1));
    for (code, weight) in codes.iter().zip(weights) {
        let (points, maximum) = part(entry, code);
        sum += points * ratio(*weight, 1);
        out_of += &maximum * ratio(*weight, 1);
        full += maximum;
    }
    let extra = |one: &&CriterionScore| matches!(one.kind(), CriterionKind::Bonus | CriterionKind::Penalty);
    let extras: BigRational = entry.criteria.iter().filter(extra).map(CriterionScore::in_favour).sum();
    (full * sum / out_of + extras).max(ratio(0, 1))
}

/// Two criteria of 50 points, and what the candidates have in each.
fn two(candidates: &[(&str, &str)]) -> Inputs {
    let candidate = |(at, (a, b)): (usize, &(&str, &str))| Candidate {
        assessments: vec![appraised("a", a), appraised("b", b)],
        ..candidate(&format!("c{at}"))
    };
    let criteria = json!([criterion("a", "assessed", "50", json!({})), criterion("b", "assessed", "50", json!({}))]);
    inputs(json!({"quota": 1}), &[criteria], candidates.iter().enumerate().map(candidate).collect())
}

/// Numbers that other programs make of the seed 1234567.
#[test]
fn the_generator_is_the_published_one() {
    let numbers: Vec<u64> = (1..=5).map(|n| splitmix64(1_234_567, n)).collect();
    let expected = [
        6_457_827_717_110_365_317,
        3_203_168_211_198_807_973,
        9_817_491_932_198_370_423,
        4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
    ];
    assert_eq!(numbers, expected);
}

/// c0 has 50 + 30, c1 has 30 + 49. By weights a and b it is 100 × (50a + 30b) / (50a + 50b) against (30a + 49b): c0 is
/// ahead while 20a > 19b. With a = 0.9 and b = 1.1: 18 < 20.9, so c1 is.
#[test]
fn a_place_that_hangs_on_the_weights_is_seen() {
    let inputs = two(&[("50", "30"), ("30", "49")]);
    let output = rank(&inputs);
    let table = Table::of(&inputs, &output);
    assert_eq!(weighed(&output, &table, &[1_000_000, 1_000_000]), [(1, Seat::Within), (2, Seat::None)]);
    assert_eq!(weighed(&output, &table, &[900_000, 1_100_000]), [(2, Seat::None), (1, Seat::Within)]);
    // 20 × 0.95 = 19 × 1: level, so that none is chosen.
    assert_eq!(weighed(&output, &table, &[950_000, 1_000_000]), [(1, Seat::Tied), (1, Seat::Tied)]);
    let counted = count(&table, &rules(1000, "0.1", 1));
    let kept = counted.kept.unwrap();
    assert!(kept > 500 && kept < 950, "{kept}");
    assert_eq!((counted.entries[0].low, counted.entries[0].high), (1, 2));
    assert_eq!(counted.entries[0].within, Some(kept));
}

/// A piece may end within the draws, between them, or hold them all.
#[test]
fn draws_counted_piece_by_piece_come_to_the_same() {
    let inputs = two(&[("50", "30"), ("30", "49")]);
    let output = rank(&inputs);
    let (table, rules) = (Table::of(&inputs, &output), rules(1000, "0.1", 1));
    for ranks in [0, 1, 7, 2000, usize::MAX] {
        let mut counting = Counting::of(&table, rules.clone());
        let mut pieces = 0;
        while !counting.is_done() {
            counting = counting.go_on(&table, ranks);
            pieces += 1;
        }
        assert_eq!(counting.counted(&table), count(&table, &rules));
        assert_eq!(pieces, if ranks >= 2000 { 1 } else { 1000_usize.div_ceil((ranks / 2).max(1)) });
    }
}

#[test]
fn one_answer_counts_twenty_million_ranks_at_most() {
    assert!(fits(200, 100_000) && fits(2000, 10_000));
    assert!(!fits(201, 100_000) && !fits(2000, 10_001) && !fits(2001, 100));
}

/// c0 has more of both: whatever the weights, it stays ahead.
#[test]
fn who_has_more_of_everything_stays_ahead() {
    let inputs = two(&[("40", "40"), ("39", "39.99")]);
    let output = rank(&inputs);
    let counted = count(&Table::of(&inputs, &output), &rules(1000, "0.9", 7));
    assert_eq!(counted.kept, Some(1000));
    assert_eq!((counted.entries[1].low, counted.entries[1].high, counted.entries[1].within), (2, 2, Some(0)));
}

fn find<'a>(variants: &'a [Variant], kind: VariantKind, of: Option<&str>) -> &'a Variant {
    variants.iter().find(|variant| variant.kind == kind && variant.of.as_deref() == of).unwrap()
}

fn ranks(variant: &Variant) -> Vec<usize> {
    variant.outcome.as_ref().unwrap().iter().map(|placed| placed.unwrap().0).collect()
}

fn variants_of(inputs: &Inputs) -> Vec<Variant> {
    let output = rank(inputs);
    variants(thidua::rankings::ENGINE, inputs, &output, &Table::of(inputs, &output))
}

/// Without `a` the totals are 2 × 30 and 2 × 49.
#[test]
fn a_criterion_is_left_out_and_the_others_make_up_for_it() {
    let variants = variants_of(&two(&[("50", "30"), ("30", "49")]));
    assert_eq!(ranks(find(&variants, VariantKind::CriterionLeftOut, Some("a"))), [2, 1]);
    assert_eq!(ranks(find(&variants, VariantKind::CriterionLeftOut, Some("b"))), [1, 2]);
    let alone = json!([criterion("a", "assessed", "100", json!({})), criterion("extra", "bonus", "10", json!({}))]);
    let one = |code: &str, given| Candidate {
        assessments: vec![appraised("a", "60"), appraised("extra", given)],
        ..candidate(code)
    };
    let variants = variants_of(&inputs(json!({}), &[alone], vec![one("c0", "5"), one("c1", "4")]));
    assert_eq!(find(&variants, VariantKind::CriterionLeftOut, Some("a")).outcome, Err(Skipped::NothingLeft));
    assert_eq!(ranks(find(&variants, VariantKind::CriterionLeftOut, Some("extra"))), [1, 1]);
}

/// 89.6 and 89.5 are 90 both without decimals, so level; without the tie-breaker by `a` they stay so.
#[test]
fn every_switch_of_ties_and_rounding_is_tried() {
    let mut inputs = two(&[("49.6", "40"), ("49.5", "40")]);
    inputs.award.ranking.ties = vec!["criterion:b".to_owned()];
    let variants = variants_of(&inputs);
    assert_eq!(ranks(find(&variants, VariantKind::ComparedRounded, Some("0"))), [1, 1]);
    assert_eq!(ranks(find(&variants, VariantKind::ComparedRounded, Some("1"))), [1, 2]);
    assert!(variants.iter().all(|variant| variant.kind != VariantKind::ComparedExactly), "it is exact already");
    assert_eq!(ranks(find(&variants, VariantKind::TieLeftOut, Some("criterion:b"))), [1, 2]);
    assert_eq!(find(&variants, VariantKind::TieAdded, Some("female_first")).outcome, Err(Skipped::FactsAbsent));
    assert_eq!(find(&variants, VariantKind::TieAdded, Some("direct_work")).outcome, Err(Skipped::FactsAbsent));
    assert_eq!(find(&variants, VariantKind::JudgeLeftOut, None).outcome, Err(Skipped::NoBallots));
    inputs.award.ranking.ties.clear();
    assert_eq!(find(&variants_of(&inputs), VariantKind::TieLeftOut, None).outcome, Err(Skipped::NoTies));
}

/// Three judges: c0 has 10, 2, 2 (mean 14/3), c1 has 5, 4, 4 (13/3). Without the first: 2 against 4. Without the second or
/// the third: 6 against 9/2. The judges are numbered by what they move.
#[test]
fn a_judge_is_left_out_unless_too_few_are_left() {
    let council = |least: u32, ballot: &str| json!({"quorum": "2/3", "pass": ">1/2", "of": "all", "ballot": ballot, "combine": "mean", "min_ballots": least});
    let ballots = |given: [&str; 3]| {
        given.iter().zip(["m1", "m2", "m3"]).map(|(given, judge)| points("c", Stage::Council, judge, given)).collect()
    };
    let one = |code: &str, given| Candidate { assessments: ballots(given), ..candidate(code) };
    let made = |least, ballot| {
        let criteria = json!([criterion("c", "assessed", "10", json!({"from": "council"}))]);
        inputs(
            json!({"council": council(least, ballot)}),
            &[criteria],
            vec![one("c0", ["10", "2", "2"]), one("c1", ["5", "4", "4"])],
        )
    };
    let variants = variants_of(&made(2, "open"));
    let judge = |number| ranks(find(&variants, VariantKind::JudgeLeftOut, Some(number)));
    assert_eq!([judge("1"), judge("2"), judge("3")], [vec![2, 1], vec![1, 2], vec![1, 2]]);
    let variants = variants_of(&made(3, "open"));
    assert_eq!(find(&variants, VariantKind::JudgeLeftOut, Some("1")).outcome, Err(Skipped::TooFewBallots));
    let of_secret = variants_of(&made(2, "secret"));
    assert_eq!(find(&of_secret, VariantKind::JudgeLeftOut, None).outcome, Err(Skipped::BallotSecret));
}

/// Rounded to whole points, 79.5 is 80 however it comes about: thirds do not add up in decimals.
#[rstest]
#[case(json!({"on": "exact"}))]
#[case(json!({"on": "rounded", "digits": 0}))]
fn true_ties_stay_ties(#[case] compare: Value) {
    use thidua::progress::Verdict::NotMet;
    let criteria = json!([
        criterion("x", "indicators", "1", json!({"missing": "exclude", "period": "p1"})),
        criterion("y", "indicators", "1", json!({"missing": "exclude", "period": "p2"})),
        criterion("z", "indicators", "1", json!({"missing": "exclude", "period": "p3"})),
        criterion("w", "assessed", "97", json!({})),
    ]);
    let of = |period: &str, part: &str| {
        let mut one = attained("I", NotMet, Some(part));
        one.period = Some(period.into());
        one
    };
    let one = |code: &str, parts: [&str; 3], given| Candidate {
        attained: vec![of("p1", parts[0]), of("p2", parts[1]), of("p3", parts[2])],
        assessments: vec![appraised("w", given)],
        ..candidate(code)
    };
    let candidates = vec![one("c0", ["1/6", "1/6", "1/6"], "79"), one("c1", ["1/7", "5/7", "1/7"], "78.5")];
    let inputs = inputs(json!({"quota": 1, "ranking": {"compare": compare}}), &[criteria], candidates);
    let output = rank(&inputs);
    assert!(output.entries.iter().all(|entry| entry.tied && entry.total_exact == fraction("159/2")));
    let table = Table::of(&inputs, &output);
    assert_eq!(weighed(&output, &table, &alike(4)), [(1, Seat::Tied), (1, Seat::Tied)]);
}

#[test]
fn a_draw_alone_is_the_draw_among_all() {
    let inputs = two(&[("50", "30"), ("30", "49"), ("41", "38")]);
    let output = rank(&inputs);
    let (table, rules) = (Table::of(&inputs, &output), rules(300, "0.25", 20_251_214));
    let all = String::from_utf8(lines(&table, &rules, 1..301).unwrap()).unwrap();
    for (number, line) in (1..).zip(all.lines()) {
        assert_eq!(String::from_utf8(lines(&table, &rules, number..number + 1).unwrap()).unwrap().trim_end(), line);
    }
    assert_eq!(all.lines().count(), 300);
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn equal_weights_repeat_the_run(inputs in any_inputs()) {
        let output = rank(&inputs);
        let table = Table::of(&inputs, &output);
        let expected: Vec<(usize, bool)> =
            output.entries.iter().map(|entry| (entry.rank, Seat::from(entry.standing) == Seat::Within)).collect();
        let judged: Vec<bool> = table.blocks.iter().flat_map(|block| block.entries.iter().map(|_| block.has_places())).collect();
        let found = weighed(&output, &table, &alike(table.criteria.len())).into_iter();
        let found: Vec<(usize, bool)> = found.map(|(rank, seat)| (rank, seat == Seat::Within)).collect();
        for ((found, expected), judged) in found.iter().zip(&expected).zip(judged) {
            prop_assert_eq!(found.0, expected.0);
            prop_assert!(!judged || found.1 == expected.1, "{:?} {:?}", found, expected);
        }
    }

    #[test]
    fn a_draw_is_the_rule_in_exact_fractions(inputs in any_inputs(), seed in 0..1_u64 << 53, number in 1..100_000_u32, spread in 1..99_u32) {
        let output = rank(&inputs);
        let table = Table::of(&inputs, &output);
        let mut weights = vec![0; table.criteria.len()];
        draw(&rules(100, &format!("0.{spread:02}"), seed), number, &mut weights);
        prop_assert!(weights.iter().all(|weight| (weight - 1_000_000).abs() <= i64::from(spread) * 10_000));
        let placed = weighed(&output, &table, &weights);
        let rounded = |total: BigRational| match inputs.award.ranking.compare.digits {
            Some(digits) => thidua::exact::rounded(&total, digits),
            None => total,
        };
        let totals: Vec<BigRational> = output.entries.iter().map(|entry| total(entry, &table.criteria, &weights)).collect();
        let near = ratio(1, 1_000_000);
        for (a, b) in (0..totals.len()).flat_map(|a| (0..a).map(move |b| (a, b))) {
            let together = output.blocks == thidua::movements::plan::Blocks::Together || output.entries[a].group == output.entries[b].group;
            // Within a hair the whole numbers may see a tie, or round to the other side.
            let hair = [&totals[a], &totals[b]].into_iter().any(|total| rounded(total + &near) != rounded(total - &near) && inputs.award.ranking.compare.digits.is_some());
            let (x, y) = (rounded(totals[a].clone()), rounded(totals[b].clone()));
            if together && !hair && (&x - &y).abs() > near {
                prop_assert_eq!(x > y, placed[a].0 < placed[b].0, "{} {}", x, y);
            }
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_and_the_order_of_the_inputs_nothing_else(
        inputs in any_inputs(), seed in 0..1_u64 << 53, keys in prop::collection::vec(any::<u32>(), 7),
    ) {
        let counted = |inputs: &Inputs| -> (Output, Counted) {
            let output = rank(inputs);
            let counted = count(&Table::of(inputs, &output), &rules(100, "0.5", seed));
            (output, counted)
        };
        let mut other = inputs.clone();
        other.candidates = shuffled(&inputs.candidates, &keys);
        prop_assert_eq!(counted(&inputs), counted(&other));
    }

    #[test]
    fn an_interval_holds_and_an_ineligible_entrant_changes_nothing(inputs in any_inputs(), seed in 0..1_u64 << 53) {
        let output = rank(&inputs);
        let found = count(&Table::of(&inputs, &output), &rules(100, "0.3", seed));
        for one in &found.entries {
            prop_assert!(1 <= one.low && one.low <= one.high && one.high as usize <= output.entries.len());
            prop_assert!(one.within.is_none_or(|within| within <= 100));
        }
        prop_assume!(!inputs.candidates.is_empty());
        let mut more = inputs.clone();
        let entrant = Candidate { held: Some("inspection".into()), code: "new".into(), ..inputs.candidates[0].clone() };
        more.candidates.insert(0, entrant);
        prop_assert_eq!(count(&Table::of(&more, &rank(&more)), &rules(100, "0.3", seed)), found);
    }

    #[test]
    fn more_points_never_lower_a_rank_in_any_draw(inputs in any_inputs(), who in any::<prop::sample::Index>(), seed in 0..1_u64 << 53) {
        let before = rank(&inputs);
        prop_assume!(!before.entries.is_empty());
        let entry = who.get(&before.entries);
        let given = |one: &&mut thidua::rankings::Assessment| one.criterion == "appraised";
        let mut more = inputs.clone();
        let candidate = more.candidates.iter_mut().find(|one| one.code == entry.candidate.code).unwrap();
        for one in candidate.assessments.iter_mut().filter(given) {
            one.points = one.points.map(|points| (rust_decimal::Decimal::from(points) + rust_decimal::Decimal::ONE).into());
        }
        let after = rank(&more);
        let (old, new) = (Table::of(&inputs, &before), Table::of(&more, &after));
        let place = |output: &Output| output.entries.iter().position(|one| one.candidate.code == entry.candidate.code).unwrap();
        let mut weights = vec![0; old.criteria.len()];
        for number in 1..20 {
            draw(&rules(100, "0.4", seed), number, &mut weights);
            let rank = |output: &Output, table: &Table| weighed(output, table, &weights)[place(output)].0;
            prop_assert!(rank(&after, &new) <= rank(&before, &old));
        }
    }
}

/// No more digits than 64 bits hold: points in the billions lose their last decimals, not their order.
#[test]
fn large_points_are_weighed_too() {
    let one = |code: &str, given| Candidate {
        assessments: vec![appraised("a", given), appraised("b", "1")],
        ..candidate(code)
    };
    let criteria =
        json!([criterion("a", "assessed", "999999999999999", json!({})), criterion("b", "assessed", "1", json!({}))]);
    let inputs =
        inputs(json!({"quota": 1}), &[criteria], vec![one("c0", "999999999999999"), one("c1", "900000000000000")]);
    let output = rank(&inputs);
    let counted = count(&Table::of(&inputs, &output), &rules(100, "0.99", 3));
    assert_eq!((counted.entries[0].high, counted.entries[1].low), (1, 2));
}
