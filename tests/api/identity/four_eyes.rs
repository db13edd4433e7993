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

/// How what is handed in was written.
#[derive(Debug, Clone, Copy)]
enum Written {
    Put,
    Import,
    /// Somebody else drafted; the writer corrected.
    Corrected,
    /// Written, handed in and taken back; somebody else corrected one figure of it.
    TakenBack,
    /// Written, handed in and returned; somebody else corrected one figure of it.
    Returned,
    /// Somebody else wrote all of it anew.
    Overwritten,
}

/// By what the writer has the agency's role.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Route {
    Own,
    LentByTheAgency,
    /// The writer wrote for somebody of the agency.
    TheLendersOwn,
}

#[rstest]
fn whoever_wrote_what_is_handed_in_does_not_approve_it(
    #[values(
        Written::Put,
        Written::Import,
        Written::Corrected,
        Written::TakenBack,
        Written::Returned,
        Written::Overwritten
    )]
    written: Written,
    #[values(Route::Own, Route::LentByTheAgency, Route::TheLendersOwn)] route: Route,
) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let (reporter, other, head) =
        (app.reporter("thon-1"), app.account("other", Role::Reporter, Some("thon-1")), app.head("thon-1"));
    let writer = match route {
        Route::TheLendersOwn => {
            let writer = app.account("borrower", Role::CouncilMember, None);
            lend(&reporter, "reporter", Some("thon-1"), &writer);
            writer
        }
        _ => reporter.clone(),
    };
    let report = || movement.report("thon-1");
    let corrected = || report().with("narrative", json!("Đã sửa"));
    match written {
        Written::Put => drop(place.put(&writer, &report()).created()),
        Written::Import => {
            let Report(content) = report();
            let row = |value: &Value| {
                let mut row = value.clone();
                (row["period"], row["unit"]) = (json!("2025-07"), json!("thon-1"));
                row
            };
            let rows: Vec<Value> = content["values"].as_array().unwrap().iter().map(row).collect();
            writer.post(&format!("{}/submissions/import", movement.path), json!(rows)).ok();
        }
        Written::Corrected => {
            place.put(&other, &report()).created();
            place.put(&writer, &corrected()).ok();
        }
        Written::TakenBack => {
            place.put(&writer, &report()).created();
            place.submit();
            place.act(&head, "withdraw", json!({})).ok();
            place.put(&other, &corrected()).ok();
        }
        Written::Returned => {
            place.put(&writer, &report()).created();
            place.submit();
            place.send_back();
            place.put(&other, &corrected()).ok();
        }
        Written::Overwritten => {
            place.put(&writer, &corrected()).created();
            place.put(&other, &report()).ok();
        }
    }
    place.submit();
    match route {
        Route::LentByTheAgency => lend(&app.agency_2(), "standing_agency", None, &reporter),
        _ => drop(app.account("reporter.thon-1", Role::StandingAgency, None)),
    }
    let seen = reporter.get(&place.path).ok();
    assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("approve")), "{seen}");
    let listed = reporter.get(&format!("{}/submissions", movement.path)).ok();
    assert!(!listed["items"][0]["allowed_actions"].as_array().unwrap().contains(&json!("approve")), "{listed}");
    reporter.act_on(&place.path, "approve", json!({})).problem(409, "four_eyes");
    let item = json!({"period": "2025-07", "unit": "thon-1", "etag": seen.etag()});
    let many = reporter.post(&format!("{}/submissions/approvals", movement.path), json!({"items": [item]}));
    assert_eq!(many.send().is(207)["items"][0]["code"], "four_eyes");
    place.approve();
}

#[test]
fn whoever_wrote_nothing_new_or_wrote_what_others_approved_approves() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.put(&app.agency_2(), &movement.report("thon-1").on_behalf()).created();
    // The same content again.
    place.put(&app.agency(), &movement.report("thon-1").on_behalf()).ok();
    place.act(&app.agency_2(), "submit", json!({})).ok();
    place.act(&app.agency_2(), "approve", json!({})).problem(409, "four_eyes");
    place.approve();
    place.reopen();
    let corrected = movement.report("thon-1").with("narrative", json!("Đã sửa"));
    place.put(&app.agency(), &corrected.on_behalf()).ok();
    place.act(&app.agency(), "submit", json!({})).ok();
    place.act(&app.agency(), "approve", json!({})).problem(409, "four_eyes");
    place.act(&app.agency_2(), "approve", json!({})).ok();
}
