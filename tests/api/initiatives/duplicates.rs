//! An initiative told twice counts once, and what was known before stays known.

use std::thread;

use serde_json::{Value, json};

use super::{idea, path};
use crate::support::{Answer, MOVEMENT, TestApp};

fn titled(title: &str, owners: Value) -> Value {
    json!({"title": title, "summary": "Tóm tắt", "owners": owners})
}

/// Proposed by the agency; where it stands.
fn proposed(app: &TestApp, title: &str, owners: Value) -> String {
    app.agency().post(&path(), titled(title, owners)).created().header("location").unwrap().to_owned()
}

fn recognised(app: &TestApp, title: &str, owners: Value) -> String {
    let one = proposed(app, title, owners);
    app.agency_2().act_on(&one, "recognise", json!({"level": "commune"})).is(200);
    one
}

fn same_as(other: &str) -> Value {
    json!({"of": other.rsplit('/').next(), "reason": "Cùng một mô hình"})
}

/// How many initiatives the indicator counts, in a unit or in all, at an instant or now.
fn counted(app: &TestApp, query: &str) -> Value {
    app.agency().get(&format!("{MOVEMENT}/progress/SK?{query}")).ok()["value"].clone()
}

fn titles(answer: &Answer) -> Vec<&str> {
    answer["similar"].as_array().unwrap().iter().map(|one| one["title"].as_str().unwrap()).collect()
}

#[test]
fn what_may_be_the_same_is_told_to_whoever_proposes_it() {
    let app = TestApp::start();
    app.emulation();
    proposed(&app, "Trả kết quả tại nhà", json!([{"unit": "phong-kinh-te"}]));
    proposed(&app, "Phát thanh buổi sáng", json!([{"unit": "phong-kinh-te"}]));
    let new = titled("Tra ket qua TAI NHA cho người già", json!([{"unit": "phong-kinh-te"}, {"unit": "thon-1"}]));
    let made = app.agency().post(&path(), new.clone()).created();
    assert_eq!(titles(&made), ["Trả kết quả tại nhà"]);
    assert_eq!((&made["similar"][0]["shares_owner"], &made["similar"][0]["state"]), (&json!(true), &json!("proposed")));
    // What lies out of reach is no hint for a unit.
    let other = app.reporter("van-phong").post(&path(), titled("Trả kết quả tại nhà", json!([{"unit": "van-phong"}])));
    assert_eq!(titles(&other.created()), [""; 0]);
    let seen = app.agency().get(made.header("location").unwrap()).ok();
    assert_eq!(titles(&seen), ["Trả kết quả tại nhà", "Trả kết quả tại nhà"]);
}

#[test]
fn a_joint_initiative_counts_once_wherever_it_is_counted_and_in_full_for_each_owner() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "8");
    app.appraised_dossier("phong-vhxh", "8");
    let owners = json!([{"unit": "phong-kinh-te"}, {"unit": "phong-vhxh"}, {"unit": "to-so-hoa"}]);
    recognised(&app, "Một cửa lưu động", owners);
    for scope in ["", "unit=phong-kinh-te", "unit=phong-vhxh"] {
        assert_eq!(counted(&app, scope), "1", "{scope}");
    }
    assert_eq!(counted(&app, "unit=van-phong"), "0");
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    for entry in run["entries"].as_array().unwrap() {
        let criteria = entry["criteria"].as_array().unwrap();
        let points = criteria.iter().find(|one| one["kind"] == "initiatives").unwrap()["points"].clone();
        assert_eq!(points, "5.00", "{entry}");
    }
    assert_eq!(run["entries"].as_array().unwrap().len(), 2);
}

#[test]
fn a_duplicate_counts_no_more_and_what_was_known_before_stays() {
    let app = TestApp::start();
    app.emulation();
    let original = recognised(&app, "Trả kết quả tại nhà", json!([{"unit": "phong-kinh-te"}]));
    let twice = recognised(&app, "Trả kết quả tại nhà dân", json!([{"unit": "phong-vhxh"}]));
    assert_eq!(counted(&app, ""), "2");
    app.at("2025-09-20T02:00:00Z");
    let marked = app.agency().act_on(&twice, "mark-duplicate", same_as(&original)).is(200);
    assert_eq!((&marked["state"], &marked["duplicate_reason"]), (&json!("duplicate"), &json!("Cùng một mô hình")));
    assert_eq!(marked["duplicate_of"], original.rsplit('/').next().unwrap());
    assert_eq!((&marked["level"], &marked["allowed_actions"]), (&json!("commune"), &json!([])));
    assert_eq!((counted(&app, ""), counted(&app, "unit=phong-vhxh")), (json!("1"), json!("0")));
    assert_eq!(counted(&app, "as_of=2025-09-19T02:00:00Z"), "2", "what was known then");
    let fresh = proposed(&app, "Trả kết quả ở nhà", json!([{"unit": "thon-1"}]));
    app.agency().act_on(&fresh, "mark-duplicate", same_as(&original)).is(200);
    app.agency_2().act_on(&fresh, "recognise", json!({"level": "unit"})).problem(409, "initiative_state");
    app.agency().act_on(&fresh, "mark-duplicate", same_as(&original)).problem(409, "initiative_state");
    assert_eq!(counted(&app, ""), "1");
    assert_eq!(app.head("phong-vhxh").get(&twice).ok()["duplicate_reason"], "Cùng một mô hình");
}

#[test]
fn only_what_counts_can_stand_for_another() {
    let app = TestApp::start();
    app.emulation();
    let owner = || json!([{"unit": "thon-1"}]);
    let (a, b, c) = (proposed(&app, "Một", owner()), proposed(&app, "Hai", owner()), proposed(&app, "Ba", owner()));
    let agency = app.agency();
    let refused = |one: &str, body: Value, code: &str| {
        agency.act_on(one, "mark-duplicate", body).problem(422, "content_invalid").finding("/of", code);
    };
    refused(&a, same_as(&a), "duplicate_of_itself");
    refused(&a, same_as("/0197a000-0000-7000-8000-000000000000"), "initiative_unknown");
    agency.act_on(&c, "reject", json!({"reason": "Không mới"})).is(200);
    refused(&a, same_as(&c), "original_counts_not");
    agency.act_on(&b, "mark-duplicate", same_as(&a)).is(200);
    agency.act_on(&a, "mark-duplicate", same_as(&c)).problem(409, "initiative_has_duplicates");
    let d = proposed(&app, "Bốn", owner());
    refused(&d, same_as(&b), "original_counts_not");
    let known = recognised(&app, "Năm", owner());
    refused(&known, same_as(&d), "original_not_recognised");
    let blank = json!({"of": same_as(&a)["of"], "reason": " "});
    let blank = agency.act_on(&d, "mark-duplicate", blank).problem(422, "content_invalid");
    blank.finding("/reason", "length_out_of_range");
    app.chair().post(&format!("{d}/mark-duplicate"), same_as(&a)).if_match("\"1\"").problem(403, "forbidden");
    app.elsewhere
        .agency()
        .post(&format!("{d}/mark-duplicate"), same_as(&a))
        .if_match("\"1\"")
        .problem(404, "not_found");
}

#[test]
fn of_two_that_are_marked_as_each_other_at_once_one_stays_the_original() {
    let app = TestApp::start();
    app.emulation();
    let made = ["Một", "Hai"].map(|title| proposed(&app, title, json!([{"unit": "thon-1"}])));
    let tries = [(0, 1), (1, 0)].map(|(one, other)| {
        let body = same_as(&made[other]);
        let request = app.agency().post(&format!("{}/mark-duplicate", made[one]), body).if_match("\"1\"");
        thread::spawn(move || request.send().status())
    });
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort();
    assert_eq!(answered, [200, 409]);
    assert_eq!(app.count("SELECT 1 FROM initiatives WHERE state = 'duplicate'"), 1);
    assert_eq!(app.agency().post(&path(), idea(json!([{"unit": "thon-1"}]))).created()["state"], "proposed");
}
