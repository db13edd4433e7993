//! Reminders: units that have not reported hear of it before and after the due instant.

mod job;
mod schedule;

pub use job::RemindUnits;
pub use schedule::{ReminderTime, Schedule, reminder_time};
