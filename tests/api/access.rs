//! Every operation × every role: who may never, never does; who may, is never told that they may not.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use thidua::http::{ALL, Access, Role, access};

use crate::support::{
    Answer, Client, TestApp,
    spec::{Operation, operations, sample},
};

/// Somebody of each role, of the unit that the paths name.
fn holder(app: &TestApp, role: Role) -> Client {
    match role {
        Role::Reporter => app.reporter("phong-kinh-te"),
        Role::UnitHead => app.head("phong-kinh-te"),
        Role::StandingAgency => app.agency(),
        Role::CouncilMember => app.council_member(),
        Role::Chair => app.chair(),
        Role::Auditor => app.auditor(),
        Role::LocalityAdmin => app.admin(),
        Role::CityViewer => app.city_viewer().of_locality("10210"),
        Role::CityAdmin => app.city_admin().of_locality("10210"),
    }
}

/// Asks for an operation with what the document gives as examples.
fn ask(client: &Client, operation: &Operation) -> Answer {
    let parameters = || operation.spec["parameters"].as_array().into_iter().flatten();
    let words = |value: &Value| value.as_str().map_or(value.to_string(), str::to_owned);
    let path =
        parameters().filter(|parameter| parameter["in"] == "path").fold(operation.path.clone(), |path, parameter| {
            path.replace(&format!("{{{}}}", words(&parameter["name"])), &words(&parameter["example"]))
        });
    let needed = parameters().filter(|parameter| parameter["in"] == "query" && parameter["required"] == true);
    let query: Vec<String> = needed.map(|p| format!("{}={}", words(&p["name"]), words(&p["example"]))).collect();
    let path = if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) };
    let request = client.request(Method::from_bytes(operation.method.as_bytes()).unwrap(), &path);
    let request = if operation.method == "GET" { request } else { request.if_match("*") };
    match sample(operation) {
        Some(body) => request.json(body).send(),
        None => request.send(),
    }
}

fn guarded() -> impl Iterator<Item = (Operation, BTreeSet<String>)> {
    operations().into_iter().filter_map(|operation| {
        let roles =
            operation.spec["x-roles"].as_array()?.iter().map(|role| role.as_str().unwrap().to_owned()).collect();
        Some((operation, roles))
    })
}

#[test]
fn without_a_token_only_public_operations_answer() {
    let app = TestApp::start();
    for operation in operations() {
        let answer = ask(&app.anon(), &operation);
        match operation.spec["x-roles"].is_null() {
            true => assert_ne!(answer.status(), 403, "{answer}"),
            false => drop(answer.problem(401, "unauthenticated")),
        }
    }
}

#[test]
fn a_role_that_may_not_never_does() {
    let app = TestApp::start();
    app.hong_van();
    let mut told = 0;
    for (operation, roles) in guarded() {
        for role in ALL.iter().filter(|role| !roles.contains(&name(**role))) {
            let answer = ask(&holder(&app, *role), &operation);
            assert!([403, 404].contains(&answer.status()), "{role:?} may not {}: {answer}", operation.id);
            told += usize::from(answer.status() == 403);
        }
    }
    assert!(told > 100, "only {told} of the refusals are about the role: the paths lead nowhere");
}

#[test]
fn a_role_that_may_is_never_told_otherwise() {
    let app = TestApp::start();
    app.hong_van();
    for (operation, roles) in guarded() {
        for role in ALL.iter().filter(|role| roles.contains(&name(**role))) {
            let answer = ask(&holder(&app, *role), &operation);
            assert!(![401, 403].contains(&answer.status()), "{role:?} may {}: {answer}", operation.id);
        }
    }
}

#[test]
fn an_account_without_a_role_may_nothing_but_ask_who_it_is() {
    let app = TestApp::start();
    app.hong_van();
    let nobody = app.agency_2();
    app.sql("DELETE FROM role_grants USING accounts WHERE account_id = accounts.id AND username LIKE 'agency-2%'");
    for (operation, _) in guarded().filter(|(operation, _)| access(&operation.id) != Access::SignedIn) {
        let answer = ask(&nobody, &operation);
        assert!([403, 404].contains(&answer.status()), "{}: {answer}", operation.id);
    }
}

#[test]
fn what_is_elsewhere_is_not_there() {
    let app = TestApp::start();
    app.hong_van();
    for (operation, roles) in guarded().filter(|(operation, _)| operation.path.contains("{movement}")) {
        for role in ALL.iter().filter(|role| !role.is_of_city() && roles.contains(&name(**role))) {
            let client = match role {
                Role::Reporter => app.elsewhere.reporter("phong-kinh-te"),
                Role::UnitHead => app.elsewhere.head("phong-kinh-te"),
                Role::StandingAgency => app.elsewhere.agency(),
                Role::CouncilMember => app.elsewhere.council_member(),
                Role::Chair => app.elsewhere.chair(),
                Role::Auditor => app.elsewhere.auditor(),
                _ => app.elsewhere.admin(),
            };
            ask(&client, &operation).problem(404, "not_found");
        }
    }
}

fn name(role: Role) -> String {
    serde_json::to_value(role).unwrap().as_str().unwrap().to_owned()
}
