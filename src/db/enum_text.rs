//! Enums in text columns: the column has the same text as the JSON.

use serde::{
    Serialize,
    de::{DeserializeOwned, IntoDeserializer, value},
};
use serde_json::Value;

use crate::problem::{Error, Result};

/// An enum as a column's text.
pub fn to_text(value: impl Serialize) -> Result<String> {
    match serde_json::to_value(value).map_err(Error::internal)? {
        Value::String(word) => Ok(word),
        other => Err(Error::internal(other)),
    }
}

/// A column's text as its enum; the column's check constraint permits no other.
pub fn from_text<T: DeserializeOwned>(word: String) -> Result<T> {
    T::deserialize(word.into_deserializer()).map_err(|error: value::Error| Error::internal(error))
}
