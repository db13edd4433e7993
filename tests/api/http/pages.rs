//! Keyset pages.

use std::collections::BTreeSet;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{Client, MOVEMENT, TestApp};

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

/// A list, what its items are called, how a thing of it is renamed and to what: the new name comes last.
#[rstest]
#[case("/people", "name")]
#[case("/people?sort=name", "name")]
#[case("/people?sort=kind,name", "name")]
#[case("/units?sort=name", "name")]
#[case("/units?sort=kind,-name", "name")]
#[case("/movements/thi-dua/submissions?sort=state", "unit")]
#[case("/movements/thi-dua/submissions?sort=updated_at", "unit")]
#[case("/movements/thi-dua/submissions?sort=-first_submitted_at", "unit")]
fn whoever_changes_the_last_row_of_a_page_skips_nobody(#[case] path: &str, #[case] member: &str) {
    let app = TestApp::start();
    app.emulation();
    for place in ["2025-07/phong-kinh-te", "2025-08/phong-vhxh", "2025-08/phong-kinh-te", "2025-09/phong-vhxh"] {
        let value = json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 9});
        let report = json!({"secret": false, "values": [value]});
        let head = app.head(place.split('/').nth(1).unwrap());
        head.put(&format!("{MOVEMENT}/submissions/{place}"), report).if_none_match_any().created();
    }
    for name in ["An", "Bình", "Cúc", "Dũng", "Đức"] {
        app.somebody(name, None);
    }
    let joint = if path.contains('?') { '&' } else { '?' };
    let named = |item: &Value| format!("{} {}", item["period"], item[member]);
    let items = |page: &Value| page["items"].as_array().unwrap().clone();
    let all: BTreeSet<String> = items(app.agency().get(path).ok().json()).iter().map(named).collect();
    let first = app.agency().get(&format!("{path}{joint}limit=2")).ok();
    let last = items(first.json()).pop().unwrap();
    match path {
        path if path.starts_with("/people") => {
            let person = format!("/people/{}", last["id"].as_str().unwrap());
            app.admin().patch(&person, json!({"name": "Ýý"})).if_match("*").ok();
        }
        path if path.starts_with("/units") => {
            let unit = format!("/units/{}", last["code"].as_str().unwrap());
            app.admin().patch(&unit, json!({"name": "Ýý"})).if_match("*").ok();
        }
        _ => {
            let (period, unit) = (last["period"].as_str().unwrap(), last["unit"].as_str().unwrap());
            let place = format!("{MOVEMENT}/submissions/{period}/{unit}");
            app.head(unit).act_on(&place, "submit", json!({})).is(200);
        }
    }
    let mut seen: BTreeSet<String> = items(first.json()).iter().map(named).collect();
    let mut next = first["next_cursor"].as_str().map(str::to_owned);
    while let Some(cursor) = next {
        let page = app.agency().get(&format!("{path}{joint}limit=2&cursor={cursor}")).ok();
        seen.extend(items(page.json()).iter().map(named));
        next = page["next_cursor"].as_str().map(str::to_owned);
    }
    let skipped: Vec<&String> = all.difference(&seen).collect();
    assert!(skipped.is_empty(), "{skipped:?}");
}

/// Every list with keys, and the keys that its description names.
const LISTS: [(&str, &str); 14] = [
    ("/people", "name, kind, valid_from"),
    ("/units", "code, name, kind, parent"),
    ("/accounts", "username, display_name, created_at"),
    ("/clients", "client_id, name, created_at"),
    ("/movements", "code, state, created_at"),
    ("/movements/thi-dua/submissions", "period, unit, state, first_submitted_at, updated_at"),
    (
        "/movements/thi-dua/submissions?as_of=2025-12-01T00:00:00Z",
        "period, unit, state, first_submitted_at, updated_at",
    ),
    ("/movements/thi-dua/submissions/inbox", "since, kind, period, unit, due_at"),
    ("/role-grants", "given, account, role, valid_from"),
    ("/movements/thi-dua/concerns", "raised_at, state, kind, title"),
    ("/movements/thi-dua/activities", "recorded, held_on, kind, state, title"),
    ("/movements/thi-dua/initiatives", "proposed_at, state, title"),
    ("/movements/thi-dua/awards/tap-the/nominations", "entered, state, group"),
    ("/movements/thi-dua/awards/tap-the/rankings", "created_at, as_of, mode, state"),
];

#[test]
fn every_list_sorts_by_its_keys_counts_and_names_them() {
    let app = TestApp::start();
    app.emulation();
    for unit in ["phong-kinh-te", "phong-vhxh"] {
        app.reported_on("2025-09", unit, 9, 10);
        app.appraised_dossier(unit, "8");
        let concern = json!({"unit": unit, "kind": "difficulty", "title": "Máy quét", "text": "Hỏng"});
        app.head(unit).post(&format!("{MOVEMENT}/concerns"), concern).created();
        let activity = json!({"unit": unit, "kind": "article", "title": "Bài viết", "held_on": "2025-09-05"});
        app.head(unit).post(&format!("{MOVEMENT}/activities"), activity).created();
        let initiative = json!({"title": "Mô hình", "summary": "Tóm tắt", "owners": [{"unit": unit}]});
        app.head(unit).post(&format!("{MOVEMENT}/initiatives"), initiative).created();
        let ranking = json!({"mode": "preview"});
        app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), ranking).created();
        app.somebody(unit, Some(unit));
        let client = json!({"client_id": format!("may.{unit}"), "name": "Máy", "scopes": []});
        app.admin().post("/clients", client).created();
    }
    for (path, keys) in LISTS {
        let who = if ["/accounts", "/clients", "/role-grants"].iter().any(|of_admins| path.starts_with(of_admins)) {
            app.admin()
        } else {
            app.agency()
        };
        let joint = if path.contains('?') { '&' } else { '?' };
        let whole = walk(&who, &format!("{path}{joint}count=true"), 200);
        assert!(whole.len() > 1 || path == "/movements", "{path} has something to sort");
        let counted = who.get(&format!("{path}{joint}count=true&limit=1")).ok();
        assert_eq!(counted["total"], whole.len(), "{path}");
        assert_eq!(who.get(path).ok()["total"], Value::Null, "{path}");
        let names: Vec<&str> = keys.split(", ").collect();
        let turned = names.iter().map(|name| format!("-{name}")).collect::<Vec<_>>().join(",");
        let mixed = format!("{},-{}", names[1], names[0]);
        let orders = names.iter().map(|name| (*name).to_owned()).chain([turned, mixed]);
        for order in orders {
            let sorted = walk(&who, &format!("{path}{joint}sort={order}"), 200);
            let same: BTreeSet<&String> = sorted.iter().collect();
            assert_eq!(same, whole.iter().collect(), "{path} by {order}");
            assert_eq!(walk(&who, &format!("{path}{joint}sort={order}"), 2), sorted, "{path} by {order}");
        }
        let unknown = who.get(&format!("{path}{joint}sort=ten")).problem(400, "query_invalid");
        let told = unknown.finding("/sort", "sort_unknown").text();
        assert!(told.contains(keys), "{told}");
        let twice = format!("{path}{joint}sort={0},-{0}", names[0]);
        who.get(&twice).problem(400, "query_invalid").finding("/sort", "sort_twice");
        let described = operation_of(path)["description"].as_str().unwrap().replace('\n', " ");
        assert!(names.iter().all(|name| described.contains(&format!("`{name}`"))), "{path}: {described}");
        let key = format!("-?({})", names.join("|"));
        assert_eq!(sort_of(path), format!("^{key}(,{key})*$"), "{path}");
    }
}

fn operation_of(path: &str) -> &'static Value {
    let path = path.split('?').next().unwrap();
    crate::support::spec::find("GET", &format!("/api/v1{path}")).expect("an operation").spec
}

/// What the document says that a `sort` may be.
fn sort_of(path: &str) -> &'static str {
    let parameters = operation_of(path)["parameters"].as_array().unwrap();
    let sort = parameters.iter().find(|one| one["name"] == "sort").expect("an order");
    sort["schema"]["pattern"].as_str().expect("its keys")
}

#[test]
fn a_cursor_is_of_its_own_order() {
    let app = TestApp::start();
    let first = app.agency().get("/units?limit=2&sort=name").ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    app.agency().get(&format!("/units?limit=2&sort=name&cursor={cursor}")).ok();
    for other in ["", "&sort=code", "&sort=-name", "&sort=name,code"] {
        let wrong = app.agency().get(&format!("/units?limit=2{other}&cursor={cursor}"));
        wrong.problem(400, "query_invalid").finding("/cursor", "cursor_invalid");
    }
}

/// Values that are of no row, as only somebody who makes a cursor by hand sends them.
#[rstest]
#[case("/people", r#"{"sort":"name","at":["an","no id"]}"#)]
#[case("/people", r#"{"sort":"name","at":["an"]}"#)]
#[case("/people?sort=valid_from", r#"{"sort":"valid_from","at":["1/9","0197a3b0-0000-7000-8000-000000000000"]}"#)]
#[case("/movements?sort=created_at", r#"{"sort":"created_at","at":["now","0197a3b0-0000-7000-8000-000000000000"]}"#)]
fn a_cursor_made_by_hand_is_refused(#[case] path: &str, #[case] cursor: &str) {
    let app = TestApp::start();
    let joint = if path.contains('?') { '&' } else { '?' };
    let cursor: String = cursor.bytes().map(|byte| format!("{byte:02x}")).collect();
    let wrong = app.agency().get(&format!("{path}{joint}cursor={cursor}"));
    wrong.problem(400, "query_invalid").finding("/cursor", "cursor_invalid");
}

#[rstest]
#[case("kinh+te", &["phong-kinh-te"])]
#[case("te+kinh", &["phong-kinh-te"])]
#[case("TH%C3%94N", &["thon-1", "thon-2"])]
#[case("thon-2", &["thon-2"])]
#[case("khong+co", &[])]
fn units_are_searched_by_words_in_any_order(#[case] q: &str, #[case] found: &[&str]) {
    let app = TestApp::start();
    let page = app.agency().get(&format!("/units?q={q}&count=true")).ok();
    let codes: Vec<&str> =
        page["items"].as_array().unwrap().iter().map(|unit| unit["code"].as_str().unwrap()).collect();
    assert_eq!((codes.as_slice(), &page["total"]), (found, &json!(found.len())));
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
