//! What problems and findings say to programs: params by name, the part that a 404 misses, who may do what a 403 refuses,
//! and names that are near to a mistaken one.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::text::near;

use crate::support::{MOVEMENT, TestApp, story::Report};

/// The first finding of this code.
fn found(errors: &Value, code: &str) -> Value {
    let mut errors = errors.as_array().unwrap().iter();
    errors.find(|error| error["code"] == code).unwrap_or_else(|| panic!("no {code}")).clone()
}

#[test]
fn every_finding_carries_what_its_message_quotes() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let ratio = |indicator: &str, n: i64, d: i64| json!({"indicator": indicator, "state": "reported", "numerator": n, "denominator": d});
    let cases = [
        (ratio("CCHC-18", 3, 2), "numerator_above", json!({"indicator": "CCHC-18", "numerator": 3, "denominator": 2})),
        (
            ratio("CCHC-18", -1, 2),
            "number_out_of_range",
            json!({"indicator": "CCHC-18", "min": 0, "max": 9_007_199_254_740_991_i64}),
        ),
        (ratio("CCHC-8", 1, 2), "value_indicator_unknown", json!({"indicator": "CCHC-8", "nearest": "CCHC-08"})),
        (ratio("cchc 18", 1, 2), "value_indicator_unknown", json!({"indicator": "cchc 18", "nearest": "CCHC-18"})),
        (ratio("CCHC-99", 1, 2), "value_indicator_unknown", json!({"indicator": "CCHC-99"})),
        (
            json!({"indicator": "CCHC-15", "state": "reported", "level": "half_done"}),
            "level_unknown",
            json!({"indicator": "CCHC-15", "value": "half_done", "levels": "not_started, in_progress, done"}),
        ),
        (
            json!({"indicator": "CCHC-05", "field": "khac", "state": "reported", "numerator": 3, "denominator": 2}),
            "numerator_above",
            json!({"indicator": "CCHC-05", "field": "khac", "numerator": 3, "denominator": 2}),
        ),
        (
            json!({"indicator": "CCHC-18", "state": "none_arose", "explanation": "đ".repeat(4001)}),
            "length_out_of_range",
            json!({"min": 0, "max": 4000}),
        ),
    ];
    for (value, code, params) in cases {
        let refused = movement.at("2025-07", "phong-kinh-te").draft(&Report::of(json!([value])));
        let finding = found(&refused.problem(422, "content_invalid")["errors"], code);
        assert_eq!(finding["params"], params, "{finding}");
    }
    let place = movement.at("2025-07", "van-phong");
    place.draft(&movement.report("van-phong").without("CCHC-03").without("CCHC-05/tnmt")).is(201);
    let refused = place.act(&app.head("van-phong"), "submit", json!({})).problem(422, "content_invalid");
    let missing = refused["errors"].as_array().unwrap().iter().filter(|error| error["code"] == "value_missing");
    let missing: Vec<&Value> = missing.map(|error| &error["params"]).collect();
    assert_eq!(missing, [&json!({"indicator": "CCHC-03"}), &json!({"indicator": "CCHC-05", "field": "tnmt"})]);
}

#[test]
fn the_message_of_an_unknown_level_lists_the_levels_and_that_of_an_unknown_code_the_near_one() {
    let app = TestApp::start();
    let place = app.hong_van();
    let place = place.at("2025-07", "phong-kinh-te");
    let values = json!([
        {"indicator": "CCHC-15", "state": "reported", "level": "xong"},
        {"indicator": "CCHC-8", "state": "none_arose"},
        {"indicator": "CCHC-05", "field": "Khac", "state": "none_arose"},
    ]);
    let refused = place.draft(&Report::of(values)).problem(422, "content_invalid");
    let message = |code: &str| found(&refused["errors"], code)["message"].as_str().unwrap().to_owned();
    let levels = "«xong» không có trong các mức của chỉ tiêu; chọn một trong các mức: Chưa thực hiện (not_started), ";
    assert!(message("level_unknown").starts_with(levels), "{refused}");
    assert!(message("value_indicator_unknown").contains("CCHC-08"), "{refused}");
    assert!(message("value_field_unknown").contains("khac"), "{refused}");
    assert!(!refused.text().contains('{') || !refused["errors"].to_string().contains("{advice"), "{refused}");
}

#[rstest]
#[case("reasn", &["reason", "source"], Some("reason"))]
#[case("Reason", &["reason"], Some("reason"))]
#[case("external-codes", &["external_codes", "kind"], Some("external_codes"))]
#[case("CCHC-8", &["CCHC-07", "CCHC-08", "CCHC-18"], Some("CCHC-08"))]
#[case("CCHC8", &["CCHC-08"], Some("CCHC-08"))]
#[case("CHCC-08", &["CCHC-07", "CCHC-08"], Some("CCHC-08"))]
#[case("CCHC-99", &["CCHC-09", "CCHC-19"], None)]
#[case("2025-9", &["2025-08", "2025-09"], Some("2025-09"))]
#[case("2025-Q4", &["2025-08", "2025-09"], None)]
#[case("colour", &["name", "kind", "parent"], None)]
#[case("x", &["reason"], None)]
#[case("", &["reason"], None)]
#[case("name", &[], None)]
fn only_names_that_are_near_are_suggested(
    #[case] name: &str,
    #[case] known: &[&'static str],
    #[case] nearest: Option<&str>,
) {
    assert_eq!(near(name, known.iter().copied()), nearest);
}

#[test]
fn an_unknown_member_is_told_the_near_one_or_all() {
    let app = TestApp::start();
    let cases = [
        (json!({"name": "An", "kind": "official", "unti": null}), "unti", Some("unit")),
        (json!({"name": "An", "kind": "official", "colour": "red"}), "colour", None),
    ];
    for (body, name, nearest) in cases {
        let refused = app.admin().post("/people", body).lang("en").problem(400, "body_invalid");
        let finding = found(&refused["errors"], "unknown_field");
        assert_eq!(finding["params"]["name"], name);
        assert_eq!(finding["params"]["nearest"].as_str(), nearest, "{finding}");
        let message = finding["message"].as_str().unwrap();
        assert!(message.contains(nearest.unwrap_or("kind")), "{message}");
    }
    let refused = app.chair().get("/units?colour=red").problem(400, "query_invalid");
    let params = found(&refused["errors"], "unknown_field")["params"].clone();
    assert!(params["nearest"].is_null() && params["known"].as_str().unwrap().contains("parent"), "{params}");
}

#[test]
fn a_404_says_which_part_leads_nowhere() {
    let app = TestApp::start();
    app.emulation();
    app.reported_on("2025-09", "phong-kinh-te", 90, 100);
    let cases = [
        ("/movements/khong-co", "movement", "khong-co"),
        ("/movements/khong-co/submissions/2025-09/phong-kinh-te", "movement", "khong-co"),
        ("/movements/thi-dua/submissions/2031-01/phong-kinh-te", "period", "2031-01"),
        ("/movements/thi-dua/submissions/2025-09/khong-co", "unit", "khong-co"),
        ("/movements/thi-dua/submissions/2025-09/phong-kinh-te/revisions/99", "revision", "99"),
        ("/movements/thi-dua/submissions/export?period=2025-Q4", "period", "2025-Q4"),
        ("/movements/thi-dua/progress/KHONG-CO", "indicator", "KHONG-CO"),
        ("/movements/thi-dua/progress?unit=khong-co", "unit", "khong-co"),
        ("/movements/thi-dua/indicators/KHONG-CO", "indicator", "KHONG-CO"),
        ("/movements/thi-dua/plan-versions/99", "version", "99"),
        ("/movements/thi-dua/awards/khong-co/rankings", "award", "khong-co"),
        ("/movements/thi-dua/awards/tap-the/nominations/khong-co", "candidate", "khong-co"),
        ("/movements/thi-dua/awards/tap-the/nominations/phong-vhxh", "nomination", "phong-vhxh"),
        ("/units/khong-co", "unit", "khong-co"),
        ("/people/0197a3b0-0000-7000-8000-000000000000", "id", "0197a3b0-0000-7000-8000-000000000000"),
        ("/evidence/0197a3b0-0000-7000-8000-000000000000", "id", "0197a3b0-0000-7000-8000-000000000000"),
    ];
    for (path, part, value) in cases {
        let answer = app.agency().get(path).lang("en").problem(404, "not_found");
        assert_eq!(answer["params"]["part"], part, "{path}: {answer}");
        if part != "nomination" {
            assert_eq!(answer["params"]["value"], value, "{path}: {answer}");
            assert!(answer["detail"].as_str().unwrap().contains(value), "{path}: {answer}");
        }
        assert!(!answer.text().contains("_en}") && !answer.text().contains("{value}"), "{answer}");
    }
    let period = app.agency().get(&format!("{MOVEMENT}/submissions/export?period=2025-Q4")).problem(404, "not_found");
    assert!(period["title"].as_str().unwrap().contains("kỳ báo cáo"), "{period}");
    assert!(period["params"]["known"].as_str().unwrap().contains("2025-09"), "the periods that there are: {period}");
}

#[rstest]
#[case::people("/people", "unit_head")]
#[case::accounts("/accounts", "locality_admin")]
#[case::localities("/localities", "city_admin")]
#[case::audit("/audit", "auditor")]
fn a_403_says_who_may(#[case] path: &str, #[case] role: &str) {
    let app = TestApp::start();
    let refused = app.reporter("thon-1").get(path).problem(403, "forbidden");
    assert!(refused["params"]["roles"].as_str().unwrap().split(", ").any(|known| known == role), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains(role), "{refused}");
}

#[rstest]
#[case("2025-09-10T09:00:00+07:00", 400)]
#[case("2025-09-10T09:00:00.5+07:00", 400)]
#[case("2025-09-10T09:00:00%2B07:00", 200)]
#[case("2025-09-10T02:00:00Z", 200)]
fn a_plus_that_came_as_a_space_is_named(#[case] instant: &str, #[case] status: u16) {
    let app = TestApp::start();
    app.emulation();
    let answer = app.agency().get(&format!("{MOVEMENT}/submissions?as_of={instant}")).lang("en").send();
    match status {
        200 => drop(answer.is(200)),
        _ => {
            let refused = answer.problem(400, "query_invalid").finding("/as_of", "plus_as_space");
            assert!(refused["errors"][0]["message"].as_str().unwrap().contains("%2B"));
        }
    }
}

#[rstest]
#[case("118.0", true)]
#[case("1.18e2", true)]
#[case("118", true)]
#[case("0.0", true)]
#[case("118.5", false)]
fn a_number_without_a_fraction_is_an_integer(#[case] number: &str, #[case] taken: bool) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    let body = format!(
        r#"{{"values": [{{"indicator": "CCHC-18", "state": "reported", "numerator": {number}, "denominator": 200}}]}}"#
    );
    let head = app.head("phong-kinh-te");
    let answer = head.put(&place.path, Value::Null).body("application/json", body).if_none_match_any().send();
    match taken {
        true => assert_eq!(answer.is(201)["values"][0]["numerator"], number.parse::<f64>().unwrap() as i64),
        false => drop(answer.problem(400, "body_invalid").finding("/values/0/numerator", "wrong_type")),
    }
}

#[rstest]
#[case("9007199254740992")]
#[case("9223372036854775808")]
#[case("1e300")]
#[case("-1")]
fn a_number_that_readers_do_not_keep_is_told_its_limits(#[case] number: &str) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    let body = format!(
        r#"{{"values": [{{"indicator": "CCHC-18", "state": "reported", "numerator": {number}, "denominator": 200}}]}}"#
    );
    let head = app.head("phong-kinh-te");
    let refused = head.put(&place.path, Value::Null).body("application/json", body).if_none_match_any().send();
    let refused = refused.problem(422, "content_invalid").finding("/values/0/numerator", "number_out_of_range");
    assert_eq!(refused["errors"][0]["params"]["max"], 9_007_199_254_740_991_i64);
}
