//! Reports that are due on a day of the month before the month is over: estimates first, and then the final figures
//! without a reopening.

use serde_json::{Value, json};

use crate::support::{Answer, MOVEMENT, TestApp};

/// Due on the 20th of the month itself, and taken from the 10th on.
fn before_the_end(plan: &mut Value) {
    plan["format"] = json!("thidua.plan/2");
    plan["reporting"]["windows"] = json!("calendar");
    plan["reporting"]["due"] = json!({"day": 20, "month": "last", "at": "17:00", "opens_day": 10});
}

fn emulation() -> TestApp {
    let app = TestApp::start();
    app.emulation_of(before_the_end);
    app
}

fn place(unit: &str) -> String {
    format!("{MOVEMENT}/submissions/2025-10/{unit}")
}

fn answered(numerator: i64) -> Value {
    json!({"values": [{"indicator": "HS", "state": "reported", "numerator": numerator, "denominator": 10}]})
}

/// Puts a draft over what stands there.
fn put(app: &TestApp, unit: &str, numerator: i64) -> Answer {
    let found = app.head(unit).get(&place(unit)).send();
    let put = app.head(unit).put(&place(unit), answered(numerator));
    match found.header("etag") {
        None => put.if_none_match_any().send(),
        Some(tag) => put.if_match(tag).send(),
    }
}

fn act(app: &TestApp, unit: &str, act: &str) -> Answer {
    let who = if act == "submit" { app.head(unit) } else { app.agency() };
    who.act_on(&place(unit), act, json!({}))
}

fn counted(app: &TestApp, query: &str) -> (Value, Value, Value) {
    let told = app.auditor().get(&format!("{MOVEMENT}/progress/HS?period=2025-10{query}")).ok();
    (told["numerator"].clone(), told["estimated"].clone(), told["coverage"]["approved"].clone())
}

/// An estimate of 8 of 10, handed in on the 15th.
fn estimated(app: &TestApp, unit: &str) -> Answer {
    app.at("2025-10-15T02:00:00Z");
    put(app, unit, 8).is(201);
    act(app, unit, "submit").is(200)
}

#[test]
fn the_periods_say_when_they_open_and_until_when_final_figures_come() {
    let app = emulation();
    let periods = app.auditor().get(&format!("{MOVEMENT}/periods")).ok();
    let told = |nth: usize| {
        let period = &periods["items"][nth];
        ["code", "opens_on", "due_at", "estimated", "final_until"].map(|member| period[member].clone())
    };
    // The launch was on Wednesday the 10th of September: nothing is due before the 11th.
    assert_eq!(
        told(1),
        [json!("2025-08"), json!("2025-08-10"), json!("2025-09-11T10:00:00Z"), json!(false), Value::Null]
    );
    // The 20th of September is a Saturday.
    let monday = json!("2025-09-22T10:00:00Z");
    assert_eq!(told(2), [json!("2025-09"), json!("2025-09-10"), monday, json!(true), json!("2025-10-20T10:00:00Z")]);
    assert_eq!(told(5)[3..], [json!(true), Value::Null], "the last one is open until it is closed");
}

#[test]
fn a_report_is_not_taken_before_its_opening_day() {
    let app = emulation();
    app.at("2025-10-05T02:00:00Z");
    put(&app, "phong-kinh-te", 8).is(201);
    let refused = act(&app, "phong-kinh-te", "submit").problem(409, "not_open_yet");
    assert_eq!(refused["params"]["day"], "2025-10-10");
    let seen = app.head("phong-kinh-te").get(&place("phong-kinh-te")).ok();
    assert_eq!((&seen["opens_on"], &seen["allowed_actions"]), (&json!("2025-10-10"), &json!(["edit"])));
    app.at("2025-10-10T01:00:00Z");
    act(&app, "phong-kinh-te", "submit").is(200);
}

#[test]
fn what_is_due_early_waits_for_its_unit_from_its_opening_day() {
    let app = emulation();
    let waits = |at: &str| {
        app.at(at);
        let inbox = app.head("phong-kinh-te").get(&format!("{MOVEMENT}/submissions/inbox")).ok();
        let newest = inbox["items"].as_array().unwrap().last().unwrap().clone();
        (newest["period"].clone(), newest["since"].clone())
    };
    let september = (json!("2025-09"), json!("2025-09-09T17:00:00Z"));
    assert_eq!(waits("2025-10-09T16:59:59Z"), september);
    assert_eq!(waits("2025-10-09T17:00:00Z"), (json!("2025-10"), json!("2025-10-09T17:00:00Z")));
}

#[test]
fn final_figures_take_the_place_of_estimates_without_a_reopening() {
    let app = emulation();
    let (unit, first) = ("phong-kinh-te", "2025-10-15T02:00:00Z");
    let handed_in = estimated(&app, unit);
    assert_eq!((&handed_in["values"][0]["estimated"], &handed_in["late"]), (&json!(true), &json!(false)));
    act(&app, unit, "approve").is(200);
    assert_eq!(counted(&app, ""), (json!(8), json!(true), json!(1)));
    app.at("2025-10-25T02:00:00Z");
    put(&app, unit, 9).problem(409, "submission_state");
    app.at("2025-11-03T02:00:00Z");
    let opened = put(&app, unit, 9).is(200);
    assert_eq!((&opened["state"], &opened["approved_revision"]), (&json!("reopened"), &json!(1)));
    assert!(opened["reason"].as_str().unwrap().contains("chính thức"));
    assert_eq!(counted(&app, ""), (json!(8), json!(true), json!(1)), "the estimate stands until the other is approved");
    let last = act(&app, unit, "submit").is(200);
    assert_eq!(
        (&last["revision"], &last["late"], &last["first_submitted_at"]),
        (&json!(2), &json!(false), &json!(first))
    );
    assert_eq!(counted(&app, "&basis=submitted"), (json!(9), json!(false), json!(0)));
    act(&app, unit, "approve").is(200);
    assert_eq!(counted(&app, ""), (json!(9), json!(false), json!(1)));
    assert_eq!(counted(&app, "&as_of=2025-11-01T00:00:00Z"), (json!(8), json!(true), json!(1)), "as it was known then");
    let told = app.auditor().get("/events?type=submission.reopened").ok();
    assert_eq!(told["items"].as_array().unwrap().len(), 1, "the agency hears of it");
}

#[test]
fn what_is_not_decided_yet_opens_too_and_counts_meanwhile() {
    let app = emulation();
    let unit = "phong-vhxh";
    estimated(&app, unit);
    app.at("2025-11-03T02:00:00Z");
    assert_eq!(put(&app, unit, 9).is(200)["state"], "reopened");
    assert_eq!(counted(&app, "&basis=submitted"), (json!(8), json!(true), json!(0)), "what was handed in still stands");
    assert_eq!(counted(&app, ""), (Value::Null, json!(false), json!(0)));
    act(&app, unit, "approve").problem(409, "submission_state");
    let known = app.auditor().get(&place(unit)).ok();
    assert_eq!((&known["state"], &known["values"][0]["numerator"]), (&json!("reopened"), &json!(8)));
    act(&app, unit, "submit").is(200);
    act(&app, unit, "approve").is(200);
    assert_eq!(counted(&app, ""), (json!(9), json!(false), json!(1)));
}

#[test]
fn after_the_next_period_is_due_or_the_period_is_closed_a_correction_needs_the_agency() {
    let app = emulation();
    estimated(&app, "phong-kinh-te");
    estimated(&app, "phong-vhxh");
    app.at("2025-11-20T10:00:00Z");
    put(&app, "phong-kinh-te", 9).is(200);
    app.at("2025-11-20T10:00:01Z");
    put(&app, "phong-vhxh", 9).problem(409, "submission_state");
    act(&app, "phong-kinh-te", "submit").is(200);
    app.at("2025-11-10T02:00:00Z");
    let period = app.auditor().get(&format!("{MOVEMENT}/periods")).ok()["items"][3].clone();
    let close = app.agency().post(&format!("{MOVEMENT}/periods/2025-10/close"), json!({}));
    close.if_match(period["etag"].as_str().unwrap()).ok();
    put(&app, "phong-vhxh", 9).problem(409, "period_state");
}

#[test]
fn what_first_comes_after_the_last_day_is_late_and_final() {
    let app = emulation();
    app.at("2025-11-03T02:00:00Z");
    put(&app, "phong-kinh-te", 9).is(201);
    let handed_in = act(&app, "phong-kinh-te", "submit").is(200);
    assert_eq!((&handed_in["late"], &handed_in["values"][0]["estimated"]), (&json!(true), &Value::Null));
    put(&app, "phong-kinh-te", 10).problem(409, "submission_state");
}

#[test]
fn a_sheet_brings_estimates_and_then_final_figures() {
    let app = emulation();
    let row = |numerator: i64| {
        json!([{"period": "2025-10", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported", "numerator": numerator,
                "denominator": 10}])
    };
    let import = |numerator: i64| {
        let path = format!("{MOVEMENT}/submissions/import?submit=true&mode=partial");
        let answer = app.head("phong-kinh-te").post(&path, row(numerator)).ok();
        ["created", "updated", "unchanged", "rejected", "submitted"].map(|member| answer[member].as_u64().unwrap())
    };
    app.at("2025-10-15T02:00:00Z");
    assert_eq!(import(8), [1, 0, 0, 0, 1]);
    assert_eq!(import(8), [0, 0, 1, 0, 0], "the same file twice changes nothing");
    assert_eq!(import(9), [0, 0, 0, 1, 0]);
    act(&app, "phong-kinh-te", "approve").is(200);
    app.at("2025-11-03T02:00:00Z");
    assert_eq!(import(8), [0, 1, 0, 0, 1], "the same figure is final now");
    assert_eq!(counted(&app, "&basis=submitted"), (json!(8), json!(false), json!(0)));
    assert_eq!(import(8), [0, 0, 1, 0, 0]);
    let history = app.agency().get(&format!("{}/revisions", place("phong-kinh-te"))).ok();
    assert_eq!(history["items"].as_array().unwrap().len(), 2, "{history}");
}

#[test]
fn lint_shows_the_periods_with_due_days_that_move_or_stay_on_a_holiday() {
    let app = TestApp::start();
    let year = json!({"holidays": [{"day": "2025-10-20", "name": "Ngày nghỉ"}], "working_days": []});
    app.admin().put("/calendar/2025", year).if_none_match_any().created();
    let due = |moves: Option<&str>| {
        let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
        before_the_end(&mut plan);
        plan["reporting"]["windows"] = json!({"cutoff_day": 25, "year_end": "12-31"});
        if let Some(moves) = moves {
            plan["reporting"]["due"]["moves"] = json!(moves);
        }
        let told = app.agency().post("/plans/lint", plan).ok();
        let period = |code: &str| {
            told["periods"].as_array().unwrap().iter().find(|period| period["code"] == code).unwrap().clone()
        };
        let (october, december) = (period("2025-10"), period("2025-12"));
        assert_eq!((&october["starts_on"], &october["cutoff_on"]), (&json!("2025-09-26"), &json!("2025-10-25")));
        assert_eq!((&december["starts_on"], &december["cutoff_on"]), (&json!("2025-11-26"), &json!("2025-12-31")));
        october["due_at"].clone()
    };
    assert_eq!(due(None), "2025-10-21T10:00:00Z");
    assert_eq!(due(Some("next_working_day")), "2025-10-21T10:00:00Z");
    assert_eq!(due(Some("stays")), "2025-10-20T10:00:00Z");
}
