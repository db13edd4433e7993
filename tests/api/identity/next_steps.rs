//! Answers say what comes next: who confirms what, and in which order a role and a one-time code are given.

use rstest::rstest;
use serde_json::json;
use thidua::http::Role;

use super::administration::{newcomer, redeem};
use crate::support::{Answer, TestApp};

fn next(answer: &Answer) -> Vec<&str> {
    let notices = answer["notices"].as_array().unwrap_or_else(|| panic!("no notices in {answer}")).iter();
    notices.map(|notice| notice["code"].as_str().unwrap()).collect()
}

/// How the holder of the account gets in, before the role is given.
#[derive(Debug, Clone, Copy)]
enum Enters {
    ByPassword,
    ByCode,
    ByLapsedCode,
    NotYet,
}

#[rstest]
#[case(Enters::ByPassword, "auditor", &[], &[])]
#[case(Enters::ByCode, "auditor", &[], &[])]
#[case(Enters::ByLapsedCode, "auditor", &["code_needed"], &[])]
#[case(Enters::NotYet, "auditor", &["code_needed"], &[])]
#[case(Enters::ByCode, "council_member", &["role_waits", "code_with_role"], &["code_joined"])]
#[case(Enters::ByPassword, "chair", &["role_waits", "code_with_role"], &["code_joined"])]
#[case(Enters::ByCode, "chair", &["role_waits", "code_with_role"], &["code_joined"])]
#[case(Enters::ByCode, "locality_admin", &["role_waits", "code_with_role"], &["code_joined"])]
#[case(Enters::ByLapsedCode, "standing_agency", &["role_waits", "code_with_role"], &["code_joined"])]
#[case(Enters::NotYet, "standing_agency", &["role_waits", "code_needed"], &["code_needed"])]
fn a_grant_says_who_confirms_it_and_whether_a_code_is_needed(
    #[case] enters: Enters,
    #[case] role: &str,
    #[case] expected: &[&str],
    #[case] then: &[&str],
) {
    let app = TestApp::start();
    let account = "moi.10210";
    match enters {
        Enters::ByPassword => drop(newcomer(&app, account)),
        Enters::NotYet => drop(app.admin().post("/accounts/import", json!([{"username": account}])).ok()),
        Enters::ByCode | Enters::ByLapsedCode => {
            app.admin().post("/accounts", json!({"username": account})).created();
        }
    }
    if matches!(enters, Enters::ByLapsedCode) {
        app.at("2025-09-11T02:00:00Z");
    }
    let given = app.admin().post("/role-grants", json!({"account": account, "role": role})).created();
    assert_eq!(next(&given), expected, "{given}");
    if expected.contains(&"role_waits") {
        let confirm = format!("/role-grants/{}/confirm", given["id"].as_str().unwrap());
        assert!(given["notices"][0]["message"].as_str().unwrap().contains(&confirm), "{given}");
        let confirmed = app.account("admin-2", Role::LocalityAdmin, None).post(&confirm, json!({})).ok();
        assert_eq!(next(&confirmed), then, "once it is confirmed, the rest is still to be done");
    }
}

#[test]
fn a_loan_of_a_role_that_decides_waits_where_a_code_is_unused() {
    let app = TestApp::start();
    app.admin().post("/accounts", json!({"username": "pho.10210"})).created();
    let lent = json!({"to": "pho.10210", "role": "chair", "valid_to": "2025-12-31", "reason": "nghỉ phép"});
    assert_eq!(next(&app.chair().post("/delegations", lent).created()), ["role_waits", "code_with_role"]);
}

#[test]
fn a_code_says_whether_it_waits_and_what_a_role_would_do_to_it() {
    let app = TestApp::start();
    let second = app.account("admin-2", Role::LocalityAdmin, None);
    let made = app.admin().post("/accounts", json!({"username": "moi.10210"})).created();
    assert_eq!(next(&made), ["code_before_role"]);
    let reset = || app.admin().act_on("/accounts/moi.10210", "reset-password", json!({})).is(200);
    assert_eq!(next(&reset()), ["code_before_role"]);
    app.admin().post("/role-grants", json!({"account": "moi.10210", "role": "chair"})).created();
    let first = reset();
    assert_eq!(next(&first), ["code_waits"]);
    let other = second.post("/accounts/moi.10210/confirm-code", json!({})).ok();
    assert_eq!(next(&other), ["code_joined"]);
    // In the order that the answers say, the account gets in.
    let whole = format!("{}.{}", first["code"].as_str().unwrap(), other["code"].as_str().unwrap());
    redeem(&app, "moi.10210", &whole).send().is(204);
}

#[rstest]
#[case("vi", "chưa có hiệu lực", " ngày ")]
#[case("en", "permits nothing yet", "+07:00")]
fn what_comes_next_is_said_in_the_readers_language(#[case] language: &str, #[case] words: &str, #[case] zone: &str) {
    let app = TestApp::start();
    newcomer(&app, "moi.10210");
    let grant = json!({"account": "moi.10210", "role": "chair"});
    let given = app.admin().post("/role-grants", grant).lang(language).created();
    let notice = &given["notices"][0];
    let message = notice["message"].as_str().unwrap();
    assert!(message.contains(words) && message.contains(zone), "{message}");
    assert_eq!((&notice["severity"], &notice["params"]["account"]), (&json!("warning"), &json!("moi.10210")));
}
