//! Days and instants as RFC 3339 writes them, with years of four digits. Chrono reads years of six and of before the
//! common era too, which no database, calendar or reader of ours holds. For `deserialize_with`. PURE.

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de::Error};

fn four_digits<E: Error>(year: i32) -> Result<(), E> {
    (0..=9999).contains(&year).then_some(()).ok_or_else(|| E::custom("a year has four digits"))
}

pub fn day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<NaiveDate, D::Error> {
    let day = NaiveDate::deserialize(deserializer)?;
    four_digits(day.year()).map(|()| day)
}

pub fn optional_day<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<NaiveDate>, D::Error> {
    let day = Option::<NaiveDate>::deserialize(deserializer)?;
    day.map_or(Ok(()), |day| four_digits(day.year())).map(|()| day)
}

pub fn instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    let instant = DateTime::<Utc>::deserialize(deserializer)?;
    four_digits(instant.year()).map(|()| instant)
}

pub fn optional_instant<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let instant = Option::<DateTime<Utc>>::deserialize(deserializer)?;
    instant.map_or(Ok(()), |instant| four_digits(instant.year())).map(|()| instant)
}
