//! The day on which the reports of a period are due, and the one from which they are taken. PURE.

use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta};

use crate::movements::{
    calendar::Calendar,
    plan::{Due, DueMonth, DueMoves},
};

/// A day's month, counted from January of year 0.
pub(super) fn month_of(day: NaiveDate) -> i32 {
    day.year() * 12 + day.month0() as i32
}

/// The day of a month, or the month's last where it is shorter.
pub(super) fn day_of(month: i32, day: u32) -> NaiveDate {
    let first = |month: i32| NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1);
    let first_day = first(month).unwrap_or(NaiveDate::MAX);
    let last = first(month + 1).and_then(|next| next.pred_opt()).unwrap_or(first_day);
    (first_day + TimeDelta::days(i64::from(day.clamp(1, 31)) - 1)).min(last)
}

/// A day of the month in which reports are due.
fn in_month(due: &Due, cutoff_on: NaiveDate, day: u32) -> NaiveDate {
    day_of(month_of(cutoff_on) + i32::from(due.month == Some(DueMonth::Next)), day)
}

/// The day of the month that the plan names, before it moves.
pub fn day_by_plan(due: &Due, cutoff_on: NaiveDate) -> Option<NaiveDate> {
    due.day.map(|day| in_month(due, cutoff_on, day))
}

/// The plan's day, or so many working days after the cut-off. Never before as many working days, one for a day, after
/// the launch: a window may have closed before the plan was signed.
pub fn due_on(due: &Due, cutoff_on: NaiveDate, launched_on: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let Some(due_on) = day_by_plan(due, cutoff_on) else {
        return calendar.working_days_after(cutoff_on.max(launched_on), due.working_days.unwrap_or(1));
    };
    let stays = due.moves == Some(DueMoves::Stays) || calendar.is_working(due_on);
    let due_on = if stays { due_on } else { calendar.working_days_after(due_on, 1) };
    due_on.max(calendar.working_days_after(launched_on, 1))
}

/// The first day on which reports are taken; none where the plan names none.
pub fn opens_on(due: &Due, cutoff_on: NaiveDate) -> Option<NaiveDate> {
    due.opens_day.map(|day| in_month(due, cutoff_on, day))
}

/// The local time of day at which reports are due; none where the plan does not write `HH:MM`.
pub fn due_time(due: &Due) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(&due.at, "%H:%M").ok().filter(|time| time.format("%H:%M").to_string() == due.at)
}
