//! Groups of households, and the days of a criterion.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::finding::Finding;

use super::{EXAMPLE, first, found, linted};

/// The example with members of its group and award of households replaced, by the list and the way in it.
fn with(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut plan: Value = serde_json::from_str(EXAMPLE).unwrap();
    for (way, value) in changes {
        let (parent, key) = way.rsplit_once('/').unwrap();
        match plan.pointer_mut(parent).unwrap() {
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value.clone(),
            parent => parent[key] = value.clone(),
        }
    }
    linted(plan)
}

fn indicators() -> Value {
    json!({"code": "chi-tieu", "kind": "indicators", "source": "plan", "points_source": "plan", "max": "90",
           "period": "2026", "otherwise": "1", "missing": "zero"})
}

fn measured() -> Value {
    let knots = json!([{"from": "88", "points": "90"}]);
    json!({"code": "do", "kind": "measured", "source": "plan", "points_source": "plan", "max": "90", "indicator": "CDS-01",
           "missing": "zero", "scale": {"between": "step", "knots": knots}})
}

#[rstest]
#[case("/groups/3/criteria/0", indicators(), "criterion_of_household", "/groups/3/criteria/0/kind")]
#[case("/groups/3/criteria/0", measured(), "criterion_of_household", "/groups/3/criteria/0/kind")]
#[case(
    "/groups/3/criteria/0", json!({"code": "bc", "kind": "reporting", "source": "plan", "points_source": "plan", "max": "90"}),
    "criterion_of_household", "/groups/3/criteria/0/kind"
)]
#[case("/groups/3/kinds", json!(["resident"]), "kind_of_household", "/groups/3/kinds/0")]
#[case("/awards/2/ranking/ties", json!(["indicator:CDS-01"]), "tie_of_household", "/awards/2/ranking/ties/0")]
#[case("/awards/2/ranking/ties", json!(["direct_work"]), "tie_for_persons", "/awards/2/ranking/ties/0")]
#[case("/awards/2/eligible", json!({"late_reports": {"to": "0"}}), "condition_not_here", "/awards/2/eligible/late_reports")]
#[case("/awards/2/candidates", json!("person"), "candidates_differ", "/awards/2/groups/0")]
#[case(
    "/groups/3/criteria/0/window", json!({"from": "2026-12-31", "to": "2026-01-01"}), "span_reversed",
    "/groups/3/criteria/0/window"
)]
#[case(
    "/groups/3/criteria/0/window", json!({"from": "2025-01-01", "to": "2025-12-31"}), "window_outside",
    "/groups/3/criteria/0/window"
)]
#[case(
    "/groups/0/criteria/1/window", json!({"from": "2026-01-01", "to": "2026-12-31"}), "member_foreign",
    "/groups/0/criteria/1/window"
)]
fn what_does_not_fit_households_and_days_is_found(
    #[case] way: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] at: &str,
) {
    let findings = with(&[(way, value)]);
    assert_eq!(found(&findings, code, at), Some(false), "{findings:#?}");
}

#[test]
fn households_of_some_units_are_a_group() {
    let mut plan: Value = serde_json::from_str(EXAMPLE).unwrap();
    plan["unit_sets"] = json!([{"code": "cum-1", "name": {"vi": "Cụm 1"}, "kinds": ["quarter"]}]);
    plan["groups"][3]["sets"] = json!(["cum-1"]);
    let findings = linted(plan);
    assert!(findings.iter().all(|finding| finding.warning), "{findings:#?}");
}

#[test]
fn the_first_format_has_no_households_and_no_days_of_a_criterion() {
    let mut plan = first();
    plan["groups"][2]["candidates"] = json!("household");
    plan["awards"][1]["candidates"] = json!("household");
    plan["groups"][0]["criteria"][2]["window"] = json!({"from": "2026-01-01", "to": "2026-11-30"});
    let findings = linted(plan);
    for at in ["/groups/2/candidates", "/awards/1/candidates", "/groups/0/criteria/2/window"] {
        assert_eq!(found(&findings, "format_too_old", at), Some(false), "{findings:#?}");
    }
}
