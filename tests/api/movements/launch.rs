//! The launch: the chair's act, held against the organisation tree, which opens the periods.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    story::{HONG_VAN, Movement, plan},
};

fn periods(movement: &Movement) -> Vec<Value> {
    let periods = movement.commune.agency().get(&format!("{}/periods", movement.path)).ok();
    periods["items"].as_array().unwrap().clone()
}

fn days(periods: &[Value]) -> Vec<[&str; 4]> {
    let read = |period| ["code", "starts_on", "cutoff_on", "due_at"].map(|member| text(period, member));
    periods.iter().map(read).collect()
}

fn text<'a>(value: &'a Value, member: &str) -> &'a str {
    value[member].as_str().unwrap_or_default()
}

#[test]
fn only_the_chair_launches() {
    let app = TestApp::start();
    app.organise();
    let movement = app.loaded(&plan(HONG_VAN));
    for who in [app.agency(), app.admin(), app.head("phong-vhxh"), app.auditor(), app.council_member()] {
        movement.act(&who, "launch").problem(403, "forbidden");
    }
    let path = format!("{}/launch", movement.path);
    app.chair().post(&path, json!({})).problem(428, "precondition_required");
    app.chair().post(&path, json!({})).if_match("\"7\"").problem(412, "precondition_failed");
    let launched = movement.act(&app.chair(), "launch").ok();
    assert_eq!((&launched["state"], &launched["launched_at"]), (&json!("launched"), &json!("2025-09-10T02:00:00Z")));
    let twice = movement.act(&app.chair(), "launch").problem(409, "movement_state");
    assert_eq!(twice["state"], "launched");
}

#[test]
fn a_launch_opens_the_months_of_the_decree() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let periods = periods(&movement);
    assert!(periods.iter().all(|period| period["state"] == "open" && period["reason"].is_null()));
    // Three working days, until 17:00: July closed before the launch on 5/8 and is due from there.
    let expected = [
        ["2025-07", "2025-06-15", "2025-07-14", "2025-08-08T10:00:00Z"],
        ["2025-08", "2025-07-15", "2025-08-14", "2025-08-19T10:00:00Z"],
        ["2025-09", "2025-08-15", "2025-09-14", "2025-09-17T10:00:00Z"],
        ["2025-10", "2025-09-15", "2025-10-14", "2025-10-17T10:00:00Z"],
        ["2025-11", "2025-10-15", "2025-11-14", "2025-11-19T10:00:00Z"],
        ["2025-12", "2025-11-15", "2025-12-14", "2025-12-17T10:00:00Z"],
    ];
    assert_eq!(days(&periods), expected);
}

#[test]
fn another_locality_runs_another_plan_by_quarters() {
    let app = TestApp::start();
    let movement = app.example();
    let periods = periods(&movement);
    let expected = [
        ["2026-Q1", "2026-01-01", "2026-03-31", "2026-04-07T09:30:00Z"],
        ["2026-Q2", "2026-04-01", "2026-06-30", "2026-07-07T09:30:00Z"],
        ["2026-Q3", "2026-07-01", "2026-09-30", "2026-10-07T09:30:00Z"],
        ["2026-cuoi-ky", "2026-10-01", "2026-11-30", "2026-12-07T09:30:00Z"],
    ];
    assert_eq!(days(&periods), expected);
    app.agency().get(&movement.path).problem(404, "not_found");
}

#[test]
fn before_the_launch_the_periods_are_told_as_they_would_be() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let foretold = periods(&movement);
    assert_eq!(foretold.len(), 6);
    assert!(foretold.iter().all(|period| period["allowed_actions"] == json!([])), "none stands yet: {foretold:?}");
    let close = format!("{}/periods/2025-07/close", movement.path);
    app.agency().post(&close, json!({})).if_match("*").problem(404, "not_found");
}

#[test]
fn a_launch_without_the_units_of_the_plan_is_refused_with_everything_missing() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let refused = movement.act(&app.chair(), "launch").problem(422, "content_invalid");
    // No public service centre yet, and the team below a division would report beside it.
    let refused = refused
        .finding("/indicators/6/reported_by/0", "unit_unknown")
        .finding("/indicators/6/reported_by", "one_reporter_needed")
        .finding("/indicators/7/reported_by/0", "unit_unknown")
        .finding("/indicators/8/reported_by/0", "unit_unknown")
        .finding("/indicators/2/reported_by", "counted_twice");
    let twice = refused["errors"].as_array().unwrap().iter().filter(|finding| finding["code"] == "counted_twice");
    assert!(twice.clone().all(|finding| finding["message"].as_str().unwrap().contains("to-so-hoa")), "{refused}");
    assert_eq!(twice.count(), 12);
    let shown = app.chair().get(&movement.path).ok();
    assert_eq!((&shown["state"], shown.etag().as_str()), (&json!("draft"), "\"1\""));
    assert_eq!(app.count("SELECT 1 FROM periods"), 0);
}

#[test]
fn a_figure_of_the_locality_has_one_reporter() {
    let app = TestApp::start();
    app.organise();
    let mut plan = plan(HONG_VAN);
    plan["indicators"][3]["reported_by"] = json!(["hamlet"]);
    plan["indicators"][18]["reported_by"] = json!(["other"]);
    let movement = app.loaded(&plan);
    let refused = movement.act(&app.chair(), "launch").lang("en").problem(422, "content_invalid");
    let errors = refused["errors"].as_array().unwrap();
    let told: Vec<_> = errors.iter().map(|f| (f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap())).collect();
    let one = "one_reporter_needed";
    let calendar = ("/reporting/due", "calendar_missing");
    assert_eq!(told, [("/indicators/3/reported_by", one), ("/indicators/18/reported_by", one), calendar]);
    assert!(errors[0]["message"].as_str().unwrap().contains("2 units") && errors[1].to_string().contains("0 units"));
}

#[test]
fn an_indicator_that_nobody_reports_stops_the_launch() {
    let app = TestApp::start();
    app.organise();
    let mut plan = plan(HONG_VAN);
    plan["indicators"][17]["reported_by"] = json!(["other"]);
    let movement = app.loaded(&plan);
    let refused = movement.act(&app.chair(), "launch").problem(422, "content_invalid");
    refused.finding("/indicators/17/reported_by", "no_unit_reports");
}

#[test]
fn a_late_launch_is_taken_and_gives_time_to_report() {
    let app = TestApp::start();
    app.organise();
    let movement = app.loaded(&plan(HONG_VAN));
    app.at("2026-01-16T02:00:00Z");
    movement.act(&app.chair(), "launch").ok();
    assert!(periods(&movement).iter().all(|period| period["due_at"] == "2026-01-21T10:00:00Z"));
}

#[test]
fn deadlines_are_told_with_the_days_that_are_left() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-12-13T17:00:00Z");
    let shown = app.chair().get(&movement.path).ok();
    let left = |code: &str| {
        let deadlines = shown["deadlines"].as_array().unwrap();
        deadlines.iter().find(|deadline| deadline["code"] == code).unwrap()["days_left"].clone()
    };
    // It is 14/12 in Việt Nam: reports of December are due on the 17th, and proposals come before the 15th.
    assert_eq!((left("2025-12"), left("2025-11"), left("tap-the")), (json!(3), json!(-25), json!(0)));
}

#[test]
fn a_tree_is_not_changed_so_that_a_figure_under_way_counts_twice() {
    let app = TestApp::start();
    app.hong_van();
    let admin = app.admin();
    let team = || admin.get("/units/to-so-hoa").ok().etag();
    let division = |from: &str| json!({"kind": "division", "valid_from": from});
    let refused = admin.patch("/units/to-so-hoa", division("2025-10-01")).if_match(&team());
    refused.problem(422, "content_invalid").finding("", "counted_twice");
    let centre =
        json!({"name": "Trung tâm thứ hai", "kind": "division", "parent": "phong-kinh-te", "valid_from": "2025-09-01"});
    admin.put("/units/trung-tam-2", centre).if_none_match_any().problem(422, "content_invalid");
    admin.get("/units/trung-tam-2").problem(404, "not_found");
    // What is so after the last cut-off concerns the movement no more.
    admin.patch("/units/to-so-hoa", division("2026-01-01")).if_match(&team()).ok();
}

#[test]
fn a_unit_may_end_while_a_movement_is_under_way() {
    let app = TestApp::start();
    app.hong_van();
    let tag = app.admin().get("/units/ttpvhcc").ok().etag();
    app.admin().patch("/units/ttpvhcc", json!({"valid_to": "2025-10-31"})).if_match(&tag).ok();
}
