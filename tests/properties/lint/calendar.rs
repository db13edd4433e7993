//! Days of the month, cut-off days and frequencies that cannot be, and what a plan of the first format cannot say.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use super::{found, linted, second};

/// The example plan in the second format, reported by month, with some members replaced.
fn with(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut plan = second();
    plan["reporting"]["every"] = json!("month");
    plan["reporting"]["extra_periods"] = json!([]);
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        plan.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    for criterion in
        plan["groups"].as_array_mut().unwrap().iter_mut().flat_map(|g| g["criteria"].as_array_mut().unwrap())
    {
        if !criterion["period"].is_null() && criterion["kind"] != "measured" {
            criterion["period"] = json!("2026");
        }
    }
    linted(plan)
}

fn day(day: u32, month: &str) -> Value {
    json!({"day": day, "month": month, "at": "17:00"})
}

#[rstest]
#[case(day(5, "next"))]
#[case(json!({"day": 20, "month": "next", "at": "17:00", "moves": "stays", "opens_day": 10}))]
#[case(json!({"working_days": 3, "at": "17:00"}))]
fn a_sound_due_day_has_no_finding(#[case] due: Value) {
    let findings = with(&[("/reporting/due", due)]);
    assert!(findings.iter().all(|finding| !finding.pointer.starts_with("/reporting/due")), "{findings:#?}");
}

#[rstest]
#[case(json!({"at": "17:00"}), "due_unsaid", "")]
#[case(json!({"day": 20, "at": "17:00"}), "due_unsaid", "")]
#[case(json!({"month": "next", "at": "17:00"}), "due_unsaid", "")]
#[case(json!({"working_days": 3, "day": 20, "at": "17:00"}), "due_mixed", "/day")]
#[case(json!({"working_days": 3, "month": "next", "at": "17:00"}), "due_mixed", "/month")]
#[case(json!({"working_days": 3, "moves": "stays", "at": "17:00"}), "due_mixed", "/moves")]
#[case(json!({"working_days": 3, "opens_day": 1, "at": "17:00"}), "due_mixed", "/opens_day")]
#[case(day(0, "next"), "due_day_out_of_range", "/day")]
#[case(day(32, "next"), "due_day_out_of_range", "/day")]
#[case(json!({"day": 20, "month": "next", "at": "17:00", "opens_day": 21}), "opens_after_due", "/opens_day")]
#[case(json!({"day": 20, "month": "next", "at": "17:00", "opens_day": 0}), "opens_after_due", "/opens_day")]
#[case(json!({"day": 20, "month": "next", "at": "5 pm"}), "due_time_malformed", "/at")]
fn in_the_due_day(#[case] due: Value, #[case] code: &str, #[case] pointer: &str) {
    let findings = with(&[("/reporting/due", due)]);
    assert_eq!(found(&findings, code, &format!("/reporting/due{pointer}")), Some(false), "{findings:#?}");
}

#[test]
fn a_day_before_the_cutoff_makes_estimates_and_one_before_the_period_makes_no_sense() {
    let early = with(&[("/reporting/due", day(20, "last"))]);
    assert_eq!(found(&early, "due_before_cutoff", "/reporting/due/day"), Some(true));
    let rest = json!([{"code": "cuoi", "starts_on": "2026-11-21", "cutoff_on": "2026-11-30"}]);
    let changes = [
        ("/reporting/windows", json!({"cutoff_day": 20, "year_end": "12-31"})),
        ("/reporting/extra_periods", rest),
        ("/reporting/due", day(20, "last")),
    ];
    let before = with(&changes);
    assert_eq!(found(&before, "due_before_period", "/reporting/due/day"), Some(false), "{before:#?}");
    assert_eq!(found(&before, "due_before_cutoff", "/reporting/due/day"), None, "one thing at a time");
}

#[rstest]
#[case(json!({"cutoff_day": 0, "year_end": "12-31"}), "cutoff_day_out_of_range", "cutoff_day")]
#[case(json!({"cutoff_day": 29, "year_end": "12-31"}), "cutoff_day_out_of_range", "cutoff_day")]
#[case(json!({"cutoff_day": 25, "year_end": "11-30"}), "year_end_outside_december", "year_end")]
fn in_the_windows(#[case] windows: Value, #[case] code: &str, #[case] member: &str) {
    let findings = with(&[("/reporting/windows", windows)]);
    assert_eq!(found(&findings, code, &format!("/reporting/windows/{member}")), Some(false), "{findings:#?}");
}

#[test]
fn a_cutoff_day_has_no_finding_and_leaves_what_it_leaves() {
    let findings = with(&[("/reporting/windows", json!({"cutoff_day": 25, "year_end": "12-31"}))]);
    let mut of_reporting = findings.iter().filter(|finding| finding.pointer.starts_with("/reporting"));
    assert!(of_reporting.all(|finding| finding.warning), "{findings:#?}");
    assert_eq!(found(&findings, "span_not_covered", "/reporting/extra_periods"), Some(true));
}

#[rstest]
#[case(json!([]), "every_empty", "")]
#[case(json!(["2026-Q5"]), "period_malformed", "/0")]
#[case(json!(["2026-Q1", "2026-Q1"]), "code_duplicate", "/1")]
#[case(json!(["2027-Q1"]), "period_without_leaves", "/0")]
#[case(json!(["2026-Q2", "2026-H1"]), "every_overlaps", "/1")]
fn in_the_frequency_of_an_indicator(#[case] every: Value, #[case] code: &str, #[case] pointer: &str) {
    let findings = with(&[("/indicators/0/every", every)]);
    assert_eq!(found(&findings, code, &format!("/indicators/0/every{pointer}")), Some(false), "{findings:#?}");
}

#[test]
fn an_indicator_is_not_reported_more_often_than_the_report() {
    let by_quarter = ("/reporting/every", json!("quarter"));
    let findings = with(&[by_quarter.clone(), ("/indicators/0/every", json!("month"))]);
    assert_eq!(found(&findings, "every_finer", "/indicators/0/every"), Some(false));
    let findings = with(&[by_quarter, ("/indicators/0/every", json!(["2026-02"]))]);
    assert_eq!(found(&findings, "every_finer", "/indicators/0/every/0"), Some(false));
    let findings = with(&[("/indicators/6/every", json!("quarter"))]);
    assert_eq!(found(&findings, "every_counted", "/indicators/6/every"), Some(false), "{findings:#?}");
}

#[test]
fn longer_periods_that_the_movement_has_not_wholly_are_worth_a_look() {
    let findings = with(&[("/indicators/0/every", json!("quarter"))]);
    assert_eq!(found(&findings, "every_ends_after", "/indicators/0/every"), Some(true), "it ends in November");
    let findings = with(&[("/indicators/0/every", json!("half")), ("/span/from", json!("2026-03-01"))]);
    assert_eq!(found(&findings, "every_begins_before", "/indicators/0/every"), Some(true));
}

#[test]
fn a_criterion_reads_a_figure_where_it_is_owed() {
    let measured = |period: &str| {
        json!([{"code": "do", "kind": "measured", "source": "plan", "points_source": "plan", "max": "100", "indicator": "CDS-01",
               "period": period, "missing": "zero", "scale": {"between": "step", "knots": [{"from": "88", "points": "100"}]}}])
    };
    let of = |period| with(&[("/indicators/0/every", json!("quarter")), ("/groups/0/criteria", measured(period))]);
    let pointer = "/groups/0/criteria/0/period";
    assert_eq!(found(&of("2026-05"), "period_not_owed", pointer), Some(false));
    assert_eq!(found(&of("2026-Q2"), "period_not_owed", pointer), None);
}

#[rstest]
#[case("/indicators/0/every", json!("year"), "/indicators/0/every")]
#[case("/reporting/due", day(5, "next"), "/reporting/due/day")]
#[case("/reporting/windows", json!({"cutoff_day": 25, "year_end": "12-31"}), "/reporting/windows/cutoff_day")]
fn the_first_format_does_not_say_it(#[case] member: &str, #[case] value: Value, #[case] pointer: &str) {
    let findings = with(&[("/format", json!("thidua.plan/1")), (member, value)]);
    assert_eq!(found(&findings, "format_too_old", pointer), Some(false), "{findings:#?}");
}
