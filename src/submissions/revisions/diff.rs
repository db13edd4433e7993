//! What one hand-in says otherwise than another, member by member. PURE.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value as Json, json};

use crate::submissions::{content::Content, value::Value};

/// One member that differs; null where it is not said.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// None for what is said of the whole report.
    pub indicator: Option<String>,
    pub field: Option<String>,
    pub member: String,
    pub from: Json,
    pub to: Json,
}

impl Change {
    /// JSON Pointer into a report whose values stand under their indicators and fields.
    pub fn pointer(&self) -> String {
        let place = [self.indicator.as_deref(), self.field.as_deref()].into_iter().flatten();
        let place: String = place.map(|part| format!("/{}", crate::finding::escape(part))).collect();
        if place.is_empty() { format!("/{}", self.member) } else { format!("/values{place}/{}", self.member) }
    }
}

/// In the order of indicators, fields and members; what is said of the whole report comes first.
pub fn diff(from: &Content, to: &Content) -> serde_json::Result<Vec<Change>> {
    let (from, to) = (arranged(from)?, arranged(to)?);
    let places: BTreeSet<&Place> = from.keys().chain(to.keys()).collect();
    let none = Map::new();
    let changes = places.into_iter().flat_map(|place| {
        let (from, to) = (from.get(place).unwrap_or(&none), to.get(place).unwrap_or(&none));
        let members: BTreeSet<&String> = from.keys().chain(to.keys()).collect();
        members.into_iter().map(move |member| Change {
            indicator: place.0.clone(),
            field: place.1.clone(),
            member: member.clone(),
            from: from.get(member).cloned().unwrap_or_default(),
            to: to.get(member).cloned().unwrap_or_default(),
        })
    });
    Ok(changes.filter(|change| change.from != change.to).collect())
}

/// Indicator and field; neither for the whole report.
type Place = (Option<String>, Option<String>);

fn arranged(content: &Content) -> serde_json::Result<BTreeMap<Place, Map<String, Json>>> {
    let whole = json!({"narrative": content.narrative, "on_behalf": content.on_behalf});
    let mut places = BTreeMap::from([((None, None), members(whole))]);
    for value in &content.values {
        places.insert((Some(value.indicator.clone()), value.field.clone()), said(value)?);
    }
    Ok(places)
}

/// What a value says beside where it belongs. That it is no estimate is said too, for an estimate may become a figure.
fn said(value: &Value) -> serde_json::Result<Map<String, Json>> {
    let mut said = members(serde_json::to_value(value)?);
    said.remove("indicator");
    said.remove("field");
    said.insert("estimated".into(), json!(value.estimated));
    Ok(said)
}

fn members(value: Json) -> Map<String, Json> {
    match value {
        Json::Object(members) => members,
        _ => Map::new(),
    }
}
