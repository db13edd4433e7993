//! Walks over the document's schemas, and the references between them. PURE.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

pub const SCHEMAS: &str = "#/components/schemas/";

/// What the answers' form of a schema that is sent too is called after its name.
pub const ANSWERED: &str = "Answer";

/// Members that hold data, not schemas.
const DATA: [&str; 6] = ["example", "examples", "default", "enum", "const", "required"];

/// Passes every object of a value to `act`, inner objects first. Examples and defaults are passed over.
pub fn each(value: &mut Value, act: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                // A property may have the name of such a member; its value is a schema then.
                if !DATA.contains(&name.as_str()) || member.is_object() && member.get("type").is_some() {
                    each(member, act);
                }
            }
            act(members);
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each(item, act)),
        _ => {}
    }
}

/// The schemas that a value refers to.
pub fn named_in(value: &Value) -> BTreeSet<String> {
    fn collect(value: &Value, names: &mut BTreeSet<String>) {
        match value {
            Value::Object(members) => {
                let target = members.get("$ref").and_then(Value::as_str);
                names.extend(target.and_then(|target| target.strip_prefix(SCHEMAS)).map(str::to_owned));
                members.values().for_each(|member| collect(member, names));
            }
            Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
            _ => {}
        }
    }
    let mut names = BTreeSet::new();
    collect(value, &mut names);
    names
}

/// These schemas and all that they refer to.
pub fn reached(schemas: &Value, from: BTreeSet<String>) -> BTreeSet<String> {
    let (mut reached, mut waiting) = (BTreeSet::new(), Vec::from_iter(from));
    while let Some(name) = waiting.pop() {
        if reached.insert(name.clone()) {
            waiting.extend(named_in(&schemas[&name]));
        }
    }
    reached
}

/// The schemas of bodies and parameters, and those of answers.
pub fn directions(document: &mut Value) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut sent, mut told) = (BTreeSet::new(), BTreeSet::new());
    for (_, _, operation) in operations(document) {
        sent.extend(named_in(&operation["requestBody"]));
        sent.extend(named_in(&operation["parameters"]));
        told.extend(named_in(&operation["responses"]));
    }
    let schemas = &document["components"]["schemas"];
    (reached(schemas, sent), reached(schemas, told))
}

pub fn reference(name: &str) -> Value {
    json!({"$ref": format!("{SCHEMAS}{name}")})
}

/// Whether a schema lists the texts that it takes.
pub fn is_list(schema: &Value) -> bool {
    schema["type"] == "string" && (schema["enum"].is_array() || schema["const"].is_string())
}

/// Whether a schema takes null only.
pub fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

/// The name of a type, from a name in `snake_case` or `Header-Case`.
pub fn type_name(name: &str) -> String {
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    name.split(|c: char| !c.is_alphanumeric()).map(capital).collect::<Vec<String>>().concat()
}

/// Every operation of the document: its path, its method, and what it says.
pub fn operations(document: &mut Value) -> impl Iterator<Item = (&String, &String, &mut Value)> {
    let paths = document["paths"].as_object_mut().into_iter().flatten();
    paths.flat_map(|(path, item)| {
        item.as_object_mut().into_iter().flatten().map(move |(method, operation)| (path, method, operation))
    })
}

/// Removes schemas that no operation names.
pub fn forget_unnamed(document: &mut Value) {
    let named: BTreeSet<String> = operations(document).flat_map(|(_, _, operation)| named_in(operation)).collect();
    let schemas = &mut document["components"]["schemas"];
    let kept = reached(schemas, named);
    schemas.as_object_mut().into_iter().for_each(|schemas| schemas.retain(|name, _| kept.contains(name)));
}

/// The generator inlines the items of a page; this replaces them by references.
pub fn refer_to_items(schemas: &mut Value) {
    let names: Vec<String> = schemas.as_object().into_iter().flatten().map(|(name, _)| name.clone()).collect();
    for page in names.iter().filter(|name| name.starts_with("Page_")) {
        let item = page.trim_start_matches("Page_");
        if names.iter().any(|name| name == item) {
            schemas[page]["properties"]["items"]["items"] = json!({"$ref": format!("#/components/schemas/{item}")});
        }
    }
}
