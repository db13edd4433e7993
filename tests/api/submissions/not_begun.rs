//! A report that is owed and not begun.

use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn what_is_owed_and_not_begun_is_an_empty_form() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let empty = app.reporter("thon-1").get(&place.path).ok();
    assert_eq!((&empty["state"], empty.header("etag")), (&json!("not_begun"), None));
    assert_eq!((&empty["values"], &empty["revision"], &empty["updated_at"]), (&json!([]), &json!(0), &Value::Null));
    assert_eq!((&empty["submitted_by"], &empty["approved_by"]), (&Value::Null, &Value::Null));
    assert_eq!(empty["allowed_actions"], json!(["edit"]));
    let owed: Vec<&str> =
        empty["owed"].as_array().unwrap().iter().map(|owed| owed["indicator"].as_str().unwrap()).collect();
    let report = movement.report("thon-1");
    let mut told: Vec<&str> =
        report.0["values"].as_array().unwrap().iter().map(|value| value["indicator"].as_str().unwrap()).collect();
    told.dedup();
    assert_eq!(owed, told);
    assert_eq!(app.auditor().get(&place.path).ok()["allowed_actions"], json!([]));
    app.head("thon-2").get(&place.path).problem(404, "not_found");
    app.agency().get(&format!("{}?as_of=2025-07-20T00:00:00Z", place.path)).problem(404, "not_found");
    app.agency().get(&movement.at("2025-07", "khong-co").path).problem(404, "not_found");
}

#[test]
fn it_is_begun_as_anything_new_and_no_act_finds_it_before() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let head = app.head("thon-1");
    head.get(&place.path).ok();
    head.put(&place.path, movement.report("thon-1").0).problem(428, "precondition_required");
    head.put(&place.path, movement.report("thon-1").0).if_match("\"1\"").problem(412, "precondition_failed");
    for act in ["submit", "withdraw"] {
        head.post(&format!("{}/{act}", place.path), json!({})).if_match("*").problem(404, "not_found");
    }
    head.put(&place.path, movement.report("thon-1").0).if_none_match_any().created();
    assert_eq!(head.get(&place.path).ok()["state"], "draft");
}

#[test]
fn a_report_tells_who_handed_it_in_and_who_approved_it() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let who = |view: &Value| (view["submitted_by"].clone(), view["approved_by"].clone());
    place.draft(&movement.report("thon-1")).is(201);
    assert_eq!(who(place.get().json()), (Value::Null, Value::Null));
    place.submit();
    let (head, agency) = (json!(app.head("thon-1").username), json!(app.agency().username));
    assert_eq!(who(place.get().json()), (head.clone(), Value::Null));
    let submitted = place.get().etag();
    app.agency().post(&format!("{}/approve", place.path), json!({})).if_match(&submitted).ok();
    assert_eq!(who(place.get().json()), (head.clone(), agency.clone()));
    place.reopen();
    assert_eq!(who(place.get().json()), (head, agency));
}
