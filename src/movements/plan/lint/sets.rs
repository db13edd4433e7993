//! Sets of units: each known, of somebody, and named by code. PURE.

use super::checks::{codes, text};
use crate::{finding::Finding, movements::plan::Plan};

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    codes("/unit_sets", "/code", plan.unit_sets.iter().map(|set| set.code.as_str()), out);
    for (i, set) in plan.unit_sets.iter().enumerate() {
        let base = format!("/unit_sets/{i}");
        text(&format!("{base}/name"), &set.name, out);
        codes(&format!("{base}/units"), "", set.units.iter().map(String::as_str), out);
        codes(&format!("{base}/kinds"), "", set.kinds.iter().map(String::as_str), out);
        if set.units.is_empty() && set.kinds.is_empty() {
            out.push(Finding::new(&base, "unit_set_empty").with("set", &set.code));
        }
        for (j, kind) in set.kinds.iter().enumerate() {
            if !plan.unit_kinds.iter().any(|known| known.code == *kind) {
                out.push(Finding::new(format!("{base}/kinds/{j}"), "unit_kind_unknown").with("kind", kind));
            }
        }
    }
}

/// Whether what names a set names one of the plan.
pub(super) fn known(pointer: &str, plan: &Plan, set: &str, out: &mut Vec<Finding>) {
    if !plan.unit_sets.iter().any(|known| known.code == set) {
        out.push(Finding::new(pointer, "unit_set_unknown").with("set", set));
    }
}
