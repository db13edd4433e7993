//! That a test app starts, quickly, and keeps its identities apart.

use std::time::Instant;

use serde_json::json;

use crate::support::TestApp;

#[test]
fn a_test_app_starts_quickly() {
    TestApp::start(); // makes the template, where it is the first
    let started = Instant::now();
    let app = TestApp::start();
    let ready = started.elapsed();
    app.agency().get("/me").ok();
    let answered = started.elapsed();
    drop(app);
    println!("test app ready in {ready:?}, first answer after {answered:?}, gone after {:?}", started.elapsed());
}

#[test]
fn everybody_is_who_they_are() {
    let app = TestApp::start();
    let head = app.head("phong-kinh-te").get("/me").ok();
    assert_eq!(head["locality"]["code"], "10210");
    let role = json!({"role": "unit_head", "unit": "phong-kinh-te", "unit_name": "Phòng Kinh tế", "delegated": false});
    assert_eq!(head["roles"], json!([role]));
    let stranger = app.elsewhere.chair().get("/me").ok();
    assert_eq!(stranger["locality"]["code"], "10213");
    assert_eq!(stranger["roles"][0]["role"], "chair");
    let city = app.city_admin().get("/me").ok();
    assert!(city["locality"].is_null());
    assert_eq!(app.city_admin().of_locality("10213").get("/me").ok()["locality"]["code"], "10213");
    app.anon().get("/me").problem(401, "unauthenticated");
}

#[test]
fn logging_in_gives_the_same_rights() {
    let app = TestApp::start();
    let agency = app.agency();
    let logged_in = app.login(&agency.username);
    assert_eq!(logged_in.get("/me").ok().json(), agency.get("/me").ok().json());
}

#[test]
fn time_stands_until_it_is_set() {
    let app = TestApp::start();
    let agency = app.agency();
    app.at("2026-01-05T01:00:00Z");
    agency.get("/me").ok();
    assert_eq!(app.clock.now().to_rfc3339(), "2026-01-05T01:00:00+00:00");
}
