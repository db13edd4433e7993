//! The deadlines of a movement, with the days that are left. PURE.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    calendar::instant,
    movement::{Movement, Period},
};
use crate::clock::day;

/// A report due, a proposal to be made, or the end of the movement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct Deadline {
    pub kind: DeadlineKind,
    /// Code of the period, the award or the movement.
    #[schema(example = "2025-09")]
    pub code: String,
    /// A period's reports are due at this instant; an award's proposal and the movement's last day come before it.
    pub at: DateTime<Utc>,
    /// Whole days from today; negative once past.
    pub days_left: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeadlineKind {
    Period,
    Award,
    End,
}

fn deadline(kind: DeadlineKind, code: &str, at: DateTime<Utc>, last: NaiveDate, today: NaiveDate) -> Deadline {
    Deadline { kind, code: code.into(), at, days_left: (last - today).num_days() }
}

/// The due instants of the periods, then the last instants of the awards' proposals.
pub fn deadlines(movement: &Movement, periods: &[Period], today: NaiveDate) -> Vec<Deadline> {
    let due = periods.iter().map(|Period { dates, .. }| {
        deadline(DeadlineKind::Period, &dates.code, dates.due_at, day(dates.due_at), today)
    });
    let awards = movement.on(today).plan.awards.iter().map(|award| {
        // At midnight it is too late: the last day is the one before.
        let last = award.propose_before - TimeDelta::nanoseconds(1);
        deadline(DeadlineKind::Award, &award.code, award.propose_before, day(last), today)
    });
    due.chain(awards).collect()
}

/// The end of the movement's span.
pub fn end_of_span(movement: &Movement, today: NaiveDate) -> Deadline {
    let last = movement.on(today).plan.span.to;
    let at = instant(last.succ_opt().unwrap_or(last), NaiveTime::MIN);
    deadline(DeadlineKind::End, &movement.code, at, last, today)
}
