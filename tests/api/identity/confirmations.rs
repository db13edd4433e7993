//! What one administrator requests and a second one confirms: roles that decide or administer, and new passwords of those
//! who hold them.

use std::thread;

use rstest::rstest;
use serde_json::json;
use thidua::http::Role;

use super::{
    administration::{OWN, newcomer, redeem},
    log_in,
};
use crate::support::{Answer, Client, TestApp};

pub const ROLES: [&str; 3] = ["chair", "standing_agency", "locality_admin"];

pub fn roles(client: &Client) -> usize {
    client.get("/me").ok()["roles"].as_array().unwrap().len()
}

pub fn request(app: &TestApp, role: &str) -> Answer {
    app.admin().post("/role-grants", json!({"account": "moi.10210", "role": role})).created()
}

pub fn confirm(grant: &Answer) -> String {
    format!("/role-grants/{}/confirm", grant["id"].as_str().unwrap())
}

/// Somebody whose password no administrator could know.
pub fn of_long_standing(app: &TestApp, username: &str) -> Client {
    let client = newcomer(app, username);
    app.sql(&format!("UPDATE accounts SET password_issued_by = NULL WHERE username = '{username}'"));
    client
}

pub fn second(app: &TestApp) -> Client {
    app.account("admin-2", Role::LocalityAdmin, None)
}

#[test]
fn a_role_that_decides_permits_nothing_until_a_second_administrator_confirms_it() {
    let app = TestApp::start();
    let client = of_long_standing(&app, "moi.10210");
    let city = app.city_admin().of_locality("10210");
    for (n, (role, confirmer)) in ROLES.into_iter().zip([&second(&app), &city, &second(&app)]).enumerate() {
        let given = request(&app, role);
        assert_eq!(given["confirm_until"], "2025-09-11T02:00:00Z");
        assert_eq!(roles(&client), n, "{role} permits nothing yet");
        app.admin().post(&confirm(&given), json!({})).problem(409, "second_person_needed");
        if role == "locality_admin" {
            client.post(&confirm(&given), json!({})).problem(403, "forbidden");
        }
        app.elsewhere.admin().post(&confirm(&given), json!({})).problem(404, "not_found");
        let confirmed = confirmer.post(&confirm(&given), json!({})).ok();
        assert_eq!(confirmed["granted_by"], "admin.10210");
        assert_eq!(confirmed["confirmed_by"], confirmer.username);
        assert_eq!(roles(&client), n + 1, "{role} permits now");
        confirmer.post(&confirm(&given), json!({})).problem(409, "nothing_to_confirm");
    }
    let both = app.auditor().get("/audit?action=confirm_role_grant").ok();
    assert_eq!(both["items"].as_array().unwrap().len(), 3, "who confirmed");
    let both = app.auditor().get("/audit?action=create_role_grant").ok();
    assert_eq!(both["items"][0]["actor"], "admin.10210", "and who requested");
}

#[test]
fn the_citys_roles_need_a_second_administrator_of_the_city() {
    let app = TestApp::start();
    let city = app.city_admin();
    city.post("/accounts", json!({"username": "so-noi-vu"})).created();
    for role in ["city_viewer", "city_admin"] {
        let given = city.post("/role-grants", json!({"account": "so-noi-vu", "role": role})).created();
        city.post(&confirm(&given), json!({})).problem(409, "second_person_needed");
        app.admin().post(&confirm(&given), json!({})).problem(404, "not_found");
        app.account("city-admin-2", Role::CityAdmin, None).post(&confirm(&given), json!({})).ok();
    }
}

#[test]
fn other_roles_hold_at_once() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let given = request(&app, "auditor");
    assert_eq!(given["confirm_until"], json!(null));
    second(&app).post(&confirm(&given), json!({})).problem(409, "nothing_to_confirm");
    assert_eq!(roles(&client), 1);
}

#[test]
fn who_judges_is_appointed_and_gets_a_new_password_by_two_administrators() {
    let app = TestApp::start();
    let client = of_long_standing(&app, "moi.10210");
    let members = || app.admin().get("/council-members").ok()["items"].as_array().unwrap().len();
    let given = request(&app, "council_member");
    assert_eq!((roles(&client), members()), (0, 0));
    app.admin().post(&confirm(&given), json!({})).problem(409, "second_person_needed");
    second(&app).post(&confirm(&given), json!({})).ok();
    assert_eq!((roles(&client), members()), (1, 1));
    let reset = app.admin().act_on("/accounts/moi.10210", "reset-password", json!({})).is(200);
    assert_eq!(reset["confirmation_needed"], json!(true));
    redeem(&app, "moi.10210", reset["code"].as_str().unwrap()).problem(401, "code_refused");
    assert_eq!(roles(&client), 1, "who is of the council goes on");
}

#[test]
fn a_request_waits_a_day_and_is_made_again() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let given = request(&app, "chair");
    app.admin().post("/role-grants", json!({"account": "moi.10210", "role": "chair"})).problem(409, "grant_stands");
    app.at("2025-09-11T02:00:00Z");
    second(&app).post(&confirm(&given), json!({})).problem(409, "confirmation_expired");
    let anew = request(&app, "chair");
    second(&app).post(&confirm(&given), json!({})).problem(409, "nothing_to_confirm");
    second(&app).post(&confirm(&anew), json!({})).ok();
    let ended = request(&app, "standing_agency");
    app.admin().post(&format!("/role-grants/{}/end", ended["id"].as_str().unwrap()), json!({})).ok();
    second(&app).post(&confirm(&ended), json!({})).problem(409, "nothing_to_confirm");
}

#[test]
fn who_gets_a_role_confirms_neither_it_nor_lends_it_before() {
    let app = TestApp::start();
    let other = second(&app);
    let given = app.admin().post("/role-grants", json!({"account": other.username, "role": "chair"})).created();
    other.post(&confirm(&given), json!({})).problem(409, "own_account");
    let lent = json!({"to": app.agency().username, "role": "chair", "valid_to": "2025-09-12", "reason": "nghỉ phép"});
    other.post("/delegations", lent).problem(422, "content_invalid").finding("/role", "role_not_held");
}

#[test]
fn of_confirmations_at_once_one_is_recorded() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let (given, other, city) = (request(&app, "chair"), second(&app), app.city_admin().of_locality("10210"));
    let mut statuses: Vec<u16> = thread::scope(|scope| {
        let asks = [&other, &city, &other, &city].map(|who| {
            let ask = who.post(&confirm(&given), json!({}));
            scope.spawn(move || ask.send().status())
        });
        asks.map(|ask| ask.join().unwrap()).to_vec()
    });
    statuses.sort();
    assert_eq!(statuses, [200, 409, 409, 409]);
    assert_eq!(app.count("SELECT 1 FROM audit_records WHERE action = 'confirm_role_grant'"), 1);
}

pub fn reset(app: &TestApp, username: &str) -> Answer {
    app.admin().act_on(&format!("/accounts/{username}"), "reset-password", json!({})).is(200)
}

/// How somebody holds a role that decides or administers.
#[derive(Debug, Clone, Copy)]
enum Held {
    Own(&'static str),
    Later,
    ByLoan,
    Waiting,
}

#[rstest]
#[case::chair(Held::Own("chair"))]
#[case::agency(Held::Own("standing_agency"))]
#[case::administrator(Held::Own("locality_admin"))]
#[case::from_tomorrow(Held::Later)]
#[case::by_loan(Held::ByLoan)]
#[case::not_yet_confirmed(Held::Waiting)]
fn the_new_password_of_who_decides_takes_two_administrators_and_neither_can_set_it_alone(#[case] held: Held) {
    let app = TestApp::start();
    let client = of_long_standing(&app, "moi.10210");
    let give = |body| app.admin().post("/role-grants", body).created();
    let given = match held {
        Held::Own(role) => Some(give(json!({"account": "moi.10210", "role": role}))),
        Held::Later => Some(give(json!({"account": "moi.10210", "role": "chair", "valid_from": "2025-09-11"}))),
        Held::Waiting => {
            give(json!({"account": "moi.10210", "role": "chair"}));
            None
        }
        Held::ByLoan => {
            let lent = json!({"to": "moi.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "nghỉ phép"});
            app.chair().post("/delegations", lent).created();
            None
        }
    };
    if let Some(given) = given {
        second(&app).post(&confirm(&given), json!({})).ok();
    }
    let first = reset(&app, "moi.10210");
    assert_eq!(first["confirmation_needed"], true);
    let half = first["code"].as_str().unwrap();
    client.get("/me").ok();
    redeem(&app, "moi.10210", half).problem(401, "code_refused");
    let confirm = "/accounts/moi.10210/confirm-code";
    app.admin().post(confirm, json!({})).problem(409, "second_person_needed");
    let other = second(&app).post(confirm, json!({})).ok();
    client.get("/me").problem(401, "unauthenticated");
    let other = other["code"].as_str().unwrap();
    for wrong in [half.to_owned(), other.to_owned(), format!("{other}.{half}"), format!("{half}.{half}")] {
        redeem(&app, "moi.10210", &wrong).problem(401, "code_refused");
    }
    redeem(&app, "moi.10210", &format!("{half}.{other}")).send().is(204);
    second(&app).post(confirm, json!({})).problem(409, "nothing_to_confirm");
}

#[test]
fn a_code_from_before_the_role_is_worth_nothing_after() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let early = reset(&app, "moi.10210");
    let given = request(&app, "chair");
    second(&app).post(&confirm(&given), json!({})).ok();
    redeem(&app, "moi.10210", early["code"].as_str().unwrap()).problem(401, "code_refused");
}

#[test]
fn a_code_is_valid_for_a_day_until_a_newer_one_and_once() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let (old, new) = (reset(&app, "moi.10210"), reset(&app, "moi.10210"));
    let code = |of: &Answer| of["code"].as_str().unwrap().to_owned();
    redeem(&app, "moi.10210", &code(&old)).problem(401, "code_refused");
    redeem(&app, "nobody", &code(&new)).problem(401, "code_refused");
    app.at("2025-09-11T02:00:00Z");
    redeem(&app, "moi.10210", &code(&new)).problem(401, "code_refused");
    let new = reset(&app, "moi.10210");
    let statuses: Vec<u16> = thread::scope(|scope| {
        let asks: Vec<_> = (0..4).map(|_| redeem(&app, "moi.10210", &code(&new))).collect();
        let asks: Vec<_> = asks.into_iter().map(|ask| scope.spawn(move || ask.send().status())).collect();
        asks.into_iter().map(|ask| ask.join().unwrap()).collect()
    });
    assert_eq!(statuses.iter().filter(|status| **status == 204).count(), 1, "{statuses:?}");
}

#[test]
fn a_new_password_opens_a_door_that_guesses_shut() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    app.sql("DELETE FROM login_addresses");
    for _ in 0..10 {
        log_in(&app, "moi.10210", "không phải mật khẩu").problem(401, "login_failed");
    }
    log_in(&app, "moi.10210", "năm chữ khác hẳn bốn chữ cũ").problem(429, "login_throttled");
    redeem(&app, "moi.10210", reset(&app, "moi.10210")["code"].as_str().unwrap()).send().is(204);
    log_in(&app, "moi.10210", "năm chữ khác hẳn bốn chữ cũ").ok();
}

/// How the requester loses the right.
#[rstest]
#[case::ended("UPDATE role_grants SET ended_at = now() WHERE account_id = REQUESTER")]
#[case::run_out("UPDATE role_grants SET valid_to = '2025-09-09' WHERE account_id = REQUESTER")]
#[case::disabled("UPDATE accounts SET disabled_at = now() WHERE id = REQUESTER")]
#[case::another_role("UPDATE role_grants SET role = 'auditor' WHERE account_id = REQUESTER")]
fn what_somebody_requested_who_is_no_administrator_any_more_is_not_confirmed(
    #[case] lost: &str,
    #[values(false, true)] of_city: bool,
) {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    of_long_standing(&app, "chu-tich.10210");
    let other = second(&app);
    let holder = app.admin().post("/role-grants", json!({"account": "chu-tich.10210", "role": "chair"})).created();
    other.post(&confirm(&holder), json!({})).ok();
    let requester = if of_city { app.city_admin().of_locality("10210") } else { app.admin() };
    let given = requester.post("/role-grants", json!({"account": "moi.10210", "role": "chair"})).created();
    requester.act_on("/accounts/chu-tich.10210", "reset-password", json!({})).is(200);
    let city_role = lost.contains("auditor") && of_city;
    let lost = if city_role { lost.replace("'auditor'", "'city_viewer'") } else { lost.to_owned() };
    let of = format!("(SELECT id FROM accounts WHERE username = '{}')", requester.username);
    app.sql(&lost.replace("REQUESTER", &of));
    let code = "/accounts/chu-tich.10210/confirm-code";
    for path in [confirm(&given), code.to_owned()] {
        other.post(&path, json!({})).problem(409, "requester_without_right");
    }
    log_in(&app, "moi.10210", OWN).ok();
    app.sql("UPDATE role_grants SET ended_at = NULL, valid_to = NULL; UPDATE accounts SET disabled_at = NULL");
    let role = if of_city { "city_admin" } else { "locality_admin" };
    app.sql(&format!("UPDATE role_grants SET role = '{role}' WHERE account_id = {of}"));
    other.post(&confirm(&given), json!({})).ok();
    other.post(code, json!({})).ok();
}
