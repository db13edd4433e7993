//! Drafts: made once, changed whole, from what one has seen.

use serde_json::{Value, json};

use crate::support::{TestApp, story::Report};

fn quiet() -> Value {
    json!({"values": [{"indicator": "CCHC-18", "state": "none_arose"}]})
}

#[test]
fn a_draft_is_made_once_and_then_changed() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-07", "thon-1");
    let put = |body: Value| app.reporter("thon-1").put(&place.path, body);
    put(quiet()).problem(428, "precondition_required");
    put(quiet()).if_match("\"1\"").problem(412, "precondition_failed");
    put(quiet()).if_match("*").problem(412, "precondition_failed");
    put(quiet()).if_none_match("\"1\"").problem(412, "precondition_failed");
    let made = put(quiet()).if_none_match_any().created();
    assert_eq!(made.header("location"), Some(format!("/api/v1{}", place.path).as_str()));
    assert_eq!((made.etag().as_str(), &made["state"], &made["revision"]), ("\"1\"", &json!("draft"), &json!(0)));
    put(quiet()).problem(428, "precondition_required");
    put(quiet()).if_none_match_any().problem(412, "precondition_failed");
    let changed = put(json!({"narrative": "Bổ sung", "values": []})).if_match("\"1\"").ok();
    assert_eq!((changed.etag().as_str(), &changed["values"]), ("\"2\"", &json!([])));
    let stale = put(quiet()).if_match("\"1\"").problem(412, "precondition_failed");
    assert!(stale["detail"].as_str().unwrap().contains("\"2\""), "{stale}");
    let shown = place.get();
    assert_eq!((shown.etag().as_str(), &shown["narrative"]), ("\"2\"", &json!("Bổ sung")));
}

#[test]
fn a_draft_says_what_was_put() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = movement.report("phong-vhxh").with("narrative", json!("Dòng 1\nDòng 2\t*"));
    let made = movement.at("2025-07", "phong-vhxh").draft(&report).is(201);
    for member in ["narrative", "values"] {
        assert_eq!(made[member], report.0[member]);
    }
    assert_eq!((&made["secret"], &made["unit_name"]), (&json!(false), &json!("Phòng Văn hóa - Xã hội")));
    assert_eq!(made["due_at"], "2025-08-08T10:00:00Z");
    for absent in ["first_submitted_at", "lateness_excuse", "on_behalf", "reason"] {
        assert!(made[absent].is_null(), "{absent} in {made}");
    }
}

#[test]
fn what_is_secret_is_refused_before_anything_is_stored() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-07", "thon-1");
    let mut secret = quiet();
    secret["secret"] = json!(true);
    secret["narrative"] = json!("Nội dung mật");
    let put = || app.reporter("thon-1").put(&place.path, secret.clone());
    put().if_none_match_any().problem(422, "content_invalid").finding("/secret", "secret_refused");
    place.draft(&Report(quiet())).is(201);
    put().if_match("\"1\"").problem(422, "content_invalid").finding("/secret", "secret_refused");
    assert_eq!(app.count("SELECT 1 FROM submissions WHERE draft::text LIKE '%mật%'"), 0);
    assert_eq!(place.etag(), "\"1\"");
}

#[test]
fn a_place_that_is_not_there_takes_no_draft() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let put = |period: &str, unit: &str| {
        app.agency().put(&movement.at(period, unit).path, quiet()).if_none_match_any().problem(404, "not_found")
    };
    put("2025-06", "thon-1");
    put("2025-Q3", "thon-1");
    put("2025-07", "thon-9");
    // A unit has no report for a period that closed before it began, or after it ended.
    let late = json!({"name": "Thôn mới", "kind": "hamlet", "valid_from": "2025-07-15"});
    app.admin().put("/units/thon-moi", late).if_none_match_any().created();
    put("2025-07", "thon-moi");
    app.admin().patch("/units/thon-2", json!({"valid_to": "2025-08-13"})).if_match("*").ok();
    put("2025-08", "thon-2");
    let new = movement.at("2025-08", "thon-moi");
    new.draft(&Report(quiet())).is(201);
}

#[test]
fn a_unit_that_owes_nothing_reports_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let empty = Report::of(json!([]));
    let refused = movement.at("2025-07", "to-so-hoa").draft(&empty).problem(422, "content_invalid");
    refused.finding("", "nothing_owed");
}

#[test]
fn only_units_and_the_agency_draft() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-07", "thon-1");
    for who in [app.chair(), app.admin(), app.auditor(), app.council_member()] {
        who.put(&place.path, quiet()).if_none_match_any().problem(403, "forbidden");
    }
    let city = app.city_viewer().of_locality("10210");
    city.put(&place.path, quiet()).if_none_match_any().problem(403, "forbidden");
    app.head("thon-1").put(&place.path, quiet()).if_none_match_any().created();
}

#[test]
fn a_body_of_another_shape_cannot_be_read() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-07", "phong-vhxh");
    let put = |value: Value| {
        let put = app.reporter("phong-vhxh").put(&place.path, json!({"values": [value]})).if_none_match_any();
        put.lang("en").problem(400, "body_invalid")
    };
    let index = |value| json!({"indicator": "CCHC-02", "state": "reported", "value": value});
    put(index(json!(91.25))).finding("/values/0/value", "wrong_type");
    put(index(json!("91,25"))).finding("/values/0/value", "wrong_type");
    put(index(json!("9e1"))).finding("/values/0/value", "wrong_type");
    put(json!({"indicator": "CCHC-18", "state": "unknown"})).finding("/values/0/state", "wrong_type");
    put(json!({"indicator": "CCHC-18"})).finding("/values/0/state", "missing_field");
    let count = json!({"indicator": "CCHC-18", "state": "reported", "numerator": 1.5, "denominator": 2});
    put(count).finding("/values/0/numerator", "wrong_type");
    let typo = put(json!({"indicator": "CCHC-18", "state": "reported", "numerater": 1}));
    assert!(typo["errors"][0]["message"].as_str().unwrap().contains("numerator"), "{typo}");
}

#[test]
fn whats_wrong_is_told_in_the_order_of_the_contract() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let wrong = json!({"secret": true, "values": []});
    let put = |who: &crate::support::Client| who.put(&place.path, wrong.clone());
    place.draft(&movement.report("thon-1")).is(201);
    put(&app.head("thon-2")).problem(404, "not_found");
    put(&app.chair()).problem(403, "forbidden");
    put(&app.head("thon-1")).problem(428, "precondition_required");
    put(&app.head("thon-1")).if_match("\"9\"").problem(412, "precondition_failed");
    place.submit();
    put(&app.head("thon-1")).if_match("\"1\"").problem(412, "precondition_failed");
    put(&app.head("thon-1")).if_match("\"2\"").problem(409, "submission_state");
    place.send_back();
    put(&app.head("thon-1")).if_match("\"3\"").problem(422, "content_invalid");
}
