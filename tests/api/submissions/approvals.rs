//! Many approvals at once, each by itself.

use serde_json::{Value, json};

use crate::support::{Client, Request, TestApp, story::Movement};

/// Reports of July, handed in by their heads.
fn submitted<'a>(app: &'a TestApp, units: &[&str]) -> Movement<'a> {
    let movement = app.hong_van();
    for unit in units {
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit)).is(201);
        place.submit();
    }
    movement
}

fn item(unit: &str, etag: &str) -> Value {
    json!({"period": "2025-07", "unit": unit, "etag": etag})
}

fn approve(who: &Client, movement: &Movement, query: &str, items: Value) -> Request {
    who.post(&format!("{}/submissions/approvals{query}", movement.path), json!({"items": items}))
}

#[test]
fn each_is_approved_or_refused_by_itself() {
    let app = TestApp::start();
    let movement = submitted(&app, &["thon-1", "thon-2", "mat-tran"]);
    movement.at("2025-07", "hoi-phu-nu").draft(&movement.report("hoi-phu-nu")).is(201);
    // One was handed in by the official who now approves.
    let own = movement.at("2025-07", "phong-vhxh");
    own.put(&app.agency(), &movement.report("phong-vhxh").on_behalf()).created();
    own.act(&app.agency(), "submit", json!({})).ok();
    let items = json!([
        item("thon-2", "\"2\""),
        item("phong-vhxh", "\"2\""),
        item("thon-1", "\"1\""),
        item("hoi-phu-nu", "\"1\""),
        item("thon-99", "\"1\""),
        item("mat-tran", "\"2\""),
    ]);
    let tried = approve(&app.agency(), &movement, "?dry_run=true", items.clone()).send().is(207);
    assert_eq!(app.count("SELECT 1 FROM submission_events WHERE action = 'approve'"), 0);
    let answer = approve(&app.agency(), &movement, "", items).key("k-1").send().is(207);
    assert_eq!(answer.json(), tried.json(), "what would be is what is");
    assert_eq!((&answer["approved"], &answer["refused"]), (&json!(2), &json!(4)));
    let told: Vec<_> =
        answer["items"].as_array().unwrap().iter().map(|item| (&item["status"], &item["code"])).collect();
    let refused = |status: u16, code: &str| (json!(status), json!(code));
    let expected = [
        (json!(200), Value::Null),
        refused(409, "four_eyes"),
        refused(412, "precondition_failed"),
        refused(409, "submission_state"),
        refused(404, "not_found"),
        (json!(200), Value::Null),
    ];
    assert_eq!(told, expected.iter().map(|(status, code)| (status, code)).collect::<Vec<_>>());
    assert_eq!(answer["items"][0]["etag"], "\"3\"");
    let why = answer["items"][3]["message"].as_str().unwrap();
    assert!(why.contains("draft") && !why.contains('{'), "{why}");
    for (unit, state) in [("thon-2", "approved"), ("mat-tran", "approved"), ("thon-1", "submitted")] {
        assert_eq!(movement.at("2025-07", unit).get()["state"], state);
    }
    let named = app.texts("SELECT unnest(names) AS value FROM audit_records WHERE action = 'approve_submissions'");
    assert_eq!(named.len(), 2, "{named:?}");
}

#[test]
fn a_list_of_nothing_of_too_many_or_of_one_twice_is_refused() {
    let app = TestApp::start();
    let movement = submitted(&app, &["thon-1"]);
    let refused = |items: Value| approve(&app.agency(), &movement, "", items).problem(422, "content_invalid");
    refused(json!([])).finding("/items", "length_out_of_range");
    refused(json!(vec![item("thon-1", "\"2\""); 201])).finding("/items", "length_out_of_range");
    refused(json!([item("thon-1", "\"2\""), item("thon-1", "\"2\"")])).finding("/items/1", "named_twice");
    assert_eq!(movement.at("2025-07", "thon-1").get()["state"], "submitted");
}

#[test]
fn only_the_agency_approves_many() {
    let app = TestApp::start();
    let movement = submitted(&app, &["thon-1"]);
    let items = || json!([item("thon-1", "\"2\"")]);
    for who in [app.head("thon-1"), app.chair(), app.auditor()] {
        approve(&who, &movement, "", items()).problem(403, "forbidden");
    }
    approve(&app.elsewhere.agency(), &movement, "", items()).problem(404, "not_found");
    let again = approve(&app.agency(), &movement, "", items()).key("k-1").send().is(207);
    let replayed = approve(&app.agency(), &movement, "", items()).key("k-1").send().is(207);
    assert_eq!((again.json(), replayed.header("idempotency-replayed")), (replayed.json(), Some("true")));
}
