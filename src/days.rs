//! Days and instants as RFC 3339 writes them, of the years that a movement can speak of. Chrono reads `2025-9-1`, years of
//! six digits and of before the common era too, and a year mistyped by a digit would stay for good. For
//! `deserialize_with`. PURE.

use std::{borrow::Cow, fmt};

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

fn read_day<E: Error>(text: &str) -> Result<NaiveDate, E> {
    if is_no_day_of_its_month(text) {
        return Err(E::custom("there is no such day in this month"));
    }
    let day = text.parse().ok().filter(|day: &NaiveDate| is_near(day.year()) && day.to_string() == text);
    day.ok_or_else(|| E::custom("a day of 1900 to 2199 is written YYYY-MM-DD"))
}

/// Whether a text is written as a day that its month does not have: `2026-06-31`.
fn is_no_day_of_its_month(text: &str) -> bool {
    let first = text.get(..8).and_then(|month| format!("{month}01").parse::<NaiveDate>().ok());
    let day = text.get(8..).filter(|day| day.len() == 2).and_then(|day| day.parse::<u32>().ok());
    first.zip(day).is_some_and(|(first, day)| (1..=31).contains(&day) && first.with_day(day).is_none())
}

fn read_instant<E: Error>(text: &str) -> Result<DateTime<Utc>, E> {
    let instant = DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
    let instant = instant.filter(|instant| is_near(instant.year()));
    instant.ok_or_else(|| E::custom("an instant of 1900 to 2199 is written YYYY-MM-DDTHH:MM:SSZ"))
}

pub fn is_near(year: i32) -> bool {
    (1900..=2199).contains(&year)
}

pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    read_day(&Cow::<str>::deserialize(deserializer)?)
}

pub fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    Option::<Cow<str>>::deserialize(deserializer)?.map(|text| read_day(&text)).transpose()
}

pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    read_instant(&Cow::<str>::deserialize(deserializer)?)
}

pub fn optional_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    Option::<Cow<str>>::deserialize(deserializer)?.map(|text| read_instant(&text)).transpose()
}

/// An instant as Vietnamese readers write it: «16:30 ngày 04/12/2026».
pub fn told(at: DateTime<Utc>) -> String {
    at.with_timezone(&Ho_Chi_Minh).format("%H:%M ngày %d/%m/%Y").to_string()
}

/// A day of every year, as `12-31`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearDay {
    pub month: u32,
    pub day: u32,
}

impl fmt::Display for YearDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}-{:02}", self.month, self.day)
    }
}

impl Serialize for YearDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for YearDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        // Of a year that is no leap year, so that every year has it.
        let read = format!("2025-{text}").parse::<NaiveDate>().ok();
        let day = read.map(|day| Self { month: day.month(), day: day.day() }).filter(|day| day.to_string() == text);
        day.ok_or_else(|| D::Error::custom("a day of every year is written MM-DD"))
    }
}
