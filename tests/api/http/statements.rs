//! What a service sends to Postgres can be counted.

use serde_json::json;

use crate::support::TestApp;

#[test]
fn the_statements_of_a_request_are_counted_and_those_of_the_test_are_not() {
    let app = TestApp::start();
    let read = app.statements(|| app.agency().get("/units").ok());
    let texts = |word: &str| read.iter().filter(|text| text.contains(word)).count();
    assert_eq!((texts("unit_versions"), texts("BEGIN"), texts("INSERT INTO accounts")), (1, 0, 0), "{read:#?}");
    let unit = json!({"name": "Tổ 1", "kind": "service", "parent": "van-phong", "valid_from": "2025-08-01"});
    let written = app.statements(|| app.admin().put("/units/to-1", unit).if_none_match_any().created());
    let times = |text: &str| written.iter().filter(|sent| *sent == text).count();
    assert_eq!((times("BEGIN"), times("COMMIT"), times("ROLLBACK")), (1, 1, 0), "{written:#?}");
}
