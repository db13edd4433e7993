//! The format of a plan, and the members that the first one does not have. PURE.

use serde_json::Value;

use super::checks::word;
use crate::{
    finding::Finding,
    movements::plan::{CriterionKind, FORMATS, Plan},
};

/// Members of the second format: the list, and what its items may have.
const SECOND: [(&str, &[&str]); 7] = [
    ("", &["unit_sets"]),
    ("indicators", &["targets", "unassigned", "units_judged", "every", "decimals"]),
    ("due", &["day"]),
    ("windows", &["cutoff_day"]),
    ("extra_periods", &["role"]),
    ("groups", &["sets"]),
    ("criteria", &["indicator", "scale", "in", "rescale", "may_drop"]),
];
const KINDS: [CriterionKind; 2] = [CriterionKind::Measured, CriterionKind::Sum];

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    if !FORMATS.contains(&plan.format.as_str()) {
        let finding = Finding::new("/format", "format_unknown").with("format", &plan.format);
        out.push(finding.with("expected", FORMATS.join(", ")));
    }
    if plan.format == FORMATS[0] {
        let document = serde_json::to_value(plan).unwrap_or_default();
        walk("", "", &document, out);
    }
}

fn walk(at: &str, list: &str, value: &Value, out: &mut Vec<Finding>) {
    let newer = |pointer: String, what: &str| {
        Finding::new(pointer, "format_too_old").with("member", what).with("format", FORMATS[1])
    };
    match value {
        Value::Array(items) => {
            items.iter().enumerate().for_each(|(i, item)| walk(&format!("{at}/{i}"), list, item, out));
        }
        Value::Object(members) => {
            for (name, member) in members {
                let pointer = format!("{at}/{}", crate::finding::escape(name));
                let is_second = SECOND.iter().any(|(of, names)| *of == list && names.contains(&name.as_str()));
                let second_kind =
                    name == "kind" && list == "criteria" && KINDS.iter().any(|kind| *member == word(kind));
                match is_second || second_kind {
                    true => out.push(newer(pointer, if is_second { name } else { member.as_str().unwrap_or(name) })),
                    false => walk(&pointer, name, member, out),
                }
            }
        }
        _ => {}
    }
}
