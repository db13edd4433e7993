//! Units merged in the middle of a movement: what they reported stays theirs.

use serde_json::{Value, json};

use crate::support::{MOVEMENT, TestApp};

fn merge(app: &TestApp, unit: &str, into: &str, on: &str) -> crate::support::Answer {
    app.admin().act_on(&format!("/units/{unit}"), "merge", json!({"into": into, "on": on}))
}

#[test]
fn the_one_ends_and_what_stood_below_it_stands_below_the_other() {
    let app = TestApp::start();
    let team = json!({"name": "Tổ hạ tầng", "kind": "related", "parent": "phong-kinh-te", "valid_from": "2025-07-01"});
    app.admin().put("/units/to-ha-tang", team).if_none_match_any().created();
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    let ended = merge(&app, "phong-kinh-te", "phong-vhxh", "2025-10-15").is(200);
    assert_eq!((&ended["valid_to"], &ended["successor"]), (&json!("2025-10-14"), &json!("phong-vhxh")));
    let parent = |app: &TestApp| app.admin().get("/units/to-ha-tang").ok()["parent"].clone();
    let unit = |app: &TestApp| app.admin().get(&format!("/people/{an}")).ok()["unit"].clone();
    assert_eq!((parent(&app), unit(&app)), (json!("phong-kinh-te"), json!("phong-kinh-te")), "until the day");
    app.at("2025-10-15T02:00:00Z");
    assert_eq!((parent(&app), unit(&app)), (json!("phong-vhxh"), json!("phong-vhxh")));
    let listed = app.admin().get("/units?as_of=2025-10-14").ok();
    let codes: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|unit| &unit["code"]).collect();
    assert!(codes.contains(&&json!("phong-kinh-te")), "history is kept");
    assert_eq!(app.records("r.action = 'merge_unit' AND r.names @> ARRAY['units/phong-vhxh']"), 1);
}

#[test]
fn what_was_reported_before_still_counts_and_what_comes_after_is_the_others() {
    let app = TestApp::start();
    app.emulation();
    app.reported_on("2025-09", "phong-kinh-te", 90, 100);
    merge(&app, "phong-kinh-te", "phong-vhxh", "2025-10-01").is(200);
    app.at("2025-10-16T02:00:00Z");
    app.reported_on("2025-09", "phong-vhxh", 10, 100);
    app.reported_on("2025-10", "phong-vhxh", 100, 100);
    let figure = app.chair().get(&format!("{MOVEMENT}/progress/HS?by=unit")).ok();
    assert_eq!((&figure["numerator"], &figure["denominator"]), (&json!(200), &json!(300)));
    let owed = |period: &str| {
        let figure = app.chair().get(&format!("{MOVEMENT}/progress/HS?period={period}")).ok();
        figure["coverage"]["expected"].clone()
    };
    assert_eq!((owed("2025-09"), owed("2025-10")), (json!(2), json!(1)));
    let place = format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te");
    let late = json!({"secret": false, "values": []});
    app.head("phong-kinh-te").put(&place, late).if_none_match_any().problem(404, "not_found");
}

#[test]
fn a_merge_that_cannot_be_is_told_why() {
    let app = TestApp::start();
    let refused = |into: &str, on: &str, pointer: &str, code: &str| {
        merge(&app, "phong-kinh-te", into, on).problem(422, "content_invalid").finding(pointer, code);
    };
    refused("khong-co", "2025-10-01", "/into", "unit_unknown");
    refused("phong-kinh-te", "2025-10-01", "/into", "unit_cycle");
    refused("phong-vhxh", "2025-07-01", "/on", "merged_before_begun");
    let below = json!({"parent": "phong-kinh-te", "valid_from": "2026-01-01"});
    app.admin().patch("/units/to-so-hoa", below).if_match("\"1\"").ok();
    refused("to-so-hoa", "2025-10-01", "/into", "unit_cycle");
    app.admin().patch("/units/thon-1", json!({"valid_to": "2026-01-31"})).if_match("\"1\"").ok();
    refused("thon-1", "2025-10-01", "/into", "successor_ends");
    let path = "/units/phong-kinh-te/merge";
    let body = json!({"into": "phong-vhxh", "on": "2025-10-01"});
    app.agency().post(path, body.clone()).if_match("\"1\"").problem(403, "forbidden");
    app.admin().post(path, body.clone()).problem(428, "precondition_required");
    app.admin().post(path, body.clone()).if_match("\"9\"").problem(412, "precondition_failed");
    app.admin().post("/units/khong-co/merge", body).if_match("\"1\"").problem(404, "not_found");
    merge(&app, "phong-kinh-te", "phong-vhxh", "2025-10-01").is(200);
    merge(&app, "phong-kinh-te", "van-phong", "2025-11-01").problem(409, "unit_ended");
    let tag = app.admin().get("/units/phong-kinh-te").ok().etag();
    let back = app.admin().patch("/units/phong-kinh-te", json!({"valid_to": null})).if_match(&tag).ok();
    assert_eq!(
        (&back["valid_to"], &back["successor"]),
        (&json!(null), &json!(null)),
        "an end taken back leaves no successor"
    );
}

#[test]
fn what_is_added_before_the_day_follows_and_all_goes_back_with_the_merge() {
    let app = TestApp::start();
    merge(&app, "phong-kinh-te", "phong-vhxh", "2025-10-15").is(200);
    let team = json!({"name": "Tổ hạ tầng", "kind": "related", "parent": "phong-kinh-te", "valid_from": "2025-07-01"});
    app.admin().put("/units/to-ha-tang", team).if_none_match_any().created();
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    app.at("2025-10-15T02:00:00Z");
    let back_dated =
        json!({"name": "Lê Thị Bình", "kind": "official", "unit": "phong-kinh-te", "valid_from": "2025-09-01"});
    let binh = app.admin().post("/people", back_dated).created()["id"].as_str().unwrap().to_owned();
    let stand = |unit: &str| {
        let person = |id: &str| app.admin().get(&format!("/people/{id}")).ok()["unit"].clone();
        let above = app.admin().get("/units/to-ha-tang").ok()["parent"].clone();
        assert_eq!([person(&an), person(&binh), above], [json!(unit), json!(unit), json!(unit)]);
        let listed = app.head(unit).get("/people").ok();
        let listed: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|person| &person["id"]).collect();
        assert!(listed.contains(&&json!(an)) && listed.contains(&&json!(binh)), "{listed:?}");
    };
    stand("phong-vhxh");
    let patch = |body: Value| {
        let tag = app.admin().get("/units/phong-kinh-te").ok().etag();
        app.admin().patch("/units/phong-kinh-te", body).if_match(&tag).ok();
    };
    patch(json!({"valid_to": "2025-12-31"}));
    stand("phong-kinh-te");
    patch(json!({"valid_to": "2025-10-01"}));
    stand("phong-vhxh");
    patch(json!({"valid_to": null}));
    stand("phong-kinh-te");
}

#[test]
fn what_was_handed_in_is_not_taken_away_by_an_end_in_the_past() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-10-16T02:00:00Z");
    app.reported_on("2025-10", "phong-kinh-te", 90, 100);
    let stranded = |answer: crate::support::Answer| {
        let problem = answer.problem(422, "content_invalid");
        let message = problem.finding("", "report_stranded").to_string();
        assert!(message.contains("2025-10-14") && message.contains("phong-kinh-te"), "{message}");
    };
    stranded(merge(&app, "phong-kinh-te", "phong-vhxh", "2025-10-14"));
    let patch = |body: Value| app.admin().patch("/units/phong-kinh-te", body).if_match("\"1\"");
    stranded(patch(json!({"valid_to": "2025-10-13"})).send());
    let figure = app.chair().get(&format!("{MOVEMENT}/progress/HS")).ok();
    assert_eq!(figure["numerator"], json!(90), "nothing is lost");
    patch(json!({"valid_to": "2025-10-14"})).ok();
    app.chair().get(&format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te")).ok();
}

#[test]
fn what_was_handed_in_is_not_taken_away_by_another_kind_in_the_past() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-06T03:00:00Z");
    place.submit();
    let kind = |from: &str| {
        app.admin().patch("/units/thon-1", json!({"kind": "closed", "valid_from": from})).if_match("\"1\"").send()
    };
    kind("2025-07-02").problem(422, "content_invalid").finding("", "report_stranded");
    kind("2025-08-06").is(200);
}

#[test]
fn a_unit_that_ended_is_still_named_where_a_role_is_held_in_it() {
    let app = TestApp::start();
    merge(&app, "phong-kinh-te", "phong-vhxh", "2025-07-15").is(200);
    let me = app.head("phong-kinh-te").get("/me").ok();
    assert_eq!((&me["roles"][0]["unit"], &me["roles"][0]["role"]), (&json!("phong-kinh-te"), &json!("unit_head")));
}

#[test]
fn what_a_plan_asks_of_a_merged_unit_it_asks_of_its_successor() {
    let app = TestApp::start();
    app.emulation();
    merge(&app, "phong-kinh-te", "van-phong", "2025-10-01").is(200);
    app.at("2025-10-16T02:00:00Z");
    let missing = |period: &str| {
        let figure = app.chair().get(&format!("{MOVEMENT}/progress/HS?period={period}")).ok();
        let missing = figure["coverage"]["missing"].as_array().unwrap().clone();
        missing.iter().map(|unit| unit["unit"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(missing("2025-09"), ["phong-kinh-te", "phong-vhxh"]);
    assert_eq!(missing("2025-10"), ["phong-vhxh", "van-phong"]);
    app.reported_on("2025-10", "van-phong", 90, 100);
    assert_eq!(missing("2025-10"), ["phong-vhxh"]);
    // What the one still owes its successor finishes.
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10, "estimated": true});
    let successor = app.head("van-phong");
    successor.put(&place, json!({"values": [value]})).if_none_match_any().created();
    successor.act_on(&place, "submit", json!({})).is(200);
    app.head("phong-vhxh").get(&place).problem(404, "not_found");
}

#[test]
fn a_unit_goes_into_one_that_is_there_on_the_day() {
    let app = TestApp::start();
    let patch = |unit: &str, body: Value| {
        let tag = app.admin().get(&format!("/units/{unit}")).ok().etag();
        app.admin().patch(&format!("/units/{unit}"), body).if_match(&tag).send()
    };
    let unit = json!({"name": "Phòng Mới", "kind": "division", "valid_from": "2025-10-01"});
    app.admin().put("/units/phong-moi", unit).if_none_match_any().created();
    merge(&app, "phong-kinh-te", "phong-moi", "2025-11-01").is(200);
    let early = patch("phong-kinh-te", json!({"valid_to": "2025-08-31"}));
    early.problem(422, "content_invalid").finding("/parent", "successor_absent");
    let gone = patch("phong-moi", json!({"valid_to": "2025-10-15"}));
    gone.problem(422, "content_invalid").finding("/parent", "successor_absent");
    // Once it is there it may end like any other.
    patch("phong-moi", json!({"valid_to": "2025-12-31"})).is(200);
}

#[test]
fn whoever_headed_the_one_that_ended_asks_for_its_people_in_vain() {
    let app = TestApp::start();
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    merge(&app, "phong-kinh-te", "phong-vhxh", "2025-09-01").is(200);
    let listed = |who: &str, unit: &str| {
        let listed = app.head(who).get(&format!("/people?unit={unit}")).ok();
        listed["items"].as_array().unwrap().iter().any(|person| person["id"] == an.as_str())
    };
    assert!(!listed("phong-kinh-te", "phong-kinh-te"));
    assert!(listed("phong-vhxh", "phong-vhxh"));
}

#[test]
fn what_a_concluded_movement_came_to_stays_as_the_tree_stood() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-12-20T02:00:00Z");
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    let admin = app.admin();
    let new = |from: &str| json!({"name": "Thôn 9", "kind": "village", "valid_from": from});
    let back_dated = admin.put("/units/thon-9", new("2025-09-01")).if_none_match_any();
    back_dated.problem(422, "content_invalid").finding("", "tree_concluded");
    let moved = admin.patch("/units/thon-1", json!({"parent": "van-phong", "valid_from": "2025-10-01"}));
    moved.if_match("\"1\"").problem(422, "content_invalid").finding("", "tree_concluded");
    let named = json!({"name": "Thôn Một", "valid_from": "2025-10-01"});
    admin.patch("/units/thon-1", named).if_match("\"1\"").ok();
    admin.put("/units/thon-9", new("2026-01-01")).if_none_match_any().created();
}
