//! The one line of a request.

use rstest::rstest;
use serde_json::Value;

use super::{Database, create_admin, get, listen, log_in, logged, on};
use crate::embedded::Home;

/// The lines of two requests: of nobody, and of the administrator.
fn lines(format: &str) -> Vec<String> {
    let (home, database) = (Home::new(), Database::create());
    create_admin(&home, &database);
    let mut serve = on(&home, &database, &["serve", "--bind", "127.0.0.1:0", "--log-format", format]);
    serve.env("RUST_LOG", "info");
    let (service, log) = listen(serve);
    let token = log_in(&service);
    get(&format!("{}/api/v1/units/khong-co?locality=10210", service.url), Some(&token));
    logged(&log, "/api/v1/units/");
    get(&format!("{}/khong-co", service.url), None);
    logged(&log, "unmatched");
    let log = log.lock().unwrap();
    assert!(!log.contains('\u{1b}'), "no colours where nobody sees them: {log}");
    log.lines().filter(|line| line.contains("answered")).map(str::to_owned).collect()
}

#[test]
fn a_line_of_text_has_what_an_operator_asks_for() {
    let lines = lines("text");
    let line = lines.iter().find(|line| line.contains("/units/")).expect("the request's line");
    for part in [
        "request_id=",
        "method=GET",
        "route=\"/api/v1/units/",
        "status=404",
        "duration_ms=",
        "client=127.0.0.1",
        "account=\"",
    ] {
        assert!(line.contains(part), "{part}: {line}");
        assert_eq!(line.matches(part).count(), 1, "said once: {line}");
    }
    assert!(!line.contains("khong-co") && !line.contains("admin"), "no code and no name: {line}");
}

#[rstest]
#[case("/units/", 404, true)]
#[case("unmatched", 404, false)]
#[case("/auth/login", 200, false)]
fn a_line_of_json_says_everything_once(#[case] route: &str, #[case] status: u64, #[case] known: bool) {
    let lines = lines("json");
    let line = lines.iter().find(|line| line.contains(route)).expect("the request's line");
    let line: Value = serde_json::from_str(line).expect("one object");
    assert!(line.get("spans").is_none(), "{line}");
    assert_eq!(line["fields"]["status"], status, "{line}");
    assert!(line["fields"]["duration_ms"].is_u64() && line["fields"]["client"] == "127.0.0.1", "{line}");
    assert_eq!(line["fields"].get("account").is_some_and(Value::is_string), known, "{line}");
    assert!(line["span"]["request_id"].is_string() && line["span"]["method"].is_string(), "{line}");
}
