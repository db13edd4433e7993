//! The law as data: what is shipped, and what a locality records beside it.

use serde_json::{Value, json};

use crate::support::TestApp;

const PERSON: &str = "/law/figures/giay_khen.person/2025-07-01";

fn basis() -> Value {
    json!({
        "number": "326/QĐ-UBND", "kind": "quyet_dinh", "issuer": "UBND xã Hồng Vân",
        "subject": "ban hành Kế hoạch Cải cách hành chính", "dated": "2025-07-18", "valid_from": "2025-07-18",
        "source": "Sổ văn bản đi",
    })
}

fn named<'a>(list: &'a Value, code: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|one| one["code"] == code).unwrap()
}

#[test]
fn everybody_reads_which_texts_are_in_force_on_a_day() {
    let app = TestApp::start();
    let law = app.reporter("phong-kinh-te").get("/law?on=2025-06-30").ok();
    let in_force = |code| named(&law["bases"], code)["in_force"].clone();
    assert_eq!((in_force("nd-98-2023"), in_force("nd-152-2025")), (json!(true), json!(false)));
    assert_eq!(named(&law["bases"], "nd-98-2023")["replaced_by"], "nd-152-2025");
    let figure = named(&law["figures"], "giay_khen.person");
    assert_eq!((&figure["value"], &figure["certain"], &figure["etag"]), (&json!(null), &json!(false), &json!(null)));
    app.chair().get("/law?on=2025-06-31").problem(400, "query_invalid");
}

#[test]
fn the_agency_enters_a_coefficient_with_its_source_and_what_stood_stays() {
    let app = TestApp::start();
    let new = json!({"value": "0.3", "source": "Nghị định 152/2025/NĐ-CP, Điều 54"});
    app.agency().put(PERSON, new.clone()).problem(428, "precondition_required");
    let made = app.agency().put(PERSON, new.clone()).if_none_match_any().created();
    assert_eq!((&made["value"], &made["in_force"], made.etag()), (&json!("0.3"), &json!(true), "\"1\"".to_owned()));
    app.agency().put(PERSON, new.clone()).if_none_match_any().problem(412, "precondition_failed");
    app.agency().put(PERSON, json!({"value": "0.30", "source": "Công báo"})).if_match("\"1\"").ok();
    assert_eq!(app.count("SELECT 1 FROM legal_figures"), 2);
    let law = app.chair().get("/law").ok();
    assert_eq!(named(&law["figures"], "giay_khen.person")["source"], "Công báo");
    assert_eq!(named(&law["figures"], "giay_khen.household")["certain"], true);
    app.chair().put(PERSON, new.clone()).if_match("\"2\"").problem(403, "forbidden");
    // Another locality has the shipped one.
    let elsewhere = app.elsewhere.chair().get("/law").ok();
    assert_eq!(named(&elsewhere["figures"], "giay_khen.person")["value"], json!(null));
    let household = named(&elsewhere["figures"], "giay_khen.household");
    assert_eq!(household["certain"], false, "it multiplies what is not known");
}

#[test]
fn a_figure_that_no_bonus_asks_for_is_refused() {
    let app = TestApp::start();
    let new = |value: &str| json!({"value": value, "source": "Công báo"});
    let put = |path: &str, value| app.agency().put(path, new(value)).if_none_match_any();
    put("/law/figures/luong/2025-07-01", "1").problem(422, "content_invalid").finding("", "legal_figure_unknown");
    put("/law/figures/giay_khen.xa/2025-07-01", "1")
        .problem(422, "content_invalid")
        .finding("", "legal_figure_unknown");
    put(PERSON, "0").problem(422, "content_invalid").finding("/value", "legal_figure_not_positive");
    put(PERSON, "10.01").problem(422, "content_invalid").finding("/value", "legal_figure_out_of_range");
    let salary = "/law/figures/base_salary/2027-07-01";
    put(salary, "99999.9").problem(422, "content_invalid").finding("/value", "legal_figure_out_of_range");
    put(PERSON, "0.123456789").problem(400, "body_invalid");
}

#[test]
fn a_text_is_recorded_in_place_of_a_shipped_one_and_names_only_what_is_known() {
    let app = TestApp::start();
    let put = |code: &str, body: Value| app.agency().put(&format!("/law/bases/{code}"), body).if_none_match_any();
    let made = put("qd-326-2025", basis()).created();
    assert_eq!((&made["certain"], &made["in_force"]), (&json!(true), &json!(true)));
    let mut wrong = basis();
    wrong["valid_to"] = json!("2025-07-01");
    wrong["replaced_by"] = json!("nd-152-2026");
    wrong["number"] = json!("  ");
    let refused = put("qd-9", wrong.clone()).problem(422, "content_invalid");
    refused.finding("/number", "text_blank");
    wrong["number"] = json!("9/QĐ-UBND");
    let refused = put("qd-9", wrong).problem(422, "content_invalid");
    refused.finding("/valid_to", "days_reversed").finding("/replaced_by", "basis_unknown");
    put("QD 9", basis()).problem(422, "content_invalid").finding("", "basis_code_malformed");
    // The newer law is in force once somebody has compared it with the text.
    let mut compared = basis();
    compared["number"] = json!("06/2026/QH16");
    compared["valid_from"] = json!("2026-10-01");
    put("luat-06-2026", compared).created();
    let law = app.chair().get("/law?on=2026-10-01").ok();
    let newer = named(&law["bases"], "luat-06-2026");
    assert_eq!((&newer["certain"], &newer["in_force"], &newer["etag"]), (&json!(true), &json!(true), &json!("\"1\"")));
}
