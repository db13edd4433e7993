//! What a change of the tree asks of the database: a few statements, however many units and reports there are.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

/// The statements of a move of a hamlet that every cut-off day sees.
fn move_of_a_unit(app: &TestApp) -> Vec<String> {
    let admin = app.admin();
    let unit = admin.get("/units/thon-1").ok();
    let above = if unit["parent"].is_null() { json!("van-phong") } else { json!(null) };
    let patch = admin.patch("/units/thon-1", json!({"parent": above, "valid_from": "2025-07-02"}));
    app.statements(|| patch.if_match(&unit.etag()).ok())
}

/// A movement with the small plan, launched under a code of its own.
fn launched(app: &TestApp, code: &str) {
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    plan["code"] = json!(code);
    let made = app.agency().post("/movements", plan).created();
    app.chair().post(&format!("/movements/{code}/launch"), json!({})).if_match(&made.etag()).ok();
}

#[test]
fn a_change_of_a_unit_sends_as_many_statements_however_much_was_reported() {
    let app = TestApp::start();
    app.emulation();
    move_of_a_unit(&app);
    let few = move_of_a_unit(&app);
    app.at("2025-10-16T02:00:00Z");
    for (period, unit) in [("2025-09", "phong-kinh-te"), ("2025-10", "phong-kinh-te"), ("2025-10", "phong-vhxh")] {
        app.reported_on(period, unit, 90, 100);
    }
    ["phong-trao-2", "phong-trao-3", "phong-trao-4"].into_iter().for_each(|code| launched(&app, code));
    move_of_a_unit(&app);
    let many = move_of_a_unit(&app);
    assert_eq!(few.len(), many.len(), "{many:#?}");
    assert!(many.len() <= 17, "{} statements: {many:#?}", many.len());
    let loads = |table: &str| many.iter().filter(|sent| sent.starts_with("SELECT") && sent.contains(table)).count();
    assert_eq!((loads("unit_versions"), loads("revision_values")), (1, 1), "{many:#?}");
}

#[test]
fn a_name_asks_for_no_report() {
    let app = TestApp::start();
    app.emulation();
    let (admin, tag) = (app.admin(), app.admin().get("/units/phong-kinh-te").ok().etag());
    let named =
        admin.patch("/units/phong-kinh-te", json!({"name": "Phòng Kinh tế và Đô thị", "valid_from": "2025-07-02"}));
    let sent = app.statements(|| named.if_match(&tag).ok());
    assert!(!sent.iter().any(|sent| sent.contains("revision_values")), "{sent:#?}");
}

#[test]
fn an_import_sends_as_many_statements_however_many_units_it_brings() {
    let app = TestApp::start();
    app.emulation();
    let admin = app.admin();
    let import = |units: usize, name: &str, from: &str| {
        let row = |n| json!({"code": format!("thon-{from}-{n}"), "name": name, "kind": "hamlet", "valid_from": from});
        let rows: Vec<Value> = (0..units).map(row).collect();
        let post = admin.post("/units/import", json!(rows));
        let mut answer: Option<Answer> = None;
        let sent = app.statements(|| answer = Some(post.ok()));
        (sent, answer.unwrap()["created"].clone())
    };
    import(1, "Thôn", "2025-07-02");
    let (few, _) = import(2, "Thôn", "2025-07-03");
    let (many, created) = import(200, "Thôn", "2025-07-04");
    assert_eq!(created, json!(200));
    let (known, created) = import(200, "Làng", "2025-07-04");
    assert_eq!(created, json!(0));
    assert_eq!(few.len(), many.len(), "{many:#?}");
    assert!(many.len() <= 16, "{} statements: {many:#?}", many.len());
    assert!(known.len() <= many.len(), "a name asks for no report: {known:#?}");
}
