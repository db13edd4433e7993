//! How often indicators are reported: never more often than the report, and each day once. PURE.

use super::checks::codes;
use crate::{
    finding::Finding,
    movements::{
        periods::{PeriodCode, Window, all, covered, longer, months, window_of},
        plan::{Criterion, Frequency, Indicator, Plan},
    },
};

pub(super) fn check(base: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let Some(every) = &indicator.every else { return };
    let pointer = format!("{base}/every");
    if indicator.counts.is_some() {
        out.push(Finding::new(&pointer, "every_counted").with("indicator", &indicator.code));
    }
    let before = out.len();
    match every {
        Frequency::Each(every) if months(*every) < months(plan.reporting.every) => {
            out.push(Finding::new(&pointer, "every_finer").with("indicator", &indicator.code));
        }
        Frequency::Each(_) => {}
        Frequency::In(listed) => list(&pointer, plan, indicator, listed, out),
    }
    if out.len() == before {
        cut(&pointer, plan, indicator, out);
    }
}

fn list(pointer: &str, plan: &Plan, indicator: &Indicator, listed: &[String], out: &mut Vec<Finding>) {
    if listed.is_empty() {
        out.push(Finding::new(pointer, "every_empty").with("indicator", &indicator.code));
    }
    codes(pointer, "", listed.iter().map(String::as_str), out);
    let known = longer(plan, indicator);
    let mut before: Vec<(&String, Window)> = Vec::new();
    for (i, code) in listed.iter().enumerate() {
        let finding = |found| Finding::new(format!("{pointer}/{i}"), found).with("period", code);
        let Some(window) = window_of(&plan.reporting, code) else {
            out.push(finding("period_malformed"));
            continue;
        };
        let finer = |code: PeriodCode| months(code.every()) < months(plan.reporting.every);
        let extra = plan.reporting.extra_periods.iter().any(|extra| extra.code == *code);
        let meets = |other: &&(&String, Window)| {
            other.0 != code && other.1.starts_on <= window.cutoff_on && window.starts_on <= other.1.cutoff_on
        };
        if !extra && code.parse().is_ok_and(finer) {
            out.push(finding("every_finer").with("indicator", &indicator.code));
        } else if !known.iter().any(|(known, _)| known == code) {
            out.push(finding("period_without_leaves"));
        } else if let Some((other, _)) = before.iter().find(meets) {
            out.push(finding("every_overlaps").with("other", other));
        }
        before.push((code, window));
    }
}

/// Longer periods of which the movement has not all days.
fn cut(pointer: &str, plan: &Plan, indicator: &Indicator, out: &mut Vec<Finding>) {
    let leaves = all(&plan.reporting, &plan.span);
    let (Some((_, first)), Some((last_code, last))) = (leaves.first(), leaves.last()) else { return };
    for (code, window) in longer(plan, indicator) {
        let found = |found| Finding::warning(pointer, found).with("period", &code).with("indicator", &indicator.code);
        if window.cutoff_on > last.cutoff_on {
            out.push(found("every_ends_after").with("last", last_code));
        } else if window.starts_on < first.starts_on {
            out.push(found("every_begins_before").with("from", window.starts_on));
        }
    }
}

/// A criterion that reads a figure reads one that is owed in its span.
pub(super) fn owed(pointer: &str, plan: &Plan, criterion: &Criterion, span: Window, out: &mut Vec<Finding>) {
    let Some((code, _)) = criterion.measure() else { return };
    let Some(indicator) = plan.indicators.iter().find(|known| known.code == code) else { return };
    let leaves = all(&plan.reporting, &plan.span);
    let mut inside = leaves.iter().filter(|(_, leaf)| span.contains(leaf));
    if !inside.any(|(_, leaf)| covered(plan, indicator, *leaf).is_some()) {
        out.push(Finding::new(pointer, "period_not_owed").with("indicator", code));
    }
}
