//! Conditions that ask for nothing, for what there is not, or where it cannot be known.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};
use thidua::{finding::Finding, movements::plan::VERDICTS, progress::Verdict};

use super::{linted, second};

/// The example in the second format with a check in its first group, and these conditions: of the gate, of a bonus, of the
/// best class, of the award.
fn with(changes: &[(&str, Value)]) -> Vec<Finding> {
    let mut plan = second();
    let check = json!({"code": "don-thu", "kind": "check", "source": "plan", "text": {"vi": "Có đơn thư"}});
    for group in 0..2 {
        plan["groups"][group]["criteria"].as_array_mut().unwrap().push(check.clone());
    }
    let places = [
        ("gate", "/groups/0/criteria/0/when"),
        ("bonus", "/groups/0/criteria/5/when"),
        ("class", "/awards/0/classes/0/when"),
        ("award", "/awards/0/eligible"),
    ];
    for (place, condition) in changes {
        let at = places.iter().find(|(name, _)| name == place).map_or(*place, |(_, at)| at);
        let (parent, name) = at.rsplit_once('/').unwrap();
        let parent = plan.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        match condition {
            Value::Null => drop(parent.remove(name)),
            condition => drop(parent.insert(name.to_owned(), condition.clone())),
        }
    }
    let findings = linted(plan);
    let short = |finding: Finding| {
        let named = places.iter().find_map(|(name, at)| Some(format!("{name}{}", finding.pointer.strip_prefix(at)?)));
        Finding { pointer: named.unwrap_or(finding.pointer.clone()), ..finding }
    };
    findings.into_iter().map(short).collect()
}

/// Whether the finding is a warning; none where it is not found.
fn found(findings: &[Finding], code: &str, pointer: &str) -> Option<bool> {
    findings.iter().find(|finding| finding.code == code && finding.pointer == pointer).map(|finding| finding.warning)
}

#[test]
fn sound_conditions_have_no_finding() {
    let met = json!(["met", "none_arose", "not_applicable"]);
    let findings = with(&[
        ("gate", json!({"all": [{"indicator": "CDS-01", "is": met}, {"check": "don-thu", "is": false}]})),
        ("/groups/0/criteria/0/text", Value::Null),
        (
            "bonus",
            json!({"any": [{"criterion": "chi-tieu", "from": "40"}, {"indicator": "CDS-01", "above": "90", "period": "2026"}]}),
        ),
        (
            "class",
            json!({"all": [{"every_criterion": {"above": "0"}}, {"any": [{"check": "don-thu", "is": false}, {"total": {"from": "95"}}]}]}),
        ),
        (
            "award",
            json!({"all": [{"class": "xuat-sac"}, {"answered_share": {"from": "60"}}, {"late_reports": {"to": "0"}}]}),
        ),
    ]);
    let about = |finding: &&Finding| {
        ["gate", "bonus", "class", "award", "/groups/0/criteria/0"].iter().any(|at| finding.pointer.starts_with(at))
    };
    let told: Vec<&str> = findings.iter().filter(about).map(|finding| finding.code).collect();
    assert_eq!(told, ["condition_criterion_lacking"; 0], "{findings:#?}");
}

#[rstest]
#[case("gate", json!({}), "condition_malformed", "")]
#[case("gate", json!({"check": "don-thu", "indicator": "CDS-01"}), "condition_malformed", "")]
#[case("gate", json!({"check": "don-thu", "is": "met"}), "condition_malformed", "")]
#[case("gate", json!({"check": "don-thu", "from": "1"}), "condition_malformed", "")]
#[case("gate", json!({"check": "don-thu", "period": "2026"}), "condition_malformed", "")]
#[case("gate", json!({"indicator": "CDS-01", "is": true}), "condition_malformed", "")]
#[case("gate", json!({"all": [{"check": "don-thu"}], "any": [{"check": "don-thu"}]}), "condition_malformed", "")]
#[case("bonus", json!({"any": [{"check": "don-thu"}], "check": "don-thu"}), "condition_malformed", "")]
#[case("class", json!({"all": [{"check": "don-thu"}], "total": {"from": "5"}}), "condition_malformed", "")]
#[case("award", json!({"all": [{"check": "don-thu"}], "from": "5"}), "condition_malformed", "")]
#[case("award", json!({"any": [{"all": [{"check": "don-thu"}], "is": false}]}), "condition_malformed", "/any/0")]
#[case("/groups/0/criteria/1/when", json!({"all": [{"check": "don-thu"}], "period": "2026"}), "condition_malformed", "")]
#[case("gate", json!({"criterion": "chi-tieu", "from": "1"}), "condition_not_here", "/criterion")]
#[case("gate", json!({"total": {"from": "1"}}), "condition_not_here", "/total")]
#[case("bonus", json!({"every_criterion": {"from": "1"}}), "condition_not_here", "/every_criterion")]
#[case("class", json!({"class": "kha"}), "condition_not_here", "/class")]
#[case("award", json!({"class": "gioi"}), "class_unknown", "/class")]
#[case("award", json!({"all": [{"any": [{"check": "don-thu"}, {"all": [{"check": "don-thu"}]}]}]}), "condition_too_deep", "/all/0/any/1/all/0")]
#[case("gate", json!({"indicator": "CDS-99", "is": "not_met"}), "indicator_not_in_plan", "/indicator")]
#[case("gate", json!({"indicator": "CDS-07", "from": "1"}), "condition_on_counted", "/indicator")]
#[case("gate", json!({"indicator": "CDS-01", "is": "good"}), "verdict_unknown", "/is")]
#[case("gate", json!({"indicator": "CDS-01"}), "condition_untested", "")]
#[case("gate", json!({"indicator": "CDS-01", "from": "1", "period": "2031"}), "period_without_leaves", "/period")]
#[case("gate", json!({"indicator": "CDS-01", "from": "60", "to": "50"}), "limits_empty", "")]
#[case("gate", json!({"indicator": "CDS-01", "above": "50", "to": "50"}), "limits_empty", "")]
#[case("gate", json!({"check": "mat-doan-ket"}), "condition_criterion_unknown", "/check")]
#[case("gate", json!({"check": "chi-tieu"}), "condition_criterion_unfit", "/check")]
#[case("bonus", json!({"criterion": "don-thu", "from": "1"}), "condition_criterion_unfit", "/criterion")]
#[case("bonus", json!({"criterion": "chi-tieu"}), "condition_untested", "")]
#[case("award", json!({"total": {}}), "condition_untested", "/total")]
#[case("award", json!({"answered_share": {"from": "101"}}), "share_out_of_range", "/answered_share/from")]
#[case("award", json!({"late_reports": {"from": "2", "below": "2"}}), "limits_empty", "/late_reports")]
#[case("award", json!({"late_reports": {"to": "-1"}}), "limits_empty", "/late_reports")]
#[case("award", json!({"late_reports": {"below": "0"}}), "limits_empty", "/late_reports")]
#[case("class", json!({"total": {"from": "-5", "to": "-1"}}), "limits_empty", "/total")]
#[case("class", json!({"every_criterion": {"below": "0"}}), "limits_empty", "/every_criterion")]
#[case("bonus", json!({"criterion": "thuong", "from": "1"}), "condition_circle", "")]
fn a_condition_that_cannot_be_asked_is_refused(
    #[case] place: &str,
    #[case] condition: Value,
    #[case] code: &str,
    #[case] pointer: &str,
) {
    let findings = with(&[(place, condition)]);
    assert_eq!(found(&findings, code, &format!("{place}{pointer}")), Some(false), "{findings:#?}");
}

#[test]
fn a_condition_may_ask_for_every_verdict_that_there_is() {
    let verdict = |word: &&str| serde_json::from_value::<Verdict>(json!(word)).map(|verdict| format!("{verdict:?}"));
    let read: BTreeSet<String> = VERDICTS.iter().map(|word| verdict(word).expect("a verdict")).collect();
    assert_eq!(read.len(), VERDICTS.len());
    // serde names them all where it knows none.
    let known = serde_json::from_value::<Verdict>(json!("other")).unwrap_err().to_string();
    assert_eq!(known.matches('`').count(), 2 * (1 + VERDICTS.len()));
}

#[test]
fn criteria_in_a_circle_are_refused_each() {
    let findings = with(&[
        ("bonus", json!({"criterion": "bao-cao", "from": "5"})),
        ("/groups/0/criteria/3/when", json!({"any": [{"criterion": "thuong", "from": "1"}]})),
        ("/groups/0/criteria/2/when", json!({"criterion": "bao-cao", "from": "5"})),
    ]);
    let at = |pointer: &str| found(&findings, "condition_circle", pointer);
    assert_eq!((at("bonus"), at("/groups/0/criteria/3/when")), (Some(false), Some(false)));
    assert_eq!(at("/groups/0/criteria/2/when"), None, "it waits for a circle and is in none");
}

#[test]
fn what_is_odd_is_only_warned_of() {
    let findings = with(&[
        ("gate", json!({"indicator": "CDS-01", "is": ["met", "none_arose"]})),
        ("award", json!({"criterion": "bao-cao", "from": "5"})),
    ]);
    assert_eq!(found(&findings, "condition_leaves_out", "gate/is"), Some(true));
    assert_eq!(found(&findings, "condition_criterion_lacking", "award/criterion"), Some(true));
    assert_eq!(
        found(&with(&[("gate", json!({"indicator": "CDS-01", "is": "not_met"}))]), "condition_leaves_out", "gate/is"),
        None
    );
}

#[test]
fn a_class_begins_from_or_above_its_points() {
    let class = "/awards/0/classes/0";
    let changed = |changes: &[(&str, Value)]| {
        let changes: Vec<(String, Value)> =
            changes.iter().map(|(member, value)| (format!("{class}/{member}"), value.clone())).collect();
        with(&changes.iter().map(|(at, value)| (at.as_str(), value.clone())).collect::<Vec<_>>())
    };
    let none = changed(&[("from", Value::Null)]);
    assert_eq!(found(&none, "class_edge", class), Some(false));
    assert_eq!(found(&changed(&[("above", json!("90"))]), "class_edge", class), Some(false));
    let alike = |more: &[(&str, Value)]| changed(&[&[("from", json!("70.5"))], more].concat());
    let second = "/awards/0/classes/1/from";
    assert_eq!(found(&alike(&[]), "classes_not_descending", second), Some(false));
    assert_eq!(found(&alike(&[("when", json!({"check": "don-thu"}))]), "classes_not_descending", second), None);
    let above = [("from", Value::Null), ("above", json!("70.5"))];
    assert_eq!(found(&changed(&above), "classes_not_descending", second), None);
    let hundred = [("from", Value::Null), ("above", json!("100"))];
    assert_eq!(found(&changed(&hundred), "class_out_of_reach", "/awards/0/classes/0/above"), Some(true));
}

#[test]
fn the_first_format_has_no_conditions() {
    let findings = with(&[
        ("/format", json!("thidua.plan/1")),
        ("bonus", json!({"check": "don-thu"})),
        ("class", json!({"check": "don-thu"})),
        ("/awards/0/classes/0/above", json!("90")),
        ("award", json!({"check": "don-thu"})),
    ]);
    let places = ["bonus", "class", "/awards/0/classes/0/above", "award", "/groups/0/criteria/7/kind"];
    for place in places {
        assert_eq!(found(&findings, "format_too_old", place), Some(false), "{place}: {findings:#?}");
    }
}

#[test]
fn only_conditions_take_a_check_and_it_has_no_points() {
    let findings = with(&[
        ("/groups/0/criteria/7/max", json!("5")),
        ("/groups/0/criteria/7/when", json!({"check": "don-thu"})),
        ("/groups/0/criteria/7/text", Value::Null),
    ]);
    let at = |code: &str, member: &str| found(&findings, code, &format!("/groups/0/criteria/7/{member}"));
    assert_eq!((at("member_foreign", "max"), at("member_foreign", "when")), (Some(false), Some(false)));
    assert_eq!(at("member_missing", "text"), Some(false));
}
