//! When units report: due times, and periods that leave no day out and count none twice. PURE.

use chrono::NaiveDate;

use super::checks::codes;
use crate::{
    finding::Finding,
    movements::{
        periods::{PeriodCode, Window, day_by_plan, due_time, regular},
        plan::{CutOff, Due, ExtraPeriod, PeriodRole, Plan, Windows},
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
    due(&plan.reporting.due, out);
    windows(plan.reporting.windows, out);
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
    due_days(&plan.reporting.due, &leaves, out);
}

/// Working days after the cut-off, or a day of a month: one of the two, and whole.
fn due(due: &Due, out: &mut Vec<Finding>) {
    let finding = |member: &str, code| Finding::new(format!("/reporting/due/{member}"), code);
    if due_time(due).is_none() {
        out.push(finding("at", "due_time_malformed").with("at", &due.at));
    }
    let of_day = [
        ("day", due.day.is_some()),
        ("month", due.month.is_some()),
        ("moves", due.moves.is_some()),
        ("opens_day", due.opens_day.is_some()),
    ];
    match (due.working_days, due.day.zip(due.month)) {
        (Some(days), _) => {
            if !(1..=MOST_WORKING_DAYS).contains(&days) {
                let finding = finding("working_days", "due_days_out_of_range");
                out.push(finding.with("days", days).with("most", MOST_WORKING_DAYS));
            }
            let mixed = of_day.iter().filter(|(_, is_there)| *is_there);
            out.extend(mixed.map(|(member, _)| finding(member, "due_mixed").with("member", member)));
        }
        (None, None) => out.push(Finding::new("/reporting/due", "due_unsaid")),
        (None, Some((day, _))) => {
            if !(1..=31).contains(&day) {
                out.push(finding("day", "due_day_out_of_range").with("day", day));
            }
            let outside = due.opens_day.filter(|opens| !(1..=day).contains(opens));
            out.extend(
                outside.map(|opens| finding("opens_day", "opens_after_due").with("opens", opens).with("day", day)),
            );
        }
    }
}

/// A day of the month may come before the cut-off, when figures are estimates, but not before the period.
fn due_days(due: &Due, leaves: &[Leaf], out: &mut Vec<Finding>) {
    let days = || leaves.iter().filter_map(|leaf| Some((leaf, day_by_plan(due, leaf.window.cutoff_on)?)));
    let finding = |finding: Finding, (leaf, day): (&Leaf, NaiveDate)| {
        finding.with("period", &leaf.code).with("due", day).with("from", leaf.window.starts_on)
    };
    let before = days().find(|(leaf, day)| *day < leaf.window.starts_on);
    let early = days().find(|(leaf, day)| *day <= leaf.window.cutoff_on).filter(|_| before.is_none());
    out.extend(before.map(|found| finding(Finding::new("/reporting/due/day", "due_before_period"), found)));
    out.extend(early.map(|found| {
        let warning = finding(Finding::warning("/reporting/due/day", "due_before_cutoff"), found);
        warning.with("cutoff", found.0.window.cutoff_on)
    }));
}

/// Months end on a day that every month has, and the year in December.
fn windows(windows: Windows, out: &mut Vec<Finding>) {
    let Windows::CutOff(CutOff { cutoff_day, year_end }) = windows else { return };
    if !(1..=28).contains(&cutoff_day) {
        let finding = Finding::new("/reporting/windows/cutoff_day", "cutoff_day_out_of_range");
        out.push(finding.with("day", cutoff_day));
    }
    if year_end.month != 12 {
        let finding = Finding::new("/reporting/windows/year_end", "year_end_outside_december");
        out.push(finding.with("day", year_end));
    }
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
