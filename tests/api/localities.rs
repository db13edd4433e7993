//! Localities, as the city makes them, and asking about one.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Client, TestApp};

fn new(code: &str) -> Value {
    json!({"code": code, "name": "Phường Tây Hồ", "kind": "phuong", "valid_from": "2025-07-01"})
}

#[test]
fn the_city_makes_and_lists_localities() {
    let app = TestApp::start();
    let made = app.city_admin().post("/localities", new("00091")).created();
    assert_eq!(made["valid_to"], Value::Null);
    let listed = app.city_viewer().get("/localities").ok();
    let codes: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|l| &l["code"]).collect();
    assert_eq!(codes, ["00091", "10210", "10213"]);
}

#[test]
fn only_the_citys_administrator_makes_them() {
    let app = TestApp::start();
    app.city_viewer().post("/localities", new("00091")).problem(403, "forbidden");
    for client in [app.admin(), app.chair(), app.reporter("thon-1")] {
        client.post("/localities", new("00091")).problem(403, "forbidden");
        client.get("/localities").problem(403, "forbidden");
    }
    app.anon().get("/localities").problem(401, "unauthenticated");
}

#[test]
fn a_code_is_borne_by_one_at_a_time() {
    let app = TestApp::start();
    let taken = app.city_admin().post("/localities", new("10210")).lang("en").problem(409, "locality_code_taken");
    assert!(taken["detail"].as_str().unwrap().contains("10210"), "{taken}");
}

fn with(mut body: Value, members: Value) -> Value {
    body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    body
}

#[rstest]
#[case(json!({"code": "1021"}), "/code", "locality_code_malformed")]
#[case(json!({"code": "1021a"}), "/code", "locality_code_malformed")]
#[case(json!({"code": "１０２１０"}), "/code", "locality_code_malformed")]
#[case(json!({"kind": "tinh"}), "/code", "locality_code_malformed")]
#[case(json!({"kind": "truong"}), "/code", "locality_code_no_name")]
#[case(json!({"kind": "so", "code": "Sở-nội-vụ"}), "/code", "locality_code_no_name")]
#[case(json!({"kind": "khac", "code": "a"}), "/code", "locality_code_no_name")]
#[case(json!({"code": "so-noi-vu"}), "/code", "locality_code_malformed")]
#[case(json!({"name": ""}), "/name", "length_out_of_range")]
#[case(json!({"name": " "}), "/name", "text_blank")]
fn what_is_wrong_with_a_locality_is_said(#[case] wrong: Value, #[case] pointer: &str, #[case] code: &str) {
    let app = TestApp::start();
    app.city_admin()
        .post("/localities", with(new("00091"), wrong))
        .problem(422, "content_invalid")
        .finding(pointer, code);
}

#[rstest]
#[case("01", "thanh_pho")]
#[case("so-noi-vu", "so")]
#[case("truong-thpt-2", "truong")]
#[case("ubmttq", "co_quan")]
fn others_than_communes_have_units_and_movements_too(#[case] code: &str, #[case] kind: &str) {
    let app = TestApp::start();
    let made = app.city_admin().post("/localities", with(new(code), json!({"kind": kind}))).created();
    assert_eq!((made["code"].as_str(), made["kind"].as_str()), (Some(code), Some(kind)));
    assert_eq!(app.city_viewer().of_locality(code).get("/units").ok()["items"], json!([]));
}

#[test]
fn a_city_account_names_the_locality_it_asks_about() {
    let app = TestApp::start();
    let city = app.city_viewer();
    city.get("/units").problem(400, "locality_required");
    city.of_locality("10210").get("/units/thon-1").ok();
    city.of_locality("99999").get("/units/thon-1").problem(404, "not_found");
}

#[test]
fn others_have_their_own_and_no_other() {
    let app = TestApp::start();
    let ask = |client: &Client, code| client.of_locality(code).get("/units/thon-1").send().status();
    assert_eq!(ask(&app.agency(), "10210"), 200);
    assert_eq!(ask(&app.agency(), "10213"), 404, "somebody else's");
    assert_eq!(ask(&app.agency(), "99999"), 404, "nobody's, and nobody can tell the difference");
}
