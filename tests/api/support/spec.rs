//! The OpenAPI document as a judge: the operation is found by method and path, its answer must have a declared status
//! and media type, and a body that fits the declared schema and holds nothing else. A body that was taken (2xx) must
//! fit the declared request schema.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use jsonschema::{Draft, Validator};
use serde_json::{Value, json};

use super::client::Answer;

const PROBLEM: &str = "application/problem+json";

/// What says nothing of the operation itself, and is declared by its default answer.
const BY_DEFAULT: [&str; 6] = ["400", "408", "413", "415", "429", "503"];

/// The document as the service makes it.
pub static MADE: LazyLock<Value> = LazyLock::new(thidua::server::document);

/// The document with answers and parameters at their places, and the examples of parameters beside them.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let mut document = MADE.clone();
    let resolve = |value: &mut Value| {
        if let Some(target) = value["$ref"].as_str() {
            *value = MADE.pointer(target.trim_start_matches('#')).expect("a component").clone();
        }
    };
    let items = document["paths"].as_object_mut().expect("paths").values_mut();
    for operation in items.flat_map(|item| item.as_object_mut().expect("operations").values_mut()) {
        operation["responses"].as_object_mut().expect("answers").values_mut().for_each(resolve);
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            resolve(parameter);
            let example = parameter["schema"]["examples"][0].clone();
            if !example.is_null() {
                parameter["example"] = example;
            }
        }
    }
    document
});

/// Components with nothing allowed that they do not declare: an answer may not say more than the document.
static CLOSED: LazyLock<Value> = LazyLock::new(|| {
    let mut components = DOCUMENT["components"].clone();
    let document = DOCUMENT.to_string();
    for (name, schema) in components["schemas"].as_object_mut().expect("schemas") {
        // A part of some allOf does not know the other parts.
        let is_part = document.contains(&format!("\"allOf\":[{{\"$ref\":\"#/components/schemas/{name}\"}}"));
        if !is_part {
            close(schema);
        }
    }
    components
});

/// One operation of the document.
pub struct Operation {
    pub method: String,
    pub path: String,
    pub id: String,
    pub spec: &'static Value,
}

/// Every operation of the document.
pub fn operations() -> Vec<Operation> {
    let paths = DOCUMENT["paths"].as_object().expect("paths");
    paths
        .iter()
        .flat_map(|(path, item)| {
            item.as_object().into_iter().flatten().map(|(method, spec)| Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                id: spec["operationId"].as_str().unwrap_or_default().to_owned(),
                spec,
            })
        })
        .collect()
}

/// Says in what the answer differs from the document.
pub fn check(answer: &Answer) -> Result<(), String> {
    let Some(operation) = find(answer.method(), answer.path()) else {
        return check_outside(answer);
    };
    if answer.status() == 405 {
        // A method of the template beside a literal path, which is the path's own.
        return check_outside(answer);
    }
    let status = answer.status().to_string();
    if status == "304" && answer.method() == "GET" {
        return if answer.text().is_empty() { Ok(()) } else { Err("a 304 has no body".into()) };
    }
    let responses = &operation.spec["responses"];
    let is_other = responses[&status].is_null() && BY_DEFAULT.contains(&status.as_str());
    let declared = &responses[if is_other { "default" } else { &status }];
    if declared.is_null() {
        return Err(format!("{} does not declare {status}", operation.id));
    }
    if answer.status() < 300 {
        for name in ["ETag", "Location"] {
            let (told, sent) = (!declared["headers"][name].is_null(), answer.header(name).is_some());
            // A year that nobody wrote down and a report that nobody has begun have no version yet.
            let begun = !["get_calendar", "get_submission"].contains(&operation.id.as_str());
            if told != sent && (begun || sent) {
                let how = if sent { "not declared" } else { "not sent" };
                return Err(format!("{} {status}: {name} is {how}", operation.id));
            }
        }
    }
    let media_type = media_type(answer);
    let content = &declared["content"];
    let Some(schema) = content.get(&media_type).map(|media| &media["schema"]) else {
        let silent = content.is_null() && answer.text().is_empty();
        return if silent { Ok(()) } else { Err(format!("{media_type:?} is not declared for {status}")) };
    };
    // The token endpoint answers in the words of RFC 6749 beside those of a problem.
    if answer.status() >= 400 && media_type != PROBLEM && operation.id != "create_token" {
        return Err("an error is a problem".into());
    }
    if media_type.ends_with("json") {
        fits(&format!("{} {status}", operation.id), schema, answer.json(), true)?;
    }
    match answer.sent() {
        Some(mut sent) if answer.status() < 300 => {
            // What only the answer has may be sent back.
            if let (true, Some(members), Some(told)) =
                (operation.method == "PUT", sent.as_object_mut(), answer.json().as_object())
            {
                let taken = taken(&operation).and_then(|schema| schema["$ref"].as_str());
                let taken = taken.and_then(|target| MADE.pointer(target.trim_start_matches('#')));
                let is_taken = |name: &str| taken.is_none_or(|taken| !taken["properties"][name].is_null());
                members.retain(|name, _| is_taken(name) || !told.contains_key(name));
            }
            fits_request(&operation, &sent).map_err(|wrong| format!("it took {wrong}"))
        }
        _ => Ok(()),
    }
}

/// Says in what a body differs from what the operation takes.
pub fn fits_request(operation: &Operation, body: &Value) -> Result<(), String> {
    match taken(operation) {
        Some(schema) => fits(&format!("{} request", operation.id), schema, body, false),
        None => Ok(()),
    }
}

fn taken(operation: &Operation) -> Option<&'static Value> {
    operation.spec["requestBody"]["content"]["application/json"].get("schema")
}

/// A body that the operation takes in shape, made from the examples of its schema.
pub fn sample(operation: &Operation) -> Option<Value> {
    taken(operation).map(sample_of)
}

fn sample_of(schema: &Value) -> Value {
    let given = ["example", "const", "default"].iter().find_map(|member| schema.get(member));
    let first = |member: &str| schema[member].get(0);
    if let Some(given) = given.or(first("examples")).or(first("enum")) {
        return given.clone();
    }
    if let Some(target) = schema["$ref"].as_str() {
        return sample_of(DOCUMENT.pointer(target.trim_start_matches('#')).expect("a component"));
    }
    if let Some(choice) = first("oneOf").or(first("anyOf")).or(first("allOf")) {
        return sample_of(choice);
    }
    match first("type").unwrap_or(&schema["type"]).as_str() {
        Some("object") => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            required.map(|name| (name.to_owned(), sample_of(&schema["properties"][name]))).collect()
        }
        Some("array") => (0..schema["minItems"].as_u64().unwrap_or(0)).map(|_| sample_of(&schema["items"])).collect(),
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(false),
        Some("string") => match schema["format"].as_str() {
            Some("date") => json!("2025-09-10"),
            Some("date-time") => json!("2025-09-10T02:00:00Z"),
            Some("uuid") => json!("0197a3b0-0000-7000-8000-000000000000"),
            _ => json!("van-ban"),
        },
        _ => Value::Null,
    }
}

/// What is no operation answers 404 or 405, as a problem all the same; the document and its page stand outside of it.
fn check_outside(answer: &Answer) -> Result<(), String> {
    if ["/openapi.json", "/docs"].iter().any(|known| answer.path().starts_with(known)) && answer.status() < 400 {
        return Ok(());
    }
    match (answer.status(), media_type(answer).as_str()) {
        (404 | 405, PROBLEM) => fits("problem", &json!({"$ref": "#/components/schemas/Problem"}), answer.json(), true),
        (status, media_type) => Err(format!("no operation stands there, yet it answers {status} {media_type}")),
    }
}

/// The operation at a path; where several patterns match, the one with the fewest parameters.
pub fn find(method: &str, path: &str) -> Option<Operation> {
    let matches = |pattern: &str| {
        let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        pattern.len() == path.len()
            && pattern.iter().zip(&path).all(|(a, b)| a == b || (a.starts_with('{') && !b.is_empty()))
    };
    let found = operations().into_iter().filter(|op| op.method == method && matches(&op.path));
    found.min_by_key(|op| op.path.matches('{').count())
}

fn media_type(answer: &Answer) -> String {
    answer.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default().trim().to_owned()
}

/// Says in what `value` does not fit `schema`. Schemas are compiled once in a process, by the name they go by.
fn fits(name: &str, schema: &Value, value: &Value, closed: bool) -> Result<(), String> {
    static COMPILED: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Default::default);
    let compile = || {
        let mut root = schema.clone();
        if closed {
            close(&mut root);
        }
        let components = if closed { &*CLOSED } else { &DOCUMENT["components"] };
        let root = json!({"allOf": [root], "components": components});
        let options = jsonschema::options().with_draft(Draft::Draft202012).should_validate_formats(true);
        Arc::new(options.build(&root).unwrap_or_else(|error| panic!("the schema of {name} does not compile: {error}")))
    };
    let known = COMPILED.lock().expect("no test panics while it compiles").get(name).cloned();
    let validator = known.unwrap_or_else(|| {
        let made = compile();
        COMPILED.lock().expect("no test panics while it compiles").insert(name.to_owned(), made.clone());
        made
    });
    let wrong: Vec<String> = validator
        .iter_errors(value)
        .map(|error| format!("{} at {:?}", error, error.instance_path().to_string()))
        .collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong.join("; ")) }
}

/// Closes every object schema that lists its properties, and every `allOf` as a whole. Parts of an `allOf` stay open, and
/// so do alternatives beside properties of their own: none knows the others. Of a list of values that is open to others,
/// the values listed are left: the service answers no others.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(members) => {
            if let Some(choices) = members.get_mut("anyOf").and_then(Value::as_array_mut) {
                choices.retain(|choice| *choice != json!({"type": "string"}));
            }
            let whole = !members.contains_key("properties");
            for (name, member) in members.iter_mut() {
                let part = name == "allOf" || (name == "oneOf" && !whole);
                if !part && name != "example" && name != "default" {
                    close(member);
                }
            }
            let lists = members.get("properties").is_some_and(Value::is_object) || members.contains_key("allOf");
            if lists && !members.contains_key("additionalProperties") {
                members.insert("unevaluatedProperties".into(), false.into());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        _ => {}
    }
}
