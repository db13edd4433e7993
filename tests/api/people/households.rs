//! Households that may be nominated, each known by its head and the unit that it lives in.

use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn heads(client: &Client, path: &str) -> Vec<Value> {
    let listed = client.get(path).ok();
    listed["items"].as_array().unwrap().iter().map(|one| one["head"].clone()).collect()
}

#[test]
fn a_household_has_a_head_and_a_residential_unit_and_keeps_what_was() {
    let app = TestApp::start();
    let body = json!({"head": "Nguyễn Văn Tám", "unit": "thon-1", "valid_from": "2025-07-01"});
    let made = app.admin().post("/households", body).created();
    let path = made.header("location").unwrap().to_owned();
    assert_eq!((&made["unit_name"], &made["valid_from"]), (&json!("Thôn 1"), &json!("2025-07-01")));
    app.admin().patch(&path, json!({"unit": "thon-2"})).problem(428, "precondition_required");
    let moved = json!({"head": "Trần Thị Sáu", "unit": "thon-2", "valid_from": "2025-08-01"});
    let moved = app.agency().patch(&path, moved).if_match(&made.etag()).ok();
    assert_eq!((&moved["head"], &moved["unit"]), (&json!("Trần Thị Sáu"), &json!("thon-2")));
    app.admin().patch(&path, json!({"unit": "thon-1"})).if_match(&made.etag()).problem(412, "precondition_failed");
    assert_eq!(heads(&app.agency(), "/households?as_of=2025-07-15"), ["Nguyễn Văn Tám"]);
    assert_eq!(heads(&app.agency(), "/households?unit=thon-2&q=sau"), ["Trần Thị Sáu"]);
    assert!(heads(&app.agency(), "/households?unit=thon-1").is_empty());
}

#[test]
fn what_is_wrong_with_a_household_is_said() {
    let app = TestApp::start();
    let post = |body: Value| app.admin().post("/households", body);
    post(json!({"head": " ", "unit": "thon-1"})).problem(422, "content_invalid").finding("/head", "text_blank");
    post(json!({"head": "Tám", "unit": "xom-9"})).problem(422, "content_invalid").finding("/unit", "unit_unknown");
    post(json!({"head": "Tám", "unit": null})).problem(400, "body_invalid");
    post(json!({"head": "Tám", "unit": "thon-1", "phone": "09"})).problem(400, "body_invalid");
}

#[test]
fn a_head_of_a_hamlet_knows_its_own_households() {
    let app = TestApp::start();
    let own = app.household("Nguyễn Văn Tám", "thon-1");
    let other = app.household("Trần Thị Sáu", "thon-2");
    let head = app.head("thon-1");
    assert_eq!(heads(&head, "/households"), ["Nguyễn Văn Tám"]);
    head.get(&format!("/households/{own}")).ok();
    head.get(&format!("/households/{other}")).problem(404, "not_found");
    head.get("/households?unit=thon-2").problem(404, "not_found");
    head.post("/households", json!({"head": "Ai", "unit": "thon-1"})).problem(403, "forbidden");
    app.elsewhere.agency().get(&format!("/households/{own}")).problem(404, "not_found");
}
