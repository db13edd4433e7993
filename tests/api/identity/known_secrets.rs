//! What one administrator alone could know of an account ends when a role that decides or administers is confirmed, whatever
//! is done at the same moment.

use std::thread;

use rstest::rstest;
use serde_json::json;
use thidua::http::Role;

use super::{
    administration::{OWN, newcomer, redeem},
    confirmations::{ROLES, confirm, request, reset, roles, second},
    log_in,
};
use crate::support::{Answer, TestApp};

/// Who issued the code by which the account has its password.
#[derive(Debug, Clone, Copy)]
enum Issuer {
    Requester,
    Confirmer,
    Third,
}

/// What its issuer, or the owner, did with the code.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Use {
    Kept,
    Redeemed,
    ThenChangedThePassword,
    ThenReset,
}

const CHANGED: &str = "sáu chữ khác hẳn năm chữ cũ";

fn half(answer: &Answer) -> &str {
    answer["one_time_code"]["code"].as_str().unwrap_or_else(|| panic!("no code in {answer}"))
}

#[rstest]
fn what_one_administrator_alone_could_know_of_the_holder_ends_with_the_confirmation(
    #[values(Issuer::Requester, Issuer::Confirmer, Issuer::Third)] issuer: Issuer,
    #[values(Use::Kept, Use::Redeemed, Use::ThenChangedThePassword, Use::ThenReset)] done: Use,
    #[values("chair", "standing_agency", "locality_admin")] role: &str,
) {
    let app = TestApp::start();
    let confirmer = second(&app);
    let maker = match issuer {
        Issuer::Requester => app.admin(),
        Issuer::Confirmer => confirmer.clone(),
        Issuer::Third => app.account("admin-3", Role::LocalityAdmin, None),
    };
    let mut code = maker.post("/accounts", json!({"username": "moi.10210"})).created()["code"].clone();
    let mut session = None;
    if done != Use::Kept {
        redeem(&app, "moi.10210", code.as_str().unwrap()).send().is(204);
        session = Some(log_in(&app, "moi.10210", OWN).ok());
    }
    let bearing = |tokens: &Answer| app.anon().bearing(tokens["access_token"].as_str().unwrap());
    if done == Use::ThenChangedThePassword {
        let change = json!({"current": OWN, "new": CHANGED});
        bearing(session.as_ref().unwrap()).post("/auth/password", change).send().is(204);
    }
    if done == Use::ThenReset {
        code = maker.act_on("/accounts/moi.10210", "reset-password", json!({})).is(200)["code"].clone();
    }
    let given = request(&app, role);
    let first = half(&given).to_owned();
    assert_eq!(given.header("cache-control"), Some("no-store"));
    let confirmed = confirmer.post(&confirm(&given), json!({})).ok();
    let other = half(&confirmed).to_owned();
    if let Some(tokens) = &session {
        bearing(tokens).get("/me").problem(401, "unauthenticated");
        let refresh = json!({"refresh_token": tokens["refresh_token"]});
        app.anon().post("/auth/refresh", refresh).problem(401, "refresh_refused");
    }
    for password in [OWN, CHANGED] {
        log_in(&app, "moi.10210", password).problem(401, "login_failed");
    }
    let early = code.as_str().unwrap().to_owned();
    for wrong in [early.clone(), format!("{early}.{other}"), first.clone(), other.clone(), format!("{other}.{first}")] {
        redeem(&app, "moi.10210", &wrong).problem(401, "code_refused");
    }
    redeem(&app, "moi.10210", &format!("{first}.{other}")).send().is(204);
    let owner = bearing(&log_in(&app, "moi.10210", OWN).ok());
    assert_eq!(roles(&owner), 1);
    // What no administrator alone could know stays.
    let more = app.admin().post("/role-grants", json!({"account": "moi.10210", "role": "city_viewer"})).send();
    more.problem(422, "content_invalid");
    let next = ROLES[(ROLES.iter().position(|known| *known == role).unwrap() + 1) % 3];
    let more = request(&app, next);
    assert_eq!(more["one_time_code"], json!(null));
    let more = confirmer.post(&confirm(&more), json!({})).ok();
    assert_eq!(more["one_time_code"], json!(null));
    assert_eq!(roles(&owner), 2);
}

/// Of a delegation too: the delegator has the first half, and whoever confirms it the second one.
#[rstest]
fn a_delegated_role_that_decides_waits_where_one_administrator_alone_could_know_how_to_log_in(
    #[values("chair", "standing_agency")] role: &str,
) {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let lender = if role == "chair" { app.chair() } else { app.agency() };
    let lent = json!({"to": "moi.10210", "role": role, "valid_to": "2025-12-31", "reason": "Đi công tác"});
    let given = lender.post("/delegations", lent.clone()).created();
    let first = half(&given).to_owned();
    assert!(given["confirm_until"].is_string());
    assert_eq!(roles(&client), 0);
    // Who knows the password may confirm: what they know ends with it.
    let confirmed = app.admin().post(&confirm(&given), json!({})).ok();
    client.get("/me").problem(401, "unauthenticated");
    log_in(&app, "moi.10210", OWN).problem(401, "login_failed");
    redeem(&app, "moi.10210", &format!("{first}.{}", half(&confirmed))).send().is(204);
    let tokens = log_in(&app, "moi.10210", OWN).ok();
    let owner = app.anon().bearing(tokens["access_token"].as_str().unwrap());
    assert_eq!(roles(&owner), 1);
    // The delegator can take it back; lent once more, it holds at once.
    app.admin().post(&format!("/role-grants/{}/end", given["id"].as_str().unwrap()), json!({})).ok();
    let again = lender.post("/delegations", lent).created();
    assert_eq!((&again["confirm_until"], &again["one_time_code"]), (&json!(null), &json!(null)));
    assert_eq!(roles(&owner), 1);
}

#[test]
fn a_delegation_that_waits_ends_with_the_role_of_its_delegator() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let lent = json!({"to": "moi.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "Đi công tác"});
    let given = app.chair().post("/delegations", lent).created();
    app.sql("UPDATE role_grants SET ended_at = now() WHERE delegated_from IS NULL AND role = 'chair'");
    app.admin().post(&confirm(&given), json!({})).problem(409, "requester_without_right");
}

#[test]
fn without_a_first_half_that_somebody_else_has_the_password_is_reset() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let other = second(&app);
    let chair = request(&app, "chair");
    // The second administrator requests too, and so holds the newer first half.
    let role = json!({"account": "moi.10210", "role": "standing_agency"});
    let first = half(&other.post("/role-grants", role).created()).to_owned();
    let confirmed = other.post(&confirm(&chair), json!({})).ok();
    assert_eq!(confirmed["one_time_code"], json!(null));
    client.get("/me").problem(401, "unauthenticated");
    redeem(&app, "moi.10210", &first).problem(401, "code_refused");
    let reset = reset(&app, "moi.10210");
    let second = other.post("/accounts/moi.10210/confirm-code", json!({})).ok();
    let both = format!("{}.{}", reset["code"].as_str().unwrap(), second["code"].as_str().unwrap());
    redeem(&app, "moi.10210", &both).send().is(204);
}

#[test]
fn a_request_that_nobody_confirms_ends_no_session() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let given = request(&app, "chair");
    redeem(&app, "moi.10210", half(&given)).problem(401, "code_refused");
    app.admin().post(&confirm(&given), json!({})).problem(409, "second_person_needed");
    client.get("/me").ok();
    app.at("2025-09-11T02:00:00Z");
    second(&app).post(&confirm(&given), json!({})).problem(409, "confirmation_expired");
    log_in(&app, "moi.10210", OWN).ok();
}

#[test]
fn who_holds_the_password_keeps_nothing_by_changing_it_at_that_moment() {
    for _ in 0..5 {
        let app = TestApp::start();
        let client = newcomer(&app, "moi.10210");
        let (given, other) = (request(&app, "chair"), second(&app));
        let confirm = other.post(&confirm(&given), json!({}));
        let change = client.post("/auth/password", json!({"current": OWN, "new": CHANGED}));
        thread::scope(|scope| {
            scope.spawn(move || change.send_unchecked());
            scope.spawn(move || confirm.ok());
        });
        for password in [OWN, CHANGED] {
            log_in(&app, "moi.10210", password).problem(401, "login_failed");
        }
        client.get("/me").problem(401, "unauthenticated");
    }
}

#[test]
fn a_code_redeemed_while_its_role_is_confirmed_sets_no_password_that_stays() {
    for _ in 0..5 {
        let app = TestApp::start();
        let made = app.admin().post("/accounts", json!({"username": "moi.10210"})).created();
        let other = second(&app);
        let redeem = redeem(&app, "moi.10210", made["code"].as_str().unwrap());
        thread::scope(|scope| {
            scope.spawn(move || redeem.send_unchecked());
            let given = request(&app, "chair");
            let asks =
                [&other, &app.city_admin().of_locality("10210")].map(|who| who.post(&confirm(&given), json!({})));
            let asks = asks.map(|ask| scope.spawn(move || ask.send().status()));
            let mut statuses = asks.map(|ask| ask.join().unwrap());
            statuses.sort();
            assert_eq!(statuses, [200, 409]);
        });
        log_in(&app, "moi.10210", OWN).problem(401, "login_failed");
        assert_eq!(app.count("SELECT 1 FROM accounts WHERE username = 'moi.10210' AND password_hash IS NULL"), 1);
    }
}

#[test]
fn many_changes_of_rights_at_once_wait_for_each_other_and_none_fails() {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let (admin, other) = (app.admin(), second(&app));
    let tag = admin.get("/accounts/moi.10210").ok().etag();
    let role = |role: &str| json!({"account": "moi.10210", "role": role});
    let asks = [
        admin.post("/role-grants", role("chair")),
        other.post("/role-grants", role("standing_agency")),
        admin.post("/accounts/moi.10210/reset-password", json!({})).if_match(&tag),
        other.post("/accounts/moi.10210/confirm-code", json!({})),
        admin.patch("/accounts/moi.10210", json!({"display_name": "Hòa"})).if_match(&tag),
    ];
    let statuses: Vec<u16> = thread::scope(|scope| {
        let sent = asks.map(|ask| scope.spawn(move || ask.send().status()));
        sent.into_iter().map(|ask| ask.join().unwrap()).collect()
    });
    assert!(statuses.iter().all(|status| [200, 201, 409, 412].contains(status)), "{statuses:?}");
}
