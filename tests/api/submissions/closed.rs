//! After a period or the movement is closed: what is still taken, and from whom.

use serde_json::json;

use crate::support::TestApp;

#[test]
fn a_closed_period_takes_nothing_more_from_units() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (none, draft, sent) =
        (movement.at("2025-07", "mat-tran"), movement.at("2025-07", "thon-1"), movement.at("2025-07", "thon-2"));
    draft.draft(&movement.report("thon-1")).is(201);
    sent.draft(&movement.report("thon-2")).is(201);
    sent.submit();
    movement.close_period("2025-07");
    assert_eq!(none.draft(&movement.report("mat-tran")).problem(409, "period_state")["state"], "closed");
    draft.draft(&movement.report("thon-1")).problem(409, "period_state");
    draft.act(&app.head("thon-1"), "submit", json!({})).problem(409, "period_state");
    sent.act(&app.head("thon-2"), "withdraw", json!({})).problem(409, "period_state");
    for (place, unit) in [(&draft, "thon-1"), (&sent, "thon-2")] {
        assert_eq!(app.head(unit).get(&place.path).ok()["allowed_actions"], json!([]));
    }
}

#[test]
fn what_was_handed_in_is_still_decided_and_corrected_on_request() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (back, reopened) = (movement.at("2025-07", "thon-1"), movement.at("2025-07", "thon-2"));
    for (place, unit) in [(&back, "thon-1"), (&reopened, "thon-2")] {
        place.draft(&movement.report(unit)).is(201);
        place.submit();
    }
    movement.close_period("2025-07");
    back.send_back();
    back.draft(&movement.report("thon-1").ratio("CCHC-18", 9, 10)).is(200);
    back.submit();
    back.approve();
    reopened.approve();
    reopened.reopen();
    reopened.draft(&movement.report("thon-2").ratio("CCHC-18", 9, 10)).is(200);
    reopened.submit();
    reopened.approve();
    assert_eq!((&back.get()["revision"], &reopened.get()["revision"]), (&json!(2), &json!(2)));
}

#[test]
fn a_reopened_period_takes_reports_again() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.close_period("2025-07");
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).problem(409, "period_state");
    movement.period_act(&app.agency(), "2025-07", "reopen", json!({"reason": "Mất điện"})).ok();
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
}

#[test]
fn a_closed_movement_takes_no_report_and_no_decision() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (draft, sent) = (movement.at("2025-07", "thon-1"), movement.at("2025-07", "thon-2"));
    draft.draft(&movement.report("thon-1")).is(201);
    sent.draft(&movement.report("thon-2")).is(201);
    sent.submit();
    movement.act(&app.chair(), "close").ok();
    let new = movement.at("2025-08", "thon-1").draft(&movement.report("thon-1"));
    assert_eq!(new.problem(409, "movement_state")["state"], "closed");
    draft.act(&app.head("thon-1"), "submit", json!({})).problem(409, "movement_state");
    sent.act(&app.agency(), "approve", json!({})).problem(409, "movement_state");
    assert_eq!(app.agency().get(&sent.path).ok()["allowed_actions"], json!([]));
    assert_eq!(sent.get()["state"], "submitted");
}
