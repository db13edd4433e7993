//! From the ranked list to published certificates: proposals, what is heard about them, decisions, papers, publication.

mod decisions;
mod hearing;
mod killed;
mod papers;
mod proposals;
mod public;
mod publication;
mod story;

use serde_json::{Value, json};

use crate::support::{Answer, MOVEMENT, Request, TestApp};

/// Units that are nominated, the best first, with their points.
const UNITS: [(&str, &str); 4] =
    [("phong-kinh-te", "30"), ("phong-vhxh", "25"), ("van-phong", "20"), ("mat-tran", "20")];

/// A movement with an award for two of four verified collectives, and its official run.
fn ranked() -> (TestApp, String) {
    ranked_of(|_| ())
}

/// The same with another plan.
fn ranked_of(change: impl FnOnce(&mut Value)) -> (TestApp, String) {
    ranked_on(TestApp::start(), change, |_| ())
}

/// The same, with what the dossiers rely on: recognised initiatives of the units are named by them.
fn ranked_on(app: TestApp, change: impl FnOnce(&mut Value), before: impl FnOnce(&TestApp)) -> (TestApp, String) {
    app.emulation_of(|plan| {
        let group = &mut plan["groups"][0];
        group["kinds"] = json!(["division", "office", "front"]);
        let criteria = group["criteria"].as_array_mut().unwrap();
        criteria.truncate(2);
        criteria[1]["max"] = json!("100");
        plan["awards"][0]["groups"] = json!(["don-vi"]);
        plan["awards"][0]["quota"] = json!(2);
        plan["groups"].as_array_mut().unwrap().remove(1);
        change(plan);
    });
    before(&app);
    let ideas = app.agency().get(&format!("{MOVEMENT}/initiatives")).ok();
    for (unit, points) in UNITS {
        let own = ideas["items"].as_array().unwrap().iter().filter(|one| one["owners"][0]["code"] == unit);
        app.appraised_dossier_with(unit, points, own.map(|one| one["id"].clone()).collect());
    }
    let run = run(&app);
    (app, run)
}

/// An official run; its id.
fn run(app: &TestApp) -> String {
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "official"})).created();
    run["id"].as_str().unwrap().to_owned()
}

fn proposals() -> String {
    format!("{MOVEMENT}/awards/tap-the/proposals")
}

/// A proposal of the agency.
fn propose(app: &TestApp, run: &str, selected: &[&str], more: Value) -> Request {
    let mut body = json!({"ranking": run, "selected": selected});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    app.agency().post(&proposals(), body)
}

/// The proposal that the ranking advises; its path.
fn proposed(app: &TestApp, run: &str) -> String {
    path(&propose(app, run, &["phong-kinh-te", "phong-vhxh"], json!({})).created())
}

fn path(made: &Answer) -> String {
    made.header("location").unwrap().to_owned()
}

/// The same, without a posting: ready.
fn posted(app: &TestApp, run: &str) -> String {
    let proposal = proposed(app, run);
    app.agency().post(&format!("{proposal}/post"), json!({"working_days": 0})).ok();
    proposal
}

/// The decision that follows the proposal; its path.
fn decided(app: &TestApp, run: &str) -> String {
    let body = json!({"accepted": ["phong-kinh-te", "phong-vhxh"], "signed_as": "chair"});
    path(&app.chair().post(&format!("{}/decide", posted(app, run)), body).created())
}

/// The same with this number of today.
fn registered(app: &TestApp, run: &str, number: u32) -> String {
    let decision = decided(app, run);
    app.agency().post(&format!("{decision}/register"), json!({"number": number, "date": "2025-09-10"})).ok();
    decision
}

/// The same with certificates.
fn certified(app: &TestApp, run: &str, number: u32) -> String {
    let decision = registered(app, run, number);
    app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    decision
}

/// The same, published by the chair without the signed paper.
fn published(app: &TestApp, run: &str, number: u32) -> String {
    let decision = certified(app, run, number);
    app.chair().post(&format!("{decision}/publish"), json!({"reason": "Chưa quét văn bản"})).ok();
    decision
}

fn hold(app: &TestApp, unit: &str) {
    let why = json!({"reason": "Đơn khiếu nại", "source": "Đơn ngày 01/12/2025"});
    app.agency().act_on(&crate::support::dossier("tap-the", unit), "hold", why).is(200);
}

/// What is missing, by code.
fn missing(app: &TestApp, proposal: &str) -> Vec<String> {
    let readiness = app.chair().get(&format!("{proposal}/readiness")).ok();
    assert_eq!(readiness["ready"], readiness["missing"].as_array().unwrap().is_empty());
    let code = |one: &Value| one["code"].as_str().unwrap().to_owned();
    readiness["missing"].as_array().unwrap().iter().map(code).collect()
}
