//! Initiatives: proposed within one's reach, recognised at the plan's levels, decided once.

use std::thread;

use serde_json::json;

use thidua::http::Role;

use crate::support::{Client, MOVEMENT, TestApp};

mod duplicates;
mod replications;

fn path() -> String {
    format!("{MOVEMENT}/initiatives")
}

fn idea(owners: serde_json::Value) -> serde_json::Value {
    json!({"title": "Trả kết quả tại nhà", "summary": "Bưu điện trả kết quả cho người cao tuổi", "owners": owners})
}

#[test]
fn a_unit_proposes_and_the_agency_recognises() {
    let app = TestApp::start();
    app.emulation();
    let owners = json!([{"unit": "phong-kinh-te"}]);
    let made = app.reporter("phong-kinh-te").post(&path(), idea(owners)).created();
    assert_eq!((&made["state"], &made["level"]), (&json!("proposed"), &json!(null)));
    assert_eq!(made["owners"][0]["name"], "Phòng Kinh tế");
    assert_eq!(made["allowed_actions"], json!([]));
    let one = made.header("location").unwrap().to_owned();
    assert_eq!(app.agency().get(&one).ok()["allowed_actions"], json!(["recognise", "reject", "mark_duplicate"]));
    let done = app.agency().act_on(&one, "recognise", json!({"level": "commune"})).is(200);
    assert_eq!((&done["state"], &done["level"]), (&json!("recognised"), &json!("commune")));
    assert_eq!(done["allowed_actions"], json!(["mark_duplicate", "replicate"]));
    let again = app.agency().act_on(&one, "reject", json!({"reason": "muộn"})).problem(409, "initiative_state");
    assert_eq!(again["state"], "recognised");
    let progress = app.agency().get(&format!("{MOVEMENT}/progress/SK")).send_unchecked();
    assert_eq!(progress["verdict"], "met");
}

#[test]
fn a_rejection_carries_its_reason() {
    let app = TestApp::start();
    app.emulation();
    let made = app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).created();
    let one = made.header("location").unwrap();
    app.agency()
        .act_on(one, "reject", json!({"reason": "  "}))
        .problem(422, "content_invalid")
        .finding("/reason", "length_out_of_range");
    let done = app.agency().act_on(one, "reject", json!({"reason": "Không mới"})).is(200);
    assert_eq!((&done["state"], &done["reason"]), (&json!("rejected"), &json!("Không mới")));
}

#[test]
fn a_level_must_be_one_that_the_plan_gives_points_for() {
    let app = TestApp::start();
    app.emulation();
    let made = app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).created();
    let wrong = app.agency_2().act_on(made.header("location").unwrap(), "recognise", json!({"level": "city"}));
    wrong.problem(422, "content_invalid").finding("/level", "recognition_level_unknown");
}

#[test]
fn everything_wrong_with_a_proposal_is_said_at_once() {
    let app = TestApp::start();
    app.emulation();
    let nobody = "0197a000-0000-7000-8000-000000000000";
    let owners = json!([{"unit": "khong-co"}, {"person": nobody}, {"unit": "thon-1"}, {"unit": "thon-1"}]);
    let body = json!({"title": "", "summary": " ", "owners": owners});
    app.agency()
        .post(&path(), body)
        .problem(422, "content_invalid")
        .finding("/title", "length_out_of_range")
        .finding("/summary", "length_out_of_range")
        .finding("/owners/0/unit", "unit_unknown")
        .finding("/owners/1/person", "person_unknown")
        .finding("/owners/3", "owner_duplicate");
    let none = app.agency().post(&path(), idea(json!([]))).problem(422, "content_invalid");
    none.finding("/owners", "owners_out_of_range");
}

#[test]
fn units_propose_for_their_own_and_the_agency_for_all() {
    let app = TestApp::start();
    app.emulation();
    let (hoa, lan) = (app.somebody("Nguyễn Thị Hòa", Some("to-so-hoa")), app.somebody("Trần Thị Lan", None));
    let head = app.head("phong-vhxh");
    head.post(&path(), idea(json!([{"unit": "to-so-hoa"}, {"person": hoa}]))).created();
    let joint = json!([{"person": hoa}, {"unit": "thon-1"}, {"person": lan}]);
    head.post(&path(), idea(joint.clone()))
        .problem(422, "content_invalid")
        .finding("/owners/1/unit", "owner_out_of_reach")
        .finding("/owners/2/person", "person_unknown");
    let made = app.agency().post(&path(), idea(joint)).created();
    assert_eq!(made["owners"][0]["unit"], "to-so-hoa");
    let one = made.header("location").unwrap();
    head.get(one).ok();
    app.reporter("phong-kinh-te").get(one).problem(404, "not_found");
}

#[test]
fn lists_are_kept_to_reach_state_and_unit() {
    let app = TestApp::start();
    app.emulation();
    let hoa = app.somebody("Nguyễn Thị Hòa", Some("to-so-hoa"));
    for owner in [json!({"unit": "phong-vhxh"}), json!({"person": hoa}), json!({"unit": "thon-1"})] {
        app.agency().post(&path(), idea(json!([owner]))).created();
    }
    let first = app.agency().get(&format!("{}?state=proposed", path())).ok()["items"][0]["id"].clone();
    app.agency_2()
        .act_on(&format!("/initiatives/{}", first.as_str().unwrap()), "recognise", json!({"level": "unit"}))
        .is(200);
    let seen = |who: &crate::support::Client, query: &str| {
        who.get(&format!("{}{query}", path())).ok()["items"].as_array().unwrap().len()
    };
    assert_eq!(seen(&app.agency(), ""), 3);
    assert_eq!(seen(&app.agency(), "?state=recognised"), 1);
    assert_eq!(seen(&app.agency(), "?unit=phong-vhxh"), 2);
    assert_eq!(seen(&app.head("phong-vhxh"), ""), 2);
    assert_eq!(seen(&app.head("to-so-hoa"), ""), 1);
    app.head("phong-vhxh").get(&format!("{}?unit=thon-1", path())).problem(404, "not_found");
    let page = app.agency().get(&format!("{}?limit=2", path())).ok();
    let next = format!("{}?limit=2&cursor={}", path(), page["next_cursor"].as_str().unwrap());
    assert_eq!(app.agency().get(&next).ok()["items"].as_array().unwrap().len(), 1);
}

#[test]
fn only_the_agency_decides_and_only_at_home() {
    let app = TestApp::start();
    app.emulation();
    let made = app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).created();
    let one = made.header("location").unwrap();
    let recognise = format!("{one}/recognise");
    let level = json!({"level": "commune"});
    app.chair().post(&recognise, level.clone()).if_match("\"1\"").problem(403, "forbidden");
    app.chair().post(&path(), idea(json!([{"unit": "thon-1"}]))).problem(403, "forbidden");
    app.elsewhere.agency().get(one).problem(404, "not_found");
    app.elsewhere.agency().post(&recognise, level.clone()).if_match("\"1\"").problem(404, "not_found");
    app.elsewhere.agency().get(&path()).problem(404, "not_found");
    app.agency().post(&recognise, level.clone()).problem(428, "precondition_required");
    app.agency().post(&recognise, level).if_match("\"9\"").problem(412, "precondition_failed");
}

#[test]
fn a_movement_that_is_not_launched_takes_none() {
    let app = TestApp::start();
    let plan: serde_json::Value = serde_json::from_str(include_str!("support/awards-plan.json")).unwrap();
    app.agency().post("/movements", plan).created();
    app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).problem(409, "movement_state");
}

#[test]
fn of_two_decisions_at_once_one_stands() {
    let app = TestApp::start();
    app.emulation();
    let made = app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).created();
    let one = made.header("location").unwrap().to_owned();
    let acts = [("recognise", json!({"level": "unit"})), ("reject", json!({"reason": "Không mới"}))];
    let tries: Vec<_> = acts
        .into_iter()
        .map(|(action, body)| app.agency_2().post(&format!("{one}/{action}"), body).if_match("\"1\""))
        .map(|request| thread::spawn(move || request.send().status()))
        .collect();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort();
    assert_eq!(answered, [200, 412]);
}

#[test]
fn nobody_recognises_what_they_or_their_delegate_proposed() {
    let app = TestApp::start();
    app.emulation();
    let (head, agency, both) = (app.head("thon-1"), app.agency(), app.account("both", Role::StandingAgency, None));
    let lend = |who: &Client, role: &str, unit: Option<&str>, to: &Client| {
        let lent =
            json!({"to": to.username, "role": role, "unit": unit, "valid_to": "2025-12-31", "reason": "Nghỉ phép"});
        who.post("/delegations", lent).created();
    };
    lend(&head, "unit_head", Some("thon-1"), &both);
    lend(&agency, "standing_agency", None, &head);
    let propose = |who: &Client| {
        let made = who.post(&path(), idea(json!([{"unit": "thon-1"}]))).created();
        made.header("location").unwrap().to_owned()
    };
    // Who proposes, and who then may not recognise.
    let cases = [(&agency, &agency), (&head, &both), (&agency, &head), (&both, &both)];
    for (proposer, decider) in cases {
        let one = propose(proposer);
        let seen = decider.get(&one).ok();
        assert!(!seen["allowed_actions"].as_array().unwrap().contains(&json!("recognise")), "{seen}");
        decider.act_on(&one, "recognise", json!({"level": "commune"})).problem(409, "four_eyes");
        decider.act_on(&one, "reject", json!({"reason": "Không mới"})).is(200);
        let one = propose(proposer);
        app.agency_2().act_on(&one, "recognise", json!({"level": "commune"})).is(200);
    }
}
