//! What was known at an instant, wherever a report is read: alone, in a list, by its revisions, in an export.

use serde_json::{Value, json};

use crate::support::{
    Answer, TestApp,
    story::{Movement, Place},
};

/// Hours of 6/8/2025 at which something is done to the report of thon-1 for July, which says another number each time.
fn told<'a>(app: &'a TestApp) -> (Movement<'a>, Place<'a>) {
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let draft = |number| place.draft(&movement.report("thon-1").ratio("CCHC-18", number, 10));
    let at = |hour: &str| app.at(&instant(hour));
    at("01");
    draft(1).is(201);
    at("02");
    place.submit();
    at("03");
    place.approve();
    at("04");
    place.reopen();
    at("05");
    draft(2).is(200);
    at("06");
    place.submit();
    at("07");
    place.send_back();
    at("08");
    draft(3).is(200);
    at("09");
    place.submit();
    place.approve();
    at("10");
    draft(4).problem(409, "submission_state");
    (movement, place)
}

fn instant(hour: &str) -> String {
    format!("2025-08-06T{hour}:00:00Z")
}

/// State, revision handed in last, revision that counts, and the number that was handed in last.
const KNOWN: [(&str, &str, i64, Option<i64>, i64); 8] = [
    ("02", "submitted", 1, None, 1),
    ("03", "approved", 1, Some(1), 1),
    ("04", "reopened", 1, Some(1), 1),
    ("05", "reopened", 1, Some(1), 1),
    ("06", "submitted", 2, Some(1), 2),
    ("07", "returned", 2, Some(1), 2),
    ("08", "returned", 2, Some(1), 2),
    ("09", "approved", 3, Some(3), 3),
];

fn number(view: &Value) -> i64 {
    let values = view["values"].as_array().expect("values");
    let value = values.iter().find(|value| value["indicator"] == "CCHC-18").expect("the number");
    value["numerator"].as_i64().expect("a number")
}

#[test]
fn a_report_is_shown_as_it_was_known() {
    let app = TestApp::start();
    let (_, place) = told(&app);
    let shown = |hour: &str| app.head("thon-1").get(&format!("{}?as_of={}", place.path, instant(hour)));
    shown("01").problem(404, "not_found");
    for (hour, state, revision, approved, says) in KNOWN {
        let view = shown(hour).ok();
        assert_eq!((&view["state"], &view["revision"]), (&json!(state), &json!(revision)), "{hour}");
        assert_eq!((&view["approved_revision"], number(view.json())), (&json!(approved), says), "{hour}");
        assert_eq!(view["allowed_actions"], json!([]), "nothing is done to the past");
        assert_eq!(view["reason"].is_null(), !["reopened", "returned"].contains(&state), "{hour}");
        assert_eq!(view["first_submitted_at"], instant("02"));
    }
    let now = place.get();
    assert_eq!((&now["approved_revision"], number(now.json())), (&json!(3), 3));
    let later = app.auditor().get(&format!("{}?as_of=2031-01-01T00:00:00Z", place.path)).ok();
    assert_eq!(later.etag(), place.etag(), "what is to come is not known yet");
    app.auditor().get(&format!("{}?as_of=yesterday", place.path)).problem(400, "query_invalid");
}

#[test]
fn a_list_is_shown_as_it_was_known() {
    let app = TestApp::start();
    let (movement, place) = told(&app);
    movement.at("2025-07", "thon-2").draft(&movement.report("thon-2")).is(201);
    let list = |query: &str| app.agency().get(&format!("{}/submissions?{query}", movement.path)).ok();
    let items = |page: Answer| page["items"].as_array().unwrap().clone();
    assert!(items(list(&format!("as_of={}", instant("01")))).is_empty(), "drafts are nobody's business");
    for (hour, state, revision, _, _) in KNOWN {
        let as_of = instant(hour);
        let found = items(list(&format!("as_of={as_of}")));
        let alone = app.agency().get(&format!("{}?as_of={as_of}", place.path)).ok();
        assert_eq!(found.len(), 1);
        assert_eq!((&found[0]["state"], &found[0]["revision"]), (&json!(state), &json!(revision)), "{hour}");
        assert_eq!(found[0]["etag"], alone.etag());
        assert_eq!(found[0]["updated_at"], alone["updated_at"]);
        assert_eq!(items(list(&format!("as_of={as_of}&state={state}&unit=thon-1&period=2025-07&late=false"))).len(), 1);
        assert!(items(list(&format!("as_of={as_of}&late=true"))).is_empty());
        assert!(items(list(&format!("as_of={as_of}&state=draft"))).is_empty());
        assert!(items(list(&format!("as_of={as_of}&period=2025-08"))).is_empty());
    }
    let strange = app.head("thon-2").get(&format!("{}/submissions?as_of={}", movement.path, instant("09"))).ok();
    assert!(items(strange).is_empty(), "of others nothing was known either");
}

#[test]
fn a_list_of_the_past_comes_in_pages() {
    let app = TestApp::start();
    let (movement, _) = told(&app);
    for unit in ["thon-2", "mat-tran"] {
        movement.at("2025-08", unit).draft(&movement.report(unit)).is(201);
        movement.at("2025-08", unit).submit();
    }
    let path = format!("{}/submissions?limit=1&as_of={}", movement.path, instant("10"));
    let (mut seen, mut next) = (Vec::new(), path.clone());
    for left in [2, 1, 0] {
        let page = app.agency().get(&next).ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|item| item["unit"].to_string()));
        match page["next_cursor"].as_str() {
            Some(cursor) => next = format!("{path}&cursor={cursor}"),
            None => assert_eq!(left, 0),
        }
    }
    seen.sort();
    assert_eq!(seen, ["\"mat-tran\"", "\"thon-1\"", "\"thon-2\""]);
}

#[test]
fn revisions_are_shown_with_what_had_become_of_them() {
    let app = TestApp::start();
    let (_, place) = told(&app);
    let fates = |hour: &str| {
        let found = app.auditor().get(&format!("{}/revisions?as_of={}", place.path, instant(hour))).ok();
        let items = found["items"].as_array().unwrap().clone();
        items.iter().map(|item| item["fate"]["action"].as_str().unwrap_or("waits").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(fates("01"), [""; 0]);
    assert_eq!(fates("02"), ["waits"]);
    assert_eq!(fates("03"), ["approve"]);
    assert_eq!(fates("05"), ["reopen"]);
    assert_eq!(fates("06"), ["reopen", "waits"]);
    assert_eq!(fates("09"), ["reopen", "return", "approve"]);
    let second = |hour: &str| app.auditor().get(&format!("{}/revisions/2?as_of={}", place.path, instant(hour)));
    second("05").problem(404, "not_found");
    let (waiting, returned) = (second("06").ok(), second("07").ok());
    assert_eq!((&waiting["fate"], &returned["fate"]["action"]), (&Value::Null, &json!("return")));
    assert_eq!(waiting["values"], returned["values"]);
    assert_ne!(waiting.etag(), returned.etag(), "a cache would not tell what became of it");
}

#[test]
fn an_export_tells_the_figures_that_counted() {
    let app = TestApp::start();
    let (movement, place) = told(&app);
    movement.at("2025-07", "thon-2").draft(&movement.report("thon-2")).is(201);
    let export = |query: &str| {
        let path = format!("{}/submissions/export?period=2025-07{query}", movement.path);
        let text = app.agency().get(&path).ok().text();
        let line = text.lines().find(|line| line.contains("thon-1") && line.contains("CCHC-18"));
        (line.and_then(|line| line.split(',').nth(5)).map(str::to_owned), text.contains("thon-2"))
    };
    let says = |number: &str| (Some(number.to_owned()), false);
    for (hour, _, revision, approved, _) in KNOWN {
        let as_of = format!("&as_of={}", instant(hour));
        let counted = approved.map_or((None, false), |approved| says(&approved.to_string()));
        assert_eq!(export(&as_of), counted, "{hour}");
        // What was sent back does not count, and what was approved before does.
        let submitted = if ["07", "08"].contains(&hour) { 1 } else { revision };
        assert_eq!(export(&format!("{as_of}&basis=submitted")), says(&submitted.to_string()), "{hour}");
    }
    assert_eq!(export("&basis=approved"), says("3"));
    place.reopen();
    place.draft(&movement.report("thon-1").ratio("CCHC-18", 7, 10)).is(200);
    assert_eq!(export(""), (Some("7".into()), true), "what stands in the drafts");
    assert_eq!(export("&basis=submitted"), says("3"));
}

#[test]
fn completeness_is_told_as_it_was_known() {
    let app = TestApp::start();
    let (movement, _) = told(&app);
    let counted = |hour: &str| {
        let path = format!("{}/submissions/completeness?period=2025-07&as_of={}", movement.path, instant(hour));
        let total = app.auditor().get(&path).ok()["total"].clone();
        (total["received"].as_u64().unwrap(), total["approved"].as_u64().unwrap())
    };
    assert_eq!(["01", "02", "03", "04", "06", "09"].map(counted), [(0, 0), (1, 0), (1, 1), (1, 1), (1, 1), (1, 1)]);
}
