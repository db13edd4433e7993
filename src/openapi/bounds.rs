//! What a schema says about numbers and bytes: every integer has bounds, and a file is bytes. PURE.

use serde_json::{Map, Value, json};

use super::schemas::each;

/// The greatest integer that every client reads exactly (RFC 8259, section 6).
pub const MOST: i64 = (1 << 53) - 1;

/// One JSON text a line is a file too.
const NDJSON: &str = "application/x-ndjson";

/// Bounds integers that declare no bounds.
pub fn bound_integers(document: &mut Value) {
    each(document, &mut |schema| {
        let is_integer = match schema.get("type") {
            Some(Value::Array(types)) => types.iter().any(|one| one == "integer"),
            Some(one) => one == "integer",
            None => false,
        };
        if is_integer {
            let format = schema.get("format").and_then(Value::as_str).unwrap_or_default();
            // The generator calls an unsigned number of 32 bits `int32` from 0.
            let unsigned = schema.get("minimum").and_then(Value::as_f64) == Some(0.0);
            let is_wide = format == "int64";
            let (least, most) = match format {
                "int32" if !unsigned => (i32::MIN.into(), i32::MAX.into()),
                "int32" | "uint32" => (0, u32::MAX.into()),
                "uint16" => (0, u16::MAX.into()),
                "uint8" => (0, u8::MAX.into()),
                _ => (-MOST, MOST),
            };
            schema.entry("minimum").or_insert(json!(least));
            schema.entry("maximum").or_insert(json!(most));
            // The bounds say all that the others say; this one also asks for a wide type.
            if !is_wide {
                schema.remove("format");
            }
        }
    });
}

/// Media types that are texts for a person or fields of a form; other bodies that are no JSON are files.
const TEXTS: [&str; 4] = ["text/plain", "text/html", "multipart/form-data", "application/x-www-form-urlencoded"];

/// Files are bytes; the generator writes `Vec<u8>` as a list of numbers, and a file of text as a text in memory.
pub fn mark_bytes(document: &mut Value) {
    each(document, &mut |members| {
        let contents = members.get_mut("content").and_then(Value::as_object_mut);
        // A property may be called `content`, too: its schema has no member with a slash.
        for (media_type, content) in contents.into_iter().flat_map(Map::iter_mut).filter(|(name, _)| name.contains('/'))
        {
            if !media_type.ends_with("json") && !TEXTS.contains(&media_type.as_str()) || media_type == NDJSON {
                content["schema"] = json!({"type": "string", "format": "binary", "contentMediaType": media_type});
            }
        }
    });
}
