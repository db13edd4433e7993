//! Whole numbers in JSON. An answer has an integer up to 2^53 − 1, what every reader keeps, beyond that a text of its
//! digits: nothing is ever rounded or capped. What is handed in is read whatever its size, so that a check can tell the
//! limits. PURE.

use serde::{Deserialize, Deserializer, Serializer, de};
use std::fmt;
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{ObjectBuilder, OneOfBuilder, RefOr, Schema, schema::Type},
};

use crate::exact::WHOLE_MOST;

pub fn serialize<S: Serializer>(number: &Option<i128>, serializer: S) -> Result<S::Ok, S::Error> {
    match number.map(|number| i64::try_from(number).ok().filter(|n| n.abs() <= WHOLE_MOST).ok_or(number)) {
        None => serializer.serialize_none(),
        Some(Ok(number)) => serializer.serialize_i64(number),
        Some(Err(number)) => serializer.collect_str(&number),
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i128>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

/// A whole number that is never below 0.
pub struct Whole(i128);

impl PartialSchema for Whole {
    fn schema() -> RefOr<Schema> {
        let number = ObjectBuilder::new().schema_type(Type::Integer).minimum(Some(0)).maximum(Some(WHOLE_MOST));
        let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some(r"^[1-9]\d{15,}$"));
        let about = "A whole number: an integer up to 2^53 − 1, beyond that a text of its digits.";
        OneOfBuilder::new().item(number).item(text).description(Some(about)).examples([365]).into()
    }
}

impl ToSchema for Whole {}

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, as an integer or as a text of digits")
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<i128, E> {
        Ok(number.into())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<i128, E> {
        Ok(number.into())
    }

    fn visit_str<E: de::Error>(self, digits: &str) -> Result<i128, E> {
        digits.parse().map_err(E::custom)
    }
}

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
