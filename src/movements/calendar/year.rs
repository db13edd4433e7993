//! One year of a calendar as a locality writes it down. PURE.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::Calendar;
use crate::{days, finding::Finding};

const NAME_MOST: usize = 200;

/// A day that differs from its weekday, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CalendarDay, example = json!({"day": "2025-09-02", "name": "Quốc khánh"}))]
pub struct Day {
    #[serde(deserialize_with = "days::day")]
    pub day: NaiveDate,
    #[schema(min_length = 1, max_length = 200)]
    pub name: String,
}

/// The days of one year that differ: weekdays not worked, weekend days worked.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CalendarDays)]
pub struct Year {
    pub holidays: Vec<Day>,
    /// Swapped days (làm bù): weekend days that are worked.
    pub working_days: Vec<Day>,
}

impl Year {
    /// Everything wrong with it: days of other years, days named twice, swapped days that are worked anyway.
    pub fn check(&self, year: i32) -> Vec<Finding> {
        let mut findings = Vec::new();
        let mut seen = BTreeSet::new();
        for (member, days) in [("holidays", &self.holidays), ("working_days", &self.working_days)] {
            for (i, Day { day, name }) in days.iter().enumerate() {
                let at = |part: &str| format!("/{member}/{i}/{part}");
                let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
                let code = if day.year() != year {
                    Some("day_of_other_year")
                } else if !seen.insert(*day) {
                    Some("day_twice")
                } else if member == "working_days" && !weekend {
                    Some("day_worked_anyway")
                } else {
                    None
                };
                findings.extend(code.map(|code| Finding::new(at("day"), code).with("day", day).with("year", year)));
                findings.extend(Finding::length(at("name"), name, 1, NAME_MOST));
            }
        }
        findings
    }
}

/// The years as one calendar.
impl FromIterator<Year> for Calendar {
    fn from_iter<I: IntoIterator<Item = Year>>(years: I) -> Self {
        let mut calendar = Self::default();
        for Year { holidays, working_days } in years {
            calendar.holidays.extend(holidays.into_iter().map(|day| day.day));
            calendar.working.extend(working_days.into_iter().map(|day| day.day));
        }
        calendar
    }
}
