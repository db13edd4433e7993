//! Headers that keep an answer from being misread, framed, leaked or kept, on every answer of every operation.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    access::ask,
    support::{
        Answer, TestApp,
        spec::{DOCUMENT, operations},
    },
};

const EVERYWHERE: [(&str, &str); 5] = [
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("content-security-policy", "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("cross-origin-resource-policy", "same-origin"),
];

#[track_caller]
fn is_protected(answer: &Answer) {
    for (name, value) in EVERYWHERE {
        // A file of others is sandboxed on top.
        let told = answer.header(name).map(|told| told.strip_prefix("sandbox; ").unwrap_or(told));
        assert_eq!(told, Some(value), "{name} of {answer}");
    }
    assert!(answer.header("x-request-id").is_some_and(|id| id.len() == 36), "{answer}");
    assert!(answer.status() < 400 || answer.header("cache-control") == Some("no-store"), "{answer}");
}

#[test]
fn every_operation_answers_with_them_to_everybody() {
    let app = TestApp::start();
    app.hong_van();
    let (mut good, mut bad) = (0, 0);
    for operation in operations() {
        for client in [app.anon(), app.agency(), app.admin(), app.city_admin()] {
            let answer = ask(&client, &operation);
            is_protected(&answer);
            if answer.status() < 400 { good += 1 } else { bad += 1 }
        }
    }
    assert!(good > 30 && bad > 100, "{good} were answered and {bad} refused: the paths lead nowhere");
}

#[test]
fn what_is_no_operation_answers_with_them_too() {
    let app = TestApp::start();
    is_protected(&app.anon().get("/nothing").problem(404, "path_unknown"));
    is_protected(&app.anon().request(Method::DELETE, "/people").problem(405, "method_not_allowed"));
    is_protected(&app.anon().request(Method::OPTIONS, "/people").send_unchecked().problem(405, "method_not_allowed"));
    is_protected(&app.anon().request(Method::HEAD, "/me").send_unchecked().is(401));
    is_protected(&app.anon().get("/openapi.json").ok());
    is_protected(&app.anon().get("/problems/busy").header("Accept", "text/html").ok());
    let large = json!({"username": "a".repeat(1024 * 1024), "password": ""});
    is_protected(&app.anon().post("/auth/login", large).problem(413, "body_too_large"));
}

#[test]
fn by_https_it_is_https_for_good() {
    let app = TestApp::start_with(|config| config.public_url = Some("https://thidua.example".into()));
    let answer = app.anon().get("/problems").ok();
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000; includeSubDomains"));
    assert_eq!(TestApp::start().anon().get("/problems").ok().header("strict-transport-security"), None);
}

/// Operations whose good answers name people, directly or in what they refer to.
fn personal() -> BTreeSet<String> {
    const NAMES: [&str; 8] = ["Person", "Party", "Nomination", "Me", "Token", "RankingCandidate", "Account", "Client"];
    let tells = |operation: &crate::support::spec::Operation| {
        let good =
            operation.spec["responses"].as_object().unwrap().iter().filter(|(status, _)| status.starts_with('2'));
        let (mut seen, mut open) = (BTreeSet::new(), good.map(|(_, response)| response).collect::<Vec<_>>());
        while let Some(value) = open.pop() {
            for name in references(value) {
                if seen.insert(name.clone()) {
                    open.push(&DOCUMENT["components"]["schemas"][&name]);
                }
            }
        }
        NAMES.iter().any(|name| seen.contains(*name))
    };
    operations().into_iter().filter(tells).map(|operation| operation.id).collect()
}

fn references(value: &Value) -> Vec<String> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match member.as_str() {
                Some(target) if name == "$ref" => vec![target.rsplit('/').next().unwrap_or_default().to_owned()],
                _ => references(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

#[test]
fn no_cache_keeps_what_tells_of_people() {
    let app = TestApp::start();
    app.hong_van();
    let personal = personal();
    assert!(personal.len() > 15 && !personal.contains("list_units"), "{personal:?}");
    for operation in operations() {
        let answer = ask(&app.agency(), &operation);
        let kept = answer.header("cache-control");
        if personal.contains(&operation.id) {
            assert_eq!(kept, Some("no-store"), "{}", operation.id);
        }
    }
    for path in ["/units", "/movements/cchc-2025-h2/progress"] {
        assert_eq!(app.agency().get(path).ok().header("cache-control"), Some("private, no-cache"), "{path}");
    }
}

#[test]
fn the_documentation_loads_nothing_but_its_own() {
    let app = TestApp::start();
    let page = app.anon().get("/docs/").ok();
    let policy = page.header("content-security-policy").unwrap();
    for part in ["default-src 'none'", "script-src 'self'", "connect-src 'self'", "frame-ancestors 'none'"] {
        assert!(policy.split(';').any(|one| one.trim() == part), "{policy}");
    }
    let html = page.text();
    let inline =
        html.split("<script").skip(1).filter(|tag| !tag.split('>').next().unwrap_or_default().contains("src="));
    assert_eq!(inline.count(), 0, "a script in the page itself would be blocked");
    assert!(!html.contains("http://") && !html.contains("https://"), "something comes from elsewhere");
    for file in html.split(['"']).filter(|part| part.starts_with("./")) {
        app.anon().get(&format!("/docs/{}", file.trim_start_matches("./"))).ok();
    }
}

#[test]
fn metrics_are_read_with_their_token_only() {
    let app = TestApp::start_with(|config| config.metrics_token = Some("so-lieu".to_owned().into()));
    app.anon().bearing("so-lieu").get("/metrics").ok();
    for other in ["so-lie", "so-lieu-khac", ""] {
        app.anon().bearing(other).get("/metrics").problem(401, "unauthenticated");
    }
    app.anon().get("/metrics").problem(401, "unauthenticated");
}
