//! Timeliness: measured at the first hand-in, excused with a reason, never forgotten.

use serde_json::json;

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
