//! Many approvals at once, each by itself.

use std::{ops::RangeInclusive, thread};

use serde_json::{Value, json};

use super::races::{Other, until_waiting};
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

pub fn item(unit: &str, etag: &str) -> Value {
    json!({"period": "2025-07", "unit": unit, "etag": etag})
}

pub fn approve(who: &Client, movement: &Movement, query: &str, items: Value) -> Request {
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
    refused(json!([])).finding("/items", "items_out_of_range");
    refused(json!(vec![item("thon-1", "\"2\""); 201])).finding("/items", "items_out_of_range");
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

/// So many more units, `u-1` on, whose reports of July were handed in.
pub fn crowd(app: &TestApp, movement: &Movement, units: usize) {
    app.head("thon-1");
    app.sql(&format!(
        "INSERT INTO units SELECT locality_id, gen_random_uuid(), 'u-' || n, '2025-07-01', NULL, '{{}}', 1
             FROM movements, generate_series(1, {units}) AS n WHERE code = '{}';
         INSERT INTO unit_versions
             SELECT locality_id, id, valid_from, code, 'division', NULL FROM units WHERE code LIKE 'u-%';
         INSERT INTO submissions
             SELECT m.locality_id, gen_random_uuid(), m.id, '2025-07', u.id, 'submitted', '{{\"values\": []}}', 1,
                 '2025-08-01', false, NULL, '2025-08-01', 2
             FROM movements m JOIN units u ON u.locality_id = m.locality_id WHERE u.code LIKE 'u-%';
         INSERT INTO submission_revisions
             SELECT s.locality_id, s.id, 1, NULL, a.id, '2025-08-01', NULL
             FROM submissions s, accounts a WHERE a.username = 'head.thon-1.10210';
         INSERT INTO submission_events
             SELECT locality_id, submission_id, 2, 'submit', 1, submitted_by, submitted_at, NULL, '[]', '{{}}'
             FROM submission_revisions",
        movement.path.rsplit('/').next().unwrap()
    ));
}

#[test]
fn many_are_approved_with_as_few_statements_as_a_few() {
    let app = TestApp::start();
    let movement = app.hong_van();
    crowd(&app, &movement, 220);
    let approved = |units: RangeInclusive<usize>| {
        let count = units.clone().count();
        let items: Vec<Value> = units.map(|n| item(&format!("u-{n}"), "\"2\"")).collect();
        let agency = app.agency();
        app.statements(|| {
            let answer = approve(&agency, &movement, "", json!(items)).send().is(207);
            assert_eq!(answer["approved"], json!(count), "{answer}");
        })
    };
    // What is held in memory is there from the first on.
    approved(1..=1);
    let (few, many) = (approved(2..=21), approved(22..=220));
    assert_eq!(few.len(), many.len(), "{few:#?}\n{many:#?}");
    assert!(many.len() <= 14, "{} statements: {many:#?}", many.len());
    assert_eq!(app.count("SELECT 1 FROM events WHERE type = 'submission.approved'"), 220);
}

#[test]
fn one_that_is_changed_meanwhile_is_refused_and_the_others_are_approved() {
    let app = TestApp::start();
    let movement = submitted(&app, &["thon-1", "thon-2", "mat-tran"]);
    let place = "period = '2025-07' AND unit_id = (SELECT u.id FROM units u
        WHERE u.locality_id = submissions.locality_id AND u.code = 'thon-2')";
    let other = Other::begin(&app, &format!("UPDATE submissions SET version = version + 1 WHERE {place}"));
    let items = json!([item("thon-1", "\"2\""), item("thon-2", "\"2\""), item("mat-tran", "\"2\"")]);
    let approve = approve(&app.agency(), &movement, "", items);
    let sent = thread::spawn(move || approve.send());
    until_waiting(&app, 1);
    other.commit();
    let answer = sent.join().unwrap().is(207);
    let told: Vec<_> = answer["items"].as_array().unwrap().iter().map(|item| item["status"].clone()).collect();
    assert_eq!(told, [json!(200), json!(412), json!(200)], "{answer}");
    assert_eq!(movement.at("2025-07", "thon-2").get()["state"], "submitted");
}
