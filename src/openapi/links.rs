//! Links from what lists, makes or changes a thing to what reads it, and from there to what changes the version that was
//! read: the parameters of the linked operation are those of the request, or members of the answer or of the body. PURE.

use serde_json::{Map, Value, json};

use super::schemas::{SCHEMAS, operations};

/// An operation that reads one thing.
struct Reader {
    id: String,
    path: String,
    shows: Option<String>,
}

/// An operation that changes the version of a thing that was read.
struct Changer {
    id: String,
    /// The path of the thing.
    thing: String,
}

/// An operation that lists things, or makes or changes one.
struct Maker<'a> {
    id: &'a str,
    path: &'a str,
    schemas: &'a Value,
    /// The schema of its body.
    sent: Value,
    /// The name of its answer's schema.
    shows: String,
    /// The schema of a list's items.
    item: Option<Value>,
}

pub fn link(document: &mut Value) {
    let schemas = document["components"]["schemas"].clone();
    let (mut readers, mut changers) = (Vec::new(), Vec::new());
    for (path, method, operation) in operations(document).filter(|(path, ..)| path.starts_with("/api/")) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        if method == "get" {
            readers.push(Reader { id, path: path.clone(), shows: shown(&operation["responses"]["200"]) });
        } else if operation["parameters"].as_array().into_iter().flatten().any(|one| one["name"] == "If-Match") {
            let thing = if path.ends_with('}') { path } else { above(path) };
            changers.push(Changer { id, thing: thing.to_owned() });
        }
    }
    for (path, method, operation) in operations(document).filter(|(path, ..)| path.starts_with("/api/")) {
        let id = operation["operationId"].as_str().unwrap_or_default().to_owned();
        let sent = operation["requestBody"]["content"]["application/json"]["schema"].clone();
        for status in ["200", "201"] {
            let answer = operation.get_mut("responses").and_then(|answers| answers.get_mut(status));
            let Some(answer) = answer else { continue };
            let Some(shows) = shown(answer) else { continue };
            let item =
                Some(schemas[&shows]["properties"]["items"]["items"].clone()).filter(|_| shows.starts_with("Page_"));
            let maker = Maker { id: &id, path, schemas: &schemas, sent: sent.clone(), shows, item };
            let links: Map<String, Value> = match method.as_str() {
                "get" if maker.item.is_none() => {
                    let parts = readers.iter().filter_map(|reader| maker.part(reader));
                    parts.chain(changers.iter().filter_map(|changer| changer.link(path))).collect()
                }
                "get" => {
                    readers.iter().filter_map(|reader| maker.link(reader).or_else(|| maker.part(reader))).collect()
                }
                _ => readers.iter().filter_map(|reader| maker.link(reader)).collect(),
            };
            if !links.is_empty() {
                answer["links"] = links.into();
            }
        }
    }
}

/// The schema of an answer.
pub fn shown(answer: &Value) -> Option<String> {
    let target = answer["content"]["application/json"]["schema"]["$ref"].as_str()?;
    target.strip_prefix(SCHEMAS).map(str::to_owned)
}

/// The path without its last step.
fn above(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(above, _)| above)
}

impl Changer {
    /// The link from what reads the thing: its tag is the version to be changed.
    fn link(&self, read: &str) -> Option<(String, Value)> {
        if self.thing != read {
            return None;
        }
        let asked =
            read.split('/').filter_map(named).map(|name| (name.to_owned(), format!("$request.path.{name}").into()));
        let version = ("If-Match".to_owned(), "$response.header.ETag".into());
        let parameters: Map<String, Value> = asked.chain([version]).collect();
        Some((self.id.clone(), json!({"operationId": self.id, "parameters": parameters})))
    }
}

impl Maker<'_> {
    /// The link to an operation that reads a part of the thing or of the first item: `…/nominations` below an award.
    fn part(&self, reader: &Reader) -> Option<(String, Value)> {
        let whole = above(&reader.path);
        let is_part = match self.item {
            Some(_) => above(whole) == self.path && whole.ends_with('}'),
            None => whole == self.path,
        };
        (is_part && !reader.path.ends_with('}')).then(|| self.to(reader, self.item.is_none())).flatten()
    }

    /// The link to an operation that reads what this one answers.
    fn link(&self, reader: &Reader) -> Option<(String, Value)> {
        if !reader.path.ends_with('}') {
            return None;
        }
        let is_changed = self.item.is_none() && (self.path == reader.path || above(self.path) == reader.path);
        let is_made = above(&reader.path) == self.path;
        let is_listed = self.item.is_some() && names_one(self.id, &reader.id);
        let is_shown = self.item.is_none() && reader.shows.as_ref() == Some(&self.shows);
        if !is_changed && !is_made && !is_listed && !is_shown {
            return None;
        }
        self.to(reader, is_changed)
    }

    /// The link with its parameters; `is_same` says that the key is that of the request.
    fn to(&self, reader: &Reader, is_same: bool) -> Option<(String, Value)> {
        let names: Vec<&str> = reader.path.split('/').filter_map(named).collect();
        let mut parameters = Map::new();
        for (place, name) in names.iter().enumerate() {
            let is_key = place + 1 == names.len();
            let asked = self.path.split('/').filter_map(named).any(|asked| asked == *name);
            let source = match asked && (is_same || !is_key) {
                true => format!("$request.path.{name}"),
                false => self.source(name, is_key)?,
            };
            parameters.insert((*name).to_owned(), source.into());
        }
        Some((reader.id.clone(), json!({"operationId": reader.id, "parameters": parameters})))
    }

    /// The member that holds a parameter. A key may be called `code` or `id` in the answer.
    fn source(&self, name: &str, is_key: bool) -> Option<String> {
        let own_id = format!("{name}_id");
        let called = [name, "code", "id", own_id.as_str()].into_iter().take(if is_key { 4 } else { 1 });
        let (schema, place) = match &self.item {
            Some(item) => (item, "items/0/"),
            None => (&self.schemas[&self.shows], ""),
        };
        let told = called.into_iter().find(|member| has_member(self.schemas, schema, member));
        let sent = || [name, own_id.as_str()].into_iter().find(|member| has_member(self.schemas, &self.sent, member));
        told.map(|member| format!("$response.body#/{place}{member}"))
            .or_else(|| sent().map(|member| format!("$request.body#/{member}")))
    }
}

/// Whether an operation lists what the other reads: `list_activities`, `get_activity`.
fn names_one(lists: &str, reads: &str) -> bool {
    let (Some(many), Some(one)) = (lists.strip_prefix("list_"), reads.strip_prefix("get_")) else { return false };
    many == one || many == format!("{one}s") || one.strip_suffix('y').is_some_and(|stem| many == format!("{stem}ies"))
}

/// Whether a schema has a member that is a text or a number, by itself or by one of its parts.
fn has_member(schemas: &Value, schema: &Value, member: &str) -> bool {
    let schema = target(schemas, schema);
    let kind = &target(schemas, &schema["properties"][member])["type"];
    let mut parts = schema["allOf"].as_array().into_iter().flatten();
    !kind.is_null() && kind != "object" && kind != "array" || parts.any(|part| has_member(schemas, part, member))
}

/// The schema itself, or the one that it refers to.
fn target<'a>(schemas: &'a Value, schema: &'a Value) -> &'a Value {
    let named = schema["$ref"].as_str().and_then(|target| target.strip_prefix(SCHEMAS));
    named.map_or(schema, |name| &schemas[name])
}

/// The name of a path parameter.
fn named(step: &str) -> Option<&str> {
    step.strip_prefix('{')?.strip_suffix('}')
}
