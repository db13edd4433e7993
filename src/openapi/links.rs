//! Links from what makes or changes a thing to what reads it: the parameters of the reading operation are those of the
//! request, or members of the answer or of the body. PURE.

use serde_json::{Map, Value, json};

use super::schemas::{SCHEMAS, operations};

/// An operation that reads one thing.
struct Reader {
    id: String,
    path: String,
    shows: Option<String>,
}

/// An operation that makes or changes a thing.
struct Maker<'a> {
    path: &'a str,
    schemas: &'a Value,
    /// The schema of its body.
    sent: Value,
    /// The name of its answer's schema.
    shows: String,
}

pub fn link(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let readers: Vec<Reader> = operations(document)
        .filter(|(path, method, _)| *method == "get" && path.starts_with("/api/") && path.ends_with('}'))
        .map(|(path, _, operation)| Reader {
            id: operation["operationId"].as_str().unwrap_or_default().to_owned(),
            path: path.clone(),
            shows: shown(&operation["responses"]["200"]),
        })
        .collect();
    for (path, method, operation) in operations(document) {
        if method == "get" || !path.starts_with("/api/") {
            continue;
        }
        let sent = operation["requestBody"]["content"]["application/json"]["schema"].clone();
        for status in ["200", "201"] {
            let answer = operation.get_mut("responses").and_then(|answers| answers.get_mut(status));
            let Some(answer) = answer else { continue };
            let Some(shows) = shown(answer) else { continue };
            let maker = Maker { path, schemas: &schemas, sent: sent.clone(), shows };
            let links: Map<String, Value> = readers.iter().filter_map(|reader| maker.link(reader)).collect();
            if !links.is_empty() {
                answer["links"] = links.into();
            }
        }
    }
}

/// The schema of an answer.
fn shown(answer: &Value) -> Option<String> {
    let target = answer["content"]["application/json"]["schema"]["$ref"].as_str()?;
    target.strip_prefix(SCHEMAS).map(str::to_owned)
}

impl Maker<'_> {
    /// The link to an operation that reads what this one answers.
    fn link(&self, reader: &Reader) -> Option<(String, Value)> {
        let above = |path: &str| path.rsplit_once('/').map(|(above, _)| above.to_owned());
        let is_changed = self.path == reader.path || above(self.path).is_some_and(|thing| thing == reader.path);
        let is_made = above(&reader.path).is_some_and(|list| list == self.path);
        if !is_changed && !is_made && reader.shows.as_ref() != Some(&self.shows) {
            return None;
        }
        let names: Vec<&str> = reader.path.split('/').filter_map(named).collect();
        let mut parameters = Map::new();
        for (place, name) in names.iter().enumerate() {
            let is_key = place + 1 == names.len();
            let asked = self.path.split('/').filter_map(named).any(|asked| asked == *name);
            let source = match asked && (is_changed || !is_key) {
                true => format!("$request.path.{name}"),
                false => self.source(name, is_key)?,
            };
            parameters.insert((*name).to_owned(), source.into());
        }
        Some((reader.id.clone(), json!({"operationId": reader.id, "parameters": parameters})))
    }

    /// The member that holds a parameter. A key may be called `code` or `id` in the answer.
    fn source(&self, name: &str, is_key: bool) -> Option<String> {
        let called = [name, "code", "id"].into_iter().take(if is_key { 3 } else { 1 });
        let told = called.into_iter().find(|member| has_member(self.schemas, &self.schemas[&self.shows], member));
        let sent = || has_member(self.schemas, &self.sent, name).then(|| format!("$request.body#/{name}"));
        told.map(|member| format!("$response.body#/{member}")).or_else(sent)
    }
}

/// Whether a schema has a member, by itself or by one of its parts.
fn has_member(schemas: &Value, schema: &Value, member: &str) -> bool {
    let named = schema["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS));
    let mut parts = schema["allOf"].as_array().into_iter().flatten();
    !schema["properties"][member].is_null()
        || named.is_some_and(|name| has_member(schemas, &schemas[name], member))
        || parts.any(|part| has_member(schemas, part, member))
}

/// The name of a path parameter.
fn named(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}
