//! How sums behave: whatever the order, however they are cut up, and never taking what is missing for zero.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::json;
use thidua::progress::{Figure, Standing, Tally, aggregate, judge, tally};

use super::fixtures::*;

/// Numerator and denominator, as parts add up: what is not known adds nothing.
fn numbers(standing: &Standing) -> (i128, i128) {
    (units(standing.numerator).unwrap_or(0), units(standing.denominator).unwrap_or(0))
}

fn total<'a>(standings: impl IntoIterator<Item = &'a Standing>) -> (i128, i128) {
    standings.into_iter().map(numbers).fold((0, 0), |(n, d), (more_n, more_d)| (n + more_n, d + more_d))
}

fn parts(entries: &[Entry], key: impl Fn(&Entry) -> String, make: impl Fn(&[Entry]) -> Figure) -> Vec<Figure> {
    let mut groups: BTreeMap<String, Vec<Entry>> = BTreeMap::new();
    for entry in entries {
        groups.entry(key(entry)).or_default().push(entry.clone());
    }
    groups.values().map(|group| make(group)).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn the_order_of_the_slots_does_not_matter(
        (entries, shuffled) in any_entries(true).prop_flat_map(|e| (Just(e.clone()), Just(e).prop_shuffle())),
        last in any::<bool>(),
    ) {
        let indicator = two_fields(json!({"over_time": if last { "last" } else { "sum" }}));
        prop_assert_eq!(figure(&indicator, &entries), figure(&indicator, &shuffled));
    }

    #[test]
    fn merging_the_parts_is_counting_the_whole(entries in any_entries(true), cut in 0..=12usize) {
        let (indicator, leaves) = (two_fields(json!({})), quarter());
        let question = question(&indicator, &leaves, AFTER);
        let all = slots(&entries, &leaves);
        let count = |slots| tally(&indicator, leaves[2].cutoff_on, slots);
        let mut merged = Tally::default();
        merged.merge(count(&all[..cut]));
        merged.merge(count(&all[cut..]));
        prop_assert_eq!(&merged, &count(&all));
        prop_assert_eq!(judge(&question, &merged), aggregate(&question, &all));
    }

    #[test]
    fn stocks_of_different_units_merge_too(entries in any_entries(false), units in 0..=4usize) {
        let (indicator, leaves) = (indicator(json!({"over_time": "last"})), quarter());
        let all = slots(&entries, &leaves);
        let count = |slots| tally(&indicator, leaves[2].cutoff_on, slots);
        let mut merged: Tally = count(&all[..units * 3]);
        merged.merge(count(&all[units * 3..]));
        prop_assert_eq!(merged, count(&all));
    }

    #[test]
    fn an_additive_breakdown_adds_up(entries in any_entries(true), pooled in any::<bool>()) {
        let judged = if pooled { "pooled" } else { "each" };
        let indicator = two_fields(json!({"fields_judged": judged}));
        let whole = figure(&indicator, &entries);
        prop_assert!(whole.additive);
        prop_assert_eq!(total(whole.fields.iter().map(|field| &field.standing)), numbers(&whole.whole));
        let leaves = quarter();
        let by_unit = parts(&entries, |entry| entry.unit.clone(), |part| figure(&indicator, part));
        let by_period = parts(&entries, |entry| leaves[entry.leaf].code.clone(), |part| {
            let leaf = std::slice::from_ref(&leaves[part[0].leaf]);
            aggregate(&question(&indicator, leaf, AFTER), &slots(part, &leaves))
        });
        for parts in [by_unit, by_period] {
            prop_assert_eq!(total(parts.iter().map(|part| &part.whole)), numbers(&whole.whole));
            prop_assert_eq!(parts.iter().map(|part| part.coverage.expected).sum::<u64>(), whole.coverage.expected);
            prop_assert_eq!(parts.iter().map(|part| part.coverage.reported).sum::<u64>(), whole.coverage.reported);
        }
    }

    #[test]
    fn missing_is_never_zero(entries in any_entries(false), last in any::<bool>()) {
        let indicator = indicator(json!({"over_time": if last { "last" } else { "sum" }}));
        let figure = figure(&indicator, &entries);
        let coverage = &figure.coverage;
        let listed: usize = coverage.missing.iter().map(|missing| missing.periods.len()).sum();
        prop_assert_eq!(coverage.expected, 12);
        prop_assert_eq!(coverage.expected, coverage.reported + listed as u64);
        prop_assert!(coverage.approved <= coverage.reported && coverage.late <= coverage.reported);
        prop_assert!(coverage.none_arose + coverage.not_applicable <= coverage.reported);
        let verdict = serde_json::to_value(figure.whole.verdict).expect("a word");
        let known = figure.whole.denominator.is_some();
        prop_assert_eq!(known, !["no_data", "not_applicable", "not_owed"].contains(&verdict.as_str().expect("a word")));
    }

    #[test]
    fn filling_in_zero_is_not_the_same_as_absence(d in 1..1_000i64, n in 0..1_000i64) {
        let indicator = indicator(json!({}));
        let known = entry("a", 0, &[ratio(n.min(d), d)]);
        let absent = figure(&indicator, &[known.clone(), unreported("b", 0)]);
        let zero = figure(&indicator, &[known, entry("b", 0, &[ratio(0, 1)])]);
        prop_assert_eq!(absent.coverage.missing.len(), 1);
        prop_assert_eq!(zero.coverage.missing.len(), 0);
        prop_assert_eq!(units(absent.whole.denominator), Some(d.into()));
        prop_assert_eq!(units(zero.whole.denominator), Some(i128::from(d) + 1));
    }

    #[test]
    fn a_figure_survives_its_json(entries in any_entries(true)) {
        let figure = figure(&two_fields(json!({})), &entries);
        let text = serde_json::to_string(&figure).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Figure>(&text).expect("a figure"), figure);
    }
}
