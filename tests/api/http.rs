//! What every endpoint shares: paths and methods, bodies, languages, conditions, repeated requests, pages, problems,
//! headers, limits, origins, time limits, logs.

mod bodies;
mod changes;
mod conditions;
mod connections;
mod failing;
mod findings;
mod headers;
mod limits;
mod origins;
mod pages;
mod patience;
mod problems;
mod repeats;
mod secrets;
mod sent_back;
mod statements;
mod unchanged;

use std::collections::BTreeSet;

use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use crate::support::{MOVEMENT, TestApp};

#[test]
fn paths_that_are_not_there_answer_404_as_problems() {
    let app = TestApp::start();
    for path in ["/units/", "/nothing", "/units/a/b", "/api/v2/me", "/api/v1"] {
        app.agency().get(path).problem(404, "path_unknown");
    }
    app.anon().get("/nothing").problem(404, "path_unknown");
}

#[rstest]
#[case(Method::DELETE, "/units/phong-kinh-te", "GET, HEAD, PATCH, PUT")]
#[case(Method::POST, "/me", "GET, HEAD")]
#[case(Method::GET, "/auth/login", "POST")]
#[case(Method::POST, "/health/live", "GET, HEAD")]
#[case(Method::PUT, "/openapi.json", "GET, HEAD")]
#[case(Method::PUT, "/units/tree", "GET, HEAD")]
#[case(Method::PATCH, "/units/tree", "GET, HEAD")]
#[case(Method::DELETE, "/units/tree", "GET, HEAD")]
#[case(Method::from_bytes(b"PROPFIND").unwrap(), "/people", "GET, HEAD, POST")]
fn wrong_methods_answer_405_with_the_right_ones(#[case] method: Method, #[case] path: &str, #[case] allow: &str) {
    let app = TestApp::start();
    let answer = app.agency().request(method, path).problem(405, "method_not_allowed");
    assert_eq!(answer.header("allow"), Some(allow));
}

#[test]
fn head_answers_the_headers_of_get() {
    let app = TestApp::start();
    let got = app.agency().get("/units/phong-kinh-te").ok();
    let head = app.agency().request(Method::HEAD, "/units/phong-kinh-te").send_unchecked().is(200);
    assert_eq!((head.etag(), head.text()), (got.etag(), String::new()));
    assert_eq!(head.header("content-length"), got.header("content-length"));
    app.anon().request(Method::HEAD, "/units/phong-kinh-te").send_unchecked().is(401);
}

#[test]
fn every_answer_carries_its_request_id() {
    let app = TestApp::start();
    let ok = app.agency().get("/me").ok();
    let refused = app.anon().get("/me").problem(401, "unauthenticated");
    let unknown = app.anon().get("/nothing").problem(404, "path_unknown");
    assert_eq!(refused["request_id"], refused.header("x-request-id").unwrap());
    let ids = [&ok, &refused, &unknown].map(|answer| answer.header("x-request-id").unwrap().to_owned());
    assert_eq!(BTreeSet::from(ids).len(), 3);
}

#[rstest]
#[case(None, "vi")]
#[case(Some("en"), "en")]
#[case(Some("en-GB"), "en")]
#[case(Some("vi, en"), "vi")]
#[case(Some("en;q=0.5, vi;q=0.9"), "vi")]
#[case(Some("vi;q=0.3, en;q=0.8"), "en")]
#[case(Some("fr, en;q=0.1"), "en")]
#[case(Some("fr"), "vi")]
#[case(Some("*"), "vi")]
#[case(Some("en;q=0"), "vi")]
#[case(Some("en;q=nonsense, ;;,"), "en")]
fn problems_speak_the_language_asked_for(#[case] languages: Option<&str>, #[case] spoken: &str) {
    let app = TestApp::start();
    let request = app.anon().get("/me");
    let answer = languages.map_or(request.clone(), |languages| request.lang(languages)).problem(401, "unauthenticated");
    assert_eq!(answer.header("content-language"), Some(spoken));
    let title = answer["title"].as_str().unwrap();
    assert_eq!(title.starts_with("Chưa đăng nhập"), spoken == "vi", "{title}");
}

#[rstest]
#[case("/units?kinds=division", "/kinds", "unknown_field")]
#[case("/units?limit=0", "/limit", "limit_out_of_range")]
#[case("/units?limit=201", "/limit", "limit_out_of_range")]
#[case("/units?limit=many", "/limit", "wrong_type")]
#[case("/units?as_of=yesterday", "/as_of", "wrong_type")]
#[case("/units?as_of=2025-9-1", "/as_of", "wrong_type")]
#[case("/units?as_of=%2B12025-09-01", "/as_of", "wrong_type")]
#[case("/units?as_of=-0001-09-01", "/as_of", "wrong_type")]
#[case("/people?as_of=-262143-01-01", "/as_of", "wrong_type")]
#[case("/units?limit=1&limit=2", "/limit", "duplicate_key")]
#[case("/units?cursor=zz", "/cursor", "cursor_invalid")]
#[case("/units?cursor=5b5d", "/cursor", "cursor_invalid")]
#[case("/units?cursor=%C4%91%C4%91", "/cursor", "cursor_invalid")]
#[case("/people?q=%00", "/q", "forbidden_character")]
fn wrong_query_parameters_are_named(#[case] path: &str, #[case] pointer: &str, #[case] code: &str) {
    let app = TestApp::start();
    app.agency().get(path).problem(400, "query_invalid").finding(pointer, code);
}

#[test]
fn an_unknown_query_parameter_is_told_the_nearest() {
    let app = TestApp::start();
    let answer = app.agency().get("/units?kidn=division").lang("en").problem(400, "query_invalid");
    assert!(answer["errors"][0]["message"].as_str().unwrap().contains("kind"));
}

#[test]
fn a_number_in_an_address_is_written_one_way() {
    let app = TestApp::start();
    app.emulation();
    app.reported_on("2025-09", "phong-kinh-te", 90, 100);
    let revisions = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te/revisions");
    let chair = app.chair();
    for (path, plain) in [("/calendar", "2026"), (&format!("{MOVEMENT}/plan-versions"), "1"), (&revisions, "1")] {
        chair.get(&format!("{path}/{plain}")).ok();
        for odd in ["%2B", "0", "-", "%20"] {
            chair.get(&format!("{path}/{odd}{plain}")).problem(404, "not_found");
        }
    }
}

#[test]
fn an_id_in_an_address_is_written_one_way_and_the_log_names_a_thing_one_way() {
    let app = TestApp::start();
    let an = app.somebody("Trần Văn An", None);
    for odd in [an.to_uppercase(), an.replace('-', ""), format!("%7B{an}%7D"), format!("urn:uuid:{an}")] {
        app.admin().get(&format!("/people/{odd}")).problem(404, "not_found");
    }
    app.admin().patch("/units/%74hon%2D1", json!({"name": "Thôn Một"})).if_match("\"1\"").ok();
    assert_eq!(app.records("r.action = 'patch_unit' AND r.subject = 'units/thon-1'"), 1);
}

#[test]
fn texts_that_no_database_holds_name_nothing() {
    let app = TestApp::start();
    app.agency().get("/units/%00").problem(404, "not_found");
    app.agency().get("/units/a%00b").problem(404, "not_found");
    app.agency().get("/units/%ff").problem(404, "not_found");
    app.city_admin().get("/units?locality=%00").problem(404, "not_found");
    app.city_admin().get("/units?locality=1021").problem(404, "not_found");
}
