//! The agency's decisions: approve, send back with reasons and remarks, reopen; never one's own.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    story::{Movement, Place},
};

fn submitted<'a>(movement: &Movement<'a>, period: &str, unit: &str) -> Place<'a> {
    let place = movement.at(period, unit);
    place.draft(&movement.report(unit)).is(201);
    place.submit();
    place
}

#[test]
fn only_the_agency_decides() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = submitted(&movement, "2025-07", "thon-1");
    let why = json!({"reason": "Chưa khớp"});
    let acts = [("approve", json!({})), ("return", why.clone()), ("reopen", why.clone()), ("excuse-lateness", why)];
    for (act, body) in acts {
        for who in [app.head("thon-1"), app.reporter("thon-1"), app.chair(), app.auditor(), app.council_member()] {
            place.act(&who, act, body.clone()).problem(403, "forbidden");
        }
        place.act(&app.head("thon-2"), act, body.clone()).problem(404, "not_found");
        place.act(&app.elsewhere.agency(), act, body).problem(404, "not_found");
    }
    let approved = place.act(&app.agency(), "approve", json!({})).ok();
    assert_eq!((&approved["state"], approved.etag().as_str()), (&json!("approved"), "\"3\""));
}

#[test]
fn a_report_is_sent_back_with_a_reason_and_remarks() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = submitted(&movement, "2025-07", "phong-kinh-te");
    let remarks = json!([
        {"indicator": "CCHC-05", "field": "tnmt", "text": "Kiểm tra lại mẫu số"},
        {"indicator": "CCHC-18", "field": null, "text": "Nêu số văn bản"},
    ]);
    let why = json!({"reason": "Chưa khớp với hệ thống của Thành phố", "remarks": remarks});
    let returned = place.act(&app.agency(), "return", why.clone()).ok();
    assert_eq!((&returned["state"], &returned["reason"]), (&json!("returned"), &why["reason"]));
    assert_eq!(returned["remarks"], remarks);
    let seen = app.reporter("phong-kinh-te").get(&place.path).ok();
    assert_eq!((&seen["reason"], &seen["remarks"]), (&why["reason"], &remarks));
    let corrected = place.draft(&movement.report("phong-kinh-te").ratio("CCHC-18", 9, 10)).is(200);
    assert_eq!((&corrected["state"], &corrected["remarks"]), (&json!("returned"), &remarks), "until it is handed in");
    let again = place.submit();
    assert_eq!((&again["state"], &again["revision"]), (&json!("submitted"), &json!(2)));
    assert_eq!((&again["reason"], &again["remarks"]), (&Value::Null, &json!([])));
}

#[test]
fn a_reason_says_something_and_remarks_name_what_the_unit_reports() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = submitted(&movement, "2025-07", "phong-kinh-te");
    let send_back = |reason: &str, remarks: Value| {
        let why = json!({"reason": reason, "remarks": remarks});
        place.act(&app.agency(), "return", why).problem(422, "content_invalid")
    };
    send_back("", json!([])).finding("/reason", "length_out_of_range");
    send_back(" \u{a0}\n", json!([])).finding("/reason", "length_out_of_range");
    send_back(&"đ".repeat(2001), json!([])).finding("/reason", "length_out_of_range");
    let remark = |indicator: &str, field: Value, text: &str| {
        send_back("Sai", json!([{"indicator": indicator, "field": field, "text": text}]))
    };
    remark("CCHC-18", Value::Null, "  ").finding("/remarks/0/text", "length_out_of_range");
    remark("CCHC-99", Value::Null, "Sai").finding("/remarks/0/indicator", "value_indicator_unknown");
    remark("CCHC-01", Value::Null, "Sai").finding("/remarks/0/indicator", "value_not_owed");
    remark("CCHC-05", json!("y-te"), "Sai").finding("/remarks/0/field", "value_field_unknown");
    remark("CCHC-18", json!("tnmt"), "Sai").finding("/remarks/0/field", "value_field_unknown");
    place.act(&app.agency(), "return", json!({})).problem(400, "body_invalid").finding("/reason", "missing_field");
    assert_eq!((place.etag().as_str(), &place.get()["state"]), ("\"2\"", &json!("submitted")));
}

#[test]
fn only_what_was_handed_in_is_decided() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let agency = app.agency();
    let why = json!({"reason": "Báo nhầm"});
    agency.post(&format!("{}/approve", place.path), json!({})).if_match("*").problem(404, "not_found");
    place.draft(&movement.report("thon-1")).is(201);
    for (act, body) in [("approve", json!({})), ("return", why.clone()), ("reopen", why.clone())] {
        assert_eq!(place.act(&agency, act, body).problem(409, "submission_state")["state"], "draft");
    }
    place.submit();
    place.act(&agency, "reopen", why.clone()).problem(409, "submission_state");
    place.approve();
    place.act(&agency, "approve", json!({})).problem(409, "submission_state");
    place.act(&agency, "return", why.clone()).problem(409, "submission_state");
    assert_eq!(place.reopen()["state"], "reopened");
    place.act(&agency, "reopen", why).problem(409, "submission_state");
    place.act(&agency, "approve", json!({})).problem(409, "submission_state");
}

#[test]
fn a_decision_needs_what_one_has_seen() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = submitted(&movement, "2025-07", "thon-1");
    let approve = || app.agency().post(&format!("{}/approve", place.path), json!({}));
    approve().problem(428, "precondition_required");
    approve().if_match("\"1\"").problem(412, "precondition_failed");
    approve().if_match("\"2\"").ok();
}

#[test]
fn who_handed_in_never_approves() {
    let app = TestApp::start();
    let movement = app.hong_van();
    // One of the agency's officials also heads the division that is the agency.
    app.account("agency", thidua::http::Role::UnitHead, Some("phong-vhxh"));
    let place = movement.at("2025-07", "phong-vhxh");
    place.draft(&movement.report("phong-vhxh")).is(201);
    place.act(&app.agency(), "submit", json!({})).ok();
    place.act(&app.agency(), "approve", json!({})).problem(409, "four_eyes");
    let may = |who: crate::support::Client| who.get(&place.path).ok()["allowed_actions"].clone();
    assert_eq!(may(app.agency()), json!(["withdraw", "return"]));
    assert_eq!(may(app.agency_2()), json!(["approve", "return"]));
    place.act(&app.agency_2(), "approve", json!({})).ok();
}

#[test]
fn a_correction_handed_in_by_somebody_else_may_be_approved_by_the_first() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.account("agency", thidua::http::Role::UnitHead, Some("phong-vhxh"));
    let place = movement.at("2025-07", "phong-vhxh");
    place.draft(&movement.report("phong-vhxh")).is(201);
    place.act(&app.agency(), "submit", json!({})).ok();
    place.act(&app.agency_2(), "return", json!({"reason": "Sai"})).ok();
    place.act(&app.head("phong-vhxh"), "submit", json!({})).ok();
    place.act(&app.agency(), "approve", json!({})).ok();
}
