//! Tables of targets and sets of units that cannot be meant so.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use super::{first, found, linted, second};

/// The example plan in the second format, with a set, a base period and some members of CDS-03 (a count) replaced.
fn with(changes: Value) -> Vec<Finding> {
    let mut plan = second();
    plan["unit_sets"] = json!([{"code": "cum-1", "name": {"vi": "Cụm 1"}, "kinds": ["quarter"]}]);
    let base = json!({"code": "2025", "starts_on": "2025-01-01", "cutoff_on": "2025-12-31", "role": "base"});
    plan["reporting"]["extra_periods"].as_array_mut().unwrap().push(base);
    for (name, value) in changes.as_object().unwrap() {
        plan["indicators"][2][name] = value.clone();
    }
    linted(plan)
}

#[test]
fn a_sound_table_has_no_finding() {
    let table = json!([
        {"unit": "to-1", "value": "60"}, {"unit": "to-2", "value": "60"}, {"set": "cum-1", "value": "10"},
        {"unit": "to-1", "period": "2026-Q1", "value": "20"}, {"through": "2026-Q2", "value": "60"},
        {"unit": "to-3", "period": "2030", "value": {"base": "2025", "times": "1.05"}}
    ]);
    let findings = with(json!({"targets": table, "unassigned": "none", "units_judged": "each"}));
    let about = |finding: &&Finding| {
        ["/indicators/2", "/unit_sets", "/reporting"].iter().any(|at| finding.pointer.starts_with(at))
    };
    assert_eq!(findings.iter().filter(about).collect::<Vec<_>>(), Vec::<&Finding>::new());
}

#[rstest]
#[case::a_unit_and_a_set(json!({"unit": "to-1", "set": "cum-1", "value": "1"}), "target_named_twice", "/set")]
#[case::a_period_and_through(json!({"unit": "to-1", "period": "2026-Q1", "through": "2026-Q1", "value": "1"}), "target_named_twice", "/through")]
#[case::no_set(json!({"set": "cum-9", "value": "1"}), "unit_set_unknown", "/set")]
#[case::no_period(json!({"unit": "to-1", "period": "quý 1", "value": "1"}), "target_period_unknown", "/period")]
#[case::a_base_as_period(json!({"unit": "to-1", "through": "2025", "value": "1"}), "target_period_unknown", "/through")]
#[case::no_field(json!({"unit": "to-1", "field": "ho-tich", "value": "1"}), "field_unknown", "/field")]
#[case::no_number(json!({"unit": "to-1", "value": "nhiều"}), "target_malformed", "/value")]
#[case::no_whole_number(json!({"unit": "to-1", "value": "1.5"}), "target_malformed", "/value")]
#[case::below_nothing(json!({"unit": "to-1", "value": "-1"}), "target_out_of_range", "/value")]
#[case::no_base(json!({"unit": "to-1", "value": {"base": "2024", "times": "1.05"}}), "base_unknown", "/value/base")]
#[case::neither_times_nor_plus(json!({"unit": "to-1", "value": {"base": "2025"}}), "base_by_one", "/value")]
#[case::times_and_plus(json!({"unit": "to-1", "value": {"base": "2025", "times": "1", "plus": "1"}}), "base_by_one", "/value")]
#[case::times_nothing(json!({"unit": "to-1", "value": {"base": "2025", "times": "0"}}), "base_factor", "/value/times")]
#[case::twice_the_whole(json!({"value": "130"}), "target_twice", "")]
fn an_entry_that_cannot_be_meant(#[case] entry: Value, #[case] code: &str, #[case] pointer: &str) {
    let findings = with(json!({"targets": [entry], "unassigned": "none"}));
    assert_eq!(found(&findings, code, &format!("/indicators/2/targets/0{pointer}")), Some(false), "{findings:#?}");
}

#[test]
fn a_target_with_more_decimals_than_its_count_names_them() {
    let target = json!({"comparator": ">=", "value": "12.345", "source": "plan"});
    let findings = with(json!({"decimals": 2, "target": target, "targets": [{"unit": "to-1", "value": "1.234"}]}));
    for place in ["target", "targets/0"] {
        let at = format!("/indicators/2/{place}/value");
        assert_eq!(found(&findings, "decimals_too_many", &at), Some(false), "{findings:#?}");
        let finding = findings.iter().find(|finding| finding.pointer == at).unwrap();
        assert_eq!((finding.args["most"].as_str(), finding.args["indicator"].as_str()), ("2", "CDS-03"));
    }
}

#[test]
fn two_entries_of_one_narrowness() {
    let twice = json!([{"unit": "to-1", "period": "2026-Q1", "value": "1"}, {"unit": "to-1", "period": "2026-Q1", "value": "2"}]);
    let findings = with(json!({"targets": twice, "unassigned": "none"}));
    assert_eq!(found(&findings, "target_twice", "/indicators/2/targets/1"), Some(false), "{findings:#?}");
}

#[test]
fn sums_that_do_not_add_up_are_told_and_no_more() {
    let table = json!([{"unit": "to-1", "value": "60"}, {"unit": "to-2", "value": "61"}, {"period": "2026-Q1", "value": "20"},
                       {"period": "2026-01", "value": "5"}, {"period": "2026-02", "value": "5"}, {"period": "2026-03", "value": "5"}]);
    let findings = with(json!({"targets": table, "unassigned": "none"}));
    assert_eq!(found(&findings, "targets_sum_differs", "/indicators/2/targets"), Some(true), "{findings:#?}");
    assert_eq!(found(&findings, "dated_targets_differ", "/indicators/2/targets"), Some(true));
}

#[test]
fn nobody_is_held_against_what_all_are_to_reach() {
    let shared = with(json!({"targets": [{"unit": "to-1", "value": "60"}], "unassigned": "same"}));
    assert_eq!(found(&shared, "unassigned_shares_whole", "/indicators/2/unassigned"), Some(false));
    // Whoever wrote no table and no rule is asked to decide, and may decide so.
    assert_eq!(found(&with(json!({})), "target_shared", "/groups/0/criteria/1/weights"), Some(false));
    assert_eq!(found(&with(json!({"unassigned": "same"})), "target_shared", "/groups/0/criteria/1/weights"), None);
    assert_eq!(found(&with(json!({"unassigned": "none"})), "target_shared", "/groups/0/criteria/1/weights"), None);
}

#[rstest]
#[case("/unit_sets/0/units", json!([]), "/unit_sets/0", "unit_set_empty")]
#[case("/unit_sets/0/kinds", json!(["thon"]), "/unit_sets/0/kinds/0", "unit_kind_unknown")]
#[case("/indicators/2/reported_by", json!(["set:cum-9"]), "/indicators/2/reported_by/0", "unit_set_unknown")]
#[case("/groups/0/sets", json!(["cum-9"]), "/groups/0/sets/0", "unit_set_unknown")]
#[case("/indicators/5/targets", json!([{"value": {"base": "2025", "plus": "1"}}]), "/indicators/5/targets/0/value", "base_unfit")]
#[case("/indicators/4/units_judged", json!("each"), "/indicators/4/units_judged", "units_judged_unfit")]
#[case("/reporting/extra_periods/1/cutoff_on", json!("2026-02-01"), "/reporting/extra_periods/1/cutoff_on", "base_period_late")]
#[case("/reporting/extra_periods/1/code", json!("2026"), "/reporting/extra_periods/1/code", "period_code_misused")]
fn members_that_cannot_be_meant(#[case] member: &str, #[case] value: Value, #[case] pointer: &str, #[case] code: &str) {
    let mut plan = second();
    plan["unit_sets"] = json!([{"code": "cum-1", "name": {"vi": "Cụm 1"}, "units": if code == "unit_set_empty" { json!([]) } else { json!(["to-1"]) }}]);
    let base = json!({"code": "2025", "starts_on": "2025-01-01", "cutoff_on": "2025-12-31", "role": "base"});
    plan["reporting"]["extra_periods"].as_array_mut().unwrap().push(base);
    let (parent, name) = member.rsplit_once('/').unwrap();
    plan.pointer_mut(parent).unwrap()[name] = value;
    let findings = linted(plan);
    assert_eq!(found(&findings, code, pointer), Some(false), "{findings:#?}");
}

#[test]
fn a_base_is_named_apart_from_what_is_reported() {
    let mut plan = second();
    plan["span"] = json!({"from": "2026-07-01", "to": "2026-12-31"});
    let base = json!({"code": "2026", "starts_on": "2026-01-01", "cutoff_on": "2026-06-30", "role": "base"});
    plan["reporting"]["extra_periods"] = json!([base]);
    let of = |plan: &Value| linted(plan.clone());
    assert_eq!(found(&of(&plan), "period_code_misused", "/reporting/extra_periods/0/code"), Some(false));
    plan["reporting"]["extra_periods"][0]["code"] = json!("2026-H1");
    assert_eq!(found(&of(&plan), "period_code_misused", "/reporting/extra_periods/0/code"), None);
}

#[test]
fn a_plan_does_not_continue_itself() {
    let mut plan = second();
    plan["continues"] = plan["code"].clone();
    assert_eq!(found(&linted(plan.clone()), "continues_itself", "/continues"), Some(false));
    plan["continues"] = json!("truoc-do");
    assert_eq!(found(&linted(plan), "continues_itself", "/continues"), None);
}

#[test]
fn the_first_format_has_none_of_it() {
    let mut plan = first();
    plan["unit_sets"] = json!([{"code": "cum-1", "name": {"vi": "Cụm 1"}, "kinds": ["quarter"]}]);
    plan["indicators"][2]["targets"] = json!([{"unit": "to-1", "value": "60"}]);
    plan["indicators"][2]["unassigned"] = json!("none");
    plan["groups"][0]["sets"] = json!(["cum-1"]);
    plan["continues"] = json!("truoc-do");
    let findings = linted(plan);
    for pointer in ["/continues", "/unit_sets", "/indicators/2/targets", "/indicators/2/unassigned", "/groups/0/sets"] {
        assert_eq!(found(&findings, "format_too_old", pointer), Some(false), "{findings:#?}");
    }
}
