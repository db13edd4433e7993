//! Strict JSON: no duplicate keys, no control or direction-changing characters, text in NFC.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, DeserializeSeed, Error as _, MapAccess, SeqAccess, Visitor},
};
use serde_json::{Map, Number, Value};

use super::{
    misfits::{explain, misfits, pointer},
    strict_objects::Objects,
};
use crate::{
    finding::{Finding, escape},
    http::{Error, Result},
    text::{composed, is_forbidden},
};

/// The greatest integer up to which a binary number with a point holds every one exactly: 2^53 − 1.
const EXACT_MOST: f64 = 9_007_199_254_740_991.0;

/// Most bytes of a member's name: findings quote it.
const NAME_MOST: usize = 512;

/// Reads `bytes` as `T`, or answers 400 with the places of all errors.
pub fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    from_value(strict(bytes)?).or_else(|first| {
        let findings = misfits::<T>(strict(bytes)?);
        Err(if findings.is_empty() { first } else { first.because(findings) })
    })
}

/// The value of a text that is strict JSON.
pub(super) fn strict(bytes: &[u8]) -> Result<Value> {
    let mut trouble = None;
    let strict = Strict { pointer: String::new(), trouble: &mut trouble };
    whole(bytes, strict).map_err(|cause| malformed(&cause, trouble))
}

/// Reads the items of a list one by one, so that they are never all in memory. An error of `take` stops it.
pub fn read_each(bytes: &[u8], mut take: impl FnMut(Value) -> Result<()>) -> Result<()> {
    let (mut trouble, mut stopped) = (None, None);
    let each = Each { trouble: &mut trouble, stopped: &mut stopped, take: &mut take };
    let done = whole(bytes, each);
    match stopped {
        Some(error) => Err(error),
        None => done.map_err(|cause| malformed(&cause, trouble)),
    }
}

fn whole<'de, S: DeserializeSeed<'de>>(bytes: &'de [u8], seed: S) -> serde_json::Result<S::Value> {
    // Windows' editors begin a file with a mark that is no part of it (RFC 8259, section 8.1).
    let mut reader = serde_json::Deserializer::from_slice(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes));
    seed.deserialize(&mut reader).and_then(|value| reader.end().map(|()| value))
}

fn malformed(cause: &serde_json::Error, trouble: Option<Finding>) -> Error {
    Error::of("malformed_json").because(vec![
        trouble.unwrap_or_else(|| {
            Finding::new("", "json_syntax").with("line", cause.line()).with("column", cause.column())
        }),
    ])
}

/// Reads a value as `T`; the finding's pointer names the place of an error.
pub fn from_value<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_path_to_error::deserialize(Objects(value)).map_err(|error| {
        let pointer = pointer(error.path());
        let cause = error.into_inner().to_string();
        Error::of("body_invalid").because(vec![explain(pointer, &cause)])
    })
}

/// A text in NFC; none if it contains forbidden characters.
pub fn clean(text: &str) -> Option<String> {
    (!text.chars().any(is_forbidden)).then(|| composed(text))
}

/// Builds a value and refuses what serde_json would accept.
struct Strict<'a> {
    pointer: String,
    trouble: &'a mut Option<Finding>,
}

impl Strict<'_> {
    fn text<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        clean(text).ok_or_else(|| {
            *self.trouble = Some(Finding::new(self.pointer, "forbidden_character"));
            E::custom("forbidden character")
        })
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    /// A number without a fraction is an integer, however it is written: `118.0` (JSON Schema, section 6.1.1).
    fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Value, E> {
        if value.fract() == 0.0 && value.abs() <= EXACT_MOST {
            return Ok((value as i64).into());
        }
        Number::from_f64(value).map(Value::Number).ok_or_else(|| E::custom("not a number"))
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Value, E> {
        self.text(text).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        loop {
            let item = Strict { pointer: format!("{}/{}", self.pointer, items.len()), trouble: self.trouble };
            match seq.next_element_seed(item)? {
                Some(value) => items.push(value),
                None => return Ok(items.into()),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(key) = map.next_key::<std::borrow::Cow<str>>()? {
            if key.len() > NAME_MOST {
                *self.trouble = Some(Finding::new(self.pointer, "member_name_too_long").with("most", NAME_MOST));
                return Err(A::Error::custom("long name"));
            }
            let pointer = format!("{}/{}", self.pointer, escape(&key));
            let key = Strict { pointer: pointer.clone(), trouble: self.trouble }.text(&key)?;
            if members.contains_key(&key) {
                *self.trouble = Some(Finding::new(pointer, "duplicate_key").with("name", &key));
                return Err(A::Error::custom("duplicate key"));
            }
            let value = map.next_value_seed(Strict { pointer, trouble: self.trouble })?;
            members.insert(key, value);
        }
        Ok(members.into())
    }
}

/// Passes the items of a list on.
struct Each<'a> {
    trouble: &'a mut Option<Finding>,
    stopped: &'a mut Option<Error>,
    take: &'a mut dyn FnMut(Value) -> Result<()>,
}

impl<'de> DeserializeSeed<'de> for Each<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Each<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut count = 0;
        while let Some(item) =
            seq.next_element_seed(Strict { pointer: format!("/{count}"), trouble: &mut *self.trouble })?
        {
            if let Err(error) = (self.take)(item) {
                *self.stopped = Some(error);
                return Err(A::Error::custom("stopped"));
            }
            count += 1;
        }
        Ok(())
    }
}

/// An empty body or `{}`, for actions that take nothing.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}
