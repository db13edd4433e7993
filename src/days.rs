//! Days and instants as RFC 3339 writes them, of the years that a movement can speak of. Chrono reads `2025-9-1`, years of
//! six digits and of before the common era too, and a year mistyped by a digit would stay for good. For
//! `deserialize_with`. PURE.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, NaiveDate, Utc};
use serde::{Deserialize, Deserializer, de::Error};

fn read_day<E: Error>(text: &str) -> Result<NaiveDate, E> {
    let day = text.parse().ok().filter(|day: &NaiveDate| is_near(day.year()) && day.to_string() == text);
    day.ok_or_else(|| E::custom("a day of 1900 to 2199 is written YYYY-MM-DD"))
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
