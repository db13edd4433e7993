//! Imports that are done after their answer: asked for, done as whoever asked, told to nobody else.

use reqwest::Method;
use serde_json::{Value, json};
use thidua::{jobs, server::JOBS};

use super::import::{path, rows};
use crate::support::{Answer, Client, Request, TestApp, story::Movement, wait};

fn ask(who: &Client, movement: &Movement, query: &str, rows: &[Value]) -> Request {
    who.post(&path(movement, query), json!(rows)).header("Prefer", "wait=10, Respond-Async")
}

/// Runs every job that is due.
fn work(app: &TestApp) {
    while wait(jobs::step(app.service(), JOBS)).unwrap() {}
}

fn place(accepted: &Answer) -> String {
    accepted.header("location").expect("its place").to_owned()
}

/// A unit's complete rows.
fn complete(movement: &Movement) -> Vec<Value> {
    rows("2025-07", "thon-1", &movement.report("thon-1"))
}

#[test]
fn it_is_done_later_and_answers_as_it_would_have_at_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (head, rows) = (app.head("thon-1"), complete(&movement));
    let at_once = head.post(&path(&movement, "submit=true&dry_run=true"), json!(rows)).ok();
    let records = app.records("true");
    let accepted = ask(&head, &movement, "submit=true", &rows).send().is(202);
    assert_eq!((&accepted["state"], &accepted["result"]), (&json!("queued"), &Value::Null));
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
    assert_eq!(head.get(&place(&accepted)).ok().json(), accepted.json());
    work(&app);
    let done = head.get(&place(&accepted)).ok();
    assert_eq!((&done["state"], &done["result"], &done["problem"]), (&json!("done"), at_once.json(), &Value::Null));
    assert_eq!((&done["received"], &done["done"]), (&json!(rows.len()), &json!(rows.len())));
    assert_eq!(movement.at("2025-07", "thon-1").get()["state"], "submitted");
    assert_eq!(app.count("SELECT 1 FROM import_chunks"), 0, "what was sent is forgotten");
    assert_eq!(app.records("true"), records + 2, "one of the asking, one of the import");
    let named = format!("r.account_id = '{}'", app.texts(&account(&head))[0]);
    assert_eq!(app.records(&format!("{named} AND r.names && ARRAY['{}']", &place(&accepted)["/api/v1/".len()..])), 1);
}

fn account(who: &Client) -> String {
    format!("SELECT id::text AS value FROM accounts WHERE username = '{}'", who.username)
}

#[test]
fn what_cannot_be_imported_is_told_as_the_problem_it_is() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (head, mut rows) = (app.head("thon-1"), complete(&movement));
    rows[0]["numerator"] = json!(-1);
    let at_once = head.post(&path(&movement, ""), json!(rows)).lang("en").problem(422, "import_rejected");
    let accepted = ask(&head, &movement, "", &rows).lang("en").send().is(202);
    work(&app);
    let failed = head.get(&place(&accepted)).ok();
    assert_eq!((&failed["state"], &failed["result"]), (&json!("failed"), &Value::Null));
    for member in ["code", "status", "title", "errors"] {
        assert_eq!(failed["problem"][member], at_once[member]);
    }
    assert_eq!(failed["problem"]["request_id"].as_str(), accepted.header("x-request-id"));
    assert_eq!(app.count("SELECT 1 FROM submissions") + app.count("SELECT 1 FROM import_chunks"), 0);
    let nonsense = head.post(&path(&movement, ""), json!([])).body("text/csv", "a,b\n1,2\n");
    let accepted = nonsense.header("Prefer", "respond-async").send().is(202);
    work(&app);
    assert_eq!(head.get(&place(&accepted)).ok()["problem"]["code"], "file_unreadable");
}

#[test]
fn rights_are_those_of_the_time_when_it_is_done() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (head, rows) = (app.head("thon-1"), complete(&movement));
    let accepted = ask(&head, &movement, "", &rows).send().is(202);
    app.sql("UPDATE role_grants SET ended_at = now()");
    work(&app);
    app.sql("UPDATE role_grants SET ended_at = NULL");
    assert_eq!(head.get(&place(&accepted)).ok()["problem"]["code"], "forbidden");
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
    // Who logs out meanwhile has asked all the same.
    let accepted = ask(&head, &movement, "", &rows).send().is(202);
    app.sql("UPDATE sign_ins SET ended_at = now(), ended_because = 'logged_out'");
    work(&app);
    assert_eq!(app.head("thon-1").get(&place(&accepted)).ok()["state"], "done");
}

#[test]
fn for_everybody_else_it_is_not_there() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let accepted = ask(&app.head("thon-1"), &movement, "", &complete(&movement)).send().is(202);
    let others = [app.reporter("thon-1"), app.agency(), app.chair(), app.elsewhere.head("thon-1")];
    for other in others {
        other.get(&place(&accepted)).problem(404, "not_found");
    }
    app.anon().get(&place(&accepted)).problem(401, "unauthenticated");
}

#[test]
fn what_is_refused_before_the_rows_are_read_is_refused_at_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = complete(&movement);
    ask(&app.chair(), &movement, "", &rows).problem(403, "forbidden");
    ask(&app.elsewhere.agency(), &movement, "", &rows).problem(404, "not_found");
    let agency = app.agency();
    ask(&agency, &movement, "on_behalf_reason=%20&on_behalf_source=a", &rows).problem(422, "content_invalid");
    agency
        .post(&path(&movement, ""), json!([]))
        .body("text/plain", "a")
        .header("Prefer", "respond-async")
        .problem(415, "import_media_type");
    app.chair().act_on(&movement.path, "close", json!({})).is(200);
    ask(&agency, &movement, "", &rows).problem(409, "movement_state");
    assert_eq!(app.count("SELECT 1 FROM imports"), 0);
}

#[test]
fn asked_with_a_key_or_taken_up_twice_it_is_done_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("thon-1");
    let request = ask(&head, &movement, "submit=true", &complete(&movement)).key("thang-7");
    let first = request.clone().send().is(202);
    let again = request.send().is(202);
    assert_eq!((place(&first), again.header("idempotency-replayed")), (place(&again), Some("true")));
    assert_eq!(app.count("SELECT 1 FROM imports"), 1);
    app.sql("INSERT INTO jobs SELECT gen_random_uuid(), name, payload, once, state, 0, run_at, NULL, NULL, created_at FROM jobs
        WHERE name = 'run_import'");
    work(&app);
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
    assert_eq!(app.records("r.action = 'import_submissions' AND r.names <> '{}'"), 1);
}

#[test]
fn what_breaks_off_again_and_again_is_given_up() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("thon-1");
    let accepted = ask(&head, &movement, "", &complete(&movement)).send().is(202);
    app.sql("UPDATE imports SET attempts = 5");
    work(&app);
    let failed = head.get(&place(&accepted)).ok();
    assert_eq!((&failed["state"], &failed["problem"]["code"]), (&json!("failed"), &json!("import_given_up")));
    assert_eq!(app.count("SELECT 1 FROM import_chunks"), 0);
}

#[test]
fn a_machine_asks_with_its_scopes() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let new = json!({"client_id": "phan-mem", "name": "Phần mềm", "scopes": ["submissions:draft"], "unit": "thon-1"});
    let secret = app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned();
    let form = format!("grant_type=client_credentials&client_id=phan-mem&client_secret={secret}");
    let token = app.anon().request(Method::POST, "/oauth/token").body("application/x-www-form-urlencoded", form).ok();
    let machine = app.anon().bearing(token["access_token"].as_str().unwrap());
    let accepted = ask(&machine, &movement, "", &complete(&movement)).send().is(202);
    work(&app);
    assert_eq!(machine.get(&place(&accepted)).ok()["state"], "done");
}

#[test]
fn a_dry_run_is_answered_at_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ask(&app.head("thon-1"), &movement, "dry_run=true", &complete(&movement)).ok();
}

#[test]
fn a_month_after_the_end_it_is_forgotten() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("thon-1");
    let accepted = ask(&head, &movement, "", &complete(&movement)).send().is(202);
    work(&app);
    app.at("2025-10-15T02:00:00Z");
    wait(
        app.service()
            .db
            .tx(async |conn| jobs::enqueue(conn, app.service(), &thidua::submissions::ForgetImports {}).await),
    )
    .unwrap();
    work(&app);
    head.get(&place(&accepted)).problem(404, "not_found");
}

#[test]
fn more_at_once_than_there_is_room_for_wait_and_are_told_to_come_back() {
    let app = TestApp::start_with(|config| config.imports = 1);
    let movement = app.hong_van();
    let (head, rows) = (app.head("thon-1"), complete(&movement));
    let turn = wait(app.service().imports.take()).unwrap();
    let refused = head.post(&path(&movement, ""), json!(rows)).problem(503, "turns_taken");
    assert_eq!(refused.header("retry-after"), Some("5"));
    // What is done later need not wait to be taken in.
    ask(&head, &movement, "", &rows).send().is(202);
    drop(turn);
    head.post(&path(&movement, ""), json!(rows)).ok();
}
