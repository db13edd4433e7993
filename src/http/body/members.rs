//! Members of a body that changes a thing: what is left out stays as it is, and `null` empties what may be empty. For
//! `deserialize_with`, beside `default`. PURE.

use serde::{Deserialize, Deserializer};

/// A member that may be emptied.
pub fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(from).map(Some)
}

/// A member that may not: `null` is refused as any other value of a wrong type.
pub fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(from: D) -> Result<Option<T>, D::Error> {
    T::deserialize(from).map(Some)
}
