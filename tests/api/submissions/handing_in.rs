//! Handing in: by the head, once, with the first time kept.

use serde_json::json;

use crate::support::{MOVEMENT, TestApp};

#[test]
fn the_head_hands_in_what_the_reporter_drafted() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    let drafted = place.draft(&movement.report("phong-kinh-te")).is(201);
    app.at("2025-08-06T03:00:00Z");
    let submitted = place.submit();
    assert_eq!((&submitted["state"], &submitted["revision"]), (&json!("submitted"), &json!(1)));
    assert_eq!((submitted.etag().as_str(), &submitted["late"]), ("\"2\"", &json!(false)));
    assert_eq!(submitted["first_submitted_at"], "2025-08-06T03:00:00Z");
    assert_eq!(submitted["values"], drafted["values"]);
    assert_eq!(submitted.etag(), place.etag());
}

#[test]
fn a_reporter_does_not_hand_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    for act in ["submit", "withdraw"] {
        place.act(&app.reporter("thon-1"), act, json!({})).problem(403, "forbidden");
        // Who does not see drafts does not learn that there is one.
        for who in [app.chair(), app.auditor(), app.admin()] {
            place.act(&who, act, json!({})).problem(404, "not_found");
        }
    }
    place.act(&app.head("thon-2"), "submit", json!({})).problem(404, "not_found");
}

#[test]
fn submit_twice_is_refused() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let submit = |tag: &str| app.head("thon-1").post(&format!("{}/submit", place.path), json!({})).if_match(tag);
    submit("*").problem(404, "not_found");
    place.draft(&movement.report("thon-1")).is(201);
    app.head("thon-1").post(&format!("{}/submit", place.path), json!({})).problem(428, "precondition_required");
    submit("\"7\"").problem(412, "precondition_failed");
    submit("\"1\"").ok();
    submit("\"1\"").problem(412, "precondition_failed");
    assert_eq!(submit("\"2\"").problem(409, "submission_state")["state"], "submitted");
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
}

#[test]
fn a_submit_sent_again_with_its_key_is_done_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (place, other) = (movement.at("2025-07", "thon-1"), movement.at("2025-08", "thon-1"));
    place.draft(&movement.report("thon-1")).is(201);
    other.draft(&movement.report("thon-1")).is(201);
    let submit = || app.head("thon-1").post(&format!("{}/submit", place.path), json!({})).if_match("\"1\"").key("k");
    let (first, second) = (submit().ok(), submit().ok());
    assert_eq!((first.json(), first.etag()), (second.json(), second.etag()));
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    let elsewhere = app.head("thon-1").post(&format!("{}/submit", other.path), json!({})).if_match("\"1\"").key("k");
    elsewhere.problem(422, "idempotency_key_reused");
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
    assert_eq!(app.count("SELECT 1 FROM submission_events"), 1);
}

#[test]
fn a_refused_submit_with_a_key_may_be_tried_again() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1").without("CCHC-18")).is(201);
    let submit = || place.act(&app.head("thon-1"), "submit", json!({})).key("k");
    submit().problem(422, "content_invalid");
    place.draft(&movement.report("thon-1")).is(200);
    submit().ok();
}

#[test]
fn what_was_withdrawn_is_handed_in_anew_and_measured_anew() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-08T10:00:00Z");
    assert_eq!(place.submit()["late"], false);
    let withdrawn = place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    assert_eq!((&withdrawn["state"], &withdrawn["revision"]), (&json!("draft"), &json!(1)));
    assert_eq!((&withdrawn["first_submitted_at"], &withdrawn["late"]), (&json!(null), &json!(false)));
    app.at("2025-08-20T10:00:00Z");
    place.draft(&movement.report("thon-1").ratio("CCHC-18", 9, 10)).is(200);
    let again = place.submit();
    assert_eq!((&again["state"], &again["revision"]), (&json!("submitted"), &json!(2)));
    assert_eq!((&again["first_submitted_at"], &again["late"]), (&json!("2025-08-20T10:00:00Z"), &json!(true)));
}

#[test]
fn what_is_decided_is_not_withdrawn() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    let withdraw = place.act(&app.head("thon-1"), "withdraw", json!({}));
    assert_eq!(withdraw.problem(409, "submission_state")["state"], "approved");
}

#[test]
fn a_plain_empty_body_does_as_well() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    let path = format!("/api/v1{}/submit", place.path);
    app.head("thon-1").request(reqwest::Method::POST, &path).if_match("\"1\"").ok();
    place.act(&app.agency(), "approve", json!({"reason": "tốt"})).problem(400, "body_invalid");
}

#[test]
fn nothing_is_handed_in_before_its_period_begins() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-14T02:00:00Z");
    let place = format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 2, "denominator": 2, "estimated": true});
    let head = app.head("phong-kinh-te");
    head.put(&place, json!({"values": [value]})).if_none_match_any().created();
    head.act_on(&place, "submit", json!({})).problem(409, "period_not_begun");
    let draft = head.get(&place).ok();
    assert_eq!((&draft["state"], &draft["allowed_actions"]), (&json!("draft"), &json!(["edit"])));
    app.at("2025-09-15T02:00:00Z");
    head.act_on(&place, "submit", json!({})).is(200);
}
