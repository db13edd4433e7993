//! Periods that criteria and conditions name. PURE.

use crate::{
    finding::Finding,
    movements::{
        periods::{Window, all, window_of},
        plan::Plan,
    },
};

/// The span that a criterion or a condition judges holds a period; none where it does not.
pub(super) fn check(pointer: &str, plan: &Plan, period: &str, out: &mut Vec<Finding>) -> Option<Window> {
    let code = period.strip_prefix("..").filter(|_| plan.is_second()).unwrap_or(period);
    let Some(span) = window_of(&plan.reporting, code) else {
        out.push(Finding::new(pointer, "period_malformed").with("period", period));
        return None;
    };
    let holds = all(&plan.reporting, &plan.span).iter().any(|(_, leaf)| span.contains(leaf));
    if !holds {
        out.push(Finding::new(pointer, "period_without_leaves").with("period", period));
    }
    holds.then_some(span)
}
