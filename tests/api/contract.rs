//! The OpenAPI document as a contract: committed as generated, every operation explained, every name unique.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use regex::Regex;
use serde_json::Value;
use thidua::http::MATRIX;

mod generators;
mod requests;
mod vocabulary;

use crate::{
    sources::sources,
    support::spec::{DOCUMENT, MADE, Operation, fits_request, operations, sample},
};

/// Rows of the access matrix whose operations are still to come.
const PENDING: [&str; 0] = [];

/// What operations do, first word of their ids.
const VERBS: [&str; 50] = [
    "adopt",
    "answer",
    "approve",
    "assess",
    "change",
    "check",
    "close",
    "compare",
    "conclude",
    "confirm",
    "consolidate",
    "correct",
    "create",
    "decide",
    "delete",
    "draft",
    "end",
    "excuse",
    "export",
    "get",
    "hold",
    "import",
    "launch",
    "lint",
    "list",
    "log",
    "mark",
    "merge",
    "nominate",
    "patch",
    "post",
    "postpone",
    "publish",
    "put",
    "recognise",
    "redeem",
    "refresh",
    "register",
    "reject",
    "release",
    "reopen",
    "replace",
    "replicate",
    "reply",
    "reset",
    "return",
    "revoke",
    "submit",
    "verify",
    "withdraw",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The operations for which something does not hold, by id.
fn without(holds: impl Fn(&Operation) -> bool) -> Vec<String> {
    operations().into_iter().filter(|operation| !holds(operation)).map(|operation| operation.id).collect()
}

fn says(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.trim().is_empty())
}

#[test]
fn the_committed_document_is_the_generated_one() {
    let committed = fs::read_to_string(root().join("openapi/openapi.json")).unwrap_or_default();
    let generated = thidua::openapi::text(&thidua::server::document());
    assert!(committed == generated, "openapi/openapi.json is stale; run make openapi and commit what changed");
}

#[test]
fn it_is_openapi_3_1_with_the_crates_version() {
    assert!(DOCUMENT["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(DOCUMENT["info"]["version"], env!("CARGO_PKG_VERSION"));
    for member in ["title", "description", "contact", "license"] {
        assert!(!DOCUMENT["info"][member].is_null(), "info has no {member}");
    }
}

#[test]
fn operation_ids_are_unique_and_begin_with_a_verb() {
    let ids: Vec<String> = operations().into_iter().map(|operation| operation.id).collect();
    let unique: BTreeSet<&String> = ids.iter().collect();
    assert_eq!(unique.len(), ids.len());
    let odd = without(|operation| VERBS.contains(&operation.id.split('_').next().unwrap_or_default()));
    assert!(odd.is_empty(), "no verb of ours begins {odd:?}");
}

#[test]
fn every_operation_is_explained() {
    assert_eq!(without(|operation| says(&operation.spec["summary"])), [""; 0], "no summary");
    assert_eq!(without(|operation| says(&operation.spec["description"])), [""; 0], "no description");
    let known: Vec<&Value> = DOCUMENT["tags"].as_array().unwrap().iter().map(|tag| &tag["name"]).collect();
    let tagged = |operation: &Operation| {
        operation.spec["tags"].as_array().is_some_and(|tags| tags.iter().all(|tag| known.contains(&tag)))
    };
    assert_eq!(without(tagged), [""; 0], "no tag of ours");
    let responses = |operation: &Operation| {
        let responses = operation.spec["responses"].as_object().unwrap();
        !responses.is_empty() && responses.values().all(|response| says(&response["description"]))
    };
    assert_eq!(without(responses), [""; 0], "a response without description");
    let parameters = |operation: &Operation| {
        operation.spec["parameters"].as_array().into_iter().flatten().all(|parameter| says(&parameter["description"]))
    };
    assert_eq!(without(parameters), [""; 0], "a parameter without description");
}

#[test]
fn every_operation_declares_the_problems_it_may_answer() {
    let guarded = |operation: &Operation| {
        let declared =
            |status: &str| operation.spec["responses"][status]["content"].get("application/problem+json").is_some();
        operation.spec["x-roles"].is_null() || ["401", "403", "404", "default"].iter().all(|status| declared(status))
    };
    assert_eq!(without(guarded), [""; 0]);
}

#[test]
fn every_operation_of_the_api_has_its_row_of_access_and_every_row_its_operation() {
    let rows: BTreeMap<&str, _> = MATRIX.iter().copied().collect();
    assert_eq!(rows.len(), MATRIX.len(), "a row stands twice");
    let api: BTreeSet<String> =
        operations().into_iter().filter(|operation| operation.path.starts_with("/api/")).map(|o| o.id).collect();
    let open: Vec<&String> = api.iter().filter(|id| !rows.contains_key(id.as_str())).collect();
    assert!(open.is_empty(), "no row says who may do {open:?}");
    let idle: Vec<&&str> = rows.keys().filter(|id| !api.contains(**id) && !PENDING.contains(id)).collect();
    assert!(idle.is_empty(), "rows for nothing: {idle:?}");
}

/// utoipa keeps the last of two types of one name, schemars tells them apart by a digit.
#[test]
fn schemas_have_names_of_their_own() {
    let names: Vec<&String> = DOCUMENT["components"]["schemas"].as_object().unwrap().keys().collect();
    let numbered: Vec<_> = names.iter().filter(|name| name.ends_with(|c: char| c.is_ascii_digit())).collect();
    assert!(numbered.is_empty(), "two types of one name: {numbered:?}");
    let derived = Regex::new(
        r"derive\([^)]*\bToSchema\b[^)]*\)\]((?:\s*#\[[^\n]*\]|\s*//[^\n]*)*)\s*(?:pub(?:\([a-z]+\))? )?(?:struct|enum) (\w+)",
    );
    let (derived, renamed) = (derived.unwrap(), Regex::new(r"schema\(as = (\w+)").unwrap());
    let mut seen: BTreeMap<String, String> = BTreeMap::new();
    for source in sources("src") {
        for found in derived.captures_iter(&source.text) {
            let name = renamed.captures(&found[1]).map_or(found[2].to_owned(), |renamed| renamed[1].to_owned());
            let before = seen.insert(name.clone(), source.path.clone());
            assert!(before.is_none(), "{name} stands in {} and in {}", before.unwrap(), source.path);
        }
    }
    assert!(seen.len() > 30, "the search finds no types any more");
}

#[test]
fn every_reference_leads_somewhere() {
    fn walk(value: &Value, missing: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => members.iter().for_each(|(name, member)| match member.as_str() {
                Some(target) if name == "$ref" => {
                    if MADE
                        .pointer(target.trim_start_matches('#'))
                        .is_none_or(|schema| schema == &serde_json::json!({}))
                    {
                        missing.insert(target.to_owned());
                    }
                }
                _ => walk(member, missing),
            }),
            Value::Array(items) => items.iter().for_each(|item| walk(item, missing)),
            _ => {}
        }
    }
    let mut missing = BTreeSet::new();
    walk(&MADE, &mut missing);
    assert!(missing.is_empty(), "described nowhere: {missing:?}");
}

/// The generator passes over query types that `params(…)` does not name, and the guard then refuses the parameters.
#[test]
fn query_types_are_documented() {
    let handler =
        Regex::new(r"(?s)#\[utoipa::path\((.*?)\)\]\s*#\[\w+\([^\]]*\)\]\s*(?:pub )?async fn (\w+)\((.*?)\) ->")
            .unwrap();
    let query = Regex::new(r"Query<(\w+)>").unwrap();
    let mut handlers = 0;
    for source in sources("src") {
        for found in handler.captures_iter(&source.text) {
            handlers += 1;
            for asked in query.captures_iter(&found[3]) {
                let named = Regex::new(&format!(r"params\([^)]*\b{}\b", &asked[1])).unwrap();
                assert!(
                    named.is_match(&found[1]),
                    "{}: {} takes {} but params(…) does not name it",
                    source.path,
                    &found[2],
                    &asked[0]
                );
            }
        }
    }
    assert_eq!(handlers, operations().len());
}

#[test]
fn examples_fit_their_schemas() {
    for operation in operations() {
        let Some(body) = sample(&operation) else { continue };
        fits_request(&operation, &body).unwrap_or_else(|wrong| panic!("{}: {body}: {wrong}", operation.id));
    }
}

#[test]
fn a_get_of_one_thing_tells_of_304() {
    let one = |operation: &Operation| {
        let single = operation.method == "GET" && operation.path.starts_with("/api/") && operation.path.ends_with('}');
        !single || says(&operation.spec["responses"]["304"]["description"])
    };
    assert_eq!(without(one), [""; 0]);
}
