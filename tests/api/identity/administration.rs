//! Accounts, roles and delegations as administrators and holders handle them.

use serde_json::json;
use thidua::http::Role;

use super::log_in;
use crate::support::{Answer, Client, Request, TestApp};

pub const OWN: &str = "năm chữ khác hẳn bốn chữ cũ";

/// An account made over HTTP, logged in with a password of its own.
pub fn newcomer(app: &TestApp, username: &str) -> Client {
    let made = app.admin().post("/accounts", json!({"username": username})).created();
    redeem(app, username, made["code"].as_str().unwrap()).send().is(204);
    let tokens = log_in(app, username, OWN).ok();
    app.anon().bearing(tokens["access_token"].as_str().unwrap())
}

/// One whose password no single administrator could know.
fn settled(app: &TestApp, username: &str) -> Client {
    let client = newcomer(app, username);
    app.sql("UPDATE accounts SET password_issued_by = NULL");
    client
}

/// Sets the password with a code.
pub fn redeem(app: &TestApp, username: &str, code: &str) -> Request {
    app.anon().post("/auth/redeem", json!({"username": username, "code": code, "password": OWN}))
}

fn grant(app: &TestApp, account: &str, role: &str, unit: Option<&str>) -> Answer {
    app.admin().post("/role-grants", json!({"account": account, "role": role, "unit": unit})).send()
}

fn roles(client: &Client) -> Vec<String> {
    let me = client.get("/me").ok();
    me["roles"].as_array().unwrap().iter().map(|role| role["role"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn the_owner_sets_the_first_password_with_the_code_and_no_administrator_sees_one() {
    let app = TestApp::start();
    let made = app.admin().post("/accounts", json!({"username": "moi.10210"})).created();
    assert_eq!(made.header("cache-control"), Some("no-store"));
    assert_eq!((&made["password"], &made["confirmation_needed"]), (&json!(null), &json!(false)));
    let code = made["code"].as_str().unwrap();
    log_in(&app, "moi.10210", code).problem(401, "login_failed");
    let weak = json!({"username": "moi.10210", "code": code, "password": "ngắn"});
    app.anon().post("/auth/redeem", weak).problem(422, "content_invalid").finding("/password", "password_length");
    redeem(&app, "moi.10210", code).send().is(204);
    assert_eq!(log_in(&app, "moi.10210", OWN).ok()["must_change_password"], false);
    redeem(&app, "moi.10210", code).problem(401, "code_refused");
}

#[test]
fn a_role_given_holds_at_the_next_request_and_ended_is_gone_at_the_next() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    client.get("/people").problem(403, "forbidden");
    let given = grant(&app, "moi.10210", "unit_head", Some("phong-kinh-te")).is(201);
    client.get("/people").ok();
    let end = format!("/role-grants/{}/end", given["id"].as_str().unwrap());
    app.admin().post(&end, json!({})).ok();
    client.get("/people").problem(403, "forbidden");
    app.admin().post(&end, json!({})).problem(409, "grant_ended");
    let all = app.auditor().get("/role-grants?account=moi.10210").ok();
    assert_eq!(all["items"].as_array().unwrap().len(), 1, "an ended grant stays on record");
    grant(&app, "moi.10210", "unit_head", Some("phong-kinh-te")).is(201);
    client.get("/people").ok();
}

#[test]
fn nobody_changes_their_own_account_or_roles() {
    let app = TestApp::start();
    let admin = app.admin();
    grant(&app, &admin.username, "chair", None).problem(409, "own_account");
    let path = format!("/accounts/{}", admin.username);
    let tag = admin.get(&path).ok().etag();
    admin.patch(&path, json!({"disabled": true})).if_match(&tag).problem(409, "own_account");
    admin.post(&format!("{path}/reset-password"), json!({})).if_match(&tag).problem(409, "own_account");
}

#[test]
fn a_disabled_account_loses_its_sign_ins() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let tag = app.admin().get("/accounts/moi.10210").ok().etag();
    let disable = |disabled: bool| app.admin().patch("/accounts/moi.10210", json!({"disabled": disabled}));
    disable(true).problem(428, "precondition_required");
    disable(true).if_match(&tag).ok();
    client.get("/me").problem(401, "unauthenticated");
    disable(false).if_match(&tag).problem(412, "precondition_failed");
    let tag = app.admin().get("/accounts/moi.10210").ok().etag();
    disable(false).if_match(&tag).ok();
    client.get("/me").problem(401, "unauthenticated");
}

#[test]
fn a_reset_ends_the_old_password_and_all_sign_ins_and_its_code_is_shown_once() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let tag = app.admin().get("/accounts/moi.10210").ok().etag();
    let reset = app.admin().post("/accounts/moi.10210/reset-password", json!({})).if_match(&tag).key("once");
    let answer = reset.clone().ok();
    client.get("/me").problem(401, "unauthenticated");
    log_in(&app, "moi.10210", OWN).problem(401, "login_failed");
    redeem(&app, "moi.10210", answer["code"].as_str().unwrap()).send().is(204);
    log_in(&app, "moi.10210", OWN).ok();
    // A secret is never stored, so that it is not replayed either: the second try meets the changed account.
    reset.problem(412, "precondition_failed");
}

#[test]
fn what_is_wrong_with_a_grant_is_said_all_at_once() {
    let app = TestApp::start();
    let wrong = grant(&app, "nobody", "reporter", None).problem(422, "content_invalid");
    wrong.finding("/account", "account_unknown").finding("/unit", "unit_needed");
    grant(&app, "nobody", "chair", Some("phong-kinh-te")).finding("/unit", "unit_unneeded");
    grant(&app, "nobody", "reporter", Some("khong-co")).finding("/unit", "unit_unknown");
    grant(&app, "nobody", "city_admin", None).finding("/role", "role_of_elsewhere");
    let reversed = json!({"account": "x", "role": "chair", "valid_from": "2025-09-12", "valid_to": "2025-09-11"});
    app.admin().post("/role-grants", reversed).problem(422, "content_invalid").finding("/valid_to", "days_reversed");
    let chair = app.chair().username;
    grant(&app, &chair, "auditor", None).is(201);
    grant(&app, &chair, "auditor", None).problem(409, "grant_stands");
}

#[test]
fn accounts_of_another_locality_are_not_there() {
    let app = TestApp::start();
    let foreign = app.elsewhere.chair().username;
    app.admin().get(&format!("/accounts/{foreign}")).problem(404, "not_found");
    grant(&app, &foreign, "chair", None).finding("/account", "account_unknown");
    app.admin().post("/accounts", json!({"username": foreign})).problem(409, "username_taken");
    let theirs = app.city_admin().of_locality("10213").get("/role-grants").ok();
    let id = theirs["items"][0]["id"].as_str().unwrap();
    app.admin().post(&format!("/role-grants/{id}/end"), json!({})).problem(404, "not_found");
}

#[test]
fn the_city_administers_its_own_accounts_and_those_of_a_locality_it_names() {
    let app = TestApp::start();
    let admin = app.city_admin();
    admin.post("/accounts", json!({"username": "so-noi-vu"})).created();
    admin.post("/role-grants", json!({"account": "so-noi-vu", "role": "city_viewer"})).created();
    admin.of_locality("10213").post("/accounts", json!({"username": "quan-tri.10213"})).created();
    admin.get("/accounts/quan-tri.10213").problem(404, "not_found");
    let given = json!({"account": "quan-tri.10213", "role": "locality_admin"});
    admin.of_locality("10213").post("/role-grants", given).created();
    app.city_viewer().post("/accounts", json!({"username": "so-y-te"})).problem(403, "forbidden");
}

fn lend(chair: &Client, to: &str, valid_to: &str) -> Answer {
    let lent = json!({"to": to, "role": "chair", "valid_to": valid_to, "reason": "Chủ tịch đi công tác"});
    chair.post("/delegations", lent).send()
}

#[test]
fn a_lent_role_holds_for_its_days_and_while_the_lender_holds_it() {
    let app = TestApp::start();
    let (chair, deputy) = (app.chair(), settled(&app, "pho.10210"));
    let lent = lend(&chair, "pho.10210", "2025-09-12").is(201);
    assert_eq!((&lent["delegated_by"], &lent["role"]), (&json!(chair.username), &json!("chair")));
    assert_eq!(deputy.get("/me").ok()["roles"][0]["delegated"], true);
    app.sql("UPDATE role_grants SET ended_at = now() WHERE delegated_from IS NULL AND role = 'chair'");
    assert!(roles(&deputy).is_empty(), "what the lender lost the deputy has not");
    app.sql("UPDATE role_grants SET ended_at = NULL");
    app.sql("UPDATE accounts SET disabled_at = now() WHERE username LIKE 'chair%'");
    assert!(roles(&deputy).is_empty(), "nor is a disabled account represented");
    app.sql("UPDATE accounts SET disabled_at = NULL");
    assert_eq!(roles(&deputy), ["chair"]);
    app.sql("UPDATE role_grants SET valid_to = '2025-09-09' WHERE delegated_from IS NOT NULL");
    assert!(roles(&deputy).is_empty());
}

#[test]
fn who_lends_takes_back_and_nobody_lends_on() {
    let app = TestApp::start();
    let (chair, deputy) = (app.chair(), settled(&app, "pho.10210"));
    let lent = lend(&chair, "pho.10210", "2025-09-12").is(201);
    let end = format!("/role-grants/{}/end", lent["id"].as_str().unwrap());
    lend(&deputy, &app.agency().username, "2025-09-12").finding("/role", "role_not_held");
    app.agency().post(&end, json!({})).problem(403, "forbidden");
    chair.post(&end, json!({})).ok();
    assert!(roles(&deputy).is_empty());
    lend(&chair, &chair.username, "2025-09-12").problem(409, "own_account");
    lend(&app.auditor(), "pho.10210", "2025-09-12").finding("/role", "role_not_held");
    lend(&app.city_admin().of_locality("10210"), "pho.10210", "2025-09-12").finding("/role", "role_not_held");
}

#[test]
fn who_appoints_is_not_lent_and_nobody_was_what_they_were_not() {
    let app = TestApp::start();
    newcomer(&app, "pho.10210");
    let lent = json!({"to": "pho.10210", "role": "locality_admin", "valid_to": "2025-09-12", "reason": "nghỉ phép"});
    app.admin().post("/delegations", lent).problem(422, "content_invalid").finding("/role", "role_not_lent");
    for (from, to, right) in
        [("2025-09-10", "2026-09-10", true), ("2025-09-10", "2026-09-11", false), ("2025-09-10", "2199-01-01", false)]
    {
        let chair = app.chair();
        let lent =
            json!({"to": "pho.10210", "role": "chair", "valid_from": from, "valid_to": to, "reason": "nghỉ phép"});
        match (chair.post("/delegations", lent).send(), right) {
            (answer, true) => drop(answer.is(201)),
            (answer, false) => drop(answer.problem(422, "content_invalid").finding("/valid_to", "term_too_long")),
        }
    }
    let past = json!({"account": "pho.10210", "role": "chair", "valid_from": "2025-08-01"});
    app.admin().post("/role-grants", past).problem(422, "content_invalid").finding("/valid_from", "day_past");
}

#[test]
fn a_lent_role_has_the_same_eyes_as_its_lender() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-15T02:00:00Z");
    let (agency, deputy) = (app.agency(), settled(&app, "pho.10210"));
    let place = movement.at("2025-09", "van-phong");
    let report = movement.report("van-phong").on_behalf();
    place.put(&agency, &report).if_none_match_any().created();
    place.act(&agency, "submit", json!({})).ok();
    let lent = json!({"to": "pho.10210", "role": "standing_agency", "valid_to": "2025-09-20", "reason": "nghỉ phép"});
    agency.post("/delegations", lent).created();
    place.act(&deputy, "approve", json!({})).problem(409, "four_eyes");
    place.act(&app.agency_2(), "approve", json!({})).ok();
}

#[test]
fn a_replay_is_for_who_may_still_ask() {
    let app = TestApp::start();
    let admin = app.admin();
    let register = || admin.post("/people", json!({"name": "An", "kind": "resident"})).key("once");
    register().created();
    register().created();
    app.sql("UPDATE role_grants SET ended_at = now()");
    register().problem(403, "forbidden");
}

#[test]
fn of_two_administrators_who_end_each_other_at_once_one_stays() {
    for _ in 0..5 {
        let app = TestApp::start();
        let admins = [app.admin(), app.account("admin-2", Role::LocalityAdmin, None)];
        let grants = app.admin().get("/role-grants").ok()["items"].as_array().unwrap().clone();
        let of =
            |who: &str| grants.iter().find(|grant| grant["account"] == who).unwrap()["id"].as_str().unwrap().to_owned();
        let asks = [of("admin-2.10210"), of("admin.10210")].map(|grant| format!("/role-grants/{grant}/end"));
        let asks = admins.iter().zip(&asks).map(|(admin, path)| admin.post(path, json!({})));
        let answers: Vec<u16> = std::thread::scope(|scope| {
            let sent: Vec<_> = asks.map(|ask| scope.spawn(move || ask.send().status())).collect();
            sent.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(answers.iter().filter(|status| **status == 200).count(), 1, "{answers:?}");
        assert_eq!(app.count("SELECT 1 FROM role_grants WHERE role = 'locality_admin' AND ended_at IS NULL"), 1);
    }
}

#[rstest::rstest]
#[case::given(reqwest::Method::POST, "/role-grants", json!({"username": "moi.10210", "role": "auditor"}))]
#[case::lent(reqwest::Method::POST, "/delegations", json!({"username": "x", "role": "chair", "valid_to": "2025-12-31", "reason": "x"}))]
#[case::listed(reqwest::Method::GET, "/role-grants?username=moi.10210", json!(null))]
fn who_holds_a_role_has_one_name(#[case] method: reqwest::Method, #[case] path: &str, #[case] body: serde_json::Value) {
    let app = TestApp::start();
    let asked = app.admin().request(method.clone(), path);
    let answer = if method == reqwest::Method::GET { asked.send() } else { asked.json(body).send() };
    assert_eq!(answer.status(), 400, "{answer}");
    assert_eq!(answer["errors"][0]["code"], "unknown_field", "{answer}");
}
