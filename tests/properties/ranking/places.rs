//! Quotas by rule, limits of a unit, places, and indicators that part equals.

use std::collections::BTreeMap;

use proptest::{collection::vec, prelude::*};
use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    movements::plan::{Blocks, Place, Quota, part},
    progress::Verdict,
    rankings::{Attained, Candidate, Entry, Inputs, Output, Standing, explain, rank},
};

use super::build::{any_inputs, appraised, attained, candidate, criterion, decimal, fraction, inputs};

#[test]
fn a_share_is_rounded_down_whatever_the_number_and_the_percent() {
    for counted in 0..400_u64 {
        for hundredths in (0..=10_000_u64).step_by(25) {
            let share = decimal(&format!("{}.{:02}", hundredths / 100, hundredths % 100));
            assert_eq!(u64::from(part(counted, share)), counted * hundredths / 10_000, "{share} % of {counted}");
        }
    }
    assert_eq!(part(30, decimal("3.33333333")), 0);
    assert_eq!((part(29, decimal("10")), part(30, decimal("10"))), (2, 3));
}

/// Any award ranked together, with places that add up to its quota, a limit and units.
fn any_contest() -> impl Strategy<Value = Inputs> {
    (any_inputs(), vec(1..4_u32, 0..4), proptest::option::of(1..3_u32), vec(0..4_usize, 10)).prop_map(
        |(mut inputs, counts, per_unit, units)| {
            inputs.award.ranking.blocks = Blocks::Together;
            inputs.award.per_unit = per_unit;
            if !counts.is_empty() {
                inputs.award.quota = Quota::Fixed(counts.iter().sum());
            }
            let place =
                |(nth, count): (usize, &u32)| Place { code: format!("p{nth}"), name: None, count: *count, money: None };
            inputs.award.places = counts.iter().enumerate().map(place).collect();
            for (candidate, unit) in inputs.candidates.iter_mut().zip(units) {
                candidate.unit = ["a", "b", "c"].get(unit).map(|unit| (*unit).to_owned());
            }
            inputs
        },
    )
}

fn unit<'a>(inputs: &'a Inputs, entry: &Entry) -> Option<&'a str> {
    inputs.candidates.iter().find(|one| one.code == entry.candidate.code)?.unit.as_deref()
}

/// Who is chosen, with the seat, where people break each tie as these keys say.
fn chosen(inputs: &Inputs, output: &Output, keys: &[u32]) -> BTreeMap<String, usize> {
    let mut order: Vec<(usize, &Entry)> = output.entries.iter().enumerate().collect();
    order.sort_by_key(|(at, entry)| (entry.rank, keys[at % keys.len()], *at));
    let limit = inputs.award.per_unit.map_or(usize::MAX, |limit| limit as usize);
    let mut of_unit: BTreeMap<&str, usize> = BTreeMap::new();
    let mut chosen = BTreeMap::new();
    for (_, entry) in order {
        let taken = unit(inputs, entry).map(|unit| of_unit.entry(unit).or_default());
        if chosen.len() < output.quota as usize && taken.as_ref().is_none_or(|taken| **taken < limit) {
            taken.into_iter().for_each(|taken| *taken += 1);
            chosen.insert(entry.candidate.code.clone(), chosen.len());
        }
    }
    chosen
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn who_is_within_is_so_however_people_break_the_ties(inputs in any_contest(), keys in vec(any::<u32>(), 10)) {
        let output = rank(&inputs);
        let chosen = chosen(&inputs, &output, &keys);
        for entry in &output.entries {
            let seat = chosen.get(&entry.candidate.code);
            match entry.standing.unwrap() {
                Standing::WithinQuota => {
                    let mut places = inputs.award.places.iter().flat_map(|place| vec![&place.code; place.count as usize]);
                    prop_assert!(seat.is_some(), "{entry:?} of {chosen:?}");
                    prop_assert_eq!(entry.place.as_ref(), places.nth(*seat.unwrap()));
                }
                Standing::BelowQuota | Standing::OverUnitLimit => prop_assert!(seat.is_none(), "{entry:?} of {chosen:?}"),
                Standing::TiedAtCutoff => prop_assert!(entry.tied),
            }
        }
    }

    #[test]
    fn places_never_hold_more_than_their_counts_and_follow_the_order(inputs in any_contest()) {
        let output = rank(&inputs);
        let within = |entry: &&Entry| entry.standing == Some(Standing::WithinQuota);
        for place in &inputs.award.places {
            let holders = output.entries.iter().filter(within).filter(|entry| entry.place.as_ref() == Some(&place.code));
            prop_assert!(holders.count() <= place.count as usize);
        }
        let codes: Vec<&String> = output.entries.iter().filter_map(|entry| entry.place.as_ref()).collect();
        prop_assert!(codes.is_sorted(), "{codes:?}");
        for unit_code in ["a", "b", "c"] {
            let of_unit = output.entries.iter().filter(within).filter(|entry| unit(&inputs, entry) == Some(unit_code));
            prop_assert!(inputs.award.per_unit.is_none_or(|limit| of_unit.count() <= limit as usize));
        }
        for entry in &output.entries {
            let explained = explain(&output, &entry.candidate.code).unwrap();
            prop_assert!(explained.to_reach_quota.is_none_or(|points| !points.starts_with('-')));
        }
    }

    #[test]
    fn a_group_with_its_own_quota_is_ranked_as_if_it_were_alone(mut inputs in any_inputs(), first in 0..4_u32, second in 0..4_u32) {
        inputs.award.ranking.blocks = Blocks::ByGroup;
        inputs.award.quota = serde_json::from_value(json!({"groups": {"g1": first, "g2": second}})).unwrap();
        let output = rank(&inputs);
        prop_assert_eq!((output.quota, &output.line), (first + second, &None));
        for (own, quota) in output.group_lines.iter().zip([first, second]) {
            let mut alone = inputs.clone();
            alone.award.ranking.blocks = Blocks::Together;
            alone.award.quota = Quota::Fixed(quota);
            alone.candidates.retain(|candidate| candidate.group.as_ref() == Some(&own.group));
            let alone = rank(&alone);
            prop_assert_eq!((&own.line, own.quota), (&alone.line, quota));
            let of_group = output.entries.iter().filter(|entry| entry.group == own.group);
            prop_assert_eq!(of_group.cloned().collect::<Vec<_>>(), alone.entries);
        }
    }
}

/// Persons with these points, each of a unit or of none.
fn persons(over: Value, of: &[(&str, Option<&str>)]) -> Output {
    let criteria = json!([criterion("a", "assessed", "100", json!({"from": "appraisal"}))]);
    let person = |(nth, (points, unit)): (usize, &(&str, Option<&str>))| Candidate {
        unit: unit.map(str::to_owned),
        assessments: vec![appraised("a", points)],
        ..candidate(&format!("c{nth}"))
    };
    rank(&inputs(over, &[criteria], of.iter().enumerate().map(person).collect()))
}

fn standings(output: &Output) -> Vec<Standing> {
    output.entries.iter().map(|entry| entry.standing.unwrap()).collect()
}

#[test]
fn beyond_the_limit_of_a_unit_the_next_moves_up_and_residents_do_not_count() {
    use Standing::*;
    let of = [("95", Some("a")), ("94", Some("a")), ("93", None), ("92", None), ("91", Some("b")), ("90", Some("c"))];
    let output = persons(json!({"quota": 4, "per_unit": 1}), &of);
    let expected = [WithinQuota, OverUnitLimit, WithinQuota, WithinQuota, WithinQuota, BelowQuota];
    assert_eq!(standings(&output), expected);
    let line = output.line.as_ref().unwrap();
    assert_eq!(line.held_by[0].code, "c4");
    assert_eq!(output.entries[1].to_reach_quota, None, "points are not what is missing");
    assert_eq!(output.entries[5].to_reach_quota.as_deref(), Some("1"));
}

#[test]
fn equals_at_the_limit_of_their_unit_are_left_to_people() {
    use Standing::*;
    let of = [("95", Some("a")), ("95", Some("a")), ("95", Some("b")), ("90", Some("a")), ("89", Some("c"))];
    let output = persons(json!({"quota": 3, "per_unit": 1}), &of);
    assert_eq!(standings(&output), [TiedAtCutoff, TiedAtCutoff, WithinQuota, OverUnitLimit, WithinQuota]);
}

#[rstest]
#[case(&["95", "95", "90"], &[("tied", "nhat"), ("tied", "nhat"), ("within", "nhi")])]
#[case(&["95", "90", "90"], &[("within", "nhat"), ("within", "nhi"), ("within", "nhi")])]
#[case(&["95", "90", "89", "89"], &[("within", "nhat"), ("within", "nhi"), ("tied", "nhi"), ("tied", "nhi")])]
#[case(&["95", "95", "95", "95"], &[("tied", "nhat"), ("tied", "nhat"), ("tied", "nhat"), ("tied", "nhat")])]
fn equals_across_the_edge_of_a_place_are_tied_at_it(#[case] points: &[&str], #[case] expected: &[(&str, &str)]) {
    let places = json!([{"code": "nhat", "count": 1, "money": "5000000"}, {"code": "nhi", "count": 2}]);
    let of: Vec<_> = points.iter().map(|points| (*points, None)).collect();
    let output = persons(json!({"quota": 3, "places": places}), &of);
    let told = output.entries.iter().map(|entry| {
        let standing = if entry.standing == Some(Standing::WithinQuota) { "within" } else { "tied" };
        (standing, entry.place.as_deref().unwrap())
    });
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn a_share_counts_the_candidates_that_are_held_and_shows_what_it_counted() {
    let of: Vec<_> = (0..19).map(|_| ("90", None)).collect();
    let rule = json!({"share": "10", "of": "candidates", "round": "down"});
    let output = persons(json!({"quota": rule}), &of);
    let share = output.share.as_ref().unwrap();
    assert_eq!((output.quota, share.counted, share.quota, share.share), (1, 19, 1, decimal("10")));
    let mut inputs = inputs(
        json!({"quota": rule}),
        &[json!([criterion("a", "assessed", "9", json!({"from": "appraisal"}))])],
        vec![],
    );
    inputs.candidates =
        (0..20).map(|nth| Candidate { held: Some("x".into()), ..candidate(&nth.to_string()) }).collect();
    assert_eq!(rank(&inputs).quota, 2);
    inputs.award.quota = serde_json::from_value(json!({"share": "10", "of": "units", "round": "down"})).unwrap();
    inputs.units = Some(39);
    assert_eq!((rank(&inputs).quota, rank(&inputs).share.unwrap().counted), (3, 39));
}

#[rstest]
#[case::more_is_better(false, ["30", "20", "10"])]
#[case::less_is_better(true, ["10", "20", "30"])]
fn an_indicator_parts_equals_by_its_figure_and_silence_stands_last(#[case] less: bool, #[case] expected: [&str; 3]) {
    let criteria = json!([criterion("a", "assessed", "100", json!({"from": "appraisal"}))]);
    let person = |figure: Option<&str>| Candidate {
        attained: figure
            .map(|figure| Attained {
                figure: Some(fraction(figure)),
                less_is_better: less,
                ..attained("I", Verdict::Met, None)
            })
            .into_iter()
            .collect(),
        assessments: vec![appraised("a", "50")],
        ..candidate(figure.unwrap_or("none"))
    };
    let all = [None, Some("20"), Some("30"), Some("10")].map(person);
    let output = rank(&inputs(json!({"ranking": {"ties": ["indicator:I"]}}), &[criteria], all.to_vec()));
    let order: Vec<&str> = output.entries.iter().map(|entry| entry.candidate.code.as_str()).collect();
    assert_eq!(order, [&expected[..], &["none"]].concat());
    assert_eq!(output.entries[3].compared[1].value, None);
    assert_eq!(output.entries[1].separated_by.as_deref(), Some("indicator:I"));
}

#[test]
fn a_pool_shows_whom_the_run_would_take_of_each_unit() {
    let of = [("95", Some("a")), ("94", Some("a")), ("93", Some("b"))];
    let output = persons(json!({"quota": 2, "per_unit": 1, "pool": "bk"}), &of);
    let pool = output.pool.unwrap();
    let units: Vec<_> = pool.units.iter().map(|one| (one.unit.as_str(), one.within)).collect();
    assert_eq!((pool.code.as_str(), pool.per_unit, units), ("bk", Some(1), vec![("a", 1), ("b", 1)]));
}

#[test]
fn what_is_frozen_of_a_plain_quota_has_no_member_that_it_had_not_before() {
    let output = serde_json::to_value(persons(json!({"quota": 1}), &[("95", Some("a")), ("94", None)])).unwrap();
    let members: Vec<&str> = output.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(members, ["blocks", "entries", "ineligible", "line", "quota"]);
    let entry = output["entries"][0].as_object().unwrap();
    for member in ["place", "classes", "eligible", "unanswered"] {
        assert!(!entry.contains_key(member), "{member}");
    }
    assert!(!entry["criteria"][0].as_object().unwrap().contains_key("when"));
    let plain = serde_json::to_string(&inputs(json!({}), &[json!([])], vec![candidate("a")])).unwrap();
    for member in ["units", "pooled", "answered", "per_unit", "pool", "places", "eligible", "less_is_better"] {
        assert!(!plain.contains(&format!("\"{member}\":")), "{member}");
    }
}
