//! What lint finds when one thing of a sound plan is changed.

mod across;
mod calendar;
mod conditions;
mod council;
mod households;
mod plans;
mod quotas;
mod scales;
mod targets;

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use self::plans::{EXAMPLE, first, found, linted, second};

/// Lints the example with some members replaced: `null` for an optional member removes it.
fn changed(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut plan = first();
    for (pointer, value) in changes {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match plan.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[key] = value.clone(),
        }
    }
    linted(plan)
}

fn is_error(change: (&str, Value), code: &str, pointer: &str) {
    let findings = changed(&[change]);
    assert_eq!(found(&findings, code, pointer), Some(false), "{findings:#?}");
}

#[rstest]
#[case("/format", json!("thidua.plan/3"), "format_unknown")]
#[case("/code", json!("Chuyen-doi-so"), "movement_code_malformed")]
#[case("/code", json!("x"), "movement_code_malformed")]
#[case("/template", json!("a b"), "movement_code_malformed")]
#[case("/continues", json!("a b"), "movement_code_malformed")]
#[case("/title/vi", json!(" "), "text_blank")]
#[case("/title/en", json!(""), "text_blank")]
#[case("/clauses/0/text/vi", json!(""), "text_blank")]
#[case("/document/issued_on/value", json!("08/01/2026"), "date_malformed")]
#[case("/fields/1/code", json!("ho-tich"), "code_duplicate")]
#[case("/unit_kinds/0/code", json!("phòng"), "code_malformed")]
#[case("/person_kinds/1/code", json!("official"), "code_duplicate")]
#[case("/groups/0/criteria/0/code", json!("adopt"), "code_reserved")]
fn in_the_frame(#[case] pointer: &str, #[case] value: Value, #[case] code: &str) {
    is_error((pointer, value), code, pointer);
}

#[rstest]
#[case("2026-12-01", "2026-11-30", "span_reversed")]
#[case("2016-11-30", "2026-11-30", "span_too_long")]
fn in_the_span(#[case] from: &str, #[case] to: &str, #[case] code: &str) {
    is_error(("/span", json!({"from": from, "to": to})), code, "/span");
    is_error(("/groups/2/window", json!({"from": from, "to": to})), code, "/groups/2/window");
}

#[rstest]
#[case("0/code", json!("CDS-02"), "code_duplicate", "1/code")]
#[case("0/code", json!("CDS/01"), "code_malformed", "0/code")]
#[case("0/numerator", Value::Null, "member_missing", "0/numerator")]
#[case("1/denominator", Value::Null, "member_missing", "1/denominator")]
#[case("2/numerator", json!({"vi": "Số buổi"}), "member_foreign", "2/numerator")]
#[case("2/may_exceed", json!(true), "member_foreign", "2/may_exceed")]
#[case("3/levels", json!([]), "member_missing", "3/levels")]
#[case("3/levels", json!(["done"]), "levels_too_few", "3/levels")]
#[case("3/levels", json!(["no", "done", "no"]), "code_duplicate", "3/levels/2")]
#[case("0/levels", json!(["no", "yes"]), "member_foreign", "0/levels")]
#[case("0/counts", json!("initiatives"), "member_foreign", "0/counts")]
#[case("4/fields", json!([{"code": "dat-dai"}]), "member_foreign", "4/fields")]
#[case("3/over_time", json!("sum"), "operator_unfit", "3/over_time")]
#[case("4/over_time", json!("sum"), "operator_unfit", "4/over_time")]
#[case("4/over_units", json!("sum"), "operator_unfit", "4/over_units")]
#[case("5/over_units", json!("sum"), "operator_unfit", "5/over_units")]
#[case("5/direction", json!("up"), "operator_unfit", "5/direction")]
#[case("3/direction", json!("down"), "operator_unfit", "3/direction")]
#[case("0/reported_by", json!([]), "nobody_reports", "0/reported_by")]
#[case("0/reported_by", json!(["division", "school"]), "unit_kind_unknown", "0/reported_by/1")]
#[case("0/reported_by", json!(["unit:"]), "code_malformed", "0/reported_by/0")]
#[case("0/reported_by", json!(["office", "office"]), "code_duplicate", "0/reported_by/1")]
#[case("4/reported_by", json!(["unit:a", "unit:b"]), "locality_reported_by_many", "4/reported_by")]
#[case("6/reported_by", json!(["office"]), "counted_and_reported", "6/reported_by")]
#[case("0/fields/1/code", json!("thue"), "field_unknown", "0/fields/1/code")]
#[case("0/fields/1/code", json!("ho-tich"), "code_duplicate", "0/fields/1/code")]
#[case("0/fields/0/target/value", json!("95%"), "target_malformed", "0/fields/0/target/value")]
#[case("0/note", json!({"vi": ""}), "text_blank", "0/note/vi")]
fn in_indicators(#[case] member: &str, #[case] value: Value, #[case] code: &str, #[case] pointer: &str) {
    is_error((&format!("/indicators/{member}"), value), code, &format!("/indicators/{pointer}"));
}

#[rstest]
#[case(0, "target", ">=", "80,5", "target_malformed", "target/value")]
#[case(0, "target", ">=", "101", "target_out_of_range", "target/value")]
#[case(0, "target", "<=", "80", "comparator_against_direction", "target/comparator")]
#[case(0, "floor", ">=", "80.1", "floor_beyond_target", "floor/value")]
#[case(0, "floor", "<", "60", "comparator_against_direction", "floor/comparator")]
#[case(1, "floor", "<=", "0.5", "floor_beyond_target", "floor/value")]
#[case(1, "target", "<", "-1", "target_out_of_range", "target/value")]
#[case(2, "target", ">=", "1.5", "target_malformed", "target/value")]
#[case(3, "target", ">=", "almost", "level_unknown", "target/value")]
#[case(4, "target", ">=", "high", "target_malformed", "target/value")]
#[case(5, "target", "<=", "0", "target_out_of_range", "target/value")]
#[case(5, "target", "<=", "top", "target_malformed", "target/value")]
fn in_targets(
    #[case] indicator: usize,
    #[case] member: &str,
    #[case] comparator: &str,
    #[case] value: &str,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    let target = json!({"comparator": comparator, "value": value, "source": "plan"});
    is_error(
        (&format!("/indicators/{indicator}/{member}"), target),
        code,
        &format!("/indicators/{indicator}/{pointer}"),
    );
}

fn aim(comparator: &str, value: &str) -> Value {
    json!({"comparator": comparator, "value": value, "source": "plan"})
}

/// By indicator: ratio up with two fields, ratio down, count up, level up, index up, rank down.
#[rstest]
#[case(0, (">=", "80"), (">=", "80.01"), true)]
#[case(0, (">=", "80"), (">", "80"), true)]
#[case(0, (">", "80"), (">", "80"), false)]
#[case(0, (">", "80"), (">=", "80"), false)]
#[case(0, (">=", "80"), (">=", "80"), false)]
#[case(0, (">=", "80"), (">", "79.99"), false)]
#[case(1, ("<", "1"), ("<=", "1"), false)]
#[case(1, ("<=", "1"), ("<", "1"), true)]
#[case(1, ("<=", "1"), ("<", "1.01"), false)]
#[case(1, ("<", "1"), ("<", "0.99"), true)]
#[case(2, (">=", "3"), (">", "2"), false)]
#[case(2, (">", "2"), (">=", "3"), false)]
#[case(2, (">=", "3"), (">", "3"), true)]
#[case(2, (">=", "3"), (">=", "4"), true)]
#[case(3, (">=", "not_started"), (">", "not_started"), true)]
#[case(3, (">", "not_started"), (">=", "in_progress"), false)]
#[case(3, (">", "not_started"), (">=", "done"), true)]
#[case(3, (">=", "done"), (">", "in_progress"), false)]
#[case(4, (">=", "90"), (">", "90"), true)]
#[case(4, (">=", "90"), (">=", "85"), false)]
#[case(5, ("<=", "10"), ("<", "10"), true)]
#[case(5, ("<=", "10"), ("<", "11"), false)]
#[case(5, ("<", "10"), ("<=", "9"), false)]
#[case(5, ("<", "10"), ("<=", "8"), true)]
fn no_figure_meets_the_target_and_misses_the_floor(
    #[case] indicator: usize,
    #[case] target: (&str, &str),
    #[case] floor: (&str, &str),
    #[case] stricter: bool,
) {
    let member = |name: &str| format!("/indicators/{indicator}/{name}");
    let mut changes = vec![(member("target"), aim(target.0, target.1)), (member("floor"), aim(floor.0, floor.1))];
    if indicator == 0 {
        changes.push((member("fields"), json!([{"code": "ho-tich"}, {"code": "dat-dai"}])));
    }
    let changes: Vec<(&str, Value)> = changes.iter().map(|(at, value)| (at.as_str(), value.clone())).collect();
    let findings = changed(&changes);
    let floor = format!("/indicators/{indicator}/floor/value");
    assert_eq!(found(&findings, "floor_beyond_target", &floor), stricter.then_some(false), "{findings:#?}");
}

#[rstest]
#[case("each", (">=", "59.9"), true)]
#[case("each", (">=", "60"), false)]
#[case("each", (">", "60"), false)]
#[case("each", (">=", "95"), false)]
#[case("pooled", (">=", "59.9"), false)]
fn nor_that_of_a_field_judged_by_itself(#[case] judged: &str, #[case] target: (&str, &str), #[case] stricter: bool) {
    let findings = changed(&[
        ("/indicators/0/fields_judged", json!(judged)),
        ("/indicators/0/fields", json!([{"code": "dat-dai"}, {"code": "ho-tich", "target": aim(target.0, target.1)}])),
    ]);
    let finding = findings.iter().find(|finding| finding.code == "floor_beyond_target");
    assert_eq!(finding.is_some(), stricter, "{findings:#?}");
    if let Some(finding) = finding {
        assert_eq!(finding.args["target"], format!("{} {} (ho-tich)", target.0, target.1));
    }
}

#[rstest]
#[case(0, "bounds", json!({}), "bounds_open", "bounds")]
#[case(0, "bounds", json!({"from": "90", "to": "10"}), "bounds_reversed", "bounds")]
#[case(0, "bounds", json!({"from": "-1"}), "bounds_out_of_range", "bounds/from")]
#[case(0, "bounds", json!({"to": "100.5"}), "bounds_out_of_range", "bounds/to")]
#[case(2, "bounds", json!({"to": "10.5"}), "bounds_out_of_range", "bounds/to")]
#[case(2, "bounds", json!({"from": "-5"}), "bounds_out_of_range", "bounds/from")]
#[case(3, "bounds", json!({"from": "0"}), "member_foreign", "bounds")]
#[case(5, "bounds", json!({"from": "0"}), "bounds_out_of_range", "bounds/from")]
#[case(0, "jump_warning", json!("1"), "jump_out_of_range", "jump_warning")]
#[case(0, "jump_warning", json!("0.1"), "jump_out_of_range", "jump_warning")]
#[case(3, "jump_warning", json!("10"), "member_foreign", "jump_warning")]
#[case(5, "jump_warning", json!("10"), "member_foreign", "jump_warning")]
fn in_what_is_plausible(
    #[case] indicator: usize,
    #[case] member: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    is_error(
        (&format!("/indicators/{indicator}/{member}"), value),
        code,
        &format!("/indicators/{indicator}/{pointer}"),
    );
}

#[rstest]
#[case(0, json!({"from": "0", "to": "100"}))]
#[case(4, json!({"from": "-10.5", "to": "100"}))]
#[case(2, json!({"to": "5000"}))]
#[case(5, json!({"from": "1", "to": "126"}))]
#[case(7, json!({"from": "0", "to": "500"}))]
fn bounds_fit_their_kind(#[case] indicator: usize, #[case] bounds: Value) {
    let findings = changed(&[(&format!("/indicators/{indicator}/bounds"), bounds)]);
    assert!(findings.iter().all(|finding| finding.warning), "{findings:#?}");
}

#[test]
fn a_target_beyond_the_bounds_is_worth_a_look() {
    let findings = changed(&[("/indicators/4/bounds", json!({"to": "50"}))]);
    assert_eq!(found(&findings, "target_outside_bounds", "/indicators/4/bounds"), Some(true));
}

#[test]
fn a_floor_needs_a_figure() {
    is_error(("/indicators/0/floor/value", Value::Null), "floor_open", "/indicators/0/floor/value");
}

#[rstest]
#[case("due/working_days", json!(0), "due_days_out_of_range", "due/working_days")]
#[case("due/working_days", json!(61), "due_days_out_of_range", "due/working_days")]
#[case("due/at", json!("24:00"), "due_time_malformed", "due/at")]
#[case("due/at", json!("9:00"), "due_time_malformed", "due/at")]
#[case("extra_periods/0/code", json!("cuối"), "code_malformed", "extra_periods/0/code")]
#[case("extra_periods/0/code", json!("2026-Q3"), "code_duplicate", "extra_periods/0/code")]
#[case("extra_periods/0/code", json!("2026-Q4"), "period_code_misused", "extra_periods/0/code")]
#[case("extra_periods/0/starts_on", json!("2026-12-01"), "span_reversed", "extra_periods/0")]
#[case("extra_periods/0/starts_on", json!("2026-09-30"), "periods_overlap", "extra_periods/0")]
#[case("extra_periods/0/starts_on", json!("2026-10-02"), "periods_gap", "extra_periods/0")]
#[case("extra_periods/0/cutoff_on", json!("2026-12-01"), "period_outside_span", "extra_periods/0/cutoff_on")]
fn in_reporting(#[case] member: &str, #[case] value: Value, #[case] code: &str, #[case] pointer: &str) {
    is_error((&format!("/reporting/{member}"), value), code, &format!("/reporting/{pointer}"));
}

#[test]
fn a_span_without_a_cutoff_has_no_period() {
    let findings = changed(&[("/reporting/every", json!("year")), ("/reporting/extra_periods", json!([]))]);
    assert_eq!(found(&findings, "no_period", "/reporting/every"), Some(false));
}

#[rstest]
#[case("0/code", json!("ca-nhan"), "code_duplicate", "2/code")]
#[case("0/kinds", json!([]), "group_without_kinds", "0/kinds")]
#[case("0/kinds/1", json!("official"), "unit_kind_unknown", "0/kinds/1")]
#[case("2/kinds/1", json!("office"), "person_kind_unknown", "2/kinds/1")]
#[case("0/criteria/1/code", json!("ky-luat"), "code_duplicate", "0/criteria/1/code")]
#[case("0/criteria/0/text", Value::Null, "member_missing", "0/criteria/0/text")]
#[case("0/criteria/0/max", json!("10"), "member_foreign", "0/criteria/0/max")]
#[case("0/criteria/2/text", Value::Null, "member_missing", "0/criteria/2/text")]
#[case("0/criteria/2/max", Value::Null, "member_missing", "0/criteria/2/max")]
#[case("0/criteria/2/from", Value::Null, "member_missing", "0/criteria/2/from")]
#[case("0/criteria/2/period", json!("2026"), "member_foreign", "0/criteria/2/period")]
#[case("0/criteria/1/period", Value::Null, "member_missing", "0/criteria/1/period")]
#[case("0/criteria/1/missing", Value::Null, "member_missing", "0/criteria/1/missing")]
#[case("1/criteria/0/otherwise", Value::Null, "member_missing", "1/criteria/0/weights")]
#[case("0/criteria/1/period", json!("cả năm"), "period_malformed", "0/criteria/1/period")]
#[case("0/criteria/1/period", json!("2025"), "period_without_leaves", "0/criteria/1/period")]
#[case("0/criteria/1/period", json!("2026-11"), "period_without_leaves", "0/criteria/1/period")]
#[case("0/criteria/1/weights/CDS-01", json!("-1"), "points_negative", "0/criteria/1/weights/CDS-01")]
#[case("0/criteria/1/weights/CDS~1-99", json!("1"), "indicator_unknown", "0/criteria/1/weights/CDS~01-99")]
#[case("0/criteria/4/points", json!({}), "member_missing", "0/criteria/4/points")]
#[case("0/criteria/4/points/ward", json!("-4"), "points_negative", "0/criteria/4/points/ward")]
#[case("0/criteria/3/max", Value::Null, "member_missing", "0/criteria/3/max")]
#[case("0/criteria/5/max", Value::Null, "member_missing", "0/criteria/5/max")]
#[case("0/criteria/6/max", json!("-10"), "points_negative", "0/criteria/6/max")]
#[case("0/criteria/6/from", json!("council"), "member_foreign", "0/criteria/6/from")]
#[case("2/criteria/0/from", json!("council"), "council_missing", "2/criteria/0/from")]
fn in_groups(#[case] member: &str, #[case] value: Value, #[case] code: &str, #[case] pointer: &str) {
    is_error((&format!("/groups/{member}"), value), code, &format!("/groups/{pointer}"));
}

#[rstest]
#[case("0/code", json!("ca-nhan"), "code_duplicate", "1/code")]
#[case("0/form", json!("giấy khen"), "code_malformed", "0/form")]
#[case("0/quota", json!(0), "quota_zero", "0/quota")]
#[case("0/groups", json!([]), "award_without_groups", "0/groups")]
#[case("0/groups", json!(["don-vi", "don-vi"]), "code_duplicate", "0/groups/1")]
#[case("0/groups/1", json!("xom"), "group_unknown", "0/groups/1")]
#[case("0/groups/1", json!("ca-nhan"), "candidates_differ", "0/groups/1")]
#[case("0/propose_before", json!("2026-01-01T00:00:00+07:00"), "proposal_before_span", "0/propose_before")]
#[case("0/ranking/compare/digits", Value::Null, "digits_missing", "0/ranking/compare/digits")]
#[case("0/ranking/compare/digits", json!(9), "digits_out_of_range", "0/ranking/compare/digits")]
#[case("0/ranking/ties/0", json!("kind:gate"), "tie_malformed", "0/ranking/ties/0")]
#[case("0/ranking/ties/0", json!("random"), "tie_malformed", "0/ranking/ties/0")]
#[case("0/ranking/ties/0", json!("criterion:thanh-tich"), "criterion_unknown", "0/ranking/ties/0")]
#[case("0/ranking/ties/0", json!("direct_work"), "tie_for_persons", "0/ranking/ties/0")]
#[case("0/ranking/ties/0", json!("kind:indicators"), "code_duplicate", "0/ranking/ties/1")]
#[case("0/ranking/robustness/draws", json!(99), "draws_out_of_range", "0/ranking/robustness/draws")]
#[case("0/ranking/robustness/draws", json!(100_001), "draws_out_of_range", "0/ranking/robustness/draws")]
#[case("0/ranking/robustness/spread", json!("1"), "spread_out_of_range", "0/ranking/robustness/spread")]
#[case("0/ranking/robustness/spread", json!("0"), "spread_out_of_range", "0/ranking/robustness/spread")]
#[case("0/ranking/robustness/seed", json!(1u64 << 53), "seed_too_large", "0/ranking/robustness/seed")]
#[case("0/classes/1/from", json!("90"), "classes_not_descending", "0/classes/1/from")]
#[case("0/classes/1/from", json!("-1"), "points_negative", "0/classes/1/from")]
#[case("0/classes/1/code", json!("xuat-sac"), "code_duplicate", "0/classes/1/code")]
#[case("0/council/quorum", json!("66%"), "share_malformed", "0/council/quorum")]
#[case("0/council/pass", json!(">1/1"), "share_malformed", "0/council/pass")]
#[case("0/council/trim", Value::Null, "trim_missing", "0/council/trim")]
#[case("0/council/min_ballots", json!(2), "min_ballots_too_few", "0/council/min_ballots")]
fn in_awards(#[case] member: &str, #[case] value: Value, #[case] code: &str, #[case] pointer: &str) {
    is_error((&format!("/awards/{member}"), value), code, &format!("/awards/{pointer}"));
}

#[rstest]
#[case("/document/issued_on/certain", json!(false), "fact_uncertain", "/document/issued_on")]
#[case("/document/issued_on/value", json!("2026-12-24"), "issued_after_span", "/document/issued_on/value")]
#[case("/indicators/0/target/value", Value::Null, "target_open", "/indicators/0/target/value")]
#[case("/indicators/0/fields_judged", json!("pooled"), "field_target_unused", "/indicators/0/fields/0/target")]
#[case("/reporting/extra_periods", json!([]), "span_not_covered", "/reporting/extra_periods")]
#[case("/groups/1/criteria", json!([]), "group_without_criteria", "/groups/1/criteria")]
#[case("/awards/1/groups", json!([]), "group_in_no_award", "/groups/2")]
#[case("/groups/2/window/to", json!("2026-06-30"), "window_narrower_than_span", "/groups/2/window")]
#[case("/groups/0/criteria/3/points_source", Value::Null, "points_source_missing", "/groups/0/criteria/3")]
#[case("/groups/0/criteria/5/max", json!("0"), "max_zero", "/groups/0/criteria/5/max")]
#[case("/groups/1/criteria/0/otherwise", json!("0"), "weights_zero", "/groups/1/criteria/0/weights")]
#[case("/groups/2/criteria", json!([{"code": "a", "kind": "gate", "text": {"vi": "A"}, "source": "plan"}]), "maximum_zero", "/awards/1/groups")]
#[case("/awards/1/ranking/compare", json!({"on": "exact", "digits": 1}), "digits_unused", "/awards/1/ranking/compare/digits")]
#[case("/awards/1/ranking/ties", json!(["kind:indicators"]), "tie_decides_nothing", "/awards/1/ranking/ties/0")]
#[case("/awards/1/ranking/ties", json!(["direct_work"]), "female_first_missing", "/awards/1/ranking/ties")]
#[case("/awards/0/classes/0/from", json!("100.5"), "class_out_of_reach", "/awards/0/classes/0/from")]
#[case("/awards/0/council/combine", json!("median"), "trim_unused", "/awards/0/council/trim")]
fn only_a_warning(#[case] member: &str, #[case] value: Value, #[case] code: &str, #[case] pointer: &str) {
    let findings = changed(&[(member, value)]);
    assert_eq!(found(&findings, code, pointer), Some(true), "{findings:#?}");
}

#[test]
fn an_extra_period_may_bear_the_code_of_its_own_days() {
    let findings = changed(&[
        ("/span/to", json!("2026-12-30")),
        (
            "/reporting/extra_periods/0",
            json!({"code": "2026-Q4", "starts_on": "2026-10-01", "cutoff_on": "2026-12-31"}),
        ),
    ]);
    let pointer = "/reporting/extra_periods/0";
    assert_eq!(found(&findings, "period_code_misused", &format!("{pointer}/code")), None);
    assert_eq!(found(&findings, "period_outside_span", &format!("{pointer}/cutoff_on")), Some(false));
}

#[test]
fn all_findings_come_at_once() {
    let findings = changed(&[
        ("/code", json!("?")),
        ("/indicators/0/reported_by", json!([])),
        ("/reporting/due/at", json!("noon")),
        ("/groups/0/criteria/2/from", Value::Null),
        ("/awards/0/quota", json!(0)),
    ]);
    let errors: Vec<_> = findings.iter().filter(|finding| !finding.warning).map(|finding| finding.code).collect();
    assert_eq!(
        errors,
        ["movement_code_malformed", "nobody_reports", "due_time_malformed", "member_missing", "quota_zero"]
    );
}

/// Whatever dates and instants a plan holds, lint answers.
#[rstest]
fn lint_never_fails_hard(
    #[values(1900, 2026, 2199)] year: i32,
    #[values(0, 1, u32::MAX)] days: u32,
    #[values("", "17:00", "99:99", "đúng ngọ")] at: &str,
) {
    let day = format!("{year:04}-01-01");
    changed(&[
        ("/span/to", json!(day)),
        ("/reporting/extra_periods/0/cutoff_on", json!(day)),
        ("/awards/0/propose_before", json!(format!("{day}T00:00:00Z"))),
        ("/reporting/due", json!({"working_days": days, "at": at})),
    ]);
}
