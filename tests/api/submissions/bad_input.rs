//! What hostile and clumsy senders send: each is refused with its reason, nothing is stored and nothing is lost.

mod files;
mod table;

use serde_json::json;

use super::import::path;
use crate::support::TestApp;
use table::{Case, cases};

#[test]
fn every_bad_input_has_its_problem_and_leaves_no_trace() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    let place = movement.at("2025-08", "phong-kinh-te");
    place.draft(&movement.report("phong-kinh-te")).is(201);
    app.at("2025-10-01T02:00:00Z");
    movement.close_period("2025-09");
    let (stood, submissions) = (place.get(), app.count("SELECT 1 FROM submissions"));
    let (head, cases) = (app.head("phong-kinh-te"), cases());
    let mut wrong = Vec::new();
    for Case { name, media, body, status, code, finding } in &cases {
        let request = head.post(&path(&movement, ""), json!([])).body(media, body.clone());
        let answer = request.send_unchecked();
        let found = answer["errors"].as_array().into_iter().flatten();
        let mut found = found.filter(|error| finding.is_empty() || error["code"] == *finding);
        let fits =
            answer.status() == *status && answer["code"] == *code && (finding.is_empty() || found.next().is_some());
        if !fits {
            wrong.push(format!("{name}: not {status} {code} {finding} but {}", answer.text()));
        }
    }
    println!("{} inputs", cases.len());
    assert!(cases.len() >= 60 && wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(app.count("SELECT 1 FROM submissions"), submissions);
    let stands = place.get();
    assert_eq!((stands.etag(), stands.json()), (stood.etag(), stood.json()));
}
