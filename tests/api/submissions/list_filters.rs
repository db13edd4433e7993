//! Lists: within one's reach, by filters, in pages.

use serde_json::{Value, json};

use crate::support::{Client, TestApp, story::Movement};

/// `period/unit` of every report that a query gives.
fn listed(who: &Client, movement: &Movement, query: &str) -> Vec<String> {
    let page = who.get(&format!("{}/submissions{query}", movement.path)).ok();
    let mut found = places(page.json());
    found.sort();
    found
}

fn places(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().unwrap().iter();
    items.map(|item| format!("{}/{}", item["period"].as_str().unwrap(), item["unit"].as_str().unwrap())).collect()
}

/// Drafts of July for four units; thon-1 late, phong-vhxh approved; thon-1's August in time.
fn reported(app: &TestApp) -> Movement<'_> {
    let movement = app.hong_van();
    for unit in ["mat-tran", "phong-vhxh", "thon-1", "thon-2"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
    }
    movement.at("2025-07", "phong-vhxh").submit();
    movement.at("2025-07", "phong-vhxh").approve();
    movement.at("2025-08", "thon-1").draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-11T02:00:00Z");
    movement.at("2025-07", "thon-1").submit();
    movement.at("2025-08", "thon-1").submit();
    movement
}

#[test]
fn reports_are_listed_by_filters() {
    let app = TestApp::start();
    let movement = reported(&app);
    let list = |query: &str| listed(&app.agency(), &movement, query);
    assert_eq!(list("").len(), 5);
    assert_eq!(list("?period=2025-08"), ["2025-08/thon-1"]);
    assert_eq!(list("?unit=thon-1"), ["2025-07/thon-1", "2025-08/thon-1"]);
    assert_eq!(list("?state=draft"), ["2025-07/mat-tran", "2025-07/thon-2"]);
    assert_eq!(list("?state=approved"), ["2025-07/phong-vhxh"]);
    assert_eq!(list("?late=true"), ["2025-07/thon-1"]);
    assert_eq!(list("?late=false&state=submitted"), ["2025-08/thon-1"]);
    assert_eq!(list("?period=2025-07&unit=thon-1&state=submitted&late=true"), ["2025-07/thon-1"]);
    assert_eq!(list("?period=2025-12"), Vec::<String>::new());
    let wrong = app.agency().get(&format!("{}/submissions?state=sent", movement.path)).problem(400, "query_invalid");
    wrong.finding("/state", "wrong_type");
}

#[test]
fn a_line_of_the_list_tells_what_the_next_act_needs() {
    let app = TestApp::start();
    let movement = reported(&app);
    let page = app.agency().get(&format!("{}/submissions?late=true", movement.path)).ok();
    let line = &page["items"][0];
    assert_eq!(
        (&line["unit_name"], &line["state"], &line["revision"]),
        (&json!("Thôn 1"), &json!("submitted"), &json!(1))
    );
    assert_eq!((&line["late"], &line["excused"]), (&json!(true), &json!(false)));
    let place = movement.at("2025-07", "thon-1");
    let approve = app.agency().post(&format!("{}/approve", place.path), json!({}));
    approve.if_match(line["etag"].as_str().unwrap()).ok();
}

#[test]
fn a_line_of_the_list_allows_what_the_report_allows() {
    let app = TestApp::start();
    let movement = reported(&app);
    let entered = movement.at("2025-07", "hoi-phu-nu");
    entered.put(&app.agency(), &movement.report("hoi-phu-nu").on_behalf()).created();
    entered.act(&app.agency(), "submit", json!({})).ok();
    for who in [app.agency(), app.agency_2(), app.head("thon-1"), app.reporter("thon-2"), app.auditor()] {
        let page = who.get(&format!("{}/submissions", movement.path)).ok();
        for line in page["items"].as_array().unwrap() {
            let place = places(&json!({"items": [line]})).pop().unwrap();
            let report = who.get(&format!("{}/submissions/{place}", movement.path)).ok();
            assert_eq!(line["allowed_actions"], report["allowed_actions"], "{place}");
        }
    }
    let past = format!("{}/submissions?as_of=2025-08-12T00:00:00Z", movement.path);
    let past = app.agency().get(&past).ok();
    assert!(past["items"].as_array().unwrap().iter().all(|line| line["allowed_actions"] == json!([])));
}

#[test]
fn reports_come_in_pages_each_once() {
    let app = TestApp::start();
    let movement = reported(&app);
    let (mut seen, mut next) = (Vec::new(), format!("{}/submissions?limit=2", movement.path));
    for left in [3, 1, 0] {
        let page = app.agency().get(&next).ok();
        seen.extend(places(page.json()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{}/submissions?limit=2&cursor={cursor}", movement.path),
            None => assert_eq!(left, 0),
        }
    }
    assert!(seen.is_sorted_by_key(|place| place.split('/').next().map(str::to_owned)), "{seen:?}");
    seen.sort();
    assert_eq!(seen, listed(&app.agency(), &movement, ""));
}

#[test]
fn units_see_their_own_reports_and_those_below() {
    let app = TestApp::start();
    let movement = reported(&app);
    assert_eq!(listed(&app.reporter("thon-1"), &movement, "").len(), 2);
    assert_eq!(listed(&app.head("phong-vhxh"), &movement, ""), ["2025-07/phong-vhxh"]);
    assert!(listed(&app.head("to-so-hoa"), &movement, "").is_empty(), "the unit above is not one's own");
    let other = format!("{}/submissions?unit=thon-2", movement.path);
    app.head("thon-1").get(&other).problem(404, "not_found");
    app.head("thon-1").get(&format!("{}/submissions?unit=thon-9", movement.path)).problem(404, "not_found");
    for who in [app.chair(), app.auditor(), app.council_member(), app.admin(), app.city_viewer().of_locality("10210")] {
        assert_eq!(listed(&who, &movement, "").len(), 3, "a draft is its unit's and the agency's");
    }
}

#[test]
fn a_unit_that_ended_keeps_its_reports_and_its_name() {
    let app = TestApp::start();
    let movement = reported(&app);
    app.admin().patch("/units/thon-1", json!({"valid_to": "2025-08-31"})).if_match("*").ok();
    app.at("2025-10-01T02:00:00Z");
    assert_eq!(listed(&app.agency(), &movement, "?period=2025-07&unit=thon-1"), ["2025-07/thon-1"]);
    assert_eq!(listed(&app.head("thon-1"), &movement, ""), ["2025-07/thon-1", "2025-08/thon-1"]);
    let all = app.agency().get(&format!("{}/submissions", movement.path)).ok();
    let named = |item: &Value| item["unit"] != "" && item["unit_name"] != "";
    assert!(all["items"].as_array().unwrap().iter().all(named), "{all}");
}
