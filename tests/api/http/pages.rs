//! Keyset pages.

use rstest::rstest;
use serde_json::json;

use crate::support::{Client, TestApp};

/// Every item of a list, page after page; the `Link` header leads to the same next page.
fn walk(client: &Client, path: &str, limit: usize) -> Vec<String> {
    let joint = if path.contains('?') { '&' } else { '?' };
    let (mut seen, mut next) = (Vec::new(), Some(format!("{path}{joint}limit={limit}")));
    while let Some(address) = next {
        let page = client.get(&address).ok();
        let items = page["items"].as_array().unwrap();
        assert!(items.len() <= limit);
        seen.extend(items.iter().map(ToString::to_string));
        next = page["next_cursor"].as_str().map(|cursor| format!("{path}{joint}limit={limit}&cursor={cursor}"));
        let link = next.as_ref().map(|next| format!("</api/v1{next}>; rel=\"next\""));
        assert_eq!(page.header("link"), link.as_deref());
    }
    seen
}

#[rstest]
#[case("/units", 9)]
#[case("/units?kind=hamlet", 2)]
#[case("/people", 7)]
#[case("/people?q=hoa", 5)]
fn pages_walk_everything_once(#[case] path: &str, #[case] total: usize) {
    let app = TestApp::start();
    for name in ["Lê Hòa", "Lê Hòa", "Đỗ Hoa", "Trần Hoà", "Hóa", "An", "Bùi Bình"] {
        app.admin().post("/people", json!({"name": name, "kind": "resident"})).created();
    }
    let whole = walk(&app.agency(), path, 200);
    assert_eq!(whole.len(), total);
    for limit in [1, 2, 3, total] {
        assert_eq!(walk(&app.agency(), path, limit), whole);
    }
}

#[test]
fn localities_have_pages_too() {
    let app = TestApp::start();
    for code in ["10001", "10002", "10003"] {
        let new = json!({"code": code, "name": "Xã", "kind": "xa", "valid_from": "2025-07-01"});
        app.city_admin().post("/localities", new).created();
    }
    assert_eq!(walk(&app.city_viewer(), "/localities", 2).len(), 5);
}
