//! Whether a body names a member twice: readers take one of them, and not all the same one.

use std::{collections::HashSet, fmt};

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

pub fn names_one_member_twice(body: &[u8]) -> bool {
    serde_json::from_slice::<Alone>(body).is_err_and(|error| error.to_string().starts_with(TWICE))
}

const TWICE: &str = "a member twice";

/// A value whose members each have a name of their own.
struct Alone;

impl<'de> Deserialize<'de> for Alone {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Alone)
    }
}

impl<'de> Visitor<'de> for Alone {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self, A::Error> {
        while items.next_element::<Alone>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self, A::Error> {
        let mut seen = HashSet::new();
        while let Some((name, _)) = members.next_entry::<String, Alone>()? {
            if seen.contains(&name) {
                return Err(A::Error::custom(format!("{TWICE}: {name}")));
            }
            seen.insert(name);
        }
        Ok(self)
    }
}
