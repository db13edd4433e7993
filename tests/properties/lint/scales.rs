//! Scales that cannot be read, and members that the first format does not have.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use super::{first, linted, second};

/// The example plan in the second format, with one more criterion of its first group.
fn with(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut criterion = json!({
        "code": "do", "kind": "measured", "source": "plan", "points_source": "plan", "max": "20", "indicator": "CDS-01",
        "missing": "zero", "scale": {"between": "step", "knots": [{"from": "88", "points": "5"}, {"above": "90", "points": "20"}]}
    });
    for (pointer, value) in changes {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        let parent = criterion.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match value {
            Value::Null => drop(parent.remove(name)),
            value => drop(parent.insert(name.to_owned(), value.clone())),
        }
    }
    let mut plan = second();
    plan["groups"][0]["criteria"].as_array_mut().unwrap().push(criterion);
    linted(plan)
}

/// Whether the finding is a warning; none where it is not found.
fn found(findings: &[Finding], code: &str, pointer: &str) -> Option<bool> {
    let pointer = format!("/groups/0/criteria/7{pointer}");
    super::found(findings, code, &pointer)
}

#[test]
fn a_sound_scale_has_no_finding() {
    let findings = with(&[]);
    assert!(findings.iter().all(|finding| !finding.pointer.starts_with("/groups/0/criteria/7")), "{findings:#?}");
}

#[rstest]
#[case("/indicator", Value::Null, "member_missing", "/indicator")]
#[case("/scale", Value::Null, "member_missing", "/scale")]
#[case("/missing", Value::Null, "member_missing", "/missing")]
#[case("/weights", json!({"CDS-01": "1"}), "member_foreign", "/weights")]
#[case("/indicator", json!("CDS-99"), "indicator_not_in_plan", "/indicator")]
#[case("/indicator", json!("CDS-07"), "indicator_counted", "/indicator")]
#[case("/period", json!("2031"), "period_without_leaves", "/period")]
#[case("/scale/knots", json!([]), "knots_too_few", "/scale/knots")]
#[case("/scale/knots", json!([{"points": "5"}]), "knot_edge", "/scale/knots/0")]
#[case("/scale/knots", json!([{"from": "1", "above": "1", "points": "20"}]), "knot_edge", "/scale/knots/0")]
#[case("/scale/knots", json!([{"from": "90", "points": "5"}, {"from": "88", "points": "20"}]), "knots_not_rising", "/scale/knots/1")]
#[case("/scale/knots", json!([{"above": "90", "points": "5"}, {"from": "90", "points": "20"}]), "knots_not_rising", "/scale/knots/1")]
#[case("/scale/knots", json!([{"from": "90", "points": "20.5"}]), "scale_points_out_of_range", "/scale/knots/0/points")]
#[case("/scale/knots", json!([{"from": "90", "points": "-1"}]), "scale_points_out_of_range", "/scale/knots/0/points")]
#[case("/scale/below", json!("21"), "scale_points_out_of_range", "/scale/below")]
#[case("/scale/between", json!("line"), "knot_above_on_line", "/scale/knots/1/above")]
#[case("/scale/origin", json!("10"), "scale_origin_foreign", "/scale/origin")]
#[case("/scale/against", json!("median"), "scale_against_malformed", "/scale/against")]
#[case("/scale/against", json!("indicator:X"), "indicator_not_in_plan", "/scale/against")]
#[case("/scale/against", json!("indicator:CDS-02"), "scale_against_unfit", "/scale/against")]
#[case("/scale/against", json!("indicator:CDS-03"), "scale_against_unfit", "/scale/against")]
#[case("/scale/against", json!("indicator:CDS-06"), "scale_against_unfit", "/scale/against")]
fn an_unreadable_scale_is_refused(
    #[case] member: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    let findings = with(&[(member, value)]);
    assert_eq!(found(&findings, code, pointer), Some(false), "{findings:#?}");
}

#[test]
fn what_needs_another_member_is_refused_with_it() {
    let line = json!([{"from": "0", "points": "0"}, {"from": "100", "points": "20"}]);
    let findings = with(&[("/scale/between", json!("line")), ("/scale/knots", line), ("/scale/below", json!("1"))]);
    assert_eq!(found(&findings, "scale_below_on_line", "/scale/below"), Some(false));
    let down = |member: &str, value: Value| with(&[("/indicator", json!("CDS-02")), (member, value)]);
    assert_eq!(found(&down("/scale/against", json!("best")), "scale_against_downward", "/scale/against"), Some(false));
    let findings = with(&[("/kind", json!("bonus")), ("/missing", Value::Null), ("/scale", Value::Null)]);
    assert_eq!(found(&findings, "member_missing", "/scale"), Some(false));
    let computed = with(&[("/kind", json!("bonus")), ("/missing", Value::Null)]);
    assert!(computed.iter().all(|finding| !finding.pointer.starts_with("/groups/0/criteria/7")), "{computed:#?}");
}

#[rstest]
#[case("/max", json!("25"), "scale_never_full", "/scale/knots")]
#[case("/indicator", json!("CDS-02"), "scale_other_direction", "/scale/knots")]
#[case("/kind", json!("penalty"), "scale_other_direction", "/scale/knots")]
fn an_odd_scale_is_only_warned_of(
    #[case] member: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    let findings = with(&[(member, value)]);
    assert_eq!(found(&findings, code, pointer), Some(true), "{findings:#?}");
}

#[test]
fn percent_of_a_target_need_one_that_divides() {
    let of = |value: Value, direction: &str| {
        let mut plan = second();
        plan["indicators"][0]["target"]["value"] = value;
        plan["indicators"][0]["direction"] = json!(direction);
        let scale = json!({"of": "target", "between": "step", "knots": [{"from": "100", "points": "20"}]});
        plan["groups"][0]["criteria"].as_array_mut().unwrap().push(json!({
            "code": "do", "kind": "measured", "source": "plan", "points_source": "plan", "max": "20",
            "indicator": "CDS-01", "missing": "zero", "scale": scale
        }));
        linted(plan)
    };
    assert_eq!(found(&of(Value::Null, "up"), "scale_target_open", "/scale/of"), Some(false));
    assert_eq!(found(&of(json!("0"), "up"), "scale_target_zero", "/scale/of"), Some(false));
    assert_eq!(found(&of(json!("0"), "down"), "scale_target_zero", "/scale/of"), Some(false));
    assert_eq!(found(&of(json!("80"), "up"), "scale_target_zero", "/scale/of"), None);
}

#[test]
fn the_first_format_has_no_scale() {
    let mut plan = first();
    let knots = json!([{"from": "88", "points": "10"}]);
    let bonus = json!({"indicator": "CDS-01", "scale": {"between": "step", "knots": knots}});
    plan["groups"][0]["criteria"][5].as_object_mut().unwrap().extend(bonus.as_object().unwrap().clone());
    plan["groups"][0]["criteria"][6]["kind"] = json!("measured");
    let findings = linted(plan);
    let told: Vec<&str> =
        findings.iter().filter(|found| found.code == "format_too_old").map(|found| found.pointer.as_str()).collect();
    let of = |pointer: &str| format!("/groups/0/criteria/{pointer}");
    assert_eq!(told, [of("5/indicator"), of("5/scale"), of("6/kind")]);
}
