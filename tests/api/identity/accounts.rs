//! Accounts as the command line makes them.

use rstest::rstest;
use thidua::{
    http::Role,
    identity::{self, NewAccount},
};

use crate::support::{PASSWORD, TestApp, wait};

fn create(app: &TestApp, new: NewAccount) -> Result<(), String> {
    let service = app.service();
    let made = identity::create_account(&service.db, &service.hasher, new, app.clock.now());
    wait(made).map_err(|error| format!("{error:#}"))
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
