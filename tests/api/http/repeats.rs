//! Requests sent again with their Idempotency-Key.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn an() -> Value {
    json!({"name": "Trần Văn An", "kind": "official"})
}

fn people(app: &TestApp) -> i64 {
    app.count("SELECT 1 FROM people")
}

#[test]
fn the_same_request_is_done_once_and_answered_alike() {
    let app = TestApp::start();
    let post = || app.admin().post("/people", an()).key("k-1").created();
    let (first, second) = (post(), post());
    assert_eq!(first.json(), second.json());
    assert_eq!(first.etag(), second.etag());
    assert_eq!(first.header("location"), second.header("location"));
    assert_eq!(first.header("idempotency-replayed"), None);
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(people(&app), 1);
}

#[test]
fn a_key_stands_for_one_request() {
    let app = TestApp::start();
    app.admin().post("/people", an()).key("k-1").created();
    let other = json!({"name": "Trần Văn Ân", "kind": "official"});
    app.admin().post("/people", other).key("k-1").problem(422, "idempotency_key_reused");
    assert_eq!(people(&app), 1);
}

#[test]
fn keys_are_everybodys_own() {
    let app = TestApp::start();
    app.admin().post("/people", an()).key("k-1").created();
    app.agency().post("/people", an()).key("k-1").created();
    app.elsewhere.admin().post("/people", an()).key("k-1").created();
    assert_eq!(people(&app), 3);
}

#[test]
fn a_city_account_keeps_keys_too() {
    let app = TestApp::start();
    let new = json!({"code": "10219", "name": "Xã Mới", "kind": "xa", "valid_from": "2025-07-01"});
    let post = || app.city_admin().post("/localities", new.clone()).key("k-1").created();
    assert_eq!(post().json(), post().json());
}

#[test]
fn many_at_once_make_one() {
    let app = TestApp::start();
    let admin = app.admin();
    let post = |admin: &Client| admin.post("/people", an()).key("k-1").send();
    let answers: Vec<_> = thread::scope(|scope| {
        let started: Vec<_> = (0..20).map(|_| scope.spawn(|| post(&admin))).collect();
        started.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(people(&app), 1);
    let done = post(&admin);
    for answer in answers {
        match answer.status() {
            201 => assert_eq!(answer.json(), done.json()),
            _ => assert_eq!(answer.problem(409, "idempotency_in_progress").header("retry-after"), Some("1")),
        }
    }
}

#[test]
fn failures_are_not_kept() {
    let app = TestApp::start();
    let wrong = json!({"name": "An", "kind": "official", "unit": "phong-moi"});
    let post = || app.admin().post("/people", wrong.clone()).key("k-1").send();
    post().problem(422, "content_invalid").finding("/unit", "unit_unknown");
    let unit = json!({"name": "Phòng mới", "kind": "division", "valid_from": "2025-07-01"});
    app.admin().put("/units/phong-moi", unit).if_none_match_any().created();
    post().is(201);
    app.reporter("thon-1").post("/people", an()).key("k-2").problem(403, "forbidden");
    assert_eq!(app.count("SELECT 1 FROM answers"), 1);
}

#[test]
fn a_key_has_1_to_255_characters() {
    let app = TestApp::start();
    for key in ["", "\"\"", &"k".repeat(256), "khóa"] {
        app.admin().post("/people", an()).key(key).problem(400, "idempotency_key_invalid");
    }
    app.admin().post("/people", an()).key(&"k".repeat(255)).created();
}

#[test]
fn a_quoted_key_is_the_same_key() {
    let app = TestApp::start();
    app.admin().post("/people", an()).key("k-1").created();
    app.admin().post("/people", an()).key("\"k-1\"").created();
    assert_eq!(people(&app), 1);
}

#[test]
fn tokens_are_never_kept() {
    let app = TestApp::start();
    app.login(&app.agency().username);
    let credentials = json!({"username": app.agency().username, "password": crate::support::PASSWORD});
    app.anon().post("/auth/login", credentials).key("k-1").ok();
    assert_eq!(app.count("SELECT 1 FROM answers"), 0);
}
