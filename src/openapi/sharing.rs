//! What many operations have in common stands once, under `components`: equal answers of one status, what several acts
//! answer of the same thing, and equal parameters of one name. PURE.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::{
    links::shown,
    schemas::{operations, type_name},
};

/// The least number of uses that is worth a name.
const SHARED: usize = 2;

/// The least number of uses by which a second value of a name is worth a numbered one.
const NUMBERED: usize = 10;

pub fn share(document: &mut Value) {
    move_examples(document);
    describe_alike(document);
    let mut answers = Common::default();
    let mut parameters = Common::default();
    for (_, method, operation) in operations(document) {
        for (status, answer) in operation["responses"].as_object().into_iter().flatten() {
            let thing = || shown(answer).filter(|_| method != "get");
            if let Some(name) = answer_name(status).map(str::to_owned).or_else(thing) {
                answers.count(name, answer);
            }
        }
        for parameter in operation["parameters"].as_array().into_iter().flatten() {
            parameters.count(parameter_name(parameter), parameter);
        }
    }
    let (answers, parameters) = (answers.named(), parameters.named());
    for (_, _, operation) in operations(document) {
        let given = operation.get_mut("responses").and_then(Value::as_object_mut);
        given.into_iter().flat_map(|all| all.values_mut()).for_each(|one| refer(one, "responses", &answers));
        let asked = operation.get_mut("parameters").and_then(Value::as_array_mut);
        asked.into_iter().flatten().for_each(|one| refer(one, "parameters", &parameters));
    }
    for (room, named) in [("responses", answers), ("parameters", parameters)] {
        for (text, name) in named {
            document["components"][room][name] = serde_json::from_str(&text).unwrap_or_default();
        }
    }
}

/// Moves the examples of parameters into their schemas: generators repeat what a parameter itself says at each use.
fn move_examples(document: &mut Value) {
    for (_, _, operation) in operations(document) {
        let parameters = operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten();
        for parameter in parameters.filter_map(Value::as_object_mut) {
            let is_plain = parameter.get("schema").is_some_and(|schema| !schema["type"].is_null());
            if let Some(example) = is_plain.then(|| parameter.remove("example")).flatten() {
                parameter["schema"]["examples"] = json!([example]);
            }
        }
    }
}

/// Describes what several acts answer of the same thing in the words of its schema.
fn describe_alike(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    // The first round counts, the second one describes.
    for is_counted in [false, true] {
        for (_, _, operation) in operations(document).filter(|(_, method, _)| *method != "get") {
            let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
            for (_, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
                let Some(thing) = shown(answer) else { continue };
                let mut described = answer.clone();
                described["description"] = schemas[&thing]["description"].clone();
                match is_counted {
                    false => *uses.entry(described.to_string()).or_default() += 1,
                    true if uses[&described.to_string()] >= SHARED => *answer = described,
                    true => {}
                }
            }
        }
    }
}

/// How often each value occurs, by the name that it would have.
#[derive(Default)]
struct Common(BTreeMap<String, BTreeMap<String, usize>>);

impl Common {
    fn count(&mut self, name: String, value: &Value) {
        *self.0.entry(name).or_default().entry(value.to_string()).or_default() += 1;
    }

    /// The names of the values that stand under `components`. The most frequent value has the plain name, any other
    /// one a number.
    fn named(self) -> BTreeMap<String, String> {
        let mut named = BTreeMap::new();
        for (name, values) in self.0 {
            let mut values: Vec<(String, usize)> = values.into_iter().collect();
            values.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            let worth = |place: usize, uses: usize| uses >= if place == 0 { SHARED } else { NUMBERED };
            let values = values.into_iter().enumerate().filter(|(place, (_, uses))| worth(*place, *uses));
            for (place, (text, _)) in values {
                let own = if place == 0 { name.clone() } else { format!("{name}{}", place + 1) };
                named.insert(text, own);
            }
        }
        named
    }
}

fn refer(value: &mut Value, room: &str, named: &BTreeMap<String, String>) {
    if let Some(name) = named.get(&value.to_string()) {
        *value = json!({"$ref": format!("#/components/{room}/{name}")});
    }
}

/// `unit` in a path is `UnitInPath`; a query parameter and a header have their plain names.
fn parameter_name(parameter: &Value) -> String {
    let name = type_name(parameter["name"].as_str().unwrap_or_default());
    if parameter["in"] == "path" { format!("{name}InPath") } else { name }
}

/// The name of an answer that is no success.
fn answer_name(status: &str) -> Option<&'static str> {
    Some(match status {
        "304" => "NotModified",
        "401" => "Unauthenticated",
        "403" => "Forbidden",
        "404" => "NotFound",
        "406" => "NotAcceptable",
        "409" => "Conflict",
        "412" => "PreconditionFailed",
        "422" => "Invalid",
        "428" => "PreconditionRequired",
        "429" => "TooManyRequests",
        "default" => "OtherProblem",
        _ => return None,
    })
}
