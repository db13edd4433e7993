//! What a request costs: the statements that ten operations send, counted. A second run of each is counted, for a first
//! one makes connections and what is held in memory ready.

use serde_json::{Value, json};

use super::approvals::{approve, crowd, item};
use crate::support::{MOVEMENT, TestApp, story::Movement};

fn cost(app: &TestApp, work: impl FnOnce()) -> usize {
    let sent = app.statements(work);
    if std::env::var_os("THIDUA_SHOW_STATEMENTS").is_some() {
        eprintln!("{sent:#?}");
    }
    sent.len()
}

/// What a read costs that is computed, and what it costs again while nothing has changed.
fn read(app: &TestApp, path: &str) -> (usize, usize) {
    let read = || drop(app.agency().get(path).ok());
    read();
    app.somebody("Trần Văn An", None);
    (cost(app, read), cost(app, read))
}

/// A report that is put, submitted and approved; the costs of the three.
fn walk(app: &TestApp, movement: &Movement, unit: &str) -> [usize; 3] {
    let (place, report) = (movement.at("2025-07", unit), movement.report(unit));
    place.draft(&report).is(201);
    let put = place.put(&app.reporter(unit), &report);
    let put = cost(app, || drop(put.ok()));
    let submit = place.act(&app.head(unit), "submit", json!({}));
    let submit = cost(app, || drop(submit.ok()));
    let approve = place.act(&app.agency(), "approve", json!({}));
    [put, submit, cost(app, || drop(approve.ok()))]
}

/// Twenty approvals in one request.
fn approve_many(app: &TestApp, movement: &Movement, first: usize) -> usize {
    let items: Vec<Value> = (first..first + 20).map(|n| item(&format!("u-{n}"), "\"2\"")).collect();
    let approval = approve(&app.agency(), movement, "", json!(items));
    cost(app, || assert_eq!(approval.send().is(207)["approved"], 20))
}

/// One report's rows, imported as a new draft.
fn import(app: &TestApp, movement: &Movement, unit: &str) -> usize {
    let rows = super::import::rows("2025-07", unit, &movement.report(unit));
    let import = app.reporter(unit).post(&super::import::path(movement, ""), json!(rows));
    cost(app, || drop(import.ok()))
}

#[test]
fn ten_operations_send_so_many_statements() {
    let app = TestApp::start();
    let movement = app.hong_van();
    crowd(&app, &movement, 40);
    walk(&app, &movement, "thon-1");
    let [put, submit, approve] = walk(&app, &movement, "thon-2");
    import(&app, &movement, "mat-tran");
    let import = import(&app, &movement, "phong-kinh-te");
    let submission = read(&app, &movement.at("2025-07", "thon-2").path);
    let list = read(&app, &format!("{}/submissions", movement.path));
    let progress_one = read(&app, &format!("{}/progress/CCHC-05", movement.path));
    let progress_all = read(&app, &format!("{}/progress", movement.path));
    approve_many(&app, &movement, 1);
    let approvals = approve_many(&app, &movement, 21);
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "8");
    let rank = || {
        drop(app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "official"})).created())
    };
    rank();
    let ranking = cost(&app, rank);
    let costs = [
        ("GET of a submission", submission.0, 3),
        ("GET of a submission, again", submission.1, 3),
        ("list of submissions", list.0, 5),
        ("list of submissions, again", list.1, 2),
        ("progress of one indicator", progress_one.0, 6),
        ("progress of one indicator, again", progress_one.1, 2),
        ("progress of all", progress_all.0, 11),
        ("progress of all, again", progress_all.1, 2),
        ("PUT of a draft", put, 9),
        ("submit", submit, 13),
        ("approve", approve, 12),
        ("approve 20", approvals, 12),
        ("import", import, 9),
        ("official ranking", ranking, 25),
    ];
    let held = costs.map(|(operation, _, allowed)| (operation, allowed));
    assert_eq!(costs.map(|(operation, sent, _)| (operation, sent)), held);
}
