//! Wordings of papers: shipped, changed as data, refused with every mistake.

use serde_json::{Value, json};

use crate::support::TestApp;

const DECISION: &str = "/document-templates/quyet_dinh";

fn shipped(app: &TestApp) -> Value {
    app.agency().get(DECISION).ok()["wording"].clone()
}

#[test]
fn the_wording_that_is_shipped_is_answered_with_what_it_may_name() {
    let app = TestApp::start();
    let answer = app.agency().get(DECISION).ok();
    assert_eq!((&answer["etag"], &answer["wording"]["paper"]), (&json!(null), &json!("quyet_dinh")));
    let placeholders = answer["placeholders"].as_array().unwrap();
    let named = |name: &str| placeholders.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!((&named("ngay")["kind"], &named("nguoi_ky")["required"]), (&json!("day"), &json!(true)));
    assert_eq!(named("can_cu")["members"], json!(["ten"]));
    app.agency().get("/document-templates/cong_van").problem(404, "not_found");
}

#[test]
fn the_agency_changes_a_wording_and_what_stood_stays() {
    let app = TestApp::start();
    let mut wording = shipped(&app);
    wording["recipients"][0]["text"] = json!("Ban Thường vụ Đảng ủy {{xa}}");
    app.agency().put(DECISION, wording.clone()).problem(428, "precondition_required");
    let made = app.agency().put(DECISION, wording.clone()).if_none_match_any().created();
    assert_eq!((&made["wording"], made.etag()), (&wording, "\"1\"".to_owned()));
    app.agency().put(DECISION, wording.clone()).if_none_match_any().problem(412, "precondition_failed");
    let before = wording.clone();
    wording["trace"] = json!(false);
    app.agency().put(DECISION, wording.clone()).if_match("\"1\"").ok();
    app.agency().put(DECISION, before).if_match("\"1\"").problem(412, "precondition_failed");
    assert_eq!(app.count("SELECT 1 FROM document_templates"), 2);
    let read = app.chair().get(DECISION).ok();
    assert_eq!((&read["wording"], read.etag()), (&wording, "\"2\"".to_owned()));
    app.chair().put(DECISION, wording).if_match("\"2\"").problem(403, "forbidden");
    // Another locality has the shipped one.
    assert_eq!(app.elsewhere.chair().get(DECISION).ok()["etag"], json!(null));
}

#[test]
fn a_wording_with_mistakes_is_refused_with_all_of_them() {
    let app = TestApp::start();
    let mut wording = shipped(&app);
    wording["summary"] = json!("Về việc tặng {{hinh_thuc}} cho {{so_luong}} trong {{phong_trao}");
    wording["signatures"][0]["name"] = json!("{{nguoi_ki}}");
    let refused = app.agency().put(DECISION, wording.clone()).if_none_match_any().problem(422, "content_invalid");
    refused.finding("/summary", "template_braces").finding("/signatures/0/name", "template_placeholder_unknown");
    let refused = app.agency().put("/document-templates/to_trinh", shipped(&app)).if_none_match_any();
    refused.problem(422, "content_invalid").finding("/paper", "template_paper_differs");
    wording["nothing"] = json!(1);
    app.agency().put(DECISION, wording).if_none_match_any().problem(400, "body_invalid");
    assert_eq!(app.count("SELECT 1 FROM document_templates"), 0);
}
