//! When units report: due times, and periods that leave no day out and count none twice. PURE.

use super::checks::codes;
use crate::{
    finding::Finding,
    movements::{
        periods::{PeriodCode, Window, due_time, regular},
        plan::{ExtraPeriod, PeriodRole, Plan},
    },
};

/// Two months of working days: more is no deadline.
const MOST_WORKING_DAYS: u32 = 60;

/// A period beside the pointer to it, where the plan sets it by hand.
struct Leaf {
    pointer: Option<String>,
    code: String,
    window: Window,
}

pub(super) fn check(plan: &Plan, out: &mut Vec<Finding>) {
    let due = &plan.reporting.due;
    if !(1..=MOST_WORKING_DAYS).contains(&due.working_days) {
        let finding = Finding::new("/reporting/due/working_days", "due_days_out_of_range");
        out.push(finding.with("days", due.working_days).with("most", MOST_WORKING_DAYS));
    }
    if due_time(due).is_none() {
        out.push(Finding::new("/reporting/due/at", "due_time_malformed").with("at", &due.at));
    }
    let extra = &plan.reporting.extra_periods;
    codes("/reporting/extra_periods", "/code", extra.iter().map(|extra| extra.code.as_str()), out);
    let regular = regular(&plan.reporting, &plan.span);
    let mut leaves: Vec<Leaf> =
        regular.iter().map(|(code, window)| Leaf { pointer: None, code: code.to_string(), window: *window }).collect();
    for (i, period) in extra.iter().enumerate() {
        let pointer = format!("/reporting/extra_periods/{i}");
        by_itself(&pointer, plan, period, &regular, out);
        if period.role.is_none() {
            leaves.push(Leaf { pointer: Some(pointer), code: period.code.clone(), window: period.into() });
        }
    }
    leaves.sort_by_key(|leaf| (leaf.window.starts_on, leaf.window.cutoff_on));
    tiling(plan, &leaves, out);
}

/// Whether a period set by hand runs forward, ends within the span, and does not bear a name that means other days.
fn by_itself(
    pointer: &str,
    plan: &Plan,
    period: &ExtraPeriod,
    regular: &[(PeriodCode, Window)],
    out: &mut Vec<Finding>,
) {
    if period.cutoff_on < period.starts_on {
        let finding = Finding::new(pointer, "span_reversed");
        out.push(finding.with("from", period.starts_on).with("to", period.cutoff_on));
    }
    let is_base = period.role == Some(PeriodRole::Base);
    if is_base && period.cutoff_on >= plan.span.from {
        let finding = Finding::new(format!("{pointer}/cutoff_on"), "base_period_late").with("period", &period.code);
        out.push(finding.with("day", plan.span.from));
    }
    if !is_base && (period.cutoff_on < plan.span.from || plan.span.to < period.cutoff_on) {
        let finding = Finding::new(format!("{pointer}/cutoff_on"), "period_outside_span").with("period", &period.code);
        out.push(finding.with("from", plan.span.from).with("to", plan.span.to));
    }
    let Ok(code) = period.code.parse::<PeriodCode>() else { return };
    let meant = code.window(plan.reporting.windows);
    let pointer = format!("{pointer}/code");
    if regular.iter().any(|(regular, _)| *regular == code) {
        out.push(Finding::new(pointer, "code_duplicate").with("code", code));
    } else if meant != Window::from(period) {
        let finding = Finding::new(pointer, "period_code_misused").with("period", code);
        out.push(finding.with("from", meant.starts_on).with("to", meant.cutoff_on));
    }
}

/// Regular periods tile by construction, so that an overlap or a gap stands at a period set by hand.
fn tiling(plan: &Plan, leaves: &[Leaf], out: &mut Vec<Finding>) {
    let Some((mut last, rest)) = leaves.split_first() else {
        out.push(Finding::new("/reporting/every", "no_period").with("from", plan.span.from).with("to", plan.span.to));
        return;
    };
    for leaf in rest {
        let pointer = leaf.pointer.as_ref().or(last.pointer.as_ref()).cloned().unwrap_or_default();
        let between = Finding::new(pointer, "periods_gap").with("a", &last.code).with("b", &leaf.code);
        if leaf.window.starts_on <= last.window.cutoff_on {
            out.push(Finding { code: "periods_overlap", ..between });
        } else if last.window.cutoff_on.succ_opt() != Some(leaf.window.starts_on) {
            out.push(between);
        }
        if leaf.window.cutoff_on > last.window.cutoff_on {
            last = leaf;
        }
    }
    if last.window.cutoff_on < plan.span.to {
        let left = Finding::warning("/reporting/extra_periods", "span_not_covered");
        out.push(left.with("after", last.window.cutoff_on).with("to", plan.span.to));
    }
}
