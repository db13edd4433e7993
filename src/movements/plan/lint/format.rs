//! The format of a plan, and the members that the first one does not have. PURE.

use serde_json::Value;

use super::checks::word;
use crate::{
    finding::Finding,
    movements::plan::{CandidateKind, CriterionKind, FORMATS, Plan},
};

/// Members of the second format: the list, and what its items may have.
const SECOND: [(&str, &[&str]); 10] = [
    ("", &["unit_sets", "continues"]),
    ("indicators", &["targets", "unassigned", "units_judged", "every", "decimals"]),
    ("due", &["day"]),
    ("windows", &["cutoff_day"]),
    ("extra_periods", &["role"]),
    ("groups", &["sets"]),
    ("criteria", &["indicator", "scale", "in", "rescale", "may_drop", "levels", "when", "window"]),
    ("awards", &["eligible", "per_unit", "pool", "places", "bonus", "expired_bases"]),
    ("classes", &["above", "when"]),
    ("council", &["normalise", "written_votes"]),
];
const KINDS: [CriterionKind; 3] = [CriterionKind::Measured, CriterionKind::Sum, CriterionKind::Check];

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
                let second_candidates = name == "candidates" && *member == word(&CandidateKind::Household);
                let second_rule = name == "quota" && list == "awards" && member.is_object();
                match is_second || second_kind || second_candidates || second_rule {
                    true => {
                        let word = member.as_str().filter(|_| second_kind || second_candidates);
                        out.push(newer(pointer, word.unwrap_or(name)));
                    }
                    false => walk(&pointer, name, member, out),
                }
            }
        }
        Value::String(tie) if list == "ties" && tie.starts_with("indicator:") => {
            out.push(newer(at.to_owned(), tie));
        }
        _ => {}
    }
}
