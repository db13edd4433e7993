//! Accounts as the command line makes them.

use rstest::rstest;
use serde_json::json;
use thidua::{
    http::{Locale, Role},
    identity::{self, NewAccount, NewPassword},
};

use super::{
    administration::{OWN, newcomer},
    log_in,
};
use crate::support::{Answer, PASSWORD, TestApp, wait};

fn create(app: &TestApp, new: NewAccount) -> Result<(), String> {
    let service = app.service();
    let made = identity::create_account(&service.db, &service.hasher, new, app.clock.now());
    wait(made).map_err(|error| error.told_in(Locale::En))
}

fn chair() -> NewAccount<'static> {
    NewAccount { username: "chu-tich", password: PASSWORD, role: Role::Chair, locality: Some("10210"), unit: None }
}

#[test]
fn an_account_made_can_log_in() {
    let app = TestApp::start();
    create(&app, chair()).unwrap();
    assert_eq!(app.login("chu-tich").get("/me").ok()["roles"][0]["role"], "chair");
}

#[test]
fn an_account_may_hold_several_roles() {
    let app = TestApp::start();
    create(&app, chair()).unwrap();
    create(&app, NewAccount { role: Role::UnitHead, unit: Some("van-phong"), ..chair() }).unwrap();
    create(&app, chair()).unwrap();
    assert_eq!(app.login("chu-tich").get("/me").ok()["roles"].as_array().unwrap().len(), 2);
}

#[test]
fn a_role_never_reaches_into_another_locality() {
    let app = TestApp::start();
    create(&app, chair()).unwrap();
    let refused = create(&app, NewAccount { locality: Some("10213"), ..chair() }).unwrap_err();
    assert!(refused.contains("belongs to another locality"), "{refused}");
    let refused = create(&app, NewAccount { role: Role::CityAdmin, locality: None, ..chair() }).unwrap_err();
    assert!(refused.contains("belongs to another locality"), "{refused}");
    assert_eq!(app.count("SELECT 1 FROM role_grants"), 1);
}

#[test]
fn another_role_takes_the_same_password() {
    let app = TestApp::start();
    create(&app, chair()).unwrap();
    let refused =
        create(&app, NewAccount { role: Role::Auditor, password: "một mật khẩu khác", ..chair() }).unwrap_err();
    assert!(refused.contains("another password"), "{refused}");
}

#[rstest]
#[case(NewAccount { password: "ngắn", ..chair() }, "12 to 128 characters")]
#[case(NewAccount { password: "PasswordPassword", ..chair() }, "too easy to guess")]
#[case(NewAccount { username: "Chủ tịch", ..chair() }, "username is malformed")]
#[case(NewAccount { locality: Some("99999"), ..chair() }, "no such locality or unit")]
#[case(NewAccount { locality: None, ..chair() }, "--locality")]
#[case(NewAccount { role: Role::CityAdmin, ..chair() }, "--locality")]
#[case(NewAccount { unit: Some("van-phong"), ..chair() }, "--unit")]
#[case(NewAccount { role: Role::Reporter, ..chair() }, "--unit")]
#[case(NewAccount { role: Role::Reporter, unit: Some("phong-khac"), ..chair() }, "no such locality or unit")]
fn what_is_wrong_is_said(#[case] new: NewAccount, #[case] said: &str) {
    let app = TestApp::start();
    let refused = create(&app, new).unwrap_err();
    assert!(refused.contains(said), "{refused}");
    assert_eq!(app.count("SELECT 1 FROM accounts"), 0);
}

/// `đúng ngựa pin ghim` with letters and marks apart.
const APART: &str = "đu\u{301}ng ngu\u{31b}\u{323}a pin ghim";

#[rstest]
#[case(APART, PASSWORD)]
#[case(PASSWORD, APART)]
fn a_password_is_the_same_however_its_letters_are_composed(#[case] given: &str, #[case] asked: &str) {
    let app = TestApp::start();
    create(&app, NewAccount { password: given, ..chair() }).unwrap();
    log_in(&app, "chu-tich", asked).ok();
    let reset = NewPassword { username: "chu-tich", password: given };
    wait(identity::reset_password(&app.service().db, &app.service().hasher, reset, app.clock.now())).unwrap();
    log_in(&app, "chu-tich", asked).ok();
}

#[test]
fn a_password_lost_is_set_on_the_command_line_and_the_door_opens() {
    let app = TestApp::start();
    create(&app, NewAccount { role: Role::LocalityAdmin, ..chair() }).unwrap();
    let client = app.login("chu-tich");
    app.sql("DELETE FROM login_addresses");
    for _ in 0..10 {
        log_in(&app, "chu-tich", "không phải mật khẩu").send();
    }
    log_in(&app, "chu-tich", PASSWORD).problem(429, "login_throttled");
    let reset = |username, password| {
        let new = NewPassword { username, password };
        let done = identity::reset_password(&app.service().db, &app.service().hasher, new, app.clock.now());
        wait(done).map_err(|error| error.told_in(Locale::En))
    };
    reset("chu-tich", "bốn chữ ngẫu nhiên dài").unwrap();
    client.get("/me").problem(401, "unauthenticated");
    log_in(&app, "chu-tich", PASSWORD).problem(401, "login_failed");
    assert_eq!(log_in(&app, "chu-tich", "bốn chữ ngẫu nhiên dài").ok()["must_change_password"], true);
    assert_eq!(app.count("SELECT 1 FROM audit_records WHERE action = 'reset_password'"), 1);
    for (username, password, said) in
        [("ai-do", "bốn chữ ngẫu nhiên dài", "no account"), ("chu-tich", "ngắn", "12 to 128")]
    {
        let refused = reset(username, password).unwrap_err();
        assert!(refused.contains(said), "{refused}");
    }
}

#[test]
fn a_role_made_on_the_command_line_counts_as_confirmed_and_one_that_waits_is_confirmed_there() {
    let app = TestApp::start();
    create(&app, chair()).unwrap();
    assert_eq!(app.login("chu-tich").get("/me").ok()["roles"][0]["role"], "chair");
    let given = json!({"account": "chu-tich", "role": "standing_agency"});
    let given = app.admin().post("/role-grants", given).created();
    let id = given["id"].as_str().unwrap().parse().unwrap();
    let confirm = || wait(identity::confirm_grant(&app.service().db, id, app.clock.now()));
    assert_eq!(confirm().unwrap(), ("chu-tich".to_owned(), "standing_agency".to_owned()));
    assert_eq!(app.login("chu-tich").get("/me").ok()["roles"].as_array().unwrap().len(), 2);
    assert!(confirm().unwrap_err().told_in(Locale::En).contains("Nothing waits"));
}

#[test]
fn confirmed_on_the_command_line_what_the_requester_could_know_ends_too() {
    let app = TestApp::start();
    let client = newcomer(&app, "moi.10210");
    let ask = |role: &str| app.admin().post("/role-grants", json!({"account": "moi.10210", "role": role})).created();
    let confirm = |given: &Answer| {
        let id = given["id"].as_str().unwrap().parse().unwrap();
        wait(identity::confirm_grant(&app.service().db, id, app.clock.now())).map_err(|error| error.told_in(Locale::En))
    };
    let (chair, agency) = (ask("chair"), ask("standing_agency"));
    confirm(&chair).unwrap();
    client.get("/me").problem(401, "unauthenticated");
    log_in(&app, "moi.10210", OWN).problem(401, "login_failed");
    let new = NewPassword { username: "moi.10210", password: "bốn chữ ngẫu nhiên dài" };
    wait(identity::reset_password(&app.service().db, &app.service().hasher, new, app.clock.now())).unwrap();
    app.sql("UPDATE role_grants SET ended_at = now() WHERE role = 'locality_admin'");
    let refused = confirm(&agency).unwrap_err();
    assert!(refused.contains("no longer an administrator"), "{refused}");
}
