//! What many schemas say stands once: a day, an instant, an id, a text and a great integer have names, and pages have a
//! common part. An example stands in the description, so that generated types say both in one line. PURE.

use serde_json::{Map, Value, json};

use super::{
    bounds::MOST,
    parameters::PARAMETERS,
    schemas::{directions, each, reference},
    written::{NEAR, TEXT},
};

/// Members that a schema may have beside a reference.
const BESIDE: [&str; 2] = ["description", "example"];

/// The schemas of single values that many members have, by their names.
fn values() -> [(&'static str, Value); 6] {
    [
        ("Count", json!({"type": "integer", "format": "int64", "minimum": 0, "maximum": MOST})),
        ("Day", json!({"type": "string", "format": "date", "pattern": NEAR})),
        ("Instant", json!({"type": "string", "format": "date-time", "pattern": NEAR})),
        ("PlainText", json!({"type": "string", "pattern": TEXT})),
        ("Uuid", json!({"type": "string", "format": "uuid"})),
        ("WholeNumber", json!({"type": "integer", "format": "int64", "minimum": -MOST, "maximum": MOST})),
    ]
}

/// Replaces days, instants, ids, texts and great integers without further bounds by references.
pub fn name_values(document: &mut Value) {
    let values = values();
    for (name, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        if values.iter().all(|(known, _)| known != name) {
            each(schema, &mut |members| refer(members, &values));
        }
    }
    for (name, schema) in values {
        document["components"]["schemas"][name] = schema;
    }
}

fn refer(members: &mut Map<String, Value>, values: &[(&str, Value)]) {
    let mut plain = members.clone();
    plain.retain(|name, _| !BESIDE.contains(&name.as_str()));
    let is_nullable = plain.get("type").is_some_and(|types| types[1] == "null");
    if is_nullable {
        plain["type"] = plain["type"][0].clone();
    }
    // In an answer nothing says which years may come.
    if plain.get("format").is_some_and(|format| format == "date" || format == "date-time") {
        plain.insert("pattern".into(), NEAR.into());
    }
    let plain = Value::Object(plain);
    let Some((name, _)) = values.iter().find(|(_, value)| *value == plain) else { return };
    members.retain(|name, _| BESIDE.contains(&name.as_str()));
    match reference(name) {
        named if is_nullable => drop(members.insert("oneOf".into(), json!([named, {"type": "null"}]))),
        named => drop(members.insert("$ref".into(), named["$ref"].clone())),
    }
}

/// Makes the examples of what need not be sent a part of its description, and leaves out those of an answer's member
/// that has the name and the meaning of a path's parameter.
pub fn tell_examples(document: &mut Value) {
    let (sent, _) = directions(document);
    for (name, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let is_sent = sent.contains(name);
        each(schema, &mut |members| {
            let required = members.get("required").cloned().unwrap_or_default();
            let is_required = |name: &str| required.as_array().is_some_and(|all| all.iter().any(|one| one == name));
            for (name, member) in members.get_mut("properties").and_then(Value::as_object_mut).into_iter().flatten() {
                if !is_sent || !is_required(name) {
                    tell_example(name, member, is_sent);
                }
            }
        });
    }
}

fn tell_example(name: &str, member: &mut Value, is_sent: bool) {
    let Some(members) = member.as_object_mut() else { return };
    let example = match members.get("example") {
        None | Some(Value::Object(_) | Value::Array(_)) => return,
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    if let Some(Value::String(about)) = members.get("description") {
        let about = format!("{}. For example `{example}`.", about.trim_end_matches('.'));
        members.insert("description".into(), about.into());
    } else if is_sent || name == "code" || !PARAMETERS.iter().any(|(parameter, ..)| *parameter == name) {
        return;
    }
    members.remove("example");
}

/// Gives the pages of lists what all of them have.
pub fn part_pages(schemas: &mut Value) {
    let mut common = Value::Null;
    for (name, page) in schemas.as_object_mut().into_iter().flatten().filter(|(name, _)| name.starts_with("Page_")) {
        let Some(items) = page["properties"].as_object_mut().and_then(|members| members.remove("items")) else {
            continue;
        };
        page["required"].as_array_mut().into_iter().for_each(|all| all.retain(|member| member != "items"));
        debug_assert!(common.is_null() || common == *page, "{name} has something of its own beside its items");
        let own = json!({"type": "object", "properties": {"items": items}, "required": ["items"]});
        common = std::mem::replace(page, json!({"allOf": [reference("Page"), own]}));
    }
    schemas["Page"] = common;
}
