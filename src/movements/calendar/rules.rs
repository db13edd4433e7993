//! Days as Việt Nam counts them: where a day begins, and which days are worked. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, TimeZone, Utc, Weekday};
use chrono_tz::Asia::Ho_Chi_Minh;

/// What differs from plain weekends: data, because holidays and swapped days are announced year by year.
/// The default knows weekends only.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calendar {
    pub holidays: BTreeSet<NaiveDate>,
    /// Swapped days (làm bù): worked, though they fall on a weekend.
    pub working: BTreeSet<NaiveDate>,
}

impl Calendar {
    pub fn is_working(&self, day: NaiveDate) -> bool {
        let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
        self.working.contains(&day) || !(weekend || self.holidays.contains(&day))
    }

    /// The `count`-th working day strictly after `day`; `count` 0 reads as 1. At the end of time, the last day.
    pub fn working_days_after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        let nth = count.saturating_sub(1) as usize;
        day.iter_days().skip(1).filter(|day| self.is_working(*day)).nth(nth).unwrap_or(NaiveDate::MAX)
    }
}

/// The instant of a Vietnamese day and time. Clocks have not moved there since 1975; a time that an older change
/// skipped reads as UTC.
pub fn instant(day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
    let local = day.and_time(time);
    Ho_Chi_Minh.from_local_datetime(&local).earliest().map_or(local.and_utc(), |at| at.to_utc())
}
