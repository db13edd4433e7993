//! A draft: its plan is replaced until the launch, or it is deleted.

use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{
    Client, MOVEMENT, Request, TestApp,
    story::{HONG_VAN, plan},
};

fn delete(who: &Client, path: &str, tag: &str) -> Request {
    who.request(Method::DELETE, path).if_match(tag)
}

#[test]
fn the_plan_of_a_draft_is_replaced_as_its_next_version() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let mut next = plan(HONG_VAN);
    next["title"]["vi"] = json!("Tên đã sửa");
    next["span"]["from"] = json!("2025-08-01");
    let agency = app.agency();
    let put = |tag: &str| agency.put(&movement.path, next.clone()).if_match(tag);
    agency.put(&movement.path, next.clone()).problem(428, "precondition_required");
    put("\"9\"").problem(412, "precondition_failed");
    let replaced = put("\"1\"").ok();
    assert_eq!((&replaced["title"], &replaced["plan_version"]), (&json!("Tên đã sửa"), &json!(2)));
    assert_eq!((&replaced["from"], &replaced["state"]), (&json!("2025-08-01"), &json!("draft")));
    assert_eq!(replaced.etag(), "\"2\"");
    assert_eq!(agency.get(&format!("{}/plan", movement.path)).ok()["title"]["vi"], "Tên đã sửa");
    assert_ne!(agency.get(&format!("{}/plan?version=1", movement.path)).ok()["title"]["vi"], "Tên đã sửa");
    put("\"1\"").problem(412, "precondition_failed");
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    movement.act(&app.chair(), "launch").ok();
    let refused = put("\"3\"").problem(409, "movement_state");
    assert_eq!(refused["state"], "launched");
}

#[test]
fn what_replaces_a_plan_is_checked_as_a_plan_and_keeps_the_code() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let put = |plan: Value| app.agency().put(&movement.path, plan).if_match("\"1\"");
    let mut wrong = plan(HONG_VAN);
    wrong["code"] = json!("khac");
    wrong["awards"][0]["quota"] = json!(0);
    let answer = put(wrong.clone()).problem(422, "content_invalid").finding("/code", "amendment_fixed");
    let answer = answer.finding("/awards/0/quota", "quota_zero");
    let severities: Vec<&Value> = answer["errors"].as_array().unwrap().iter().map(|one| &one["severity"]).collect();
    let errors = severities.iter().filter(|severity| **severity == "error").count();
    assert!(errors == 2 && severities[..2] == ["error", "error"], "errors first: {answer}");
    assert!(severities[2..].iter().all(|severity| **severity == "warning"), "{answer}");
    wrong["awards"][0]["quota"] = json!("không");
    wrong["span"]["to"] = json!(2025);
    let answer = put(wrong).problem(400, "body_invalid").finding("/span/to", "wrong_type");
    answer.finding("/awards/0/quota", "wrong_type");
    assert_eq!(app.count("SELECT 1 FROM plan_versions"), 1);
    app.agency().put("/movements/khac", plan(HONG_VAN)).if_match("\"1\"").problem(404, "not_found");
}

#[test]
fn a_draft_is_deleted_and_its_code_is_free_again() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    app.agency().put(&movement.path, plan(HONG_VAN)).if_match("\"1\"").ok();
    app.agency().request(Method::DELETE, &movement.path).problem(428, "precondition_required");
    delete(&app.agency(), &movement.path, "\"1\"").problem(412, "precondition_failed");
    let trial = format!("{}?dry_run=true", movement.path);
    delete(&app.agency(), &trial, "\"2\"").send().is(204);
    app.agency().get(&movement.path).ok();
    delete(&app.agency(), &movement.path, "\"2\"").send().is(204);
    app.agency().get(&movement.path).problem(404, "not_found");
    delete(&app.agency(), &movement.path, "\"2\"").problem(404, "not_found");
    assert_eq!(app.count("SELECT 1 FROM plan_versions"), 0);
    assert_eq!(app.loaded(&plan(HONG_VAN)).path, movement.path);
}

#[test]
fn a_draft_loaded_anew_has_no_tag_of_the_deleted_one() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let path = format!("{}/plan", movement.path);
    let (seen, held) = (app.chair().get(&movement.path).ok().etag(), app.chair().get(&path).ok().etag());
    delete(&app.agency(), &movement.path, &seen).send().is(204);
    let mut other = plan(HONG_VAN);
    other["title"]["vi"] = json!("Tên khác");
    app.loaded(&other);
    let launch = format!("{}/launch", movement.path);
    app.chair().post(&launch, json!({})).if_match(&seen).problem(412, "precondition_failed");
    assert_eq!(app.chair().get(&path).if_none_match(&held).ok()["title"]["vi"], "Tên khác");
    let (seen, held) = (app.chair().get(&movement.path).ok().etag(), app.chair().get(&path).ok().etag());
    app.chair().get(&path).if_none_match(&held).send().is(304);
    delete(&app.agency(), &movement.path, &seen).send().is(204);
    app.loaded(&other);
    assert_ne!(app.chair().get(&movement.path).ok().etag(), seen);
}

#[test]
fn only_the_agency_of_its_own_locality_touches_a_draft() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    for who in [app.chair(), app.admin(), app.auditor(), app.head("thon-1")] {
        who.put(&movement.path, plan(HONG_VAN)).if_match("\"1\"").problem(403, "forbidden");
        delete(&who, &movement.path, "\"1\"").problem(403, "forbidden");
    }
    let neighbour = app.elsewhere.agency();
    neighbour.put(&movement.path, plan(HONG_VAN)).if_match("\"1\"").problem(404, "not_found");
    delete(&neighbour, &movement.path, "\"1\"").problem(404, "not_found");
}

#[test]
fn what_was_launched_is_not_deleted() {
    let app = TestApp::start();
    app.emulation();
    let tag = app.agency().get(MOVEMENT).ok().etag();
    assert_eq!(delete(&app.agency(), MOVEMENT, &tag).problem(409, "movement_state")["state"], "launched");
}

#[test]
fn of_a_launch_and_a_deletion_at_once_one_is_done() {
    let app = TestApp::start();
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    let movement = app.loaded(&plan(HONG_VAN));
    let (chair, agency) = (app.chair(), app.agency());
    let launch = format!("{}/launch", movement.path);
    let (launched, deleted) = std::thread::scope(|scope| {
        let launched = scope.spawn(|| chair.post(&launch, json!({})).if_match("\"1\"").send().status());
        let deleted = scope.spawn(|| delete(&agency, &movement.path, "\"1\"").send().status());
        (launched.join().unwrap(), deleted.join().unwrap())
    });
    assert!(matches!((launched, deleted), (200, 412) | (404, 204)), "{launched} {deleted}");
    assert_eq!(app.count("SELECT 1 FROM movements") == 1, launched == 200);
}
