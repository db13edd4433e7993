//! Two instances behind one public URL, on one database and one directory of keys.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Client, Commune, MOVEMENT, PASSWORD, TestApp};

const PUBLIC_URL: &str = "https://thidua.example";

fn behind_one_url() -> TestApp {
    TestApp::start_with(|config| config.public_url = Some(PUBLIC_URL.into()))
}

/// The tokens of a login.
fn log_in(at: &Commune, username: &str) -> Value {
    let credentials = json!({"username": username, "password": PASSWORD});
    at.anon().post("/auth/login", credentials).ok().json().clone()
}

fn bearing(at: &Commune, tokens: &Value) -> Client {
    at.anon().bearing(tokens["access_token"].as_str().expect("a token"))
}

#[test]
fn a_token_of_one_is_good_at_the_other() {
    let one = behind_one_url();
    let other = one.another();
    let tokens = log_in(&one, &one.agency().username);
    assert_eq!(bearing(&other, &tokens).get("/me").ok().json(), bearing(&one, &tokens).get("/me").ok().json());
    let renewed = other.anon().post("/auth/refresh", json!({"refresh_token": tokens["refresh_token"]}));
    bearing(&one, renewed.ok().json()).get("/me").ok();
}

#[test]
fn without_a_public_url_each_knows_its_own_tokens_only() {
    let one = TestApp::start();
    let other = one.another();
    let tokens = log_in(&one, &one.agency().username);
    bearing(&one, &tokens).get("/me").ok();
    bearing(&other, &tokens).get("/me").problem(401, "unauthenticated");
}

#[test]
fn what_is_sent_again_to_the_other_is_done_once() {
    let one = behind_one_url();
    let other = one.another();
    let new = json!({"name": "Trần Văn An", "kind": "official"});
    let first = one.admin().post("/people", new.clone()).key("k-1").created();
    let second = other.admin().post("/people", new).key("k-1").created();
    assert_eq!(first.json(), second.json());
    assert_eq!(second.header("idempotency-replayed"), Some("true"));
    assert_eq!(one.count("SELECT 1 FROM people"), 1);
}

#[test]
fn a_log_out_at_one_is_seen_at_the_other_at_once() {
    let one = behind_one_url();
    let other = one.another();
    let tokens = log_in(&one, &one.agency().username);
    bearing(&one, &tokens).get("/me").ok();
    bearing(&other, &tokens).post("/auth/logout", json!({})).send().is(204);
    bearing(&one, &tokens).get("/me").problem(401, "unauthenticated");
}

#[test]
fn events_of_both_are_read_at_either_without_a_gap() {
    let one = behind_one_url();
    one.emulation();
    let other = one.another();
    let agents = [one.agency(), other.agency()];
    thread::scope(|scope| {
        for (agency, period) in agents.iter().zip(["2025-10", "2025-11"]) {
            scope.spawn(move || {
                let path = format!("{MOVEMENT}/periods/{period}");
                for version in 0..5 {
                    let (act, body) = match version % 2 {
                        0 => ("close", json!({})),
                        _ => ("reopen", json!({"reason": "Lỡ"})),
                    };
                    let tag = format!("\"{}\"", version + 1);
                    agency.post(&format!("{path}/{act}"), body).if_match(&tag).ok();
                    agency.get("/events").ok();
                }
            });
        }
    });
    let read = |at: &Client| at.get("/events").ok()["items"].clone();
    let events = read(&agents[0]);
    let numbers: Vec<i64> = events.as_array().unwrap().iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(numbers, (1..=10).collect::<Vec<_>>());
    assert_eq!(events, read(&agents[1]));
}

#[test]
fn each_counts_its_own_requests() {
    let one = TestApp::start_with(|config| {
        config.public_url = Some(PUBLIC_URL.into());
        config.edge.account_rate = 2;
    });
    let other = one.another();
    let (here, there) = (one.agency(), other.agency());
    here.get("/me").ok();
    here.get("/me").ok();
    here.get("/me").problem(429, "rate_limited");
    there.get("/me").ok();
}
