//! The example plan, and what lint finds in one made of it.

use serde_json::{Value, json};
use thidua::{finding::Finding, movements::lint::lint};

/// The example plan uses every kind of indicator, criterion and rule; it lints without errors.
pub const EXAMPLE: &str = include_str!("../../../plans/example-calendar.json");

/// The example without what the first format does not have.
pub fn first() -> Value {
    let mut plan: Value = serde_json::from_str(EXAMPLE).unwrap();
    plan["format"] = json!("thidua.plan/1");
    plan["indicators"][2].as_object_mut().unwrap().remove("unassigned");
    for list in ["groups", "awards"] {
        plan[list].as_array_mut().unwrap().retain(|one| one["candidates"] != "household");
    }
    plan
}

/// The same in the second format.
pub fn second() -> Value {
    let mut plan = first();
    plan["format"] = json!("thidua.plan/2");
    plan
}

pub fn linted(plan: Value) -> Vec<Finding> {
    lint(&serde_json::from_value(plan).unwrap())
}

/// Whether a finding is a warning; none where it is not found.
pub fn found(findings: &[Finding], code: &str, pointer: &str) -> Option<bool> {
    let mut matching = findings.iter().filter(|finding| finding.code == code && finding.pointer == pointer);
    matching.next().map(|finding| finding.warning)
}
