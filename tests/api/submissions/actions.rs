//! What everybody is told they may do, in every state: just what would be done.

use serde_json::{Value, json};
use thidua::http::Role;

use crate::support::{Client, TestApp, story::Place};

/// Nothing where the report is not there for them.
fn may(who: &Client, place: &Place) -> Value {
    let seen = who.get(&place.path).send();
    if seen.status() == 404 { json!([]) } else { seen.is(200)["allowed_actions"].clone() }
}

#[test]
fn everybody_is_told_what_they_may_do_in_every_state() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let who = [app.reporter("thon-1"), app.head("thon-1"), app.agency(), app.chair(), app.auditor()];
    let told = || who.each_ref().map(|who| may(who, &place));
    let none = || json!([]);
    place.draft(&movement.report("thon-1")).is(201);
    let editing = || [json!(["edit"]), json!(["edit", "submit"]), json!(["edit", "submit"]), none(), none()];
    assert_eq!(told(), editing());
    place.submit();
    assert_eq!(told(), [none(), json!(["withdraw"]), json!(["approve", "return"]), none(), none()]);
    place.send_back();
    assert_eq!(told(), editing());
    place.submit();
    place.approve();
    assert_eq!(told(), [none(), none(), json!(["reopen"]), none(), none()]);
    place.reopen();
    assert_eq!(told(), editing());
}

#[test]
fn a_late_report_may_be_excused() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-11T02:00:00Z");
    assert_eq!(may(&app.agency(), &place), json!(["edit", "submit"]));
    place.submit();
    assert_eq!(may(&app.agency(), &place), json!(["approve", "return", "excuse_lateness"]));
    assert_eq!(may(&app.head("thon-1"), &place), json!(["withdraw"]));
}

#[test]
fn a_role_counts_only_where_it_is_held() {
    let app = TestApp::start();
    let movement = app.hong_van();
    // Head of one unit, reporter of another, and auditor of all.
    let many = app.account("many", Role::UnitHead, Some("mat-tran"));
    app.account("many", Role::Reporter, Some("thon-1"));
    app.account("many", Role::Auditor, None);
    for unit in ["mat-tran", "thon-1", "thon-2"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
    }
    let told = |unit: &str| may(&many, &movement.at("2025-07", unit));
    assert_eq!(
        (told("mat-tran"), told("thon-1"), told("thon-2")),
        (json!(["edit", "submit"]), json!(["edit"]), json!([]))
    );
    movement.at("2025-07", "thon-1").act(&many, "submit", json!({})).problem(403, "forbidden");
}
