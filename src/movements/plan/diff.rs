//! What one version of a plan says otherwise than another, member by member. Lists are compared by the codes of their
//! items, so that nothing moves when an item is put in between. PURE.

use serde_json::{Map, Value};

use crate::record::{Change, changes};

/// What became of a plan, each as its JSON document. Pointers name items of lists by their codes:
/// `/indicators/CCHC-05/target/value`.
pub fn differences(old: &Value, new: &Value) -> Vec<Change> {
    changes(&keyed(old), &keyed(new))
}

/// The same thing with lists of coded items as members by code.
fn keyed(value: &Value) -> Value {
    match value {
        Value::Array(items) => {
            let by_code = ["code", "section"].iter().find_map(|key| by(items, key));
            by_code.map_or_else(|| items.iter().map(keyed).collect(), Value::Object)
        }
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), keyed(value))).collect(),
        plain => plain.clone(),
    }
}

/// None where an item has no such key, or two have the same.
fn by(items: &[Value], key: &str) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    for item in items {
        let code = item.get(key)?.as_str()?;
        if members.insert(code.to_owned(), keyed(item)).is_some() {
            return None;
        }
    }
    (!members.is_empty()).then_some(members)
}

/// Where in a document a pointer by codes leads, as an ordinary JSON Pointer: as far as there is something.
pub fn place(document: &Value, pointer: &str) -> String {
    let (mut at, mut here) = (String::new(), document);
    for step in pointer.split('/').skip(1) {
        let name = crate::finding::unescape(step);
        let coded = |item: &Value| ["code", "section"].iter().any(|key| item[*key] == name.as_str());
        let found = match here {
            Value::Array(items) => {
                let index = items.iter().position(coded).or_else(|| name.parse().ok());
                index.and_then(|index| Some((index.to_string(), items.get(index)?)))
            }
            Value::Object(members) => members.get(&name).map(|member| (step.to_owned(), member)),
            _ => None,
        };
        let Some((step, next)) = found else { break };
        at = format!("{at}/{step}");
        here = next;
    }
    at
}
