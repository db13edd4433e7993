//! Logging in, tokens and what they are worth, and who one is.

mod account_import;
mod accounts;
mod administration;
mod clients;
mod confirmations;
mod external;
mod four_eyes;
mod keys;
mod known_secrets;
mod many_codes;
mod next_steps;
mod sign_ins;
mod timing;
mod tokens;
mod verified_tokens;

use std::thread;

use serde_json::{Value, json};

use crate::support::{Answer, PASSWORD, Request, TestApp};

fn log_in(app: &TestApp, username: &str, password: &str) -> Request {
    app.anon().post("/auth/login", json!({"username": username, "password": password}))
}

/// The problem without the one member that differs between any two.
fn said(answer: Answer) -> Value {
    let mut body = answer.json().clone();
    body["request_id"] = Value::Null;
    body
}

#[test]
fn the_right_password_gives_a_token_for_a_quarter_of_an_hour() {
    let app = TestApp::start();
    let username = app.agency().username;
    let token = log_in(&app, &username.to_uppercase(), PASSWORD).ok();
    assert_eq!((token["token_type"].as_str(), token["expires_in"].as_i64()), (Some("Bearer"), Some(900)));
    let me = app.anon().bearing(token["access_token"].as_str().unwrap()).get("/me").ok();
    assert_eq!(me["username"], username);
}

#[test]
fn a_wrong_password_and_an_unknown_user_look_the_same() {
    let app = TestApp::start();
    let username = app.agency().username;
    let wrong = log_in(&app, &username, "không phải mật khẩu").problem(401, "login_failed");
    let unknown = log_in(&app, "nobody", PASSWORD).problem(401, "login_failed");
    app.sql("UPDATE accounts SET disabled_at = now()");
    let disabled = log_in(&app, &username, PASSWORD).problem(401, "login_failed");
    let said = [wrong, unknown, disabled].map(said);
    assert!(said[0] == said[1] && said[1] == said[2], "{said:#?}");
}

#[test]
fn ten_wrong_guesses_shut_the_door_for_ten_minutes() {
    let app = TestApp::start();
    let (agency, chair) = (app.agency().username, app.chair().username);
    for _ in 0..10 {
        log_in(&app, &agency, "không phải mật khẩu").problem(401, "login_failed");
    }
    let shut = log_in(&app, &agency, PASSWORD).problem(429, "login_throttled");
    assert_eq!(shut.header("retry-after"), Some("600"));
    log_in(&app, &chair, PASSWORD).ok();
    app.at("2025-09-10T02:09:59Z");
    let shut = log_in(&app, &agency, PASSWORD).problem(429, "login_throttled");
    assert_eq!(shut.header("retry-after"), Some("1"));
    app.at("2025-09-10T02:10:00Z");
    log_in(&app, &agency, PASSWORD).ok();
}

#[test]
fn an_unknown_user_is_shut_out_alike() {
    let app = TestApp::start();
    for _ in 0..10 {
        log_in(&app, "nobody", PASSWORD).problem(401, "login_failed");
    }
    log_in(&app, "nobody", PASSWORD).problem(429, "login_throttled");
}

#[test]
fn guesses_at_once_are_no_more_than_in_a_row() {
    let app = TestApp::start();
    let username = app.agency().username;
    let statuses: Vec<u16> = thread::scope(|scope| {
        let guess = || log_in(&app, &username, "không phải mật khẩu").send().status();
        let guesses: Vec<_> = (0..30).map(|_| scope.spawn(guess)).collect();
        guesses.into_iter().map(|guess| guess.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 401).count(), 10, "{statuses:?}");
}

#[test]
fn right_passwords_do_not_count_as_guesses() {
    let app = TestApp::start();
    let username = app.agency().username;
    for _ in 0..12 {
        log_in(&app, &username, PASSWORD).ok();
    }
    assert_eq!(app.count("SELECT 1 FROM login_failures"), 0);
}

#[test]
fn an_office_that_logs_in_at_once_is_let_in() {
    let app = TestApp::start();
    let username = app.agency().username;
    // Others of the same address have failed before.
    app.sql(
        "INSERT INTO login_failures (username, at, id, address, known)
         SELECT 'u' || n, '2025-09-10T01:59:00Z', gen_random_uuid(), '127.0.0.1', false FROM generate_series(1, 90) n",
    );
    let statuses: Vec<u16> = thread::scope(|scope| {
        let log_ins: Vec<_> =
            (0..40).map(|_| scope.spawn(|| log_in(&app, &username, PASSWORD).send().status())).collect();
        log_ins.into_iter().map(|log_in| log_in.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| *status == 200), "{statuses:?}");
}

#[test]
fn credentials_have_a_shape() {
    let app = TestApp::start();
    log_in(&app, "", "").problem(422, "content_invalid").finding("/username", "length_out_of_range");
    log_in(&app, "a", &"x".repeat(129)).problem(422, "content_invalid").finding("/password", "length_out_of_range");
    app.anon().post("/auth/login", json!({"username": "a"})).problem(400, "body_invalid");
}

#[test]
fn a_disabled_account_is_refused_at_its_next_request() {
    let app = TestApp::start();
    let agency = app.login(&app.agency().username);
    agency.get("/me").ok();
    app.sql("UPDATE accounts SET disabled_at = now()");
    agency.get("/me").problem(401, "unauthenticated");
}

#[test]
fn a_withdrawn_role_is_gone_at_the_next_request() {
    let app = TestApp::start();
    let admin = app.login(&app.admin().username);
    let register = || admin.post("/people", json!({"name": "An", "kind": "resident"}));
    register().created();
    app.sql("UPDATE role_grants SET valid_to = '2025-09-09'");
    register().problem(403, "forbidden");
    assert_eq!(admin.get("/me").ok()["roles"], json!([]));
    app.sql("UPDATE role_grants SET valid_to = '2025-09-10'");
    register().created();
    app.at("2025-09-10T17:00:00Z"); // the next day in Việt Nam
    admin.get("/me").problem(401, "unauthenticated");
    assert_eq!(app.login(&app.admin().username).get("/me").ok()["roles"], json!([]));
}

#[test]
fn a_role_holds_from_its_first_day() {
    let app = TestApp::start();
    let chair = app.chair();
    app.sql("UPDATE role_grants SET valid_from = '2025-09-11'");
    assert_eq!(chair.get("/me").ok()["roles"], json!([]));
    app.at("2025-09-10T17:00:00Z");
    assert_eq!(chair.get("/me").ok()["roles"][0]["role"], "chair");
}
