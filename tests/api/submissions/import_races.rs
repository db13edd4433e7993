//! An import beside others: they go on, and where both want the same report nothing is lost.

use std::thread;

use serde_json::{Value, json};

use super::{
    import::{path, rows},
    races::{Other, at_once, until_waiting},
};
use crate::support::{Request, TestApp, story::Movement};

/// Holds the report of July that a unit began.
const HOLD: &str = "SELECT 1 FROM submissions s JOIN units u ON u.locality_id = s.locality_id AND u.id = s.unit_id
    WHERE s.period = '2025-07' AND u.code = 'phong-kinh-te' FOR UPDATE OF s";

/// Every other value of the unit's reports of these periods, from the first or the second on, with these words.
fn half(app: &TestApp, movement: &Movement, periods: &[&str], first: usize, words: &str) -> Request {
    let report = movement.report("phong-kinh-te");
    let all =
        periods.iter().flat_map(|period| rows(period, "phong-kinh-te", &report).into_iter().skip(first).step_by(2));
    let said = all.map(|mut row| {
        row["explanation"] = json!(words);
        row
    });
    app.reporter("phong-kinh-te").post(&path(movement, ""), json!(said.collect::<Vec<Value>>()))
}

/// How many values of a report have these words, and how many it has.
fn saying(movement: &Movement, period: &str, words: &str) -> (usize, usize) {
    let report = movement.at(period, "phong-kinh-te").get();
    let values = report["values"].as_array().unwrap();
    (values.iter().filter(|value| value["explanation"] == words).count(), values.len())
}

#[test]
fn others_draft_and_hand_in_while_an_import_runs() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.at("2025-07", "phong-kinh-te").draft(&movement.report("phong-kinh-te")).is(201);
    let other = Other::begin(&app, HOLD);
    let import = half(&app, &movement, &["2025-07"], 0, "từ tệp");
    let sent = thread::spawn(move || import.send());
    until_waiting(&app, 1);
    let beside = movement.at("2025-07", "thon-2");
    beside.draft(&movement.report("thon-2")).is(201);
    beside.submit();
    other.commit();
    sent.join().unwrap().is(200);
    assert!(saying(&movement, "2025-07", "từ tệp").0 > 0);
}

#[test]
fn an_import_whose_report_is_begun_meanwhile_is_told_to_come_back() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let import = half(&app, &movement, &["2025-07"], 0, "từ tệp");
    let other = Other::begin(
        &app,
        "INSERT INTO submissions
             SELECT m.locality_id, gen_random_uuid(), m.id, '2025-07', u.id, 'draft', '{\"values\": []}', 0, NULL, false,
                 NULL, '2025-08-01', 1
             FROM movements m JOIN units u ON u.locality_id = m.locality_id WHERE u.code = 'phong-kinh-te'",
    );
    let again = import.clone();
    let sent = thread::spawn(move || import.send());
    until_waiting(&app, 1);
    other.commit();
    let answer = sent.join().unwrap().problem(503, "busy");
    assert!(answer.header("retry-after").is_some(), "{answer}");
    assert_eq!((saying(&movement, "2025-07", "từ tệp").1, app.records("r.action = 'import_submissions'")), (0, 0));
    again.ok();
    assert!(saying(&movement, "2025-07", "từ tệp").0 > 0);
}

#[test]
fn imports_into_one_report_wait_for_each_other_and_lose_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.at("2025-07", "phong-kinh-te").draft(&movement.report("phong-kinh-te")).is(201);
    let other = Other::begin(&app, HOLD);
    let imports = [(0, "tệp một"), (1, "tệp hai")];
    let imports = imports.map(|(first, words)| half(&app, &movement, &["2025-07"], first, words));
    let sent = thread::spawn(move || at_once(imports.into()));
    until_waiting(&app, 2);
    other.commit();
    for answer in sent.join().unwrap() {
        answer.is(200);
    }
    let ((one, all), (two, _)) = (saying(&movement, "2025-07", "tệp một"), saying(&movement, "2025-07", "tệp hai"));
    assert_eq!((one + two, movement.at("2025-07", "phong-kinh-te").etag().as_str()), (all, "\"3\""));
}

#[test]
fn imports_that_begin_the_same_reports_at_once_lose_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let periods = ["2025-07", "2025-08"];
    let imports = [(0, "tệp một"), (1, "tệp hai")];
    for answer in at_once(imports.map(|(first, words)| half(&app, &movement, &periods, first, words)).into()) {
        answer.is(200);
    }
    for period in periods {
        let said = imports.map(|(_, words)| saying(&movement, period, words).0);
        assert_eq!(
            said[0] + said[1],
            rows(period, "phong-kinh-te", &movement.report("phong-kinh-te")).len(),
            "{said:?}"
        );
    }
}
