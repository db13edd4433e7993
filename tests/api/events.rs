//! Events: acts tell them in their transaction, units that have not reported are told of once, and whoever follows the
//! numbers misses nothing.

use serde_json::{Value, json};
use thidua::{jobs, server::JOBS, submissions::RemindUnits};

use crate::support::{MOVEMENT, TestApp, wait};

mod amended;
mod following;
mod reminders;

/// Runs the reminding job, as the worker does.
fn remind(app: &TestApp) {
    let service = app.service();
    wait(service.db.tx(async |conn| jobs::enqueue(conn, service, &RemindUnits {}).await)).unwrap();
    while wait(jobs::step(service, JOBS)).unwrap() {}
}

/// What an auditor reads.
fn events(app: &TestApp, query: &str) -> Vec<Value> {
    app.auditor().get(&format!("/events?{query}")).ok()["items"].as_array().unwrap().clone()
}

fn types(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["type"].as_str().unwrap()).collect()
}

fn value() -> Value {
    json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10, "estimated": true})
}

#[test]
fn every_step_of_a_report_is_told_in_order_and_nothing_about_people() {
    let app = TestApp::start();
    app.emulation();
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let (head, agency) = (app.head("phong-kinh-te"), app.agency());
    head.put(&place, json!({"values": [value()]})).if_none_match_any().created();
    let why = json!({"reason": "Bà Nguyễn Thị Hòa báo nhầm"});
    for (who, act, body) in [
        (&head, "submit", json!({})),
        (&head, "withdraw", json!({})),
        (&head, "submit", json!({})),
        (&agency, "return", why.clone()),
        (&head, "submit", json!({})),
        (&agency, "approve", json!({})),
        (&agency, "reopen", why),
    ] {
        who.act_on(&place, act, body).is(200);
    }
    let told = events(&app, "");
    let steps = ["submitted", "withdrawn", "submitted", "returned", "submitted", "approved", "reopened"];
    assert_eq!(types(&told), steps.map(|step| format!("submission.{step}")));
    let seqs: Vec<i64> = told.iter().map(|event| event["seq"].as_i64().unwrap()).collect();
    assert_eq!(seqs, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(told[5]["data"], json!({"period": "2025-09", "unit": "phong-kinh-te", "revision": 3}));
    assert_eq!(told[5]["subject"], place[1..]);
    assert_eq!((&told[5]["movement"], &told[5]["occurred_at"]), (&json!("thi-dua"), &json!("2025-09-10T02:00:00Z")));
    let whole = json!(told).to_string();
    assert!(!whole.contains("Hòa") && !whole.contains("head."), "{whole}");
}

#[test]
fn periods_rankings_and_imports_tell_too_and_what_is_refused_does_not() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "8");
    let (agency, period) = (app.agency(), format!("{MOVEMENT}/periods/2025-12"));
    agency.post(&format!("{period}/close"), json!({})).if_match("\"1\"").ok();
    agency.post(&format!("{period}/close"), json!({})).if_match("\"2\"").problem(409, "period_state");
    agency.post(&format!("{period}/reopen"), json!({"reason": "Mất điện"})).if_match("\"2\"").ok();
    let rankings = format!("{MOVEMENT}/awards/tap-the/rankings");
    agency.post(&rankings, json!({"mode": "preview"})).created();
    let run = agency.post(&rankings, json!({"mode": "official"})).created();
    let row = |unit: &str| {
        let mut row = value();
        (row["period"], row["unit"]) = (json!("2025-09"), json!(unit));
        row
    };
    let rows = json!([row("phong-kinh-te"), row("phong-vhxh")]);
    let path = format!("{MOVEMENT}/submissions/import?submit=true&on_behalf_reason=Mat%20dien&on_behalf_source=Giay");
    agency.post(&format!("{path}&dry_run=true"), rows.clone()).ok();
    agency.post(&path, rows).ok();
    let told = events(&app, "");
    let expected =
        ["period.closed", "period.reopened", "ranking.official", "submission.submitted", "submission.submitted"];
    assert_eq!(types(&told), expected);
    assert_eq!((&told[0]["subject"], &told[0]["data"]), (&json!(period[1..]), &json!({"period": "2025-12"})));
    assert_eq!((&told[2]["data"]["ranking"], &told[2]["data"]["award"]), (&run["id"], &json!("tap-the")));
    let mut units: Vec<&Value> = told[3..].iter().map(|event| &event["data"]["unit"]).collect();
    units.sort_by_key(|unit| unit.to_string());
    assert_eq!(units, ["phong-kinh-te", "phong-vhxh"]);
}

#[test]
fn the_same_key_tells_once() {
    let app = TestApp::start();
    app.emulation();
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let head = app.head("phong-kinh-te");
    head.put(&place, json!({"values": [value()]})).if_none_match_any().created();
    let submit = || head.post(&format!("{place}/submit"), json!({})).if_match("\"1\"").key("k-1").ok();
    submit();
    submit();
    assert_eq!(types(&events(&app, "")), ["submission.submitted"]);
}
