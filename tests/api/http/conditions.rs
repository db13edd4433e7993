//! Conditional requests (RFC 9110, section 13).

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::TestApp;

fn unit(name: &str) -> Value {
    json!({"name": name, "kind": "division", "valid_from": "2025-09-10"})
}

#[test]
fn a_change_needs_the_tag_of_what_it_changes() {
    let app = TestApp::start();
    let put = |name| app.admin().put("/units/thon-1", unit(name));
    put("Một").problem(428, "precondition_required");
    let tag = app.admin().get("/units/thon-1").ok().etag();
    let changed = put("Hai").if_match(&tag).ok();
    assert_ne!(changed.etag(), tag);
    let stale = put("Ba").if_match(&tag).problem(412, "precondition_failed");
    assert!(stale["detail"].as_str().unwrap().contains(&changed.etag()), "it names the present tag");
    put("Ba").if_match(&format!("\"99\", {}", changed.etag())).ok();
    put("Bốn").if_match("*").ok();
    put("Năm").if_none_match_any().problem(412, "precondition_failed");
    put("Sáu").if_match("W/\"99\"").problem(412, "precondition_failed");
}

#[rstest]
#[case::weakened("W/\"1\"")]
#[case::weakened_among_others("W/\"9\", W/\"1\"")]
#[case::by_apache("\"1-gzip\"")]
#[case::by_apache_and_weakened("W/\"1-br\"")]
#[case::by_others("\"1--gzip\"")]
#[case::by_caddy("\"1-zstd\"")]
fn a_tag_changed_by_a_proxy_that_compresses_names_its_version(#[case] tag: &str) {
    let app = TestApp::start();
    let put = || app.admin().put("/units/thon-1", unit("Một")).if_match(tag);
    put().ok();
    put().problem(412, "precondition_failed");
}

#[rstest]
#[case("1")]
#[case("w/\"1\"")]
#[case("W/1")]
#[case("\"1-\"")]
#[case("\"11\"")]
#[case("\"1gzip\"")]
#[case("\"1-tar\"")]
#[case("W/\"2\"")]
#[case("")]
fn another_tag_names_no_version(#[case] tag: &str) {
    let app = TestApp::start();
    app.admin().put("/units/thon-1", unit("Một")).if_match(tag).problem(412, "precondition_failed");
}

#[test]
fn creating_needs_if_none_match() {
    let app = TestApp::start();
    let put = || app.admin().put("/units/thon-9", unit("Thôn 9"));
    put().problem(428, "precondition_required");
    put().if_match("\"1\"").problem(412, "precondition_failed");
    put().if_none_match("\"1\"").problem(412, "precondition_failed");
    let made = put().if_none_match_any().created();
    assert_eq!(made.header("location"), Some("/api/v1/units/thon-9"));
    assert_eq!(made.etag(), app.admin().get("/units/thon-9").ok().etag());
}

#[rstest]
#[case("\"1\"")]
#[case("W/\"1\"")]
#[case("\"7\", \"1\"")]
#[case("*")]
fn a_reader_who_holds_the_present_version_gets_304(#[case] held: &str) {
    let app = TestApp::start();
    let answer = app.agency().get("/units/thon-1").if_none_match(held).send().is(304);
    assert_eq!((answer.etag().as_str(), answer.text().as_str()), ("\"1\"", ""));
    app.agency().request(Method::HEAD, "/units/thon-1").if_none_match(held).send_unchecked().is(304);
}

#[rstest]
#[case("\"2\"")]
#[case("1")]
#[case("")]
fn a_reader_who_holds_another_version_gets_the_present_one(#[case] held: &str) {
    let app = TestApp::start();
    app.agency().get("/units/thon-1").if_none_match(held).ok();
}

#[test]
fn somebody_elses_tags_are_not_told() {
    let app = TestApp::start();
    app.admin().put("/units/moi", unit("Mới")).if_none_match_any().created();
    app.elsewhere.admin().get("/units/moi").if_none_match_any().problem(404, "not_found");
    app.elsewhere.admin().patch("/units/moi", json!({})).if_match("*").problem(404, "not_found");
}
