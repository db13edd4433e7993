//! What an `indicators` criterion makes of targets that were not stated for it.

use serde_json::{Value, json};

use super::changed;

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
