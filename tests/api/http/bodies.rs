//! Bodies that cannot be read, and what is said of them.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{MOVEMENT, TestApp};

#[rstest]
#[case::empty("", "", "json_syntax")]
#[case::truncated(r#"{"name": "Hòa"#, "", "json_syntax")]
#[case::trailing(r#"{"name": "Hòa", "kind": "official"} {}"#, "", "json_syntax")]
#[case::deep(&"[".repeat(100_000), "", "json_syntax")]
#[case::deep_objects(&r#"{"a":"#.repeat(100_000), "", "json_syntax")]
#[case::duplicate_key(r#"{"name": "Hòa", "name": "Hoa", "kind": "official"}"#, "/name", "duplicate_key")]
#[case::duplicate_by_escape(r#"{"name": "Hòa", "n\u0061me": "Hoa", "kind": "official"}"#, "/name", "duplicate_key")]
#[case::nul(r#"{"name": "H\u0000a", "kind": "official"}"#, "/name", "forbidden_character")]
#[case::raw_nul("{\"name\": \"H\0a\", \"kind\": \"official\"}", "", "json_syntax")]
#[case::escape(r#"{"name": "H\u001b[31ma", "kind": "official"}"#, "/name", "forbidden_character")]
#[case::lone_surrogate(r#"{"name": "\ud800", "kind": "official"}"#, "", "json_syntax")]
#[case::swapped_surrogates(r#"{"name": "\udc00\ud800", "kind": "official"}"#, "", "json_syntax")]
#[case::bidi(r#"{"name": "An \u202Enàov", "kind": "official"}"#, "/name", "forbidden_character")]
#[case::bidi_key(r#"{"na\u202Eme": "An"}"#, "/na\u{202E}me", "forbidden_character")]
#[case::too_large_a_number(r#"{"name": 1e400, "kind": "official"}"#, "", "json_syntax")]
#[case::not_a_number(r#"{"name": NaN}"#, "", "json_syntax")]
#[case::comment(r#"{"name": "An" /* who */}"#, "", "json_syntax")]
#[case::second_byte_order_mark("\u{FEFF}\u{FEFF}{}", "", "json_syntax")]
fn bodies_that_are_no_json_are_400(#[case] body: &str, #[case] pointer: &str, #[case] code: &str) {
    let app = TestApp::start();
    let request = app.admin().post("/people", Value::Null).body("application/json", body);
    request.problem(400, "malformed_json").finding(pointer, code);
}

#[test]
fn a_member_with_a_long_name_is_400_and_not_quoted() {
    let app = TestApp::start();
    let body = json!({"x".repeat(513): 1}).to_string();
    let answer = app.anon().post("/auth/login", Value::Null).body("application/json", body);
    let answer = answer.problem(400, "malformed_json").finding("", "member_name_too_long");
    assert!(answer.to_string().len() < 2_000, "{answer}");
}

/// Each error costs a reading of the whole body.
#[test]
fn of_a_body_with_very_many_errors_some_are_reported() {
    let app = TestApp::start();
    let body: serde_json::Map<_, _> = (0..60_000).map(|n| (format!("{n:x}"), json!(0))).collect();
    let answer = app.anon().post("/auth/login", Value::Null).body("application/json", Value::Object(body).to_string());
    assert_eq!(answer.problem(400, "body_invalid")["errors"].as_array().unwrap().len(), 8);
}

#[test]
fn bytes_that_are_no_text_are_400() {
    let app = TestApp::start();
    let request =
        app.admin().post("/people", Value::Null).body("application/json", b"{\"name\": \"\xff\xfe\"}".to_vec());
    request.problem(400, "malformed_json").finding("", "json_syntax");
}

#[rstest]
#[case(json!([]), "", "wrong_type")]
#[case(json!(["An", "official"]), "", "wrong_type")]
#[case(json!("An"), "", "wrong_type")]
#[case(json!({"name": "An"}), "/kind", "missing_field")]
#[case(json!({"name": 1, "kind": "official"}), "/name", "wrong_type")]
#[case(json!({"name": null, "kind": "official"}), "/name", "wrong_type")]
#[case(json!({"name": "An", "kind": "official", "valid_from": "31/12/2025"}), "/valid_from", "wrong_type")]
#[case(json!({"name": "An", "kind": "official", "valid_from": "2025-02-30"}), "/valid_from", "wrong_type")]
#[case(json!({"name": "An", "kind": "official", "valid_from": "2025-2-3"}), "/valid_from", "wrong_type")]
#[case(json!({"name": "An", "kind": "official", "valid_from": "+262142-01-01"}), "/valid_from", "wrong_type")]
#[case(json!({"name": "An", "kind": "official", "a/b~c": 1}), "/a~1b~0c", "unknown_field")]
fn bodies_of_another_shape_are_400_with_the_place(#[case] body: Value, #[case] pointer: &str, #[case] code: &str) {
    let app = TestApp::start();
    app.admin().post("/people", body).problem(400, "body_invalid").finding(pointer, code);
}

#[test]
fn an_unknown_field_is_told_the_nearest() {
    let app = TestApp::start();
    let answer = app.admin().post("/people", json!({"nmae": "An", "kind": "official"})).lang("en").send();
    let answer = answer.problem(400, "body_invalid").finding("/nmae", "unknown_field");
    assert_eq!(
        answer["errors"][0]["message"],
        "There is no field nmae. Did you mean name? Correct its name or leave it out."
    );
}

#[rstest]
#[case(json!(["An", "official"]), "là danh sách, phải là đối tượng", "a list, expected an object")]
#[case(json!({"name": 5, "kind": "official"}), "là số 5, phải là chuỗi", "the number 5, expected a text")]
#[case(json!({"name": null, "kind": "official"}), "là null, phải là chuỗi", "null, expected a text")]
#[case(json!({"name": 1.5, "kind": "official"}), "là số 1.5, phải là chuỗi", "the number 1.5, expected a text")]
#[case(
    json!({"name": "An", "kind": "official", "valid_from": "0001-01-01"}),
    "ngày viết YYYY-MM-DD, từ năm 1900 đến 2199", "a day of 1900 to 2199 is written YYYY-MM-DD"
)]
#[case(
    json!({"name": "An", "kind": "official", "valid_from": "2026-06-31"}),
    "tháng ấy không có ngày này", "there is no such day in this month"
)]
#[case(json!({"name": "An", "kind": {"official": null}}), "là đối tượng, phải là chuỗi", "an object, expected a text")]
fn what_does_not_fit_is_told_in_the_readers_words(#[case] body: Value, #[case] vi: &str, #[case] en: &str) {
    let app = TestApp::start();
    for (lang, words) in [("vi", vi), ("en", en)] {
        let answer = app.admin().post("/people", body.clone()).lang(lang).problem(400, "body_invalid");
        let message = answer["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(message.contains(&format!("({words})")), "{message}");
    }
}

#[test]
fn a_word_is_no_object_and_an_id_no_list() {
    let app = TestApp::start();
    app.emulation();
    let post = |path: &str, body: Value| app.agency().post(&format!("{MOVEMENT}{path}"), body).lang("vi");
    for mode in [json!({"preview": null}), json!(5), json!([]), json!({})] {
        let refused = post("/awards/tap-the/rankings", json!({"mode": mode})).problem(400, "body_invalid");
        let message = refused.finding("/mode", "wrong_type")["errors"][0]["message"].as_str().unwrap().to_owned();
        assert!(!message.contains("enum") && !message.contains("unit"), "{message}");
    }
    let owners = json!([{"person": (0..16).collect::<Vec<_>>()}]);
    let idea = json!({"title": "Mô hình", "summary": "Tóm tắt", "owners": owners});
    post("/initiatives", idea).problem(400, "body_invalid").finding("/owners/0", "wrong_type");
}

#[test]
fn a_list_is_no_object_however_deep_it_stands() {
    let app = TestApp::start();
    app.emulation();
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    let value = json!(["HS", null, "reported", 1, 2]);
    let body = json!({"values": [value]});
    let refused = app.head("phong-kinh-te").put(&place, body).if_none_match_any().problem(400, "body_invalid");
    refused.finding("/values/0", "wrong_type");
}

#[test]
fn a_place_deep_inside_is_named() {
    let app = TestApp::start();
    let body = json!({"name": "Tổ", "kind": "division", "valid_from": "2025-07-01", "external_codes": {"qd20": 5}});
    let request = app.admin().put("/units/to", body).if_none_match_any();
    request.problem(400, "body_invalid").finding("/external_codes/qd20", "wrong_type");
}

#[test]
fn everything_wrong_with_the_content_is_said_at_once_in_one_order() {
    let app = TestApp::start();
    let body = json!({"name": "", "kind": "", "position": "x".repeat(201)});
    for _ in 0..8 {
        let answer = app.admin().post("/people", body.clone()).problem(422, "content_invalid");
        let places: Vec<&str> =
            answer["errors"].as_array().unwrap().iter().map(|e| e["pointer"].as_str().unwrap()).collect();
        assert_eq!(places, ["/kind", "/name", "/position"]);
    }
}

#[test]
fn a_text_of_blanks_is_no_name() {
    let app = TestApp::start();
    app.admin().post("/people", json!({"name": "   ", "kind": "official"})).problem(422, "content_invalid");
}

#[test]
fn names_are_stored_composed() {
    let app = TestApp::start();
    let decomposed = "Nguye\u{302}\u{303}n Thi\u{323} Hoa\u{300}";
    let made = app.admin().post("/people", json!({"name": decomposed, "kind": "official"})).created();
    assert_eq!(made["name"], "Nguyễn Thị Hoà");
}

#[rstest]
#[case(None)]
#[case(Some("text/plain"))]
#[case(Some("application/x-www-form-urlencoded"))]
#[case(Some("application/jsonp"))]
fn other_media_types_are_415(#[case] media_type: Option<&str>) {
    let app = TestApp::start();
    let request = app.admin().request(reqwest::Method::POST, "/people");
    let request = media_type.map_or(request.clone(), |media_type| request.body(media_type, "{}"));
    request.problem(415, "media_type_unsupported");
}

#[test]
fn a_media_type_may_have_parameters_and_capitals() {
    let app = TestApp::start();
    let body = r#"{"name": "An", "kind": "official"}"#;
    app.admin().post("/people", Value::Null).body("Application/JSON; charset=utf-8", body).created();
}

#[rstest]
#[case("gzip")]
#[case("deflate")]
#[case("br")]
fn compressed_bodies_are_415(#[case] coding: &str) {
    let app = TestApp::start();
    let request = app.admin().post("/people", json!({})).header("Content-Encoding", coding);
    request.problem(415, "media_type_unsupported");
}

#[test]
fn a_body_above_the_limit_is_413() {
    let app = TestApp::start();
    let body = json!({"name": "a".repeat(1024 * 1024), "kind": "official"});
    app.admin().post("/people", body).problem(413, "body_too_large");
    let just_below = json!({"name": "a".repeat(1024 * 1024 - 100), "kind": "official"});
    app.admin().post("/people", just_below).problem(422, "content_invalid");
}
