//! Sums of 128 bits in JSON: an integer while 64 bits hold it, beyond that a string of its digits. So nothing is ever
//! rounded or capped, and every reader of 64-bit JSON integers gets back what was written. PURE.

use std::fmt;

use serde::{Deserialize, Deserializer, Serializer, de};

pub fn serialize<S: Serializer>(number: &Option<i128>, serializer: S) -> Result<S::Ok, S::Error> {
    match number.map(|number| i64::try_from(number).map_err(|_| number)) {
        None => serializer.serialize_none(),
        Some(Ok(number)) => serializer.serialize_i64(number),
        Some(Err(number)) => serializer.collect_str(&number),
    }
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i128>, D::Error> {
    Ok(Option::<Whole>::deserialize(deserializer)?.map(|Whole(number)| number))
}

struct Whole(i128);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Reader).map(Self)
    }
}

struct Reader;

impl de::Visitor<'_> for Reader {
    type Value = i128;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number, as an integer or as a string of digits")
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
