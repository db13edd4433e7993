//! Lists of values are closed in what is sent and open in what is answered: a client that knows today's values must not
//! fail at tomorrow's. In an answer a list stands beside `{"type": "string"}`, and a tagged union beside any object with
//! a tag. A schema that is sent and answered and contains a list has a second name for answers; but a plan stands once, open
//! in both: its own JSON Schema has the closed lists, and the service refuses what it does not know. PURE.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::schemas::{ANSWERED, SCHEMAS, directions, each, is_list, is_null, operations, reached};

pub fn open_answers(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let names = || schemas.as_object().into_iter().flatten();
    let lists: BTreeSet<String> = names().filter(|(_, schema)| is_list(schema)).map(|(name, _)| name.clone()).collect();
    let (sent, told) = directions(document);
    let plan = reached(&schemas, BTreeSet::from(["Plan".to_owned()]));
    let holds_list = |name: &String| {
        let all = reached(&schemas, BTreeSet::from([name.clone()]));
        all.iter().any(|name| lists.contains(name) || lists_values(&schemas[name]))
    };
    let both = told.intersection(&sent).filter(|name| !lists.contains(*name) && !plan.contains(*name));
    let both = both.filter(|name| holds_list(name));
    let both: BTreeSet<String> = both.cloned().collect();
    for name in told.iter().filter(|name| !lists.contains(*name)) {
        let mut schema = schemas[name].clone();
        open(&mut schema, &lists, &both);
        let place = if both.contains(name) { format!("{name}{ANSWERED}") } else { name.clone() };
        if both.contains(name) {
            each(&mut schema, &mut |members| drop_closed(members));
        } else if sent.contains(name) && !plan.contains(name) {
            continue;
        }
        document["components"]["schemas"][place] = schema;
    }
    for (_, _, operation) in operations(document) {
        if let Some(answers) = operation.get_mut("responses") {
            open(answers, &lists, &both);
        }
    }
}

/// Whether a schema lists values at a place of its own.
fn lists_values(schema: &Value) -> bool {
    let mut found = false;
    each(&mut schema.clone(), &mut |members| found |= is_list(&Value::Object(members.clone())));
    found
}

fn drop_closed(members: &mut Map<String, Value>) {
    if members.get("additionalProperties") == Some(&Value::Bool(false)) {
        members.remove("additionalProperties");
    }
}

/// Opens the lists of one schema, and names the answers' form of those that have one.
fn open(schema: &mut Value, lists: &BTreeSet<String>, both: &BTreeSet<String>) {
    each(schema, &mut |members| {
        let target = members.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix(SCHEMAS));
        match target.map(str::to_owned) {
            Some(name) if both.contains(&name) => {
                members.insert("$ref".into(), format!("{SCHEMAS}{name}{ANSWERED}").into());
            }
            Some(name) if lists.contains(&name) => widen(members, &["$ref"]),
            _ if is_tag(members) => {}
            // One value is an example of what may come.
            _ if members.get("const").is_some_and(Value::is_string) => {
                let example = members.remove("const");
                members.insert("examples".into(), json!([example]));
            }
            _ if is_list(&Value::Object(members.clone())) => widen(members, &["type", "enum"]),
            _ => {}
        }
        rename_mapping(members, both);
        open_union(members);
        flatten(members);
    });
}

/// A list of one inline value is the tag of a variant.
fn is_tag(members: &Map<String, Value>) -> bool {
    members.get("enum").and_then(Value::as_array).is_some_and(|values| values.len() == 1)
}

/// Replaces these members by an alternative of them and any text.
fn widen(members: &mut Map<String, Value>, moved: &[&str]) {
    let list: Map<String, Value> =
        moved.iter().filter_map(|name| Some(((*name).to_owned(), members.remove(*name)?))).collect();
    members.insert("anyOf".into(), json!([list, {"type": "string"}]));
}

fn rename_mapping(members: &mut Map<String, Value>, both: &BTreeSet<String>) {
    let mapping = members.get_mut("discriminator").and_then(|told| told["mapping"].as_object_mut());
    for target in mapping.into_iter().flat_map(Map::values_mut) {
        let name = target.as_str().and_then(|target| target.strip_prefix(SCHEMAS)).unwrap_or_default().to_owned();
        if both.contains(&name) {
            *target = format!("{SCHEMAS}{name}{ANSWERED}").into();
        }
    }
}

/// A tagged union of answers also takes an object with another tag.
fn open_union(members: &mut Map<String, Value>) {
    let tag = members.get("discriminator").map(|told| told["propertyName"].clone());
    let Some(Value::String(tag)) = tag else { return };
    if let Some(Value::Array(mut choices)) = members.remove("oneOf") {
        choices.push(json!({"type": "object", "properties": {tag.clone(): {"type": "string"}}, "required": [tag]}));
        members.insert("anyOf".into(), choices.into());
    }
}

/// An alternative within an alternative to null is one alternative; its description is that of the whole.
fn flatten(members: &mut Map<String, Value>) {
    for name in ["oneOf", "anyOf"] {
        let Some(choices) = members.get(name).and_then(Value::as_array) else { continue };
        let Some(inner) = choices.iter().find(|choice| choice["anyOf"].is_array()).cloned() else { continue };
        if !choices.iter().any(is_null) {
            continue;
        }
        let mut flat = inner["anyOf"].as_array().cloned().unwrap_or_default();
        flat.extend(choices.iter().filter(|choice| !choice["anyOf"].is_array()).cloned());
        members.remove(name);
        members.insert("anyOf".into(), flat.into());
        if let Some(text) = inner.get("description") {
            members.entry("description").or_insert(text.clone());
        }
    }
}
