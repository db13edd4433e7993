//! Wordings of papers: shipped, changed as data, refused with every mistake.

use serde_json::{Value, json};

use crate::support::TestApp;

const DECISION: &str = "/document-templates/quyet_dinh";

/// What is shipped, without what only answers have.
fn shipped(app: &TestApp) -> Value {
    let mut wording = app.agency().get(DECISION).ok().json().clone();
    wording.as_object_mut().unwrap().retain(|member, _| !["shipped", "placeholders"].contains(&member.as_str()));
    wording
}

#[test]
fn the_wording_that_is_shipped_is_answered_with_what_it_may_name() {
    let app = TestApp::start();
    let answer = app.agency().get(DECISION).ok();
    assert_eq!((&answer["shipped"], &answer["paper"]), (&json!(true), &json!("quyet_dinh")));
    let placeholders = answer["placeholders"].as_array().unwrap();
    let named = |name: &str| placeholders.iter().find(|one| one["name"] == name).unwrap();
    assert_eq!((&named("ngay")["kind"], &named("nguoi_ky")["required"]), (&json!("day"), &json!(true)));
    assert_eq!(named("can_cu")["members"], json!(["ten"]));
    app.agency().get("/document-templates/cong_van").problem(404, "not_found");
}

#[test]
fn the_agency_changes_a_wording_and_what_stood_stays() {
    let app = TestApp::start();
    let read = app.agency().get(DECISION).ok();
    let mut wording = read.json().clone();
    wording["recipients"][0]["text"] = json!("Ban Thường vụ Đảng ủy {{xa}}");
    app.agency().put(DECISION, wording.clone()).problem(428, "precondition_required");
    // The answer is sent back as it was read.
    let made = app.agency().put(DECISION, wording.clone()).if_match(&read.etag()).ok();
    assert_eq!((&made["recipients"], &made["shipped"]), (&wording["recipients"], &json!(false)));
    app.agency().put(DECISION, wording).if_match(&read.etag()).problem(412, "precondition_failed");
    app.agency().put(DECISION, shipped(&app)).if_match(&made.etag()).ok();
    assert_eq!(app.count("SELECT 1 FROM document_templates"), 2);
    app.chair().put(DECISION, shipped(&app)).if_match("\"2\"").problem(403, "forbidden");
    // Another locality has the shipped one.
    assert_eq!(app.elsewhere.chair().get(DECISION).ok()["shipped"], json!(true));
}

#[test]
fn a_wording_with_mistakes_is_refused_with_all_of_them() {
    let app = TestApp::start();
    let mut wording = shipped(&app);
    wording["summary"] = json!("Về việc tặng {{hinh_thuc}} cho {{so_luong}} trong {{phong_trao}");
    wording["signatures"][0]["name"] = json!("{{nguoi_ki}}");
    let put = |path: &str, wording: &Value| app.agency().put(path, wording.clone()).if_match("\"0\"");
    let refused = put(DECISION, &wording).problem(422, "content_invalid");
    refused.finding("/summary", "template_braces").finding("/signatures/0/name", "template_placeholder_unknown");
    let refused = put("/document-templates/to_trinh", &shipped(&app)).problem(422, "content_invalid");
    refused.finding("/paper", "template_paper_differs");
    wording["nothing"] = json!(1);
    put(DECISION, &wording).problem(400, "body_invalid");
    assert_eq!(app.count("SELECT 1 FROM document_templates"), 0);
}
