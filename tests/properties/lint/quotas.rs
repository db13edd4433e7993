//! Quotas, limits, pools and places that do not fit.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use super::{linted, second};

/// The example in the second format: the first award ranks units by group, the second persons together.
fn with(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut plan = second();
    for (at, value) in changes {
        let at = if at.starts_with('/') { (*at).to_owned() } else { format!("/awards/{at}") };
        let (parent, name) = at.rsplit_once('/').unwrap();
        plan.pointer_mut(parent).unwrap()[name] = value.clone();
    }
    linted(plan)
}

/// Whether the finding is a warning; none where it is not found.
fn found(findings: &[Finding], code: &str, pointer: &str) -> Option<bool> {
    let pointer = format!("/awards/{pointer}");
    super::found(findings, code, &pointer)
}

fn places(counts: &[u32]) -> Value {
    counts.iter().enumerate().map(|(nth, count)| json!({"code": format!("p{nth}"), "count": count})).collect()
}

#[rstest]
#[case(&[("0/quota", json!({"each_group": 1}))])]
#[case(&[("0/quota", json!({"groups": {"don-vi": 2, "to-dan-pho": 1}}))])]
#[case(&[("0/quota", json!({"share": "10", "of": "units", "round": "down"}))])]
#[case(&[("1/quota", json!({"share": "5.5", "of": "candidates", "round": "down"}))])]
#[case(&[("1/per_unit", json!(2))])]
#[case(&[("1/places", json!([{"code": "nhat", "name": {"vi": "Giải nhất"}, "count": 1, "money": "5000000"}, {"code": "nhi", "count": 3}]))])]
#[case(&[("1/ranking/ties", json!(["indicator:CDS-01", "direct_work", "female_first"]))])]
#[case(&[("1/per_unit", json!(2)), ("1/pool", json!("bk")), ("0/per_unit", json!(2)), ("0/pool", json!("bk")), ("0/ranking/blocks", json!("together"))])]
fn sound_numbers_have_no_finding(#[case] changes: &[(&str, Value)]) {
    let (before, findings) = (with(&[]), with(changes));
    let new: Vec<&Finding> = findings.iter().filter(|finding| !before.contains(finding)).collect();
    assert!(new.is_empty(), "{new:#?}");
}

#[rstest]
#[case("0/quota", json!(0), "quota_zero", "0/quota")]
#[case("0/quota", json!({}), "quota_malformed", "0/quota")]
#[case("0/quota", json!({"each_group": 1, "share": "5"}), "quota_malformed", "0/quota")]
#[case("0/quota", json!({"share": "10", "round": "down"}), "share_incomplete", "0/quota/of")]
#[case("0/quota", json!({"share": "10", "of": "units"}), "share_incomplete", "0/quota/round")]
#[case("0/quota", json!({"each_group": 1, "of": "units"}), "quota_malformed", "0/quota")]
#[case("0/quota", json!({"each_group": 0}), "quota_zero", "0/quota/each_group")]
#[case("0/quota", json!({"groups": {"don-vi": 1}}), "quota_group_missing", "0/quota/groups")]
#[case("0/quota", json!({"groups": {"don-vi": 1, "to-dan-pho": 0}}), "quota_zero", "0/quota/groups/to-dan-pho")]
#[case("0/quota", json!({"groups": {"don-vi": 1, "to-dan-pho": 1, "ca-nhan": 1}}), "quota_group_unknown", "0/quota/groups/ca-nhan")]
#[case("0/quota", json!({"share": "100.01", "of": "units", "round": "down"}), "share_out_of_range", "0/quota/share")]
#[case("0/quota", json!({"share": "-1", "of": "units", "round": "down"}), "share_out_of_range", "0/quota/share")]
#[case("1/quota", json!({"each_group": 1}), "quota_needs_blocks", "1/quota")]
#[case("1/quota", json!({"share": "5", "of": "units", "round": "down"}), "share_of_units", "1/quota/of")]
#[case("1/per_unit", json!(0), "per_unit_zero", "1/per_unit")]
#[case("0/per_unit", json!(1), "per_unit_needs_together", "0/per_unit")]
#[case("1/pool", json!("bk xa"), "code_malformed", "1/pool")]
#[case("1/pool", json!("bk"), "pool_without_limit", "1/pool")]
#[case("1/places", places(&[1, 2]), "places_differ", "1/places")]
#[case("1/places", places(&[4, 0]), "place_empty", "1/places/1/count")]
#[case("1/places", json!([{"code": "a", "count": 2}, {"code": "a", "count": 2}]), "code_duplicate", "1/places/1/code")]
#[case("1/places", json!([{"code": "a", "count": 4, "name": {"vi": ""}}]), "text_blank", "1/places/0/name/vi")]
#[case("1/places", json!([{"code": "a", "count": 4, "money": "-1"}]), "money_negative", "1/places/0/money")]
#[case("0/places", places(&[1, 2]), "places_need_together", "0/places")]
#[case("1/ranking/ties", json!(["indicator:X"]), "indicator_not_in_plan", "1/ranking/ties/0")]
#[case("1/ranking/ties", json!(["indicator:CDS-07"]), "tie_on_counted", "1/ranking/ties/0")]
fn what_gives_no_number_is_refused(
    #[case] member: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    let findings = with(&[(member, value)]);
    assert_eq!(found(&findings, code, pointer), Some(false), "{findings:#?}");
}

#[test]
fn what_does_not_go_together_is_named() {
    let share = ("1/quota", json!({"share": "5", "of": "candidates", "round": "down"}));
    assert_eq!(found(&with(&[share, ("1/places", places(&[4]))]), "places_need_number", "1/places"), Some(false));
    let pools = [("0/pool", json!("bk")), ("0/per_unit", json!(1)), ("1/pool", json!("bk")), ("1/per_unit", json!(2))];
    let findings = with(&pools);
    assert_eq!(found(&findings, "pool_limits_differ", "0/pool"), Some(false));
    assert_eq!(found(&findings, "pool_limits_differ", "1/pool"), Some(false));
}

#[test]
fn what_changes_nothing_is_only_warned_of() {
    let none = ("0/quota", json!({"share": "0", "of": "units", "round": "down"}));
    assert_eq!(found(&with(&[none]), "quota_zero", "0/quota/share"), Some(true));
    assert_eq!(found(&with(&[("1/per_unit", json!(1)), ("1/pool", json!("bk"))]), "pool_of_one", "1/pool"), Some(true));
    let alone = [("0/per_unit", json!(1)), ("0/ranking/blocks", json!("together"))];
    assert_eq!(found(&with(&alone), "per_unit_unused", "0/per_unit"), Some(true));
}

#[test]
fn the_first_format_has_a_number_and_no_places() {
    let findings = with(&[
        ("/format", json!("thidua.plan/1")),
        ("0/quota", json!({"each_group": 1})),
        ("1/per_unit", json!(1)),
        ("1/pool", json!("bk")),
        ("1/places", places(&[4])),
        ("1/ranking/ties", json!(["direct_work", "indicator:CDS-01"])),
    ]);
    for place in ["0/quota", "1/per_unit", "1/pool", "1/places", "1/ranking/ties/1"] {
        assert_eq!(found(&findings, "format_too_old", place), Some(false), "{place}: {findings:#?}");
    }
}
