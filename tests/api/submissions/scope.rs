//! Whose report it is: a unit's own and those below it; anything else is not there at all.

use serde_json::json;

use crate::support::TestApp;

#[test]
fn another_units_report_is_not_there_whether_it_is_or_not() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let strangers = [app.reporter("thon-2"), app.head("thon-2"), app.head("phong-vhxh"), app.head("to-so-hoa")];
    let look = || {
        strangers.each_ref().map(|who| {
            let paths = ["", "/revisions", "/revisions/1"].map(|part| format!("{}{part}", place.path));
            let read = paths.map(|path| who.get(&path).problem(404, "not_found").json()["detail"].clone());
            let put = who.put(&place.path, movement.report("thon-1").0).if_none_match_any().problem(404, "not_found");
            let act = who.post(&format!("{}/submit", place.path), json!({})).if_match("*").problem(404, "not_found");
            (read, put["detail"].clone(), act["detail"].clone())
        })
    };
    let before = look();
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
    assert_eq!(look(), before);
}

#[test]
fn a_head_reports_for_the_units_below() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.cluster("cum-1");
    // The cluster's people may report for the hamlets below it as their own.
    app.admin().patch("/units/thon-1", json!({"parent": "cum-1", "valid_from": "2025-07-01"})).if_match("*").ok();
    let place = movement.at("2025-07", "thon-1");
    place.put(&app.reporter("cum-1"), &movement.report("thon-1")).created();
    place.act(&app.head("cum-1"), "submit", json!({})).ok();
    app.head("to-so-hoa").get(&place.path).problem(404, "not_found");
}

#[test]
fn a_unit_that_moved_reports_its_past_under_its_new_head() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    app.admin().patch("/units/thon-1", json!({"parent": "cum-1", "valid_from": "2025-08-01"})).if_match("*").ok();
    let place = movement.at("2025-07", "thon-1");
    place.put(&app.reporter("cum-1"), &movement.report("thon-1")).created();
    place.act(&app.head("cum-1"), "submit", json!({})).ok();
    app.admin().patch("/units/thon-1", json!({"parent": "cum-2", "valid_from": "2025-08-05"})).if_match("*").ok();
    app.head("cum-1").get(&place.path).problem(404, "not_found");
    place.act(&app.head("cum-2"), "withdraw", json!({})).ok();
}

#[test]
fn readers_of_the_locality_read_every_report() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    let city = app.city_viewer();
    for who in [app.chair(), app.auditor(), app.council_member(), app.admin(), city.of_locality("10210")] {
        assert_eq!(who.get(&place.path).ok()["allowed_actions"], json!([]));
        who.get(&format!("{}/revisions", place.path)).ok();
    }
    city.get(&place.path).problem(400, "locality_required");
    city.of_locality("10213").get(&place.path).problem(404, "not_found");
    app.elsewhere.agency().get(&place.path).problem(404, "not_found");
    app.anon().get(&place.path).problem(401, "unauthenticated");
}

#[test]
fn a_role_withdrawn_holds_no_longer() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let head = app.head("thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.sql("UPDATE role_grants SET valid_to = '2025-08-04' WHERE role = 'unit_head'");
    let submit = head.post(&format!("{}/submit", place.path), json!({})).if_match("\"1\"");
    submit.send().problem(404, "not_found");
}
