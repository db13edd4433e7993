//! The life of a movement and of its periods: each step once, in order, by those whose act it is.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    story::{HONG_VAN, plan},
};

#[test]
fn a_movement_is_closed_and_then_concluded() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let chair = app.chair();
    let early = movement.act(&chair, "conclude").problem(409, "movement_state");
    assert_eq!(early["state"], "launched");
    movement.act(&app.agency(), "close").problem(403, "forbidden");
    app.at("2025-12-31T10:00:00Z");
    let closed = movement.act(&chair, "close").ok();
    assert_eq!((&closed["state"], &closed["closed_at"]), (&json!("closed"), &json!("2025-12-31T10:00:00Z")));
    movement.act(&chair, "close").problem(409, "movement_state");
    movement.act(&chair, "launch").problem(409, "movement_state");
    let concluded = movement.act(&chair, "conclude").ok();
    assert_eq!((&concluded["state"], &concluded["allowed_actions"]), (&json!("concluded"), &json!([])));
    for act in ["launch", "close", "conclude"] {
        movement.act(&chair, act).problem(409, "movement_state");
    }
}

#[test]
fn a_draft_is_neither_closed_nor_concluded() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    for act in ["close", "conclude"] {
        assert_eq!(movement.act(&app.chair(), act).problem(409, "movement_state")["state"], "draft");
    }
}

#[test]
fn every_answer_tells_the_whole_movement() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let chair = app.chair();
    let shown = || chair.get(&movement.path).ok();
    assert_eq!(shown()["deadlines"].as_array().unwrap().len(), 8);
    assert_eq!(chair.get("/movements").ok()["items"], json!([shown().json()]));
    let closed = movement.act(&chair, "close").ok();
    assert_eq!((closed.json(), closed.etag()), (shown().json(), shown().etag()));
    let concluded = movement.act(&chair, "conclude").ok();
    assert_eq!(concluded.json(), shown().json());
}

#[test]
fn movements_are_listed_by_code_in_pages() {
    let app = TestApp::start();
    for code in ["b-2026", "a-2026", "c-2025"] {
        let mut plan = plan(HONG_VAN);
        plan["code"] = json!(code);
        app.loaded(&plan);
    }
    let codes = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap().to_owned()).collect()
    };
    let first = app.reporter("thon-1").get("/movements?limit=2").ok();
    assert_eq!(codes(first.json()), ["a-2026", "b-2026"]);
    let next = format!("/movements?limit=2&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = app.reporter("thon-1").get(&next).ok();
    assert_eq!((codes(second.json()), &second["next_cursor"]), (vec!["c-2025".into()], &Value::Null));
}

#[test]
fn everybody_is_told_what_they_may_do_with_a_movement() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let may = |who: crate::support::Client| who.get(&movement.path).ok()["allowed_actions"].clone();
    assert_eq!(may(app.chair()), json!(["launch"]));
    assert_eq!(may(app.agency()), json!(["replace", "delete"]));
    for who in [app.head("thon-1"), app.auditor()] {
        assert_eq!(may(who), json!([]));
    }
}

#[test]
fn a_period_is_closed_and_reopened_by_the_agency() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let agency = app.agency();
    let why = json!({"reason": "Mất điện toàn xã ngày 07/8"});
    assert_eq!(movement.period("2025-07")["allowed_actions"], json!([]), "an auditor only reads");
    movement.period_act(&agency, "2025-07", "reopen", why.clone()).problem(409, "period_state");
    for who in [app.chair(), app.head("phong-vhxh"), app.admin()] {
        movement.period_act(&who, "2025-07", "close", json!({})).problem(403, "forbidden");
        movement.period_act(&who, "2025-07", "reopen", why.clone()).problem(403, "forbidden");
    }
    let closed = movement.period_act(&agency, "2025-07", "close", json!({})).ok();
    assert_eq!((&closed["state"], &closed["allowed_actions"]), (&json!("closed"), &json!(["reopen", "postpone"])));
    let twice = movement.period_act(&agency, "2025-07", "close", json!({})).problem(409, "period_state");
    assert_eq!(twice["state"], "closed");
    let reopened = movement.period_act(&agency, "2025-07", "reopen", why.clone()).ok();
    assert_eq!((&reopened["state"], &reopened["reason"]), (&json!("reopened"), &why["reason"]));
    let twice = movement.period_act(&agency, "2025-07", "reopen", why.clone()).problem(409, "period_state");
    assert_eq!(twice["state"], "reopened");
    assert_eq!(movement.period("2025-08")["state"], "open", "the others stay as they are");
    let again = movement.period_act(&agency, "2025-07", "close", json!({})).ok();
    assert_eq!((&again["state"], &again["reason"]), (&json!("closed"), &why["reason"]), "the reason stays on record");
}

#[test]
fn a_period_changes_only_from_what_one_has_seen() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let close = |period: &str| app.agency().post(&format!("{}/periods/{period}/close", movement.path), json!({}));
    close("2025-07").problem(428, "precondition_required");
    close("2025-07").if_match("\"9\"").problem(412, "precondition_failed");
    close("2026-07").problem(404, "not_found");
    let closed = close("2025-07").if_match("\"1\"").ok();
    assert_eq!((closed.etag().as_str(), &closed["etag"]), ("\"2\"", &json!("\"2\"")));
    close("2025-07").if_match("\"1\"").problem(412, "precondition_failed");
}

#[test]
fn a_period_is_reopened_for_a_reason() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.close_period("2025-07");
    let reopen = |reason: &str| movement.period_act(&app.agency(), "2025-07", "reopen", json!({"reason": reason}));
    reopen("").problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    reopen(" \t ").problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    reopen(&"đ".repeat(2001)).problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    reopen(&"đ".repeat(2000)).ok();
}

#[test]
fn the_periods_of_a_closed_movement_rest() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.close_period("2025-07");
    movement.act(&app.chair(), "close").ok();
    let why = json!({"reason": "Bổ sung"});
    let refused = movement.period_act(&app.agency(), "2025-07", "reopen", why).problem(409, "movement_state");
    assert_eq!(refused["state"], "closed");
    movement.period_act(&app.agency(), "2025-08", "close", json!({})).problem(409, "movement_state");
    let periods = app.agency().get(&format!("{}/periods", movement.path)).ok();
    let idle = |period: &Value| period["allowed_actions"] == json!([]);
    assert!(periods["items"].as_array().unwrap().iter().all(idle));
}
