//! Days and instants as RFC 3339 writes them, with years of four digits. Chrono reads `2025-9-1`, years of six digits
//! and of before the common era too, which no database, calendar or reader of ours holds. For `deserialize_with`. PURE.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de::Error};

fn read_day<E: Error>(text: &str) -> Result<NaiveDate, E> {
    let day = text.parse().ok().filter(|day: &NaiveDate| four_digits(day.year()) && day.to_string() == text);
    day.ok_or_else(|| E::custom("a day is written YYYY-MM-DD"))
}

fn read_instant<E: Error>(text: &str) -> Result<DateTime<Utc>, E> {
    let instant = DateTime::parse_from_rfc3339(text).ok().map(|instant| instant.to_utc());
    let instant = instant.filter(|instant| four_digits(instant.year()));
    instant.ok_or_else(|| E::custom("an instant is written YYYY-MM-DDTHH:MM:SSZ"))
}

fn four_digits(year: i32) -> bool {
    (0..=9999).contains(&year)
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
