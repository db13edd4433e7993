//! Refreshing, logging out, changing a password: what ends a sign-in, and what does not.

use std::thread;

use rstest::rstest;
use serde_json::{Value, json};

use super::{log_in, said};
use crate::support::{Answer, Client, PASSWORD, TestApp};

const NEW: &str = "mười hai con giáp ngồi chơi";

fn refresh(app: &TestApp, tokens: &Value) -> crate::support::Request {
    app.anon().post("/auth/refresh", json!({"refresh_token": tokens["refresh_token"]}))
}

fn bearer(app: &TestApp, tokens: &Value) -> Client {
    app.anon().bearing(tokens["access_token"].as_str().unwrap())
}

/// Tokens of an agency's official who has just logged in.
fn tokens(app: &TestApp) -> Value {
    log_in(app, &app.agency().username, PASSWORD).ok().json().clone()
}

#[test]
fn a_refresh_token_gives_the_next_tokens() {
    let app = TestApp::start();
    let first = tokens(&app);
    app.at("2025-09-10T03:00:00Z"); // the access token has run out meanwhile
    bearer(&app, &first).get("/me").problem(401, "unauthenticated");
    let second = refresh(&app, &first).ok();
    assert_eq!(second.header("cache-control"), Some("no-store"));
    bearer(&app, second.json()).get("/me").ok();
    let third = refresh(&app, second.json()).ok();
    assert_ne!(second["refresh_token"], third["refresh_token"]);
}

#[rstest]
#[case::too_late("2025-09-10T02:00:11Z", "", false)]
#[case::another_program("2025-09-10T02:00:05Z", "other/1.0", false)]
#[case::after_its_successor("2025-09-10T02:00:05Z", "", true)]
fn a_refresh_token_used_twice_ends_the_whole_sign_in(
    #[case] at: &str,
    #[case] agent: &str,
    #[case] successor_used: bool,
) {
    let app = TestApp::start();
    let first = tokens(&app);
    let second = refresh(&app, &first).ok();
    if successor_used {
        refresh(&app, second.json()).ok();
    }
    app.at(at);
    refresh(&app, &first).header("User-Agent", agent).problem(401, "refresh_refused");
    refresh(&app, second.json()).problem(401, "refresh_refused");
    bearer(&app, second.json()).get("/me").problem(401, "unauthenticated");
    bearer(&app, &tokens(&app)).get("/me").ok();
}

#[test]
fn a_client_that_lost_the_answer_gets_the_same_successor() {
    let app = TestApp::start();
    let first = tokens(&app);
    let second = refresh(&app, &first).header("User-Agent", "").ok();
    app.at("2025-09-10T02:00:10Z");
    let again = refresh(&app, &first).header("User-Agent", "").ok();
    assert_eq!(second["refresh_token"], again["refresh_token"]);
    bearer(&app, again.json()).get("/me").ok();
    refresh(&app, again.json()).ok();
}

#[test]
fn fifty_uses_at_once_by_one_client_give_one_successor() {
    let app = TestApp::start();
    let first = tokens(&app);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let uses: Vec<_> = (0..50).map(|_| scope.spawn(|| refresh(&app, &first).send())).collect();
        uses.into_iter().map(|one| one.join().unwrap()).collect()
    });
    // Who waited too long for a connection is told to come back (503).
    let done: Vec<&Answer> = answers.iter().filter(|answer| answer.status() != 503).collect();
    assert!(!done.is_empty() && done.iter().all(|answer| answer.status() == 200));
    assert!(done.iter().all(|answer| answer["refresh_token"] == done[0]["refresh_token"]));
    assert_eq!(app.count("SELECT 1 FROM refresh_tokens"), 2);
}

#[test]
fn what_a_wrong_clock_dated_in_the_future_keeps_nobody_out_and_lets_nobody_in() {
    let app = TestApp::start();
    app.at("2025-10-10T02:00:00Z");
    let later = tokens(&app);
    let username = app.agency().username;
    app.sql("DELETE FROM login_addresses");
    for _ in 0..10 {
        log_in(&app, &username, "không phải mật khẩu").problem(401, "login_failed");
    }
    log_in(&app, &username, PASSWORD).problem(429, "login_throttled");
    app.at("2025-09-10T02:00:00Z");
    log_in(&app, &username, PASSWORD).ok();
    bearer(&app, &later).get("/me").problem(401, "unauthenticated");
    refresh(&app, &later).problem(401, "refresh_refused");
}

#[test]
fn a_refresh_token_unused_for_twelve_hours_is_worth_nothing() {
    let app = TestApp::start();
    let first = tokens(&app);
    app.at("2025-09-10T14:00:00Z");
    refresh(&app, &first).problem(401, "refresh_refused");
}

#[test]
fn after_seven_days_one_logs_in_again() {
    let app = TestApp::start();
    let mut held = tokens(&app);
    for hour in 1..=14 * 2 {
        let at: chrono::DateTime<chrono::Utc> = "2025-09-10T02:00:00Z".parse().unwrap();
        app.clock.set(at + chrono::TimeDelta::hours(6 * hour));
        let next = refresh(&app, &held).send();
        match hour < 28 {
            true => held = next.is(200).json().clone(),
            false => drop(next.problem(401, "refresh_refused")),
        }
    }
}

#[test]
fn what_is_no_refresh_token_is_refused_alike() {
    let app = TestApp::start();
    let first = tokens(&app);
    let access = json!({"refresh_token": first["access_token"]});
    let unknown = refresh(&app, &json!({"refresh_token": "x"})).problem(401, "refresh_refused");
    assert_eq!(said(unknown), said(refresh(&app, &access).problem(401, "refresh_refused")));
    app.sql("UPDATE accounts SET disabled_at = now()");
    refresh(&app, &first).problem(401, "refresh_refused");
}

#[test]
fn logged_out_nothing_is_answered_any_more() {
    let app = TestApp::start();
    let (here, elsewhere) = (tokens(&app), tokens(&app));
    bearer(&app, &here).post("/auth/logout", json!({})).send().is(204);
    bearer(&app, &here).get("/me").problem(401, "unauthenticated");
    refresh(&app, &here).problem(401, "refresh_refused");
    bearer(&app, &elsewhere).get("/me").ok();
}

fn change(client: &Client, current: &str, new: &str) -> Answer {
    client.post("/auth/password", json!({"current": current, "new": new})).send()
}

#[test]
fn a_changed_password_ends_all_other_sign_ins() {
    let app = TestApp::start();
    let (here, elsewhere) = (tokens(&app), tokens(&app));
    change(&bearer(&app, &here), PASSWORD, NEW).is(204);
    bearer(&app, &here).get("/me").ok();
    bearer(&app, &elsewhere).get("/me").problem(401, "unauthenticated");
    refresh(&app, &elsewhere).problem(401, "refresh_refused");
    log_in(&app, &app.agency().username, PASSWORD).problem(401, "login_failed");
    log_in(&app, &app.agency().username, NEW).ok();
}

#[test]
fn a_new_password_takes_the_present_one_and_must_be_hard_to_guess() {
    let app = TestApp::start();
    let client = bearer(&app, &tokens(&app));
    change(&client, "không phải mật khẩu", NEW).problem(422, "content_invalid").finding("/current", "password_wrong");
    change(&client, PASSWORD, "ngắn").problem(422, "content_invalid").finding("/new", "password_length");
    for common in ["passwordpassword", "123456789012", "qwertyuiop123", "aaaaaaaaaaaa", "administrator1"] {
        change(&client, PASSWORD, common).problem(422, "content_invalid").finding("/new", "password_common");
    }
    log_in(&app, &app.agency().username, PASSWORD).ok();
}

#[test]
fn a_stranger_who_guesses_does_not_lock_the_owner_out() {
    let app = TestApp::start();
    let username = app.agency().username;
    log_in(&app, &username, PASSWORD).ok();
    // Elsewhere, ten guesses are used up.
    let row = "INSERT INTO login_failures (username, at, id, address, known)
        SELECT '{}', '2025-09-10T01:59:00Z', gen_random_uuid(), '203.0.113.9', false FROM generate_series(1, 10)";
    app.sql(&row.replace("{}", &username));
    log_in(&app, &username, PASSWORD).ok();
    // The owner's own address has its own ten.
    for _ in 0..10 {
        log_in(&app, &username, "không phải mật khẩu").problem(401, "login_failed");
    }
    log_in(&app, &username, PASSWORD).problem(429, "login_throttled");
}

#[test]
fn an_address_that_guesses_many_names_is_shut_out() {
    let app = TestApp::start();
    app.sql(
        "INSERT INTO login_failures (username, at, id, address, known)
         SELECT 'u' || n, '2025-09-10T01:59:00Z', gen_random_uuid(), '127.0.0.1', false FROM generate_series(1, 100) n",
    );
    log_in(&app, &app.agency().username, PASSWORD).problem(429, "login_throttled");
}

#[test]
fn a_password_that_is_dear_to_judge_or_the_same_is_refused_at_once() {
    let app = TestApp::start();
    let client = bearer(&app, &tokens(&app));
    let dear = "@4({[<3681!|0$57+%2".repeat(7)[..128].to_owned();
    change(&client, "không phải mật khẩu", &dear).problem(422, "content_invalid").finding("/current", "password_wrong");
    change(&client, PASSWORD, &"12".repeat(40)).problem(422, "content_invalid").finding("/new", "password_common");
    change(&client, PASSWORD, PASSWORD).problem(422, "content_invalid").finding("/new", "password_same");
}

#[test]
fn no_sign_in_by_the_old_password_outlives_its_change() {
    let app = TestApp::start();
    let username = app.agency().username;
    let client = bearer(&app, &tokens(&app));
    let signed_in: Vec<Value> = thread::scope(|scope| {
        let log_in = || log_in(&app, &username, PASSWORD).send();
        let logins: Vec<_> = (0..8).map(|_| scope.spawn(log_in)).collect();
        change(&client, PASSWORD, NEW).is(204);
        let answers = logins.into_iter().map(|login| login.join().unwrap());
        answers.filter(|answer| answer.status() == 200).map(|answer| answer.json().clone()).collect()
    });
    for tokens in signed_in {
        bearer(&app, &tokens).get("/me").problem(401, "unauthenticated");
    }
}

#[test]
fn an_address_that_guesses_does_not_shut_out_who_is_at_home_there() {
    let app = TestApp::start();
    let username = app.agency().username;
    log_in(&app, &username, PASSWORD).ok();
    app.sql(
        "INSERT INTO login_failures (username, at, id, address, known)
         SELECT 'u' || n, '2025-09-10T01:59:00Z', gen_random_uuid(), '127.0.0.1', false FROM generate_series(1, 100) n",
    );
    log_in(&app, &username, PASSWORD).ok();
}
