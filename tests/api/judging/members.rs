//! Who the members of the council are.

use serde_json::json;

use super::{council, member};

#[test]
fn who_a_member_is_is_recorded_and_corrected_beside_what_stood() {
    let app = council(json!({}), 2);
    let path = "/council-members/hd-1.10210";
    let of_kinh_te = json!({"unit": "phong-kinh-te"});
    app.agency().put(path, of_kinh_te.clone()).problem(428, "precondition_required");
    let made = app.agency().put(path, of_kinh_te.clone()).if_none_match_any().created();
    assert_eq!((&made["unit"]["name"], &made["person"]), (&json!("Phòng Kinh tế"), &json!(null)));
    app.agency().put(path, json!({})).if_match("\"2\"").problem(412, "precondition_failed");
    app.admin().put(path, json!({"unit": "van-phong"})).if_match("\"1\"").ok();
    let listed = app.chair().get("/council-members").ok();
    let codes: Vec<_> = listed["items"].as_array().unwrap().iter().map(|one| &one["unit"]["code"]).collect();
    assert_eq!(codes, [&json!("van-phong"), &json!(null)]);
    assert_eq!(app.count("SELECT 1 FROM council_members"), 2);
    let wrong = json!({"unit": "khong-co", "person": "0197a3b0-0000-7000-8000-000000000000"});
    let refused = app.admin().put(path, wrong).if_match("\"2\"").problem(422, "content_invalid");
    refused.finding("/unit", "unit_unknown").finding("/person", "person_unknown");
    app.admin().put("/council-members/agency.10210", of_kinh_te.clone()).if_none_match_any().problem(404, "not_found");
    member(&app, 1).put(path, of_kinh_te).if_match("\"2\"").problem(403, "forbidden");
    app.elsewhere.admin().put(path, json!({})).if_match("\"2\"").problem(404, "not_found");
}
