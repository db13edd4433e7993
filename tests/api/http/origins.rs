//! Front ends of other origins (CORS): those on the list, and nobody else.

use clap::Parser;
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use thidua::config::Config;

use crate::support::{Answer, TestApp};

const FRIEND: &str = "https://thidua.example";

fn app() -> TestApp {
    TestApp::start_with(|config| config.edge.cors_origins = vec![FRIEND.into(), "http://localhost:5173".into()])
}

fn preflight(app: &TestApp, origin: &str, method: &str, headers: &str) -> Answer {
    let request = app.anon().request(Method::OPTIONS, "/units/phong-kinh-te").header("Origin", origin);
    let request = request.header("Access-Control-Request-Method", method);
    request.header("Access-Control-Request-Headers", headers).send_unchecked()
}

/// Everything of CORS that an answer says.
fn said(answer: &Answer) -> Vec<&str> {
    let names = ["allow-origin", "allow-methods", "allow-headers", "allow-credentials", "expose-headers", "max-age"];
    names.iter().filter_map(|name| answer.header(&format!("access-control-{name}"))).collect()
}

fn varies_by_origin(answer: &Answer) -> bool {
    answer.header("vary").is_some_and(|vary| vary.split(',').any(|name| name.trim() == "Origin"))
}

#[rstest]
#[case(FRIEND)]
#[case("http://localhost:5173")]
fn a_listed_origin_may_ask_without_a_token_whether_it_may_ask(#[case] origin: &str) {
    let app = app();
    let answer = preflight(&app, origin, "PUT", "authorization, content-type, if-match, idempotency-key").is(200);
    assert_eq!(answer.header("access-control-allow-origin"), Some(origin));
    assert!(answer.header("access-control-allow-methods").unwrap().contains("PUT"));
    assert!(varies_by_origin(&answer));
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
}

#[rstest]
#[case("accept")]
#[case("accept-language")]
#[case("authorization")]
#[case("content-type")]
#[case("idempotency-key")]
#[case("if-match")]
#[case("if-none-match")]
#[case("prefer")]
#[case("traceparent, tracestate")]
#[case("Prefer,Idempotency-Key , IF-MATCH")]
fn every_header_that_the_api_reads_may_be_sent(#[case] headers: &str) {
    let app = app();
    for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
        let answer = preflight(&app, FRIEND, method, headers).is(200);
        assert_eq!(answer.header("access-control-allow-origin"), Some(FRIEND));
    }
}

#[rstest]
#[case("https://evil.example", "PUT", "authorization", "origin_unlisted")]
#[case("https://thidua.example.evil.example", "PUT", "authorization", "origin_unlisted")]
#[case("https://sub.thidua.example", "PUT", "authorization", "origin_unlisted")]
#[case("http://thidua.example", "PUT", "authorization", "origin_unlisted")]
#[case("https://thidua.example:8443", "PUT", "authorization", "origin_unlisted")]
#[case("null", "PUT", "authorization", "origin_unlisted")]
#[case(FRIEND, "TRACE", "authorization", "preflight_refused")]
#[case(FRIEND, "PUT", "x-anything", "preflight_refused")]
fn what_is_not_listed_is_refused_without_a_word_of_cors(
    #[case] origin: &str,
    #[case] method: &str,
    #[case] headers: &str,
    #[case] code: &str,
) {
    let app = app();
    let answer = preflight(&app, origin, method, headers).problem(400, code);
    assert_eq!(said(&answer), [""; 0]);
    let cure = answer["detail"].as_str().unwrap();
    assert_eq!(cure.contains("--cors-origins"), code == "origin_unlisted", "{cure}");
}

#[test]
fn a_listed_origin_reads_answers_and_problems() {
    let app = app();
    let get = |path: &str| app.agency().get(path).header("Origin", FRIEND);
    let (ok, missing) = (get("/units/phong-kinh-te").ok(), get("/units/none").problem(404, "not_found"));
    let refused = app.anon().get("/me").header("Origin", FRIEND).problem(401, "unauthenticated");
    let nowhere = get("/nothing").problem(404, "path_unknown");
    let unread = app.admin().post("/people", json!({})).body("text/plain", "").header("Origin", FRIEND);
    for answer in [&ok, &missing, &refused, &nowhere, &unread.problem(415, "media_type_unsupported")] {
        assert_eq!(answer.header("access-control-allow-origin"), Some(FRIEND), "{answer}");
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("cross-origin"));
        assert!(varies_by_origin(answer), "{answer}");
        let read = answer.header("access-control-expose-headers").unwrap();
        for name in [
            "etag",
            "link",
            "location",
            "x-request-id",
            "ratelimit",
            "ratelimit-policy",
            "retry-after",
            "idempotency-replayed",
            "content-disposition",
            "allow",
            "www-authenticate",
            "preference-applied",
        ] {
            assert!(read.split(',').any(|one| one.trim().eq_ignore_ascii_case(name)), "{name} is not among {read}");
        }
    }
}

#[test]
fn a_listed_origin_reads_that_its_share_is_empty() {
    let app = TestApp::start_with(|config| {
        config.edge.cors_origins = vec![FRIEND.into()];
        config.edge.address_rate = 1;
    });
    let get = || app.anon().get("/problems").header("Origin", FRIEND);
    get().ok();
    let refused = get().problem(429, "rate_limited");
    assert_eq!(refused.header("access-control-allow-origin"), Some(FRIEND));
}

#[rstest]
#[case(app())]
#[case(TestApp::start())]
fn others_get_their_answer_without_cors(#[case] app: TestApp) {
    for origin in ["https://evil.example", "null", "https://thidua.example/"] {
        let answer = app.agency().get("/me").header("Origin", origin).ok();
        assert_eq!(said(&answer), [""; 0]);
        assert_eq!(answer.header("cross-origin-resource-policy"), Some("same-origin"));
        assert!(varies_by_origin(&answer), "a cache must not mix them up");
    }
    assert_eq!(said(&app.agency().get("/me").ok()), [""; 0]);
}

#[test]
fn by_default_nobody_is_listed() {
    let app = TestApp::start();
    preflight(&app, FRIEND, "GET", "authorization").problem(400, "origin_unlisted");
}

#[rstest]
#[case("*")]
#[case("null")]
#[case("thidua.example")]
#[case("https://*.thidua.example")]
#[case("https://thidua.example/")]
#[case("https://thidua.example/app")]
#[case("https://Thidua.example")]
#[case("https://me@thidua.example")]
#[case("ftp://thidua.example")]
fn what_is_no_origin_cannot_be_listed(#[case] text: &str) {
    #[derive(Parser)]
    struct Cli {
        #[command(flatten)]
        _config: Config,
    }
    assert!(Cli::try_parse_from(["thidua", "--cors-origins", text]).is_err());
    assert!(Cli::try_parse_from(["thidua", "--cors-origins", "https://a.example,http://b.example:8080"]).is_ok());
}
