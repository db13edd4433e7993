//! What is wrong with a plan, all at once, each finding by its code and JSON Pointer. Errors stop a plan from being
//! loaded; warnings tell the office what to look at (a figure the plan leaves open, a group without criteria).
//!
//! What needs the organisation tree is not found here: `launch` finds it, at a launch and for who asks the service. PURE.

mod awards;
mod checks;
mod conditions;
mod format;
mod frame;
mod frequency;
mod groups;
mod headings;
mod indicators;
mod method;
mod period;
mod quota;
mod reporting;
mod scale;
mod sets;
mod table;
mod target;
mod weighed;

pub use method::robustness;

use crate::{finding::Finding, movements::plan::Plan};

/// Every finding, in the order of the document.
pub fn lint(plan: &Plan) -> Vec<Finding> {
    let mut out = Vec::new();
    format::check(plan, &mut out);
    frame::check(plan, &mut out);
    sets::check(plan, &mut out);
    indicators::check(plan, &mut out);
    reporting::check(plan, &mut out);
    groups::check(plan, &mut out);
    awards::check(plan, &mut out);
    out
}
