//! Shares of an address and of an account, and whose address it is.

use rstest::rstest;
use serde_json::json;
use thidua::config::ProxyHeader;

use crate::support::{Answer, TestApp};

fn limits(answer: &Answer) -> (Option<&str>, Option<&str>) {
    (answer.header("ratelimit-policy"), answer.header("ratelimit"))
}

#[test]
fn every_answer_tells_what_is_left() {
    let app = TestApp::start_with(|config| (config.edge.address_rate, config.edge.account_rate) = (60, 30));
    let policy = "\"address\";q=60;w=60, \"account\";q=30;w=60";
    let agency = app.agency();
    assert_eq!(limits(&agency.get("/me").ok()), (Some(policy), Some("\"address\";r=59;t=1, \"account\";r=29;t=2")));
    let nobody = app.anon().get("/me").problem(401, "unauthenticated");
    assert_eq!(limits(&nobody), (Some("\"address\";q=60;w=60"), Some("\"address\";r=58;t=2")));
    let nowhere = agency.get("/nothing").problem(404, "path_unknown");
    assert_eq!(limits(&nowhere).1, Some("\"address\";r=57;t=3"));
    let missing = agency.get("/units/none").problem(404, "not_found");
    assert!(limits(&missing).1.unwrap().ends_with("\"account\";r=28;t=4"));
}

#[test]
fn an_empty_share_is_429_with_the_wait() {
    let app = TestApp::start_with(|config| config.edge.address_rate = 2);
    let ask = || app.anon().post("/auth/login", json!({}));
    ask().problem(400, "body_invalid");
    ask().problem(400, "body_invalid");
    let refused = ask().lang("en").problem(429, "rate_limited");
    let wait: u32 = refused.header("retry-after").unwrap().parse().unwrap();
    assert!((1..=30).contains(&wait), "a share of 2 a minute has something again after 30 seconds");
    assert_eq!(refused.header("ratelimit"), Some(format!("\"address\";r=0;t={wait}").as_str()));
    assert!(refused["detail"].as_str().unwrap().contains(&wait.to_string()));
    app.anon().get("/nothing").send_unchecked().problem(429, "rate_limited");
    app.anon().get("/openapi.json").problem(429, "rate_limited");
}

#[test]
fn the_health_of_a_busy_service_can_still_be_asked() {
    let app = TestApp::start_with(|config| config.edge.address_rate = 1);
    app.anon().get("/problems").ok();
    for path in ["/health/live", "/health/ready", "/metrics"] {
        let answer = app.anon().get(path).ok();
        assert_eq!(limits(&answer), (None, None));
    }
}

#[test]
fn an_account_has_its_own_share() {
    let app = TestApp::start_with(|config| config.edge.account_rate = 2);
    let (agency, chair) = (app.agency(), app.chair());
    agency.get("/me").ok();
    agency.get("/me").ok();
    agency.get("/me").problem(429, "rate_limited");
    chair.get("/me").ok();
    app.anon().get("/me").problem(401, "unauthenticated");
}

#[test]
fn zero_is_no_limit() {
    let app = TestApp::start_with(|config| (config.edge.address_rate, config.edge.account_rate) = (0, 0));
    assert_eq!(limits(&app.agency().get("/me").ok()), (None, None));
}

#[test]
fn the_limits_that_ship_leave_room_for_work() {
    let app = TestApp::start();
    let policy = app.agency().get("/me").ok();
    assert_eq!(limits(&policy).0, Some("\"address\";q=6000;w=60, \"account\";q=3000;w=60"));
}

#[test]
fn a_made_up_address_is_not_believed() {
    let app = TestApp::start_with(|config| config.edge.address_rate = 2);
    let ask =
        |from: &str| app.anon().get("/problems").header("X-Forwarded-For", from).header("Forwarded", "for=1.2.3.4");
    ask("203.0.113.1").ok();
    ask("203.0.113.2").ok();
    ask("203.0.113.3").problem(429, "rate_limited");
}

#[rstest]
#[case(ProxyHeader::XForwardedFor, "X-Forwarded-For", "203.0.113.1", "203.0.113.2", "9.9.9.9, 203.0.113.1")]
#[case(ProxyHeader::XForwardedFor, "X-Forwarded-For", "2001:db8::1", "2001:db8:0:1::1", "2001:db8::2")]
#[case(ProxyHeader::Forwarded, "Forwarded", "for=203.0.113.1", "for=203.0.113.2", "for=9.9.9.9, for=203.0.113.1:80")]
#[case(ProxyHeader::Forwarded, "Forwarded", "for=\"[2001:db8::1]:4\"", "for=203.0.113.2", "for=\"[2001:db8::9]\"")]
fn behind_a_trusted_proxy_each_client_has_its_share(
    #[case] header: ProxyHeader,
    #[case] name: &str,
    #[case] one: &str,
    #[case] other: &str,
    #[case] one_again: &str,
) {
    let app = TestApp::start_with(|config| {
        config.edge.address_rate = 1;
        config.edge.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap()];
        config.edge.proxy_header = header;
    });
    let ask = |from: &str| app.anon().get("/problems").header(name, from);
    ask(one).ok();
    ask(other).ok();
    ask(one_again).problem(429, "rate_limited");
}

#[test]
fn the_services_own_address_is_not_taken_from_headers() {
    let app = TestApp::start();
    let tricked = |path: &str| {
        let request = app.agency().get(path).header("X-Forwarded-Host", "evil.example");
        request.header("Forwarded", "host=evil.example;proto=https").header("X-Forwarded-Proto", "https")
    };
    for path in
        ["/units?limit=1", "/units/none", "/.well-known/jwks.json", "/openapi.json", "/problems/busy", "/nothing"]
    {
        let answer = tricked(path).send();
        let headers = ["location", "link", "content-location"].map(|name| answer.header(name).unwrap_or_default());
        assert!(!headers.concat().contains("evil") && !answer.text().contains("evil.example"), "{answer}");
        assert_eq!(answer.header("strict-transport-security"), None);
    }
}
