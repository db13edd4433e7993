//! When units that have not reported are reminded: some hours before the due instant, and some after it. PURE.

use chrono::{DateTime, TimeDelta, Utc};

/// Hours before and after the due instant; a zero is none.
#[derive(Debug, Clone, Default)]
pub struct Schedule {
    pub before: Vec<u32>,
    pub after: Vec<u32>,
}

/// A reminder that has its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReminderTime {
    /// So many hours before the due instant.
    Before(u32),
    /// So many hours after it.
    After(u32),
}

impl ReminderTime {
    /// By which events know it.
    pub fn code(self) -> String {
        match self {
            Self::Before(hours) => format!("before:{hours}"),
            Self::After(hours) => format!("after:{hours}"),
        }
    }
}

/// The reminder whose time came last; none before the first. What was missed while nothing ran is not made up for: a
/// unit hears once how late it is, and nothing of what is past.
pub fn reminder_time(schedule: &Schedule, due: DateTime<Utc>, now: DateTime<Utc>) -> Option<ReminderTime> {
    let hours = |n: u32| TimeDelta::hours(n.into());
    if now <= due {
        let come = schedule.before.iter().filter(|n| **n > 0 && due - hours(**n) <= now);
        return come.min().map(|n| ReminderTime::Before(*n));
    }
    let come = schedule.after.iter().filter(|n| **n > 0 && due + hours(**n) <= now);
    come.max().map(|n| ReminderTime::After(*n))
}
