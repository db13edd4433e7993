//! Periods that criteria and conditions name. PURE.

use crate::{
    finding::Finding,
    movements::{
        periods::{PeriodCode, Window, regular},
        plan::Plan,
    },
};

/// The span that a criterion or a condition judges holds a period.
pub(super) fn check(pointer: &str, plan: &Plan, period: &str, out: &mut Vec<Finding>) {
    let extra = &plan.reporting.extra_periods;
    if extra.iter().any(|extra| extra.code == period) {
        return;
    }
    let code = period.strip_prefix("..").filter(|_| plan.is_second()).unwrap_or(period);
    let Ok(code) = code.parse::<PeriodCode>() else {
        out.push(Finding::new(pointer, "period_malformed").with("period", period));
        return;
    };
    let span = code.window(plan.reporting.windows);
    let regular = regular(&plan.reporting, &plan.span).into_iter().map(|(_, window)| window);
    if !regular.chain(extra.iter().map(Window::from)).any(|leaf| span.contains(&leaf)) {
        out.push(Finding::new(pointer, "period_without_leaves").with("period", period));
    }
}
