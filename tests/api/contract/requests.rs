//! What the document says of requests is what the service takes: texts, forms, versions, words of paths.

use std::collections::BTreeSet;

use regex::Regex;
use serde_json::{Value, json};
use thidua::{movements::lint::lint, text::is_forbidden};

use crate::support::{
    TestApp,
    spec::{MADE, Operation, operations},
};

/// Every schema of what is sent, with its path.
fn sent(operation: &Operation, see: &mut impl FnMut(&str, &Value)) {
    let mut named = BTreeSet::new();
    walk(&operation.id, &operation.spec["requestBody"]["content"], &mut named, see);
    for parameter in operation.spec["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "query" {
            walk(&format!("{}?{}", operation.id, parameter["name"]), &parameter["schema"], &mut named, see);
        }
    }
}

fn walk(at: &str, value: &Value, named: &mut BTreeSet<String>, see: &mut impl FnMut(&str, &Value)) {
    match value {
        Value::Object(members) => {
            see(at, value);
            if let Some(target) = value["$ref"].as_str().filter(|target| named.insert((*target).to_owned())) {
                walk(target, MADE.pointer(&target[1..]).expect("a component"), named, see);
            }
            let schemas =
                members.iter().filter(|(name, _)| !["example", "examples", "default"].contains(&name.as_str()));
            schemas.for_each(|(name, member)| walk(&format!("{at}/{name}"), member, named, see));
        }
        Value::Array(items) => items.iter().for_each(|item| walk(at, item, named, see)),
        _ => {}
    }
}

fn is(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || schema["type"].as_array().is_some_and(|types| types.contains(&json!(kind)))
}

#[test]
fn the_pattern_of_a_text_permits_what_the_service_takes() {
    let pattern = &MADE["components"]["schemas"]["TextUpTo2000Characters"]["pattern"];
    let pattern = Regex::new(pattern.as_str().expect("a pattern")).unwrap();
    // Without Unicode's flag, JavaScript knows no character above.
    for c in char::MIN..='\u{FFFF}' {
        assert_eq!(pattern.is_match(&format!("a{c}b")), !is_forbidden(c), "{c:?}");
    }
}

#[test]
fn every_text_that_is_sent_says_what_it_may_hold() {
    let mut unsaid = BTreeSet::new();
    for operation in operations() {
        sent(&operation, &mut |at, schema| {
            let says = ["pattern", "format", "enum", "const"].iter().any(|member| !schema[*member].is_null());
            if is(schema, "string") && !says {
                unsaid.insert(at.to_owned());
            }
        });
    }
    assert!(unsaid.is_empty(), "without a pattern: {unsaid:#?}");
}

#[test]
fn a_body_takes_no_member_that_it_does_not_name() {
    for operation in operations() {
        let content = operation.spec["requestBody"]["content"].as_object().into_iter().flatten();
        // An OAuth form may hold more (RFC 6749, section 3.2).
        for (_, content) in content.filter(|(form, _)| *form != "application/x-www-form-urlencoded") {
            walk(&operation.id, content, &mut BTreeSet::new(), &mut |at, schema| {
                let is_closed = schema["additionalProperties"] == false;
                assert!(!is(schema, "object") || !schema["properties"].is_object() || is_closed, "{at} is open");
                let is_map = schema["additionalProperties"].is_object();
                let names = &schema["propertyNames"];
                let names = names["$ref"].as_str().and_then(|target| MADE.pointer(&target[1..])).unwrap_or(names);
                assert!(!is_map || names["pattern"].is_string(), "{at} takes any name");
            });
        }
    }
}

#[test]
fn a_form_sends_no_null() {
    for operation in operations() {
        for form in ["multipart/form-data", "application/x-www-form-urlencoded"] {
            let content = &operation.spec["requestBody"]["content"][form];
            walk(&operation.id, content, &mut BTreeSet::new(), &mut |at, schema| assert!(!is(schema, "null"), "{at}"));
        }
    }
}

#[test]
fn what_cannot_create_a_thing_requires_the_version_of_one() {
    for operation in operations() {
        let parameters = operation.spec["parameters"].as_array().into_iter().flatten();
        let conditions: Vec<&Value> = parameters.filter(|one| one["name"] == "If-Match").collect();
        let creates = !operation.spec["responses"]["201"].is_null();
        assert!(conditions.iter().all(|one| one["required"] == !creates), "{}", operation.id);
    }
}

/// Words that stand in a path where others have a code, each with the name of the code: `…/progress/trend` beside
/// `…/progress/{indicator}`.
fn words_beside_codes() -> BTreeSet<(String, String)> {
    let paths: BTreeSet<&str> = MADE["paths"].as_object().unwrap().keys().map(String::as_str).collect();
    let named = |path: &str| {
        let (above, last) = path.rsplit_once('/')?;
        Some((above.to_owned(), last.strip_prefix('{')?.strip_suffix('}')?.to_owned()))
    };
    let codes: Vec<(String, String)> = paths.iter().filter_map(|path| named(path)).collect();
    let beside = |path: &&str| {
        let (above, word) = path.rsplit_once('/').unwrap();
        let code = codes.iter().find(|(other, _)| other == above).filter(|_| !word.starts_with('{'))?;
        Some((code.1.clone(), word.to_owned()))
    };
    paths.iter().filter_map(beside).collect()
}

#[test]
fn no_code_is_a_word_that_a_path_has_in_its_place() {
    let app = TestApp::start();
    let refused = |kind: &str, word: &str| match kind {
        // A number is no word, and neither is an id.
        "version" | "revision" | "id" => true,
        "indicator" => is_reserved("/indicators/0/code", word),
        "criterion" => is_reserved("/groups/0/criteria/0/code", word),
        // A candidate is a unit or an id.
        "unit" | "candidate" => {
            let unit = json!([{"code": word, "name": "Tổ", "kind": "team", "valid_from": "2025-09-01"}]);
            let answer = app.admin().post("/units/import", unit).problem(422, "import_rejected");
            answer.finding("/code", "code_reserved");
            true
        }
        "username" => {
            let account = json!({"username": word, "display_name": "Ai đó"});
            let answer = app.admin().post("/accounts", account).problem(422, "content_invalid");
            answer.finding("/username", "code_reserved");
            true
        }
        _ => false,
    };
    let words = words_beside_codes();
    assert!(words.contains(&("indicator".into(), "trend".into())), "{words:?}");
    for (kind, word) in words {
        assert!(refused(&kind, &word), "{word} could be a {kind}, and nobody could read it");
    }
}

/// Whether lint refuses a plan with this code.
fn is_reserved(pointer: &str, code: &str) -> bool {
    let mut plan: Value = serde_json::from_str(include_str!("../../../plans/example-calendar.json")).unwrap();
    *plan.pointer_mut(pointer).unwrap() = code.into();
    let findings = lint(&serde_json::from_value(plan).unwrap());
    findings.iter().any(|one| one.code == "code_reserved" && one.pointer == pointer && !one.warning)
}
