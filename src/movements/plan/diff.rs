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
            let own = |key: &'static str| move |item: &Value| Some(item.get(key)?.as_str()?.to_owned());
            let by_code = ["code", "section"].iter().find_map(|key| by(items, own(key)));
            let by_code = by_code.or_else(|| by(items, of_target));
            by_code.map_or_else(|| items.iter().map(keyed).collect(), Value::Object)
        }
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), keyed(value))).collect(),
        plain => plain.clone(),
    }
}

/// An entry of a table of targets by whose it is and when: `unit:thon-dong;period:2026-Q1`.
fn of_target(item: &Value) -> Option<String> {
    item.get("value")?;
    let named = |key: &&str| Some(format!("{key}:{}", item.get(*key)?.as_str()?));
    let parts: Vec<String> = ["unit", "set", "period", "through", "field"].iter().filter_map(named).collect();
    Some(if parts.is_empty() { "whole".to_owned() } else { parts.join(";") })
}

/// None where an item has no such key, or two have the same.
fn by(items: &[Value], key: impl Fn(&Value) -> Option<String>) -> Option<Map<String, Value>> {
    let mut members = Map::new();
    for item in items {
        if members.insert(key(item)?, keyed(item)).is_some() {
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
        let coded = |item: &Value| {
            ["code", "section"].iter().any(|key| item[*key] == name.as_str())
                || item.is_object() && of_target(item).is_some_and(|key| key == name)
        };
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
