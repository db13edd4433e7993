//! The agency enters for a unit: with a reason and a source, and with two pairs of eyes.

use serde_json::{Value, json};
use thidua::http::Role;

use crate::support::{MOVEMENT, TestApp};

#[test]
fn the_agency_enters_for_a_unit_with_a_reason_and_a_source() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let report = movement.report("thon-1");
    let refused = place.put(&app.agency(), &report).problem(422, "content_invalid");
    refused.finding("/on_behalf", "on_behalf_needed");
    let report = report.on_behalf();
    let made = place.put(&app.agency(), &report).created();
    assert_eq!(made["on_behalf"], report.0["on_behalf"]);
    let submitted = place.act(&app.agency(), "submit", json!({})).ok();
    assert_eq!(submitted["on_behalf"], report.0["on_behalf"]);
    place.act(&app.agency(), "approve", json!({})).problem(409, "four_eyes");
    place.act(&app.agency_2(), "approve", json!({})).ok();
    let revision = app.auditor().get(&format!("{}/revisions/1", place.path)).ok();
    assert_eq!(revision["on_behalf"], report.0["on_behalf"]);
    assert_eq!(revision["submitted_by"], app.agency().username);
}

#[test]
fn a_units_own_report_is_on_nobodys_behalf() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    for who in [app.reporter("thon-1"), app.head("thon-1")] {
        let refused = place.put(&who, &movement.report("thon-1").on_behalf()).problem(422, "content_invalid");
        refused.finding("/on_behalf", "on_behalf_unneeded");
    }
}

#[test]
fn the_agency_does_not_hand_in_a_units_own_draft_as_it_is() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    let refused = place.act(&app.agency(), "submit", json!({})).problem(422, "content_invalid");
    refused.finding("/on_behalf", "on_behalf_needed");
    place.put(&app.agency(), &movement.report("thon-1").on_behalf()).ok();
    place.act(&app.agency(), "submit", json!({})).ok();
}

#[test]
fn what_the_head_hands_in_is_the_units_own() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.put(&app.agency(), &movement.report("thon-1").on_behalf()).created();
    let submitted = place.submit();
    assert_eq!(submitted["on_behalf"], Value::Null);
    // Who wrote it does not approve it, whoever handed it in.
    place.act(&app.agency(), "approve", json!({})).problem(409, "four_eyes");
    place.act(&app.agency_2(), "approve", json!({})).ok();
}

#[test]
fn the_agency_withdraws_only_what_it_entered() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (own, entered) = (movement.at("2025-07", "thon-1"), movement.at("2025-08", "thon-1"));
    own.draft(&movement.report("thon-1")).is(201);
    own.submit();
    own.act(&app.agency(), "withdraw", json!({})).problem(403, "forbidden");
    let withdraw = |tag: &str| app.agency().post(&format!("{}/withdraw", own.path), json!({})).if_match(tag);
    withdraw("\"9\"").problem(403, "forbidden");
    own.approve();
    withdraw("*").problem(403, "forbidden");
    entered.put(&app.agency(), &movement.report("thon-1").on_behalf()).created();
    entered.act(&app.agency(), "submit", json!({})).ok();
    entered.act(&app.agency_2(), "withdraw", json!({})).ok();
    entered.act(&app.agency(), "submit", json!({})).ok();
    entered.act(&app.head("thon-1"), "withdraw", json!({})).ok();
}

/// An official of the agency who keeps a unit's books is its reporter and no more: its head hands in.
#[test]
fn a_reporter_of_the_agency_does_not_hand_in_as_the_unit() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let both = app.account("both", Role::Reporter, Some("thon-1"));
    app.account("both", Role::StandingAgency, None);
    let place = movement.at("2025-07", "thon-1");
    place.put(&both, &movement.report("thon-1")).created();
    let refused = place.act(&both, "submit", json!({})).problem(422, "content_invalid");
    refused.finding("/on_behalf", "on_behalf_needed");
    place.put(&both, &movement.report("thon-1").on_behalf()).ok();
    let submitted = place.act(&both, "submit", json!({})).ok();
    assert_ne!(submitted["on_behalf"], Value::Null);
    place.act(&both, "approve", json!({})).problem(409, "four_eyes");
}

#[test]
fn whoever_was_acted_for_does_not_approve_what_was_handed_in_for_them() {
    let app = TestApp::start();
    app.emulation();
    let lent = json!({"to": app.head("phong-vhxh").username, "role": "standing_agency", "valid_to": "2025-12-31",
        "reason": "Đi công tác"});
    app.agency().post("/delegations", lent).created();
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 10, "denominator": 10, "estimated": true});
    let body = json!({"values": [value], "on_behalf": {"reason": "Chưa có máy tính", "source": "Báo cáo giấy"}});
    let acting = app.head("phong-vhxh");
    acting.put(&place, body).if_none_match_any().created();
    acting.act_on(&place, "submit", json!({})).is(200);
    app.agency().act_on(&place, "approve", json!({})).problem(409, "four_eyes");
    let seen = app.agency().get(&place).ok();
    assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("approve")), "{seen}");
    app.agency_2().act_on(&place, "approve", json!({})).is(200);
}
