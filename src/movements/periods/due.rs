//! Due instants that move: an amendment sets those still to come, and the agency postpones one. PURE.

use chrono::{DateTime, Months, NaiveDate, Utc};

use super::rules::PeriodDates;
use crate::{
    clock::day,
    days::told,
    finding::Finding,
    movements::{
        movement::{Movement, Period},
        plan::versions::Version,
    },
};

/// The stored periods to which an amendment gives another due instant: those that the new version reaches, while they
/// are not due yet. `made` is what the new version would open today. Without another `reporting.due` nothing moves,
/// whatever became of the calendar.
pub fn amended(movement: &Movement, stored: &[Period], made: &[PeriodDates], version: &Version) -> Vec<Period> {
    let reached = |period: &&Period| {
        let cutoff = period.dates.cutoff_on;
        let other = movement.on(cutoff).plan.reporting.due != version.plan.reporting.due;
        version.effective_from <= cutoff && version.created_at < period.dates.due_at && other
    };
    let moved = |period: &Period| {
        let due_at = made.iter().find(|made| made.code == period.dates.code)?.due_at;
        let by_plan = period.original_due_at.unwrap_or(period.dates.due_at);
        (due_at != by_plan).then(|| planned(period.clone(), due_at))
    };
    stored.iter().filter(reached).filter_map(moved).collect()
}

/// A period that the plan makes due at another instant. What the agency postponed further stays so.
fn planned(mut period: Period, due_at: DateTime<Utc>) -> Period {
    if period.original_due_at.is_some() && due_at < period.dates.due_at {
        period.original_due_at = Some(due_at);
    } else {
        (period.original_due_at, period.due_reason) = (None, None);
        period.dates.due_at = due_at;
    }
    Period { version: period.version + 1, ..period }
}

/// What keeps the agency from moving a due instant. A later one is always right. An earlier one takes a postponement
/// back: not below what the plan gives, not into the past, and not once a unit was late by the present one.
pub fn check_postponed(period: &Period, due_at: DateTime<Utc>, now: DateTime<Utc>, late: bool) -> Option<Finding> {
    let present = period.dates.due_at;
    let wrong = |code| Some(Finding::new("/due_at", code).with("due_at", present).with("due_at_vi", told(present)));
    if due_at > present {
        return None;
    }
    match period.original_due_at {
        Some(_) if late && due_at < present => wrong("due_relied_on"),
        Some(by_plan) if by_plan <= due_at && now < due_at && due_at < present => None,
        _ => wrong("due_not_later"),
    }
}

/// A due instant falls at the latest a year after the last day of the movement: what is later is a slip of the pen.
pub fn check_within_reach(last_day: NaiveDate, due_at: DateTime<Utc>) -> Option<Finding> {
    let latest = last_day.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX);
    (day(due_at) > latest).then(|| Finding::new("/due_at", "due_too_late").with("day", latest))
}

/// The period as the agency makes it due.
pub fn postponed(mut period: Period, due_at: DateTime<Utc>, reason: String) -> Period {
    let by_plan = period.original_due_at.unwrap_or(period.dates.due_at);
    let differs = due_at != by_plan;
    (period.original_due_at, period.due_reason) = (differs.then_some(by_plan), differs.then_some(reason));
    period.dates.due_at = due_at;
    Period { version: period.version + 1, ..period }
}
