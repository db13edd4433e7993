//! Figures that deserve a second look, and reports that come too early.

use std::sync::LazyLock;

use rstest::rstest;
use serde_json::{Value as Json, json};
use thidua::{
    finding::Finding,
    movements::plan::{Indicator, Plan},
    submissions::{Content, Value, check_draft, check_final, check_jumps, warnings},
};

const PLAN: &str = include_str!("../../../plans/example-calendar.json");

/// An indicator of the example plan with other members.
fn indicator(code: &str, members: Json) -> Indicator {
    static ALL: LazyLock<Vec<Indicator>> = LazyLock::new(|| serde_json::from_str::<Plan>(PLAN).unwrap().indicators);
    let found = ALL.iter().find(|indicator| indicator.code == code).unwrap();
    let mut document = serde_json::to_value(found).unwrap();
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    serde_json::from_value(document).unwrap()
}

fn value(code: &str, members: Json) -> Value {
    let mut value = json!({"indicator": code, "state": "reported"});
    value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    serde_json::from_value(value).unwrap()
}

fn content(values: Vec<Value>) -> Content {
    Content { values, ..Content::default() }
}

fn told(findings: &[Finding]) -> Vec<(&str, &str)> {
    findings.iter().map(|finding| (finding.pointer.as_str(), finding.code)).collect()
}

#[rstest]
#[case("CDS-05", json!({"from": "0", "to": "100"}), json!({"value": "912.5"}), Some("value"))]
#[case("CDS-05", json!({"from": "0", "to": "100"}), json!({"value": "-5"}), Some("value"))]
#[case("CDS-05", json!({"from": "0", "to": "100"}), json!({"value": "100.01"}), Some("value"))]
#[case("CDS-05", json!({"from": "0", "to": "100"}), json!({"value": "100"}), None)]
#[case("CDS-05", json!({"from": "0", "to": "100"}), json!({"value": "0"}), None)]
#[case("CDS-05", json!({"from": "0"}), json!({"value": "912.5"}), None)]
#[case("CDS-05", json!({"to": "100"}), json!({"value": "-912.5"}), None)]
#[case("CDS-03", json!({"to": "500"}), json!({"count": 501}), Some("count"))]
#[case("CDS-03", json!({"from": "10"}), json!({"count": 9}), Some("count"))]
#[case("CDS-03", json!({"from": "10", "to": "10"}), json!({"count": 10}), None)]
#[case("CDS-02", json!({"to": "50"}), json!({"numerator": 2, "denominator": 3}), Some("numerator"))]
#[case("CDS-02", json!({"to": "50"}), json!({"numerator": 1, "denominator": 2}), None)]
#[case("CDS-08", json!({"to": "300"}), json!({"numerator": 301, "denominator": 100}), Some("numerator"))]
#[case("CDS-06", json!({"to": "126"}), json!({"rank": 127, "population": 130}), Some("rank"))]
fn a_figure_outside_the_bounds_is_refused_with_them(
    #[case] code: &str,
    #[case] bounds: Json,
    #[case] members: Json,
    #[case] wrong: Option<&str>,
) {
    let known = [indicator(code, json!({"bounds": bounds}))];
    let content = content(vec![value(code, members)]);
    let found = check_draft(&content, &[&known[0]], &known, &Default::default());
    let expected: Vec<(String, &str)> =
        wrong.iter().map(|member| (format!("/values/0/{member}"), "figure_out_of_bounds")).collect();
    let expected: Vec<(&str, &str)> = expected.iter().map(|(at, code)| (at.as_str(), *code)).collect();
    assert_eq!(told(&found), expected);
    assert!(warnings(&content, &[&known[0]], &[]).is_empty());
}

#[rstest]
#[case("912.5", true)]
#[case("-5", true)]
#[case("100.01", true)]
#[case("-0.00000001", true)]
#[case("100", false)]
#[case("0", false)]
#[case("91.25", false)]
fn a_percentage_without_bounds_is_only_asked_about(
    #[case] figure: &str,
    #[values("percent", "%")] unit: &str,
    #[case] odd: bool,
) {
    let known = [indicator("CDS-05", json!({"unit": unit}))];
    let content = content(vec![value("CDS-05", json!({"value": figure}))]);
    assert!(check_draft(&content, &[&known[0]], &known, &Default::default()).is_empty());
    let warned = warnings(&content, &[&known[0]], &[]);
    let expected: &[(&str, &str)] = if odd { &[("/values/0/value", "percent_unlikely")] } else { &[] };
    assert_eq!(told(&warned), expected);
    assert!(warned.iter().all(|finding| finding.warning));
    let points = [indicator("CDS-05", json!({"unit": "points"}))];
    assert!(warnings(&content, &[&points[0]], &[]).is_empty(), "only percentages have their ends by nature");
}

#[rstest]
#[case(100, 1000, true)]
#[case(100, 999, false)]
#[case(100, 10, true)]
#[case(100, 11, false)]
#[case(100, 0, true)]
#[case(0, 1000, false)]
#[case(7, 7, false)]
fn a_jump_asks_for_words(#[case] last: i64, #[case] now: i64, #[case] jumps: bool) {
    let known = [indicator("CDS-03", json!({"jump_warning": "10"}))];
    let before = [value("CDS-03", json!({"count": last}))];
    let silent = content(vec![value("CDS-03", json!({"count": now}))]);
    let wrong: &[(&str, &str)] = if jumps { &[("/values/0/explanation", "jump_unexplained")] } else { &[] };
    assert_eq!(told(&check_jumps(&silent, &[&known[0]], &before)), wrong);
    let explained = content(vec![value("CDS-03", json!({"count": now, "explanation": "Đợt cao điểm"}))]);
    assert!(check_jumps(&explained, &[&known[0]], &before).is_empty());
    let warned: &[(&str, &str)] = if jumps { &[("/values/0/count", "figure_jumps")] } else { &[] };
    for content in [&silent, &explained] {
        assert_eq!(told(&warnings(content, &[&known[0]], &before)), warned);
        assert!(warnings(content, &[&known[0]], &[]).is_empty(), "a first figure is no jump");
    }
    let plain = [indicator("CDS-03", json!({}))];
    assert!(check_jumps(&silent, &[&plain[0]], &before).is_empty());
}

#[test]
fn a_field_is_compared_with_itself() {
    let known = [indicator("CDS-01", json!({"jump_warning": "2"}))];
    let of = |field: &str, n: i64| value("CDS-01", json!({"field": field, "numerator": n, "denominator": 100}));
    let before = [of("ho-tich", 90), of("dat-dai", 20)];
    let now = content(vec![of("ho-tich", 90), of("dat-dai", 90)]);
    assert_eq!(told(&check_jumps(&now, &[&known[0]], &before)), [("/values/1/explanation", "jump_unexplained")]);
}

#[rstest]
#[case::final_figure(json!([{"count": 5}]), vec!["/values/0/estimated"])]
#[case::estimate(json!([{"count": 5, "estimated": true}]), vec![])]
#[case::both(json!([{"count": 5, "estimated": true}, {"count": 6}]), vec!["/values/1/estimated"])]
#[case::estimate_beside_nothing(json!([{"state": "none_arose"}, {"count": 6, "estimated": true}]), vec![])]
#[case::nothing_arose_yet(json!([{"state": "none_arose"}]), vec!["/values"])]
#[case::no_business_of_the_unit(json!([{"state": "not_applicable"}]), vec![])]
#[case::absent(json!([{"state": "absent", "explanation": "Chưa có số liệu"}]), vec![])]
fn before_a_period_is_over_there_are_estimates_alone(#[case] values: Json, #[case] places: Vec<&str>) {
    let values = values.as_array().unwrap().iter().map(|members| value("CDS-03", members.clone())).collect();
    let content = content(values);
    let day = |text: &str| text.parse().unwrap();
    for today in ["2026-03-01", "2026-03-31"] {
        let found = check_final(&content, day("2026-03-31"), day(today));
        let expected: Vec<_> = places.iter().map(|at| (*at, "period_not_over")).collect();
        assert_eq!(told(&found), expected);
    }
    assert!(check_final(&content, day("2026-03-31"), day("2026-04-01")).is_empty());
}
