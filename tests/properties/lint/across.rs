//! Parts of a plan that do not fit each other.

use serde_json::{Value, json};

use thidua::movements::lint::lint;

use super::{changed, is_error, second};

#[test]
fn a_target_of_all_that_each_is_held_against_is_named_with_its_criterion() {
    let criterion = "/groups/0/criteria/1/weights";
    let of = |code: &str, changes: &[(&str, Value)]| {
        let findings = changed(changes);
        let named = findings.iter().find(|finding| finding.code == code && finding.pointer == criterion);
        named.map(|finding| finding.args["indicators"].as_str().to_owned())
    };
    assert_eq!(of("target_shared", &[]).as_deref(), Some("CDS-03"));
    assert_eq!(of("target_shared", &[("/indicators/2/reported_by", json!(["unit:trung-tam"]))]), None);
    assert_eq!(of("target_shared", &[("/indicators/2/reported_by", json!(["quarter"]))]), None);
    assert_eq!(of("target_shared", &[(criterion, json!({"CDS-03": "0"}))]), None);
    assert_eq!(of("full_points_below_hundred", &[]).as_deref(), Some("CDS-01"));
    assert_eq!(of("full_points_below_hundred", &[("/indicators/0/target/value", json!("100"))]), None);
}

#[test]
fn groups_of_an_award_are_out_of_the_same_total() {
    let findings = changed(&[("/groups/1/criteria/1/max", json!("40.5"))]);
    let finding = findings.iter().find(|finding| finding.code == "maxima_differ").unwrap();
    assert_eq!(finding.pointer, "/awards/0/groups/1");
    assert_eq!((finding.args["max"].as_str(), finding.args["other_max"].as_str()), ("100.5", "100"));
    let outside = changed(&[("/groups/0/criteria/5/max", json!("7"))]); // a bonus stands outside the total
    assert!(outside.iter().all(|finding| finding.code != "maxima_differ"));
}

#[test]
fn a_kind_of_candidate_belongs_to_one_group_of_an_award() {
    is_error(("/groups/1/kinds", json!(["quarter", "office"])), "kind_in_two_groups", "/awards/0/groups/1");
}

/// The findings of headings, where the last two criteria of the first group are in one.
fn headings(changes: &[(usize, &str, Value)]) -> Vec<(&'static str, String)> {
    let mut plan = second();
    let criteria = &mut plan["groups"][0]["criteria"];
    let sum = json!({"code": "muc", "kind": "sum", "text": {"vi": "Mục"}, "source": "plan", "points_source": "plan", "max": "10"});
    criteria.as_array_mut().unwrap().push(sum);
    for (place, member, value) in changes {
        criteria[*place][*member] = value.clone();
    }
    let findings = lint(&serde_json::from_value(plan).unwrap());
    let own = findings.into_iter().filter(|finding| finding.code.starts_with("heading"));
    own.map(|finding| (finding.code, finding.pointer.replace("/groups/0/criteria", ""))).collect()
}

#[test]
fn headings_hold_what_adds_up_to_them_and_never_themselves() {
    let at = |code: &'static str, pointer: &str| vec![(code, pointer.to_owned())];
    assert_eq!(headings(&[]), at("heading_empty", "/7/max"));
    let within = |code: &str| (3, "in", json!(code));
    assert_eq!(headings(&[within("muc")]), vec![]);
    assert_eq!(headings(&[within("muc"), (7, "max", json!("11"))]), at("heading_max_differs", "/7/max"));
    assert_eq!(headings(&[within("muc"), (4, "in", json!("khac"))]), at("heading_unknown", "/4/in"));
    assert_eq!(headings(&[within("muc"), (4, "in", json!("cach-lam"))]), at("heading_unknown", "/4/in"));
    assert!(headings(&[within("muc"), (7, "in", json!("muc"))]).contains(&("heading_ring", "/7/in".to_owned())));
}
