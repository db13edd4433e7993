//! What a request may write, as patterns: texts, the keys of a list's order, days and instants. A client and a form know
//! from the document what the service would refuse. PURE.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::schemas::{directions, each, named_in, operations};

/// A text of a body: none of the [characters that no text may contain](crate::text::is_forbidden). Those above U+FFFF
/// are left out, because readers of patterns without Unicode's flag (JavaScript's default) refuse such a class.
pub const TEXT: &str = "^[^\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ufdd0-\\ufdef\\ufeff\\ufffe\\uffff]*$";

/// A text of a query or a form: without control characters.
const LINE: &str = "^[^\\x00-\\x1f\\x7f-\\x9f]*$";

/// A day or an instant of the years that are read.
pub const NEAR: &str = "^(19|2[01])";

/// A key of a request: visible, beside quotes around it.
pub const KEY: &str = "^[ -~]*[!#-~][ -~]*$";

/// Media types whose members are texts: what has no value is left out.
const FORMS: [&str; 2] = ["application/x-www-form-urlencoded", "multipart/form-data"];

/// What precedes the keys of a list's order in its description.
const SORT_KEYS: &str = "Sort keys:";

pub fn bound_texts(document: &mut Value) {
    let (sent, _) = directions(document);
    let (mut lines, mut in_forms) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(document) {
        let content = &operation["requestBody"]["content"];
        lines.extend(named_in(&content[FORMS[0]]));
        in_forms.extend(FORMS.iter().flat_map(|form| named_in(&content[*form])));
        let keys = sort_keys(operation["description"].as_str().unwrap_or_default()).join("|");
        for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
            if parameter["name"] == "sort" && !keys.is_empty() {
                let key = format!("-?({keys})");
                parameter["schema"]["pattern"] = json!(format!("^{key}(,{key})*$"));
            }
            if parameter["in"] == "query" {
                each(&mut parameter["schema"], &mut |members| bound(members, LINE));
            }
        }
    }
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (name, schema) in schemas.filter(|(name, _)| sent.contains(*name)) {
        let pattern = if lines.contains(name) { LINE } else { TEXT };
        each(schema, &mut |members| {
            bound(members, pattern);
            if pattern == TEXT {
                close(members);
            }
        });
        if in_forms.contains(name) {
            each(schema, &mut forget_null);
        }
    }
}

/// A body's object takes no member that it does not name, and a map's names are texts.
fn close(members: &mut Map<String, Value>) {
    if members.get("properties").is_some_and(Value::is_object) && members.get("type").is_some_and(Value::is_string) {
        members.entry("additionalProperties").or_insert(json!(false));
    }
    if members.get("additionalProperties").is_some_and(Value::is_object) {
        members.entry("propertyNames").or_insert(json!({"type": "string", "pattern": TEXT}));
    }
}

fn forget_null(members: &mut Map<String, Value>) {
    if let Some(types) = members.get_mut("type").filter(|types| types.is_array()) {
        *types = types[0].clone();
    }
}

/// Gives a text its pattern, if nothing says yet what it is.
fn bound(members: &mut Map<String, Value>, pattern: &str) {
    let is_text = match members.get("type") {
        Some(Value::Array(types)) => types.iter().any(|one| one == "string"),
        Some(one) => one == "string",
        None => false,
    };
    let pattern = match members.get("format").map(|format| format.as_str().unwrap_or_default()) {
        Some("date" | "date-time") => NEAR,
        Some(_) => return,
        None => pattern,
    };
    if is_text && !["enum", "const", "pattern"].iter().any(|name| members.contains_key(*name)) {
        members.insert("pattern".into(), pattern.into());
    }
}

/// The keys that a list's description names: ``Sort keys: `code`, `name`.``
fn sort_keys(description: &str) -> Vec<String> {
    let line = description.replace('\n', " ");
    let named = line.split_once(SORT_KEYS).map_or("", |(_, rest)| rest.split('.').next().unwrap_or_default());
    named.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}

/// Writes each paragraph of a description in one line: where the source breaks it means nothing to who reads.
pub fn join_lines(document: &mut Value) {
    each(document, &mut |members| {
        if let Some(Value::String(text)) = members.get_mut("description") {
            *text = joined(text);
        }
    });
}

fn joined(text: &str) -> String {
    let begins = |line: &str| line.is_empty() || line.starts_with("- ");
    text.lines().fold(String::new(), |mut joined, line| {
        if !joined.is_empty() {
            joined.push(if begins(line) || joined.ends_with('\n') { '\n' } else { ' ' });
        }
        joined + line.trim_start()
    })
}
