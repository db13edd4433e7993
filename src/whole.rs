//! Whole numbers as they are handed in: read whatever their size, so that a check can tell the limits. PURE.

use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// A whole number as it is handed in: `118` and `118.0` are the same. Beyond 64 bits it is the largest of them, which no
/// check lets pass.
pub fn handed_in<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    Ok(Option::<HandedIn>::deserialize(deserializer)?.map(|HandedIn(number)| number))
}

struct HandedIn(i64);

impl<'de> Deserialize<'de> for HandedIn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(HandedInReader).map(Self)
    }
}

struct HandedInReader;

impl de::Visitor<'_> for HandedInReader {
    type Value = i64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("i64")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i64, E> {
        Ok(number)
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i64, E> {
        Ok(i64::try_from(number).unwrap_or(i64::MAX))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<i64, E> {
        if number.fract() == 0.0 {
            // Beyond 64 bits the conversion ends at the largest or the smallest.
            Ok(number as i64)
        } else {
            Err(E::invalid_type(de::Unexpected::Float(number), &self))
        }
    }
}
