//! What a `GET` answers can be sent back by `PUT`: members that only the answer has are taken as long as they equal what
//! is there, and refused where they differ. PURE.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::finding::{Finding, escape};

/// Members by which an item of a list is found again.
const KEYS: [&str; 5] = ["indicator", "field", "code", "id", "criterion"];

/// The members of an object that only its answer has, and the objects and lists within it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Shape {
    own: BTreeSet<String>,
    within: BTreeMap<String, Shape>,
}

impl Shape {
    /// What the answer's schema has beyond the body's; none if nothing.
    pub fn of(document: &Value, sent: &Value, told: &Value) -> Option<Self> {
        let (sent, told) = (properties(document, sent), properties(document, told));
        let mut shape = Self::default();
        for (name, schema) in &told {
            match sent.get(name) {
                None => drop(shape.own.insert(name.clone())),
                Some(taken) => {
                    let item = |schema: &Value| {
                        if schema["items"].is_null() { schema.clone() } else { schema["items"].clone() }
                    };
                    let inner = Self::of(document, &item(taken), &item(schema));
                    shape.within.extend(inner.map(|inner| (name.clone(), inner)));
                }
            }
        }
        (!sent.is_empty() && shape != Self::default()).then_some(shape)
    }

    /// Takes the members that only the answer has out of a body.
    pub fn take(&self, body: &mut Value) -> Vec<Sent> {
        let mut taken = Vec::new();
        self.take_at(body, "", &[], &mut taken);
        taken
    }

    fn take_at(&self, body: &mut Value, pointer: &str, path: &[Step], taken: &mut Vec<Sent>) {
        match body {
            Value::Array(items) => {
                for (place, item) in items.iter_mut().enumerate() {
                    let step = Step::Item(keys(item));
                    self.take_at(item, &format!("{pointer}/{place}"), &[path, &[step]].concat(), taken);
                }
            }
            Value::Object(members) => {
                for name in &self.own {
                    if let Some(value) = members.remove(name) {
                        let path = [path, &[Step::Member(name.clone())]].concat();
                        taken.push(Sent { pointer: format!("{pointer}/{}", escape(name)), path, value });
                    }
                }
                for (name, inner) in &self.within {
                    if let Some(member) = members.get_mut(name) {
                        let path = [path, &[Step::Member(name.clone())]].concat();
                        inner.take_at(member, &format!("{pointer}/{}", escape(name)), &path, taken);
                    }
                }
            }
            _ => {}
        }
    }
}

/// A member that was sent and that only the answer has.
#[derive(Debug, Clone, PartialEq)]
pub struct Sent {
    pointer: String,
    path: Vec<Step>,
    value: Value,
}

#[derive(Debug, Clone, PartialEq)]
enum Step {
    Member(String),
    /// The item of a list with these keys.
    Item(Map<String, Value>),
}

/// The members that differ from what is there.
pub fn differences(sent: &[Sent], there: &Value) -> Vec<Finding> {
    let is_other = |sent: &&Sent| find(there, &sent.path).unwrap_or(&Value::Null) != &sent.value;
    let finding = |sent: &Sent| {
        let name = sent.pointer.rsplit('/').next().unwrap_or_default();
        Finding::new(&sent.pointer, "member_read_only").with("name", name)
    };
    sent.iter().filter(is_other).map(finding).collect()
}

fn find<'a>(there: &'a Value, path: &[Step]) -> Option<&'a Value> {
    let Some((step, rest)) = path.split_first() else { return Some(there) };
    match step {
        Step::Member(name) => find(there.get(name)?, rest),
        Step::Item(wanted) => find(there.as_array()?.iter().find(|item| keys(item) == *wanted)?, rest),
    }
}

/// The keys of an item; an empty one is none.
fn keys(item: &Value) -> Map<String, Value> {
    let key = |name: &&str| Some(((*name).to_owned(), item.get(*name).filter(|value| !value.is_null())?.clone()));
    KEYS.iter().filter_map(key).collect()
}

/// The properties of a schema, through references and parts.
fn properties(document: &Value, schema: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    if let Some(target) = schema["$ref"].as_str().and_then(|target| document.pointer(target.trim_start_matches('#'))) {
        all.extend(properties(document, target));
    }
    let parts = schema["allOf"].as_array().into_iter().flatten();
    parts.for_each(|part| all.extend(properties(document, part)));
    // An optional object stands beside null.
    let choices = ["oneOf", "anyOf"].into_iter().filter_map(|name| schema[name].as_array());
    for choices in choices.filter(|choices| choices.len() == 2 && choices.iter().any(|choice| choice["type"] == "null"))
    {
        choices.iter().for_each(|choice| all.extend(properties(document, choice)));
    }
    let own = schema["properties"].as_object().into_iter().flatten();
    all.extend(own.map(|(name, schema)| (name.clone(), schema.clone())));
    all
}
