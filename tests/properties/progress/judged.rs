//! How figures are judged and shown: held against plain integers, and against searching for the answer.

use proptest::prelude::*;
use serde_json::json;
use thidua::{
    exact::WHOLE_MOST,
    exact::{self, BigRational},
    progress::{Bound, Goal, Verdict, excess_of_count, excess_of_ratio, missing_of_count, missing_of_ratio, shown},
};

use super::fixtures::*;

const COMPARATORS: [&str; 4] = [">=", ">", "<=", "<"];

/// A target of `hundredths`/100, as the plan writes it.
fn bound(comparator: &str, hundredths: i64) -> Bound {
    let text = format!("{}.{:02}", hundredths / 100, hundredths % 100);
    Goal::of(&indicator(json!({"target": target(comparator, &text)})), None).target.expect("a number")
}

/// left/1 against right/1, both integers.
fn holds(comparator: &str, left: i128, right: i128) -> bool {
    match comparator {
        ">=" => left >= right,
        ">" => left > right,
        "<=" => left <= right,
        _ => left < right,
    }
}

/// Ratios near a target as often as anywhere: n of d, d up to the largest.
fn any_ratio() -> impl Strategy<Value = (i64, i64)> {
    let d = prop_oneof![1..100i64, 1..100_000i64, 1..=WHOLE_MOST];
    d.prop_flat_map(|d| {
        let near = (0..=4i64).prop_map(move |less| (d - less).max(0));
        (prop_oneof![near, 0..=d], Just(d))
    })
}

/// A ratio and a target in hundredths of a percent: as often as not the ratio stands at the target, or one case beside.
fn ratio_and_target() -> impl Strategy<Value = ((i64, i64), i64)> {
    let beside = (0..=10_000i64, 1..=1_000_000_000i64, -1..=1i64).prop_map(|(at, times, off)| {
        let d = 10_000 * times;
        (((at * times + off).clamp(0, d), d), at)
    });
    prop_oneof![beside, (any_ratio(), 0..=10_000i64)]
}

fn read(shown: &str) -> BigRational {
    let digits = shown.split_once('.').map_or(0, |(_, part)| part.len());
    let units: num_bigint::BigInt = shown.replace('.', "").parse().expect("digits");
    exact::ratio(units, num_bigint::BigInt::from(10).pow(digits as u32))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_verdict_is_that_of_plain_integers(
        ((n, d), target_at) in ratio_and_target(), floor_at in 0..=10_000i64, strict in any::<bool>(), over in any::<bool>(),
    ) {
        let comparator = if strict { ">" } else { ">=" };
        let goal = Goal { target: Some(bound(comparator, target_at)), floor: Some(bound(">=", floor_at.min(target_at))) };
        // n/d × 100 against t/100: n × 10,000 against t × d.
        let (left, d) = (i128::from(n) * 10_000, i128::from(d));
        let expected = match () {
            _ if left < i128::from(floor_at.min(target_at)) * d => Verdict::BelowFloor,
            _ if holds(comparator, left, i128::from(target_at) * d) => Verdict::Met,
            _ if over => Verdict::NotMet,
            _ => Verdict::AtRisk,
        };
        prop_assert_eq!(goal.judge(&exact::ratio(100 * i128::from(n), d), over), expected);
    }

    #[test]
    fn the_whole_way_agrees_with_plain_integers(
        pairs in prop::collection::vec(any_ratio(), 1..6), at in 0..=10_000i64, which in 0..4usize,
    ) {
        let text = format!("{}.{:02}", at / 100, at % 100);
        let indicator = indicator(json!({"target": target(COMPARATORS[which], &text)}));
        let entries: Vec<_> =
            pairs.iter().enumerate().map(|(u, (n, d))| entry(&format!("u{u}"), u % 3, &[ratio(*n, *d)])).collect();
        let n: i128 = pairs.iter().map(|(n, _)| i128::from(*n)).sum();
        let d: i128 = pairs.iter().map(|(_, d)| i128::from(*d)).sum();
        let met = holds(COMPARATORS[which], n * 10_000, i128::from(at) * d);
        let whole = figure(&indicator, &entries).whole;
        prop_assert_eq!(whole.verdict, if met { Verdict::Met } else { Verdict::NotMet });
        prop_assert_eq!(units(whole.missing_to_target.or(whole.excess_over_target)) == Some(0), met);
    }

    #[test]
    fn a_figure_shown_never_crosses_its_target_or_its_floor(
        ((n, d), at) in ratio_and_target(), floor_at in 0..=10_000i64, which in 0..4usize, strict in 0..4usize,
    ) {
        let goal = Goal { target: Some(bound(COMPARATORS[which], at)), floor: Some(bound(COMPARATORS[strict], floor_at)) };
        let actual = exact::ratio(100 * i128::from(n), d);
        let text = shown(&actual, &goal.bounds().cloned().collect::<Vec<_>>());
        let seen = read(&text);
        for bound in goal.bounds() {
            prop_assert_eq!(bound.holds(&seen), bound.holds(&actual));
        }
        let digits = text.split_once('.').expect("decimals").1.len() as u32;
        prop_assert!(digits >= 2);
        prop_assert_eq!(&text, &exact::half_up(&actual, digits));
        if digits > 2 {
            // No digit more than needed: with one less it would stand on another side.
            let shorter = read(&exact::half_up(&actual, digits - 1));
            prop_assert!(goal.bounds().any(|bound| bound.holds(&shorter) != bound.holds(&actual)));
        }
    }

    #[test]
    fn what_is_missing_is_the_least_that_suffices(
        (n, d) in (1..200i128).prop_flat_map(|d| (0..=d, Just(d))), at in 0..=11_000i64, which in 0..4usize,
    ) {
        let (comparator, up) = (COMPARATORS[which], which < 2);
        let meets = |n: i128| holds(comparator, n * 10_000, i128::from(at) * d);
        let more = |most: i128| (0..=most).find(|k| meets(n + k)).filter(|_| up);
        let less = (0..=n).find(|k| meets(n - k)).filter(|_| !up);
        let bound = bound(comparator, at);
        prop_assert_eq!(missing_of_ratio(n, d, &bound, false), more(d - n));
        prop_assert_eq!(missing_of_ratio(n, d, &bound, true), more(2 * d));
        prop_assert_eq!(excess_of_ratio(n, d, &bound), less);
    }

    #[test]
    fn what_is_missing_to_a_count_is_the_least_that_suffices(n in 0..300i128, at in 0..=20_000i64, which in 0..4usize) {
        let (comparator, up) = (COMPARATORS[which], which < 2);
        let meets = |n: i128| holds(comparator, n * 100, at.into());
        let bound = bound(comparator, at);
        prop_assert_eq!(missing_of_count(n, &bound), (0..=500).find(|k| meets(n + k)).filter(|_| up));
        prop_assert_eq!(excess_of_count(n, &bound), (0..=n).find(|k| meets(n - k)).filter(|_| !up));
    }
}
