//! What is shown of a ranking: never in contradiction to what was decided.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::{
    exact::{Decimal, half_up},
    rankings::{Candidate, Output, Reports, compare, rank, rank_as},
};

use super::build::*;

/// The shown totals of candidates with these appraised points, best first, and their classes.
fn shown(compare: Value, points: &[&str]) -> Vec<(String, Option<String>)> {
    let classes = json!([{"code": "xuat-sac", "name": {"vi": "Xuất sắc"}, "from": "90"}, {"code": "tot", "name": {"vi": "Tốt"}, "from": "70"}]);
    let over = json!({"quota": 1, "classes": classes, "ranking": {"compare": compare}});
    let candidate = |(n, given): (usize, &&str)| Candidate {
        assessments: vec![appraised("a", given)],
        ..candidate(&format!("c{n}"))
    };
    let candidates = points.iter().enumerate().map(candidate).collect();
    let output = rank(&inputs(over, &[json!([criterion("a", "assessed", "100", json!({}))])], candidates));
    output.entries.into_iter().map(|entry| (entry.total, entry.class)).collect()
}

#[rstest]
#[case::below_a_class(json!({"on": "exact"}), &["89.996"], &[("89.996", "tot")])]
#[case::at_a_class(json!({"on": "exact"}), &["90"], &[("90.00", "xuat-sac")])]
#[case::above_a_class(json!({"on": "exact"}), &["90.001"], &[("90.00", "xuat-sac")])]
#[case::neighbours(json!({"on": "exact"}), &["88.3601", "88.3599"], &[("88.3601", "tot"), ("88.3599", "tot")])]
#[case::one_of_two_needs_a_digit(json!({"on": "exact"}), &["88.365", "88.363"], &[("88.37", "tot"), ("88.36", "tot")])]
#[case::equals(json!({"on": "exact"}), &["88.3601", "88.3601", "88.36"], &[("88.3601", "tot"), ("88.3601", "tot"), ("88.3600", "tot")])]
#[case::compared_rounded(json!({"on": "rounded", "digits": 2}), &["89.996", "89.994"], &[("90.00", "xuat-sac"), ("89.99", "tot")])]
#[case::compared_to_one_digit(json!({"on": "rounded", "digits": 1}), &["89.96", "89.94"], &[("90.00", "xuat-sac"), ("89.90", "tot")])]
#[case::compared_to_three_digits(json!({"on": "rounded", "digits": 3}), &["88.3584", "88.3586"], &[("88.359", "tot"), ("88.358", "tot")])]
fn a_total_shown_never_contradicts_its_class_or_its_place(
    #[case] compare: Value,
    #[case] points: &[&str],
    #[case] expected: &[(&str, &str)],
) {
    let expected: Vec<_> = expected.iter().map(|(total, class)| ((*total).into(), Some((*class).into()))).collect();
    assert_eq!(shown(compare, points), expected);
}

/// As exact as the total, which is shown apart from the class and from its neighbours.
#[rstest]
#[case::as_many_digits_as_the_total(&["90.00000001", "90", "89.99999999"], &["90.00000001", "90.00", "89.99999999"])]
#[case::no_digit_that_nobody_needs(&["88.5", "70.123456", "60"], &["88.50", "70.12", "60.00"])]
fn points_do_not_contradict_their_total(#[case] given: &[&str], #[case] shown: &[&str]) {
    let with = |(n, given): (usize, &&str)| Candidate {
        assessments: vec![appraised("a", given)],
        ..candidate(&format!("c{n}"))
    };
    let classes = json!([{"code": "xs", "name": {"vi": "Xuất sắc"}, "from": "90"}]);
    let criteria = json!([criterion("a", "assessed", "100", json!({}))]);
    let over = json!({"quota": 1, "classes": classes});
    let inputs = inputs(over, &[criteria], given.iter().enumerate().map(with).collect());
    let points = |output: Output| -> Vec<Option<String>> {
        output.entries.into_iter().map(|entry| entry.criteria[0].points.clone()).collect()
    };
    let expected: Vec<_> = shown.iter().map(|text| Some((*text).to_owned())).collect();
    assert_eq!(points(rank(&inputs)), expected);
    let two = |given: &&str| Some(half_up(&given.parse::<Decimal>().unwrap().into(), 2));
    assert_eq!(points(rank_as(2, &inputs)), given.iter().map(two).collect::<Vec<_>>(), "an old run repeats");
}

#[rstest]
#[case::one_late_of_many(9_999, 10_000, "9.999")]
#[case::all_in_time(10_000, 10_000, "10.00")]
#[case::one_in_time(1, 10_000, "0.001")]
#[case::none_in_time(0, 10_000, "0.00")]
fn points_are_full_or_nothing_only_where_they_are(#[case] on_time: u32, #[case] due: u32, #[case] shown: &str) {
    let criteria = json!([criterion("r", "reporting", "10", json!({})), criterion("a", "assessed", "90", json!({}))]);
    let reporting = Reports { due, on_time, excused: 0 };
    let candidate = Candidate { reporting, assessments: vec![appraised("a", "5")], ..candidate("an") };
    let output = rank(&inputs(json!({}), &[criteria], vec![candidate]));
    assert_eq!(output.entries[0].criteria[0].points.as_deref(), Some(shown));
}

#[test]
fn a_difference_that_leads_is_not_shown_as_none() {
    let over = json!({"quota": 1});
    let with = |code: &str, given| Candidate { assessments: vec![appraised("a", given)], ..candidate(code) };
    let criteria = json!([criterion("a", "assessed", "100", json!({}))]);
    let output = rank(&inputs(over, &[criteria], vec![with("an", "50.0004"), with("binh", "50")]));
    let comparison = compare(&output, "an", "binh").unwrap();
    assert_eq!((comparison.difference.as_str(), comparison.criteria[0].difference.as_str()), ("0.0004", "0.0004"));
    assert_eq!(compare(&output, "an", "an").unwrap().difference, "0.00");
}

#[test]
fn the_line_never_lies_below_zero() {
    let over = json!({"quota": 1, "ranking": {"compare": {"on": "rounded", "digits": 1}}});
    let with = |code: &str, given| Candidate { assessments: vec![appraised("a", given)], ..candidate(code) };
    let criteria = json!([criterion("a", "assessed", "100", json!({}))]);
    let output = rank(&inputs(over, &[criteria], vec![with("an", "0.01"), with("binh", "0")]));
    assert_eq!(output.line.unwrap().reach, fraction("0"));
}
