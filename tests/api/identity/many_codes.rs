//! One-time codes for many accounts in one request, such as those of an import.

use std::{collections::BTreeSet, thread};

use rstest::rstest;
use serde_json::{Value, json};
use thidua::http::Role;

use super::administration::{newcomer, redeem};
use crate::support::{Answer, Request, TestApp};

const NAMES: [&str; 3] = ["thon-1.a", "thon-1.b", "kiem-tra.1"];

fn imported(app: &TestApp) -> Answer {
    let rows = json!([
        {"username": NAMES[0], "role": "reporter", "unit": "thon-1"},
        {"username": NAMES[1], "role": "unit_head", "unit": "thon-1"},
        {"username": NAMES[1], "role": "reporter", "unit": "thon-1"},
        {"username": NAMES[2], "role": "auditor"},
    ]);
    app.admin().post("/accounts/import", rows).ok()
}

fn ask(app: &TestApp, accounts: Value) -> Request {
    app.admin().post("/accounts/codes", json!({"accounts": accounts}))
}

fn codes(answer: &Answer) -> Vec<(String, String)> {
    let word = |value: &Value| value.as_str().unwrap().to_owned();
    let items = answer["items"].as_array().unwrap().iter();
    items.map(|item| (word(&item["account"]["username"]), word(&item["code"]))).collect()
}

#[test]
fn imported_accounts_get_their_codes_at_once_each_its_own() {
    let app = TestApp::start();
    let made = imported(&app);
    let notice = &made["notices"][0];
    assert_eq!((&notice["code"], &notice["count"]), (&json!("account_without_code"), &json!(4)));
    assert!(notice["message"].as_str().unwrap().contains("/accounts/codes"), "{made}");
    let issued = ask(&app, json!(NAMES)).ok();
    assert_eq!(issued.header("cache-control"), Some("no-store"));
    let codes = codes(&issued);
    assert_eq!(codes.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), NAMES, "in the order asked");
    assert_eq!(codes.iter().map(|(_, code)| code).collect::<BTreeSet<_>>().len(), 3);
    assert_eq!(issued["items"][0]["notices"][0]["code"], "code_before_role");
    let log = app.auditor().get("/audit?action=create_codes").ok();
    assert_eq!(log["items"].as_array().unwrap().len(), 1);
    for (name, code) in &codes {
        assert!(!log.text().contains(code.as_str()), "no code is recorded");
        let own = app.auditor().get(&format!("/audit?action=create_codes&subject=accounts/{name}")).ok();
        assert_eq!(own["items"].as_array().unwrap().len(), 1, "{name} is found in the log");
        redeem(&app, name, code).send().is(204);
    }
    assert_eq!(imported(&app)["notices"], json!([]), "nothing new");
}

#[test]
fn a_later_request_ends_the_codes_of_an_earlier_one() {
    let app = TestApp::start();
    imported(&app);
    let (early, late) = (codes(&ask(&app, json!(NAMES)).ok()), codes(&ask(&app, json!(NAMES)).ok()));
    for ((name, early), (_, late)) in early.iter().zip(&late) {
        redeem(&app, name, early).problem(401, "code_refused");
        redeem(&app, name, late).send().is(204);
    }
}

#[test]
fn a_code_of_who_will_decide_waits_for_a_second_administrator() {
    let app = TestApp::start();
    imported(&app);
    app.admin().post("/role-grants", json!({"account": NAMES[2], "role": "chair"})).created();
    let issued = ask(&app, json!([NAMES[0], NAMES[2]])).ok();
    let needed = |at: usize| issued["items"][at]["confirmation_needed"].clone();
    assert_eq!((needed(0), needed(1)), (json!(false), json!(true)));
    assert_eq!(issued["items"][1]["notices"][0]["code"], "code_waits");
    let half = codes(&issued)[1].1.clone();
    redeem(&app, NAMES[2], &half).problem(401, "code_refused");
    let confirm = format!("/accounts/{}/confirm-code", NAMES[2]);
    app.admin().post(&confirm, json!({})).problem(409, "second_person_needed");
    let other = app.account("admin-2", Role::LocalityAdmin, None).post(&confirm, json!({})).ok();
    redeem(&app, NAMES[2], &format!("{half}.{}", other["code"].as_str().unwrap())).send().is(204);
}

#[test]
fn one_that_cannot_get_a_code_keeps_all_from_it_and_is_named_with_its_reason() {
    let app = TestApp::start();
    imported(&app);
    newcomer(&app, "co-mat-khau");
    app.elsewhere.admin().post("/accounts", json!({"username": "xa-khac"})).created();
    app.admin().post("/accounts", json!({"username": "da-khoa"})).created();
    let tag = app.admin().get("/accounts/da-khoa").ok().etag();
    app.admin().patch("/accounts/da-khoa", json!({"disabled": true})).if_match(&tag).ok();
    let own = app.admin().username;
    app.sql(&format!("UPDATE accounts SET password_hash = NULL WHERE username = '{own}'"));
    let asked = [NAMES[0], "khong-co", "xa-khac", "da-khoa", "co-mat-khau", NAMES[0], &own];
    let refused = ask(&app, json!(asked)).problem(422, "content_invalid");
    let found: Vec<(&str, &str)> = refused["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| (found["pointer"].as_str().unwrap(), found["code"].as_str().unwrap()))
        .collect();
    let expected = [
        ("/accounts/1", "account_unknown"),
        ("/accounts/2", "account_unknown"),
        ("/accounts/3", "account_unknown"),
        ("/accounts/4", "account_has_password"),
        ("/accounts/5", "account_twice"),
        ("/accounts/6", "own_account"),
    ];
    assert_eq!(found, expected);
    assert_eq!(app.count("SELECT 1 FROM audit_records WHERE action = 'create_codes'"), 0);
    assert_eq!(app.count("SELECT 1 FROM password_codes WHERE ended_at IS NULL"), 2, "those that were there before");
}

#[rstest]
#[case(json!([]), 422, "content_invalid")]
#[case(json!(vec!["x"; 201]), 422, "content_invalid")]
#[case(json!("thon-1.a"), 400, "body_invalid")]
#[case(json!([1]), 400, "body_invalid")]
fn a_list_has_one_to_two_hundred_names(#[case] accounts: Value, #[case] status: u16, #[case] code: &str) {
    ask(&TestApp::start(), accounts).problem(status, code);
}

#[test]
fn only_administrators_issue_codes() {
    let app = TestApp::start();
    imported(&app);
    let body = json!({"accounts": NAMES});
    for who in [app.agency(), app.chair(), app.auditor(), app.head("thon-1"), app.city_viewer()] {
        who.of_locality("10210").post("/accounts/codes", body.clone()).problem(403, "forbidden");
    }
    app.elsewhere.admin().post("/accounts/codes", body.clone()).problem(422, "content_invalid");
    app.city_admin().of_locality("10210").post("/accounts/codes", body).ok();
}

#[test]
fn of_requests_at_once_the_codes_of_one_are_left_and_none_waits_in_a_circle() {
    let app = TestApp::start();
    imported(&app);
    let turned: Vec<&str> = NAMES.iter().rev().copied().collect();
    let reset = app.admin().get(&format!("/accounts/{}", NAMES[1])).ok().etag();
    let reset = app.admin().post(&format!("/accounts/{}/reset-password", NAMES[1]), json!({})).if_match(&reset);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let asks = [json!(NAMES), json!(turned), json!(NAMES), json!(turned)].map(|names| ask(&app, names));
        let asks = asks.map(|ask| scope.spawn(move || ask.send()));
        let one = scope.spawn(move || reset.send().status());
        let answers = asks.map(|ask| ask.join().unwrap());
        assert!([200, 412].contains(&one.join().unwrap()));
        answers.into()
    });
    let statuses: Vec<u16> = answers.iter().map(Answer::status).collect();
    assert_eq!(statuses, [200; 4]);
    assert_eq!(app.count("SELECT 1 FROM password_codes WHERE ended_at IS NULL"), 3, "one for each account");
    let good = answers.iter().flat_map(codes).filter(|(name, code)| redeem(&app, name, code).send().status() == 204);
    assert!(good.map(|(name, _)| name).collect::<BTreeSet<_>>().len() >= 2, "but the one that was reset");
}
