//! Units that have not reported are told of at their times, once each.

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::join_all;
use serde_json::{Value, json};
use thidua::{jobs::Job, submissions::RemindUnits};

use super::{events, remind};
use crate::support::{MOVEMENT, TestApp, wait};

/// When the September reports are due.
fn due(app: &TestApp) -> DateTime<Utc> {
    let periods = app.auditor().get(&format!("{MOVEMENT}/periods")).ok();
    let period =
        periods["items"].as_array().unwrap().iter().find(|period| period["code"] == "2025-09").unwrap().clone();
    period["due_at"].as_str().unwrap().parse().unwrap()
}

/// What is told of September: type, unit, hours.
fn told(app: &TestApp) -> Vec<(String, String, i64)> {
    let of_september = events(app, "limit=200").into_iter().filter(|event| event["data"]["period"] == "2025-09");
    let reminders = of_september.filter(|event| event["data"]["hours"].is_i64());
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    reminders
        .map(|event| (text(&event["type"]), text(&event["data"]["unit"]), event["data"]["hours"].as_i64().unwrap()))
        .collect()
}

fn reminder(unit: &str, hours: i64) -> (String, String, i64) {
    ("submission.reminder".into(), unit.into(), hours)
}

fn overdue(unit: &str, hours: i64) -> (String, String, i64) {
    ("submission.overdue".into(), unit.into(), hours)
}

fn sorted(mut told: Vec<(String, String, i64)>) -> Vec<(String, String, i64)> {
    told.sort();
    told
}

#[test]
fn each_unit_that_owes_is_told_of_once_at_each_time_until_it_has_reported() {
    let app = TestApp::start();
    app.emulation();
    let due = due(&app);
    app.clock.set(due - TimeDelta::hours(73));
    remind(&app);
    assert_eq!(told(&app), []);
    app.clock.set(due - TimeDelta::hours(72));
    remind(&app);
    remind(&app);
    let first = [reminder("phong-kinh-te", 72), reminder("phong-vhxh", 72)];
    assert_eq!(sorted(told(&app)), first);
    app.reported_on("2025-09", "phong-vhxh", 9, 10);
    app.clock.set(due - TimeDelta::hours(3));
    remind(&app);
    assert_eq!(told(&app)[2..], [reminder("phong-kinh-te", 24)]);
    app.clock.set(due + TimeDelta::minutes(59));
    remind(&app);
    assert_eq!(told(&app).len(), 3);
    app.clock.set(due + TimeDelta::hours(2));
    remind(&app);
    app.clock.set(due + TimeDelta::hours(71));
    remind(&app);
    assert_eq!(told(&app)[3..], [overdue("phong-kinh-te", 1)]);
    app.clock.set(due + TimeDelta::days(30));
    remind(&app);
    assert_eq!(told(&app)[4..], [overdue("phong-kinh-te", 72)]);
    let last = events(&app, "type=submission.overdue&limit=200").pop().unwrap();
    assert_eq!(last["data"]["hours"], 72);
    assert!(last["subject"].as_str().unwrap().starts_with(&format!("{}/submissions/", &MOVEMENT[1..])));
}

#[test]
fn what_was_missed_while_nothing_ran_is_not_made_up_for() {
    let app = TestApp::start();
    app.emulation();
    let due = due(&app);
    app.clock.set(due + TimeDelta::days(10));
    remind(&app);
    assert_eq!(sorted(told(&app)), [overdue("phong-kinh-te", 72), overdue("phong-vhxh", 72)]);
}

#[test]
fn many_instances_at_once_tell_once() {
    let app = TestApp::start();
    app.emulation();
    let due = due(&app);
    app.clock.set(due - TimeDelta::hours(1));
    let runs = (0..6).map(|_| async { RemindUnits {}.run(app.service()).await.unwrap() });
    wait(join_all(runs));
    assert_eq!(sorted(told(&app)), [reminder("phong-kinh-te", 24), reminder("phong-vhxh", 24)]);
    assert_eq!(app.count("SELECT 1 FROM events"), app.count("SELECT DISTINCT once FROM events"));
}

#[test]
fn a_report_that_was_taken_back_is_missing_again() {
    let app = TestApp::start();
    app.emulation();
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let head = app.head("phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10, "estimated": true});
    head.put(&place, json!({"values": [value]})).if_none_match_any().created();
    head.act_on(&place, "submit", json!({})).is(200);
    head.act_on(&place, "withdraw", json!({})).is(200);
    app.clock.set(due(&app) - TimeDelta::hours(1));
    remind(&app);
    assert_eq!(sorted(told(&app)), [reminder("phong-kinh-te", 24), reminder("phong-vhxh", 24)]);
}

#[test]
fn closed_periods_and_movements_remind_nobody() {
    let app = TestApp::start();
    app.emulation();
    let due = due(&app);
    app.agency().post(&format!("{MOVEMENT}/periods/2025-09/close"), json!({})).if_match("\"1\"").ok();
    app.clock.set(due - TimeDelta::hours(1));
    remind(&app);
    assert_eq!(told(&app), []);
    app.agency().post(&format!("{MOVEMENT}/periods/2025-09/reopen"), json!({"reason": "Lỡ"})).if_match("\"2\"").ok();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    remind(&app);
    assert_eq!(told(&app), []);
}

#[test]
fn the_times_are_settings() {
    let app = TestApp::start_with(|config| {
        (config.remind_hours_before, config.remind_hours_after) = (vec![5], vec![0]);
    });
    app.emulation();
    let due = due(&app);
    for hours in [24, 5, -1, -100] {
        app.clock.set(due - TimeDelta::hours(hours));
        remind(&app);
    }
    assert_eq!(sorted(told(&app)), [reminder("phong-kinh-te", 5), reminder("phong-vhxh", 5)]);
}
