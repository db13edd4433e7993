//! Every operation × every role: who may never, never does; who may, is never told that they may not.

mod cells;

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::Value;
use thidua::http::{Access, access};

use crate::support::{
    Answer, Client, TestApp,
    spec::{Operation, operations, sample},
};

/// Asks for an operation with what the document gives as examples.
pub fn ask(client: &Client, operation: &Operation) -> Answer {
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
