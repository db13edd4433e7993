//! The metrics: who reads them, and what they hold.

use std::net::TcpListener;

use regex::Regex;
use rstest::rstest;
use serde_json::json;

use super::{Database, get, on};
use crate::{embedded::Home, support::TestApp};

/// The tests' client is on the service's machine; what is trusted, and what a proxy wrote.
#[rstest]
#[case::nobody_between(&[], &[], true)]
#[case::a_trusted_proxy_passes_a_client_on(&["127.0.0.1/32"], &[("x-forwarded-for", "203.0.113.9")], false)]
#[case::a_proxy_that_nobody_listed(&[], &[("x-forwarded-for", "203.0.113.9")], false)]
#[case::a_client_that_says_it_is_local(&["127.0.0.1/32"], &[("x-forwarded-for", "127.0.0.1")], false)]
#[case::another_header(&["127.0.0.1/32"], &[("forwarded", "for=203.0.113.9")], false)]
#[case::nginx_by_habit(&[], &[("x-real-ip", "203.0.113.9")], false)]
#[case::a_proxy_by_the_book(&[], &[("via", "1.1 proxy")], false)]
fn who_comes_through_a_proxy_does_not_read_the_metrics(
    #[case] trusted: &[&str],
    #[case] written: &[(&str, &str)],
    #[case] open: bool,
) {
    let app = TestApp::start_with(|config| {
        config.edge.trusted_proxies = trusted.iter().map(|net| net.parse().unwrap()).collect();
    });
    let request = app.anon().get("/metrics");
    let request = written.iter().fold(request, |request, (name, value)| request.header(name, value));
    match open {
        true => drop(request.ok()),
        false => drop(request.problem(401, "unauthenticated")),
    }
}

#[test]
fn behind_https_they_need_a_token_or_a_port() {
    let app = TestApp::start_with(|config| config.public_url = Some("https://thidua.example".into()));
    app.anon().get("/metrics").problem(401, "unauthenticated");
}

#[test]
fn on_a_port_of_their_own_they_are_nowhere_else() {
    let (home, database) = (Home::new(), Database::create());
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let bind = port.to_string();
    let service = Home::start(on(&home, &database, &["serve", "--bind", "127.0.0.1:0", "--metrics-bind", &bind]));
    let (status, text) = get(&format!("http://{port}/metrics"), None);
    assert_eq!(status, 200);
    assert!(text.contains("thidua_build_info{"), "{text}");
    assert_eq!(get(&format!("{}/metrics", service.url), None).0, 404);
    assert_eq!(get(&format!("http://{port}/api/v1/me"), None).0, 404, "nothing else is there");
}

/// Each metric, and the kind that it is of.
const METRICS: [(&str, &str); 20] = [
    ("http_request_duration_seconds", "histogram"),
    ("thidua_log_in_failures_total", "counter"),
    ("thidua_build_info", "gauge"),
    ("thidua_db_pool_connections", "gauge"),
    ("thidua_db_pool_connections_max", "gauge"),
    ("thidua_db_pool_waiting", "gauge"),
    ("thidua_database_up", "gauge"),
    ("thidua_jobs", "gauge"),
    ("thidua_jobs_oldest_due_seconds", "gauge"),
    ("thidua_imports_running", "gauge"),
    ("thidua_imports_max", "gauge"),
    ("thidua_audit_unchained_records", "gauge"),
    ("thidua_audit_unchained_seconds", "gauge"),
    ("process_cpu_seconds_total", "counter"),
    ("process_resident_memory_bytes", "gauge"),
    ("process_virtual_memory_bytes", "gauge"),
    ("process_open_fds", "gauge"),
    ("process_max_fds", "gauge"),
    ("process_threads", "gauge"),
    ("process_start_time_seconds", "gauge"),
];

#[test]
fn every_metric_says_what_it_is() {
    let app = TestApp::start();
    app.agency().get("/me").ok();
    app.anon().post("/auth/login", json!({"username": "nobody", "password": "sai"})).problem(401, "login_failed");
    let text = app.anon().get("/metrics").ok().text();
    for (name, kind) in METRICS {
        assert!(text.contains(&format!("# TYPE {name} {kind}\n")), "{name} is no {kind}: {text}");
        assert!(text.contains(&format!("# HELP {name} ")), "{name} has no help: {text}");
    }
    let value = |series: &str| -> f64 {
        let line = text.lines().find(|line| line.starts_with(series)).unwrap_or_else(|| panic!("{series}: {text}"));
        line.rsplit(' ').next().unwrap().parse().unwrap()
    };
    assert!(value("thidua_log_in_failures_total{code=\"login_failed\"}") >= 1.0);
    assert_eq!(value("thidua_database_up"), 1.0);
    assert_eq!(value("thidua_db_pool_connections_max"), 8.0);
    assert!(value("process_resident_memory_bytes") > 1e6);
    let bucket = "http_request_duration_seconds_bucket{operation=\"get_me\",status=\"2xx\",le=\"60\"}";
    assert!(value(bucket) >= 1.0);
}

#[test]
fn no_client_makes_up_a_label() {
    let app = TestApp::start();
    app.agency().get("/units/don-vi-la-123").problem(404, "not_found");
    app.anon().get("/duong-dan-la-456").send_unchecked();
    let text = app.anon().get("/metrics").ok().text();
    assert!(!text.contains("-la-"), "{text}");
    let label = Regex::new(
        r#"^(operation="[a-z_]+",status="[1-5]xx"(,le="[0-9.+Inf]+")?|code="[a-z_]+"|state="[a-z]+"|version=.*)$"#,
    );
    let label = label.unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#') && !line.is_empty()) {
        let labels = line.split_once('{').map(|(_, rest)| rest.split_once('}').unwrap().0);
        assert!(labels.is_none_or(|labels| label.is_match(labels)), "{line}");
    }
}
