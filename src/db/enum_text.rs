//! Enums in text columns: the word of the column is the word of the JSON.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use crate::problem::{Error, Result};

/// An enum as the word of a column.
pub fn to_text(value: impl Serialize) -> Result<String> {
    match serde_json::to_value(value).map_err(Error::internal)? {
        Value::String(word) => Ok(word),
        other => Err(Error::internal(other)),
    }
}

/// A word of a column as its enum; the column's check constraint lets no other in.
pub fn from_text<T: DeserializeOwned>(word: String) -> Result<T> {
    serde_json::from_value(Value::String(word)).map_err(Error::internal)
}
