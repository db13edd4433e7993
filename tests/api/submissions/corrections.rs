//! Corrections: what was approved stands until the correction is approved, and what was known then can be asked again.

use serde_json::{Value, json};

use crate::support::{TestApp, story::Movement};

/// Numerator of an indicator as known at an instant.
fn known(movement: &Movement, as_of: &str, basis: &str) -> Value {
    let path = format!("{}/progress/CCHC-18?unit=thon-1&period=2025-07&as_of={as_of}&basis={basis}", movement.path);
    movement.commune.auditor().get(&path).ok()["numerator"].clone()
}

#[test]
fn a_reopened_report_stands_until_its_correction_is_approved() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = |n| movement.report("thon-1").ratio("CCHC-18", n, 10);
    let at = |hour: &str| app.at(&format!("2025-08-06T{hour}:00:00Z"));
    let place = movement.at("2025-07", "thon-1");
    at("01");
    place.draft(&report(1)).is(201);
    at("02");
    place.submit();
    at("03");
    place.approve();
    at("04");
    place.reopen();
    at("05");
    place.draft(&report(2)).is(200);
    at("06");
    place.submit();
    at("07");
    place.send_back();
    at("08");
    place.draft(&report(3)).is(200);
    place.submit();
    at("09");
    place.approve();
    at("10");
    let hours = ["00", "01", "02", "03", "04", "05", "06", "07", "08", "09", "10"];
    let told = |basis| hours.map(|hour| known(&movement, &format!("2025-08-06T{hour}:00:00Z"), basis));
    let (none, n) = (Value::Null, |n: i64| json!(n));
    let approved = [&none, &none, &none, &n(1), &n(1), &n(1), &n(1), &n(1), &n(1), &n(3), &n(3)].map(Clone::clone);
    assert_eq!(told("approved"), approved);
    let submitted = [&none, &none, &n(1), &n(1), &n(1), &n(1), &n(2), &n(1), &n(3), &n(3), &n(3)].map(Clone::clone);
    assert_eq!(told("submitted"), submitted);
}

#[test]
fn a_withdrawn_report_is_not_known_any_more() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-06T01:00:00Z");
    place.submit();
    app.at("2025-08-06T02:00:00Z");
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    app.at("2025-08-06T03:00:00Z");
    assert_eq!(known(&movement, "2025-08-06T01:30:00Z", "submitted"), 10);
    assert_eq!(known(&movement, "2025-08-06T02:30:00Z", "submitted"), Value::Null);
    assert_eq!(known(&movement, "2025-08-06T01:30:00Z", "approved"), Value::Null);
}

#[test]
fn a_correction_keeps_the_time_of_the_first_hand_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    app.at("2025-08-08T09:59:59Z");
    let first = place.submit();
    place.send_back();
    app.at("2025-09-01T02:00:00Z");
    place.draft(&movement.report("thon-1")).is(200);
    let second = place.submit();
    for member in ["first_submitted_at", "late"] {
        assert_eq!(second[member], first[member]);
    }
    place.approve();
    place.reopen();
    assert_eq!(place.submit()["first_submitted_at"], first["first_submitted_at"]);
}

#[test]
fn a_reopened_report_tells_why() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    for reason in ["", "   "] {
        let reopen = place.act(&app.agency(), "reopen", json!({"reason": reason}));
        reopen.problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    }
    let reopened = place.act(&app.agency(), "reopen", json!({"reason": "Đơn vị báo nhầm tháng"})).ok();
    assert_eq!((&reopened["state"], &reopened["reason"]), (&json!("reopened"), &json!("Đơn vị báo nhầm tháng")));
    let drafted = place.draft(&movement.report("thon-1").with("narrative", json!("Sửa"))).is(200);
    assert_eq!((&drafted["state"], &drafted["revision"]), (&json!("reopened"), &json!(1)));
    let submitted = place.submit();
    assert_eq!((&submitted["revision"], &submitted["reason"]), (&json!(2), &Value::Null));
}
