//! Whoever submitted, or lent the role by which it was submitted, or holds a role by loan from one of these, never
//! decides on it: by the grant that permitted the act, whatever else the accounts hold.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::http::Role;

use crate::support::{Client, MOVEMENT, TestApp, dossier, story::Report};

fn lend(from: &Client, role: &str, unit: Option<&str>, to: &Client) {
    let lent = json!({"to": to.username, "role": role, "unit": unit, "valid_to": "2025-12-31", "reason": "Nghỉ phép"});
    from.post("/delegations", lent).created();
}

/// How a report comes in.
#[derive(Debug, Clone, Copy)]
enum Way {
    Submit,
    Import,
}

fn hand_in(app: &TestApp, who: &Client, way: Way) -> String {
    let movement = app.standing();
    let place = movement.at("2025-07", "thon-1");
    match way {
        Way::Submit => {
            place.put(who, &movement.report("thon-1")).created();
            place.act(who, "submit", json!({})).ok();
        }
        Way::Import => {
            let Report(report) = movement.report("thon-1");
            let row = |value: &Value| {
                let mut row = value.clone();
                (row["period"], row["unit"]) = (json!("2025-07"), json!("thon-1"));
                row
            };
            let rows: Vec<Value> = report["values"].as_array().unwrap().iter().map(row).collect();
            let answer = who.post(&format!("{}/submissions/import?submit=true", movement.path), json!(rows)).ok();
            assert_eq!(answer["submitted"], 1, "{answer}");
        }
    }
    place.path
}

#[rstest]
#[case::of_the_agency(Some((Role::StandingAgency, None)))]
#[case::reporter_of_the_unit(Some((Role::Reporter, Some("thon-1"))))]
#[case::head_of_another_unit(Some((Role::UnitHead, Some("thon-2"))))]
#[case::auditor(Some((Role::Auditor, None)))]
#[case::nobody(None)]
fn the_lender_does_not_approve_what_the_borrower_submits(
    #[case] own: Option<(Role, Option<&str>)>,
    #[values(Way::Submit, Way::Import)] way: Way,
    #[values(false, true)] agency_by_loan: bool,
) {
    let app = TestApp::start();
    app.hong_van();
    let head = app.head("thon-1");
    let (role, unit) = own.unwrap_or((Role::CouncilMember, None));
    let borrower = app.account("borrower", role, unit);
    lend(&head, "unit_head", Some("thon-1"), &borrower);
    match agency_by_loan {
        true => lend(&app.agency_2(), "standing_agency", None, &head),
        false => drop(app.account("head.thon-1", Role::StandingAgency, None)),
    }
    let place = hand_in(&app, &borrower, way);
    let seen = head.get(&place).ok();
    assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("approve")), "{seen}");
    head.act_on(&place, "approve", json!({})).problem(409, "four_eyes");
    let item = json!({"period": "2025-07", "unit": "thon-1", "etag": seen.etag()});
    let base = place.split("/2025-07").next().unwrap();
    let many = head.post(&format!("{base}/approvals"), json!({"items": [item]})).send().is(207);
    assert_eq!(many["items"][0]["code"], "four_eyes");
    app.agency().act_on(&place, "approve", json!({})).is(200);
}

#[test]
fn the_borrower_does_not_approve_by_a_role_of_their_own_what_the_lender_submits() {
    let app = TestApp::start();
    app.hong_van();
    let (head, borrower) = (app.head("thon-1"), app.account("borrower", Role::StandingAgency, None));
    lend(&head, "unit_head", Some("thon-1"), &borrower);
    let place = hand_in(&app, &head, Way::Submit);
    borrower.act_on(&place, "approve", json!({})).problem(409, "four_eyes");
    app.agency().act_on(&place, "approve", json!({})).is(200);
}

#[rstest]
#[case::on_behalf_by_the_own_role_of_the_agency(Role::StandingAgency, None, "thon-2")]
#[case::by_the_own_role_of_the_unit(Role::UnitHead, Some("thon-1"), "thon-1")]
fn a_loan_that_permitted_nothing_binds_no_lender(
    #[case] role: Role,
    #[case] unit: Option<&str>,
    #[case] lent_unit: &str,
) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (lender, borrower) = (app.head(lent_unit), app.account("borrower", role, unit));
    app.account(&format!("head.{lent_unit}"), Role::StandingAgency, None);
    lend(&lender, "unit_head", Some(lent_unit), &borrower);
    let place = movement.at("2025-07", "thon-1");
    let report = movement.report("thon-1");
    let report = if unit.is_none() { report.on_behalf() } else { report };
    place.put(&borrower, &report).created();
    place.act(&borrower, "submit", json!({})).ok();
    place.act(&lender, "approve", json!({})).ok();
}

#[rstest]
#[case::by_loan(false)]
#[case::by_loan_beside_a_role_of_the_agency(true)]
fn the_lender_verifies_no_dossier_that_the_borrower_enters(#[case] of_agency: bool) {
    let app = TestApp::start();
    app.emulation();
    let role = if of_agency { Role::StandingAgency } else { Role::Auditor };
    let (head, borrower) = (app.head("phong-kinh-te"), app.account("borrower", role, None));
    app.account("head.phong-kinh-te", Role::StandingAgency, None);
    lend(&head, "unit_head", Some("phong-kinh-te"), &borrower);
    let place = dossier("tap-the", "phong-kinh-te");
    let claim = json!({"achievement": "Đúng hạn", "group": "don-vi", "self_scores": {"mo-hinh": "38.5"}});
    borrower.put(&place, claim).if_none_match_any().created();
    head.act_on(&place, "verify", json!({})).problem(409, "four_eyes");
    head.post(&format!("{place}/assessments/adopt"), json!({})).problem(409, "four_eyes");
    app.agency_2().act_on(&place, "verify", json!({})).is(200);
    assert!(place.starts_with(MOVEMENT));
}
