//! Timeliness: measured at the first hand-in, excused with a reason, never forgotten.

use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn the_due_instant_itself_is_in_time() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for (unit, at, late) in [("thon-1", "2025-08-08T10:00:00Z", false), ("thon-2", "2025-08-08T10:00:01Z", true)] {
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit)).is(201);
        app.at(at);
        let submitted = place.submit();
        assert_eq!((&submitted["late"], &submitted["due_at"]), (&json!(late), &json!("2025-08-08T10:00:00Z")));
    }
}

#[test]
fn lateness_is_excused_with_a_reason_and_stays_on_record() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let excuse = |reason: &str| place.act(&app.agency(), "excuse-lateness", json!({"reason": reason}));
    place.draft(&movement.report("thon-1")).is(201);
    excuse("Bão").problem(409, "submission_state");
    app.at("2025-08-11T02:00:00Z");
    place.submit();
    excuse(" ").problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    let excused = excuse("Mất mạng do bão").ok();
    assert_eq!((&excused["state"], &excused["late"]), (&json!("submitted"), &json!(true)));
    assert_eq!(excused["lateness_excuse"], "Mất mạng do bão");
    // Said once more, the newer words show; both stay on record.
    let corrected = excuse("Mất mạng và mất điện do bão").ok();
    assert_eq!(corrected["lateness_excuse"], "Mất mạng và mất điện do bão");
    assert_eq!(app.count("SELECT 1 FROM submission_events WHERE action = 'excuse'"), 2);
    place.approve();
    assert_eq!(place.get()["lateness_excuse"], "Mất mạng và mất điện do bão");
}

#[test]
fn what_came_in_time_needs_no_excuse() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
    place.act(&app.agency(), "excuse-lateness", json!({"reason": "Bão"})).problem(409, "not_late");
    place.act(&app.agency(), "excuse-lateness", json!({"reason": " "})).problem(409, "not_late");
}

#[test]
fn lateness_may_be_excused_when_all_is_over() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-11T02:00:00Z");
    place.submit();
    place.approve();
    movement.close_period("2025-07");
    movement.act(&app.chair(), "close").ok();
    assert_eq!(app.agency().get(&place.path).ok()["allowed_actions"], json!(["excuse_lateness"]));
    let excused = place.act(&app.agency(), "excuse-lateness", json!({"reason": "Bão"})).ok();
    assert_eq!(excused["lateness_excuse"], "Bão");
}

#[test]
fn what_is_refused_is_not_handed_in_in_time() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1").without("CCHC-18")).is(201);
    place.act(&app.head("thon-1"), "submit", json!({})).problem(422, "content_invalid");
    assert!(place.get()["first_submitted_at"].is_null());
    app.at("2025-08-11T02:00:00Z");
    place.draft(&movement.report("thon-1")).is(200);
    let submitted = place.submit();
    assert_eq!((&submitted["late"], &submitted["first_submitted_at"]), (&json!(true), &json!("2025-08-11T02:00:00Z")));
}

/// What each place tells of July of thon-1: late in the report, in lists, in completeness and in the coverage of progress.
fn told(app: &TestApp, as_of: &str) -> Vec<(String, Value)> {
    let movement = "/movements/cchc-2025-h2";
    let query = format!("period=2025-07&unit=thon-1{as_of}");
    let get = |path: &str| app.agency().get(&format!("{movement}/{path}")).ok();
    let total = get(&format!("submissions/completeness?{query}"))["total"].clone();
    let coverage = get(&format!("progress/CCHC-18?{query}&basis=submitted"))["coverage"].clone();
    let report = get(&format!("submissions/2025-07/thon-1?{}", as_of.trim_start_matches('&')));
    let listed = get(&format!("submissions?{query}&late=true"))["items"].as_array().unwrap().len();
    vec![
        ("received".into(), total["received"].clone()),
        ("on time".into(), total["on_time"].clone()),
        ("late".into(), total["late"].clone()),
        ("excused".into(), total["excused"].clone()),
        ("reported".into(), coverage["reported"].clone()),
        ("reported late".into(), coverage["late"].clone()),
        ("report".into(), report["late"].clone()),
        ("listed late".into(), json!(listed)),
    ]
}

#[track_caller]
fn tells(app: &TestApp, as_of: &str, expected: [Value; 8]) {
    let found: Vec<Value> = told(app, as_of).into_iter().map(|(_, found)| found).collect();
    assert_eq!(found, expected, "{as_of} {:?}", told(app, as_of));
}

#[test]
fn what_was_taken_back_is_missing_and_late_when_it_comes_late() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let in_time = || [1, 1, 0, 0, 1, 0].map(|n| json!(n));
    let all = |counts: [Value; 6], late: bool| {
        let [a, b, c, d, e, f] = counts;
        [a, b, c, d, e, f, json!(late), json!(u8::from(late))]
    };
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-06T01:00:00Z");
    place.submit();
    tells(&app, "", all(in_time(), false));
    app.at("2025-08-06T02:00:00Z");
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    tells(&app, "", all([0, 0, 0, 0, 0, 0].map(|n| json!(n)), false));
    app.at("2025-09-08T02:00:00Z");
    place.submit();
    tells(&app, "", all([1, 0, 1, 0, 1, 1].map(|n| json!(n)), true));
    // What was known before is known still.
    app.at("2025-09-09T02:00:00Z");
    tells(&app, "&as_of=2025-08-06T01:30:00Z", all(in_time(), false));
    tells(&app, "&as_of=2025-08-06T02:30:00Z", all([0, 0, 0, 0, 0, 0].map(|n| json!(n)), false));
    tells(&app, "&as_of=2025-09-08T02:00:00Z", all([1, 0, 1, 0, 1, 1].map(|n| json!(n)), true));
    // An excuse goes with the report that it excused.
    place.act(&app.agency(), "excuse-lateness", json!({"reason": "Bão"})).ok();
    tells(&app, "", all([1, 0, 1, 1, 1, 1].map(|n| json!(n)), true));
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    assert!(place.get()["lateness_excuse"].is_null());
    place.submit();
    tells(&app, "", all([1, 0, 1, 0, 1, 1].map(|n| json!(n)), true));
}

#[test]
fn what_the_agency_sent_back_was_handed_in_when_it_first_came() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-06T01:00:00Z");
    place.submit();
    place.send_back();
    app.at("2025-09-08T02:00:00Z");
    place.submit();
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    let completeness = format!("{}/submissions/completeness?period=2025-07&unit=thon-1", movement.path);
    assert_eq!(app.agency().get(&completeness).ok()["total"]["missing"], 1, "taken back, whatever was before");
    let again = place.submit();
    assert_eq!((&again["first_submitted_at"], &again["late"]), (&json!("2025-08-06T01:00:00Z"), &json!(false)));
    assert_eq!(app.agency().get(&completeness).ok()["total"]["on_time"], 1);
}
