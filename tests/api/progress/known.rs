//! What was known at an instant, on which basis, and how much was reported.

use serde_json::{Value, json};

use super::{ask, told};
use crate::support::TestApp;

#[test]
fn only_what_is_approved_counts_unless_asked_otherwise() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let numerator =
        |basis: &str| told(&movement, &format!("/CCHC-18?unit=thon-1&period=2025-07{basis}"))["numerator"].clone();
    let both = || (numerator(""), numerator("&basis=submitted"));
    place.draft(&movement.report("thon-1").ratio("CCHC-18", 3, 10)).is(201);
    assert_eq!(both(), (Value::Null, Value::Null));
    place.submit();
    assert_eq!(both(), (Value::Null, json!(3)));
    place.send_back();
    assert_eq!(both(), (Value::Null, Value::Null));
    place.submit();
    place.approve();
    assert_eq!((both(), numerator("&basis=approved")), ((json!(3), json!(3)), json!(3)));
    place.reopen();
    place.draft(&movement.report("thon-1").ratio("CCHC-18", 4, 10)).is(200);
    assert_eq!(both(), (json!(3), json!(3)));
    place.submit();
    assert_eq!(both(), (json!(3), json!(4)));
    place.approve();
    assert_eq!(both(), (json!(4), json!(4)));
    app.agency().get(&format!("{}/progress?basis=drafted", movement.path)).problem(400, "query_invalid");
}

#[test]
fn what_was_known_can_be_asked_again() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-08-07T02:00:00Z");
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 3, 10));
    app.at("2025-08-20T02:00:00Z");
    let query = |as_of: &str| format!("/CCHC-18?unit=thon-1&period=2025-07&as_of={as_of}");
    let figure = |as_of: &str| told(&movement, &query(as_of));
    assert_eq!(figure("2025-08-07T01:59:59Z")["verdict"], "no_data");
    let known = figure("2025-08-07T09:00:00%2B07:00");
    assert_eq!((&known["numerator"], &known["scope"]["as_of"]), (&json!(3), &json!("2025-08-07T02:00:00Z")));
    assert_eq!(figure("2020-01-01T00:00:00Z")["verdict"], "no_data");
    // What is to come is not known yet: the answer tells of now.
    let future = figure("2199-01-01T00:00:00Z");
    assert_eq!(future["scope"]["as_of"], "2025-08-20T02:00:00Z");
    let whole = told(&movement, "/CCHC-18?unit=thon-1&as_of=2199-01-01T00:00:00Z");
    assert_eq!(whole["verdict"], "at_risk");
    for wrong in ["yesterday", "2025-08-07", "+262142-12-31T23:59:59Z", "-5000-01-01T00:00:00Z"] {
        let asked = app.agency().get(&format!("{}/progress{}", movement.path, query(wrong).replace('+', "%2B")));
        asked.problem(400, "query_invalid").finding("/as_of", "wrong_type");
    }
}

#[test]
fn coverage_counts_slots_and_names_who_is_missing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    app.at("2025-08-20T10:00:00Z");
    movement.approved("2025-08", "thon-1", movement.report("thon-1"));
    movement.at("2025-08", "thon-2").draft(&movement.report("thon-2")).is(201);
    movement.at("2025-08", "thon-2").submit();
    let coverage = |basis: &str| told(&movement, &format!("/CCHC-18?period=2025-Q3&basis={basis}"))["coverage"].clone();
    let (approved, submitted) = (coverage("approved"), coverage("submitted"));
    let counts = |coverage: &Value| {
        ["expected", "reported", "approved", "late"].map(|member| coverage[member].as_u64().unwrap())
    };
    assert_eq!(counts(&approved), [33, 2, 2, 1]);
    assert_eq!(counts(&submitted), [33, 3, 2, 2]);
    let missing = |coverage: &Value, unit: &str| -> Value {
        let units = coverage["missing"].as_array().unwrap();
        units.iter().find(|missing| missing["unit"] == unit).cloned().unwrap_or_default()
    };
    assert_eq!(missing(&approved, "thon-1"), json!({"unit": "thon-1", "unit_name": "Thôn 1", "periods": ["2025-09"]}));
    assert_eq!(missing(&approved, "thon-2")["periods"], json!(["2025-07", "2025-08", "2025-09"]));
    assert_eq!(missing(&submitted, "thon-2")["periods"], json!(["2025-07", "2025-09"]));
    let slots: usize =
        approved["missing"].as_array().unwrap().iter().map(|unit| unit["periods"].as_array().unwrap().len()).sum();
    assert_eq!(slots, 31, "expected = reported + missing");
}

#[test]
fn a_report_half_answered_by_field_is_missing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = movement.report("phong-kinh-te").state("CCHC-05/tnmt", "absent");
    movement.approved("2025-07", "phong-kinh-te", report);
    app.at("2025-10-20T02:00:00Z");
    let figure = told(&movement, "/CCHC-05?unit=phong-kinh-te&period=2025-07");
    assert_eq!((&figure["numerator"], &figure["coverage"]["reported"]), (&json!(20), &json!(0)));
    assert_eq!(figure["coverage"]["missing"][0]["unit"], "phong-kinh-te");
    assert_eq!((&figure["verdict"], &figure["fields"][0]["verdict"]), (&json!("met"), &json!("no_data")));
}

#[test]
fn figures_speak_the_language_asked_for() {
    let app = TestApp::start();
    let movement = app.example();
    let name = |language| {
        app.elsewhere.agency().get(&format!("{}/progress/CDS-02", movement.path)).lang(language).ok()["name"].clone()
    };
    assert_eq!((name("vi"), name("en")), (json!("Tỷ lệ hồ sơ trễ hạn"), json!("Share of late dossiers")));
}

#[test]
fn a_draft_movement_has_no_figures_yet() {
    let app = TestApp::start();
    let movement = app.loaded(&crate::support::story::plan(crate::support::story::HONG_VAN));
    let figure = ask(&app.reporter("thon-1"), &movement, "/CCHC-18");
    assert_eq!((&figure["verdict"], &figure["covers"]), (&json!("not_owed"), &Value::Null));
    app.agency().get("/movements/nothing/progress").problem(404, "not_found");
}
