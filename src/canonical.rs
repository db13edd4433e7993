//! Canonical JSON (RFC 8785): one value has one byte sequence, independent of its writer, so that its digest can always
//! be recomputed. PURE.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

pub type Digest = [u8; 32];

/// The value's canonical bytes.
pub fn canonical(thing: &impl Serialize) -> serde_json::Result<Vec<u8>> {
    serde_jcs::to_vec(thing)
}

/// A value's canonical text: fast where serde writes it canonically as it is.
pub fn canonical_value(value: &Value) -> serde_json::Result<String> {
    match is_ordered(value) {
        true => serde_json::to_string(value),
        false => serde_jcs::to_string(value),
    }
}

/// SHA-256 over the canonical bytes.
pub fn digest(thing: &impl Serialize) -> serde_json::Result<Digest> {
    Ok(Sha256::digest(canonical(thing)?).into())
}

/// The same, several times as fast, of a thing that serde writes canonically as it is: structs whose members are
/// declared in the order of their names and hold text, whole numbers up to 2^53 and lists of such.
pub fn digest_of_ordered(thing: &impl Serialize) -> serde_json::Result<Digest> {
    Ok(Sha256::digest(serde_json::to_vec(thing)?).into())
}

/// The digest of such a struct that also holds a value from elsewhere: fast where serde writes the value canonically.
pub fn digest_around(value: &Value, thing: &impl Serialize) -> serde_json::Result<Digest> {
    if is_ordered(value) { digest_of_ordered(thing) } else { digest(thing) }
}

/// Whether serde writes a value canonically as it is.
fn is_ordered(value: &Value) -> bool {
    const EXACT: u64 = 1 << 53;
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => true,
        Value::Number(number) => number.as_i64().is_some_and(|number| number.unsigned_abs() <= EXACT),
        Value::Array(items) => items.iter().all(is_ordered),
        Value::Object(members) => {
            members.keys().all(|name| name.is_ascii()) && members.keys().is_sorted() && members.values().all(is_ordered)
        }
    }
}

/// Bytes as hexadecimal digits, lower case.
pub fn hex(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// The bytes of hexadecimal digits; none where they are no such.
pub fn unhex(digits: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(digits.as_bytes()).ok()
}

/// For `serialize_with`.
pub fn as_hex<S: Serializer>(bytes: &impl AsRef<[u8]>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&hex(bytes.as_ref()))
}

/// The same for what may be missing.
pub fn as_optional_hex<S: Serializer>(bytes: &Option<Vec<u8>>, serializer: S) -> Result<S::Ok, S::Error> {
    bytes.as_deref().map(hex).serialize(serializer)
}
