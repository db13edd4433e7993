//! A member of an answer is always there; what has no value is null. Other are documents that are answered as they were
//! sent or sealed: a member without a value is left out of them. PURE.

use serde_json::{Map, Value};

use super::schemas::{ANSWERED, directions};

/// What is answered as it was sealed: the parts of a ranking's inputs and output.
const SEALED: [&str; 11] = [
    "Aim",
    "AgainstFigures",
    "AtomFigures",
    "Ballots",
    "CountedIndicator",
    "CountedInitiative",
    "ExcludedIndicator",
    "IneligibleReason",
    "KnotFigures",
    "RankingEntry",
    "ScaledFigure",
];

/// What has members of one kind of answer only.
const VARIED: [&str; 3] = ["Problem", "ProblemItem", "Unit"];

pub fn require_members(document: &mut Value) {
    let (sent, told) = directions(document);
    let is_sparse = |name: &str| {
        // The answers' form of what is sent, and the variants of a sealed score.
        let is_document = name.ends_with(ANSWERED) && sent.contains(name.trim_end_matches(ANSWERED));
        is_document || name.ends_with("CriterionScore") || SEALED.contains(&name) || VARIED.contains(&name)
    };
    let schemas = document["components"]["schemas"].as_object_mut().into_iter().flatten();
    for (_, schema) in schemas.filter(|(name, _)| told.contains(*name) && !sent.contains(*name) && !is_sparse(name)) {
        let parts = schema.get_mut("allOf").and_then(Value::as_array_mut).map(std::mem::take).unwrap_or_default();
        let parts: Vec<Value> = parts.into_iter().map(whole).collect();
        if !parts.is_empty() {
            schema["allOf"] = parts.into();
        }
        *schema = whole(std::mem::take(schema));
    }
}

/// An object that requires all of its members.
fn whole(mut schema: Value) -> Value {
    let names = |members: &Map<String, Value>| members.keys().cloned().map(Value::String).collect::<Vec<_>>();
    if let Some(names) = schema["properties"].as_object().map(names) {
        schema["required"] = names.into();
    }
    schema
}
