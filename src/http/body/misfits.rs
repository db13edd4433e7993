//! Everything in a value that does not fit a type, at once. serde stops at the first; here a value that fits takes its
//! place, and the reading goes on. What a replacement lacks itself is nobody's mistake and no finding.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{serde_messages, strict_objects::Objects};
use crate::finding::{Finding, escape, unescape};

/// Readings of one value, which are also the most findings.
const ROUNDS: usize = 200;

/// All findings, in the order in which they are met; at least one for a value that does not fit.
pub fn misfits<T: DeserializeOwned>(mut value: Value) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let mut replaced: Vec<String> = Vec::new();
    let mut last = None;
    for _ in 0..ROUNDS {
        let Err(error) = serde_path_to_error::deserialize::<_, T>(Objects(value.clone())) else { break };
        let at = pointer(error.path());
        let cause = error.into_inner().to_string();
        let finding = explain(at, &cause);
        let place = finding.pointer.clone();
        let within = |above: &String| place == *above || place.starts_with(&format!("{above}/"));
        if !replaced.iter().any(within) {
            findings.push(finding.clone());
        }
        let stuck = last.replace((place.clone(), cause.clone())) == Some((place.clone(), cause.clone()));
        if stuck || mend(&mut value, &finding, &cause).is_none() {
            break;
        }
        replaced.push(place);
    }
    findings
}

/// Puts something that fits where the finding points, as far as serde's message tells what fits.
fn mend(value: &mut Value, finding: &Finding, cause: &str) -> Option<()> {
    match finding.code {
        "unknown_field" => {
            let name = finding.args.get("name")?;
            let own = format!("/{}", escape(name));
            let above = finding.pointer.strip_suffix(&own).unwrap_or(&finding.pointer);
            value.pointer_mut(above)?.as_object_mut()?.remove(name).map(drop)
        }
        "missing_field" => {
            let (above, name) = finding.pointer.rsplit_once('/')?;
            // serde tells what fits once it meets something that does not.
            value.pointer_mut(above)?.as_object_mut()?.insert(unescape(name), Value::Null);
            Some(())
        }
        _ => {
            *value.pointer_mut(&finding.pointer)? = fitting(cause)?;
            Some(())
        }
    }
}

fn fitting(cause: &str) -> Option<Value> {
    if let Some((_, known)) = cause.strip_prefix("unknown variant ").and_then(|rest| rest.split_once("expected ")) {
        return known.split('`').nth(1).map(Value::from);
    }
    let known = [
        ("not a decimal", json!("0")),
        ("a day of ", json!("2000-01-01")),
        ("an instant of ", json!("2000-01-01T00:00:00Z")),
        ("UUID parsing failed", json!("00000000-0000-0000-0000-000000000000")),
    ];
    if let Some((_, fitting)) = known.into_iter().find(|(start, _)| cause.starts_with(start)) {
        return Some(fitting);
    }
    match cause.rsplit_once(", expected ")?.1 {
        "a string" | "a borrowed string" | "string" => Some(json!("")),
        "a boolean" => Some(json!(false)),
        "i8" | "i16" | "i32" | "i64" | "isize" | "u8" | "u16" | "u32" | "u64" | "usize" | "f32" | "f64" => {
            Some(json!(0))
        }
        "a sequence" | "a list" => Some(json!([])),
        "a map" | "an object" => Some(json!({})),
        "a formatted UUID string" => Some(json!("00000000-0000-0000-0000-000000000000")),
        "an RFC 3339 formatted date and time string" => Some(json!("2000-01-01T00:00:00Z")),
        other => other.starts_with("struct ").then(|| json!({})),
    }
}

/// serde's message as a finding: an unknown member names the nearest known one.
pub fn explain(pointer: String, cause: &str) -> Finding {
    let named = |start: &str| cause.strip_prefix(start)?.split('`').nth(1).map(str::to_owned);
    if let Some(name) = named("unknown field ") {
        let known = cause.split("expected ").nth(1).unwrap_or_default().split('`').skip(1).step_by(2);
        return Finding::unknown(pointer, &name, known);
    }
    if let Some(name) = named("missing field ") {
        return Finding::new(format!("{pointer}/{name}"), "missing_field").with("name", name);
    }
    let (vi, en) = serde_messages::words(cause);
    Finding::new(pointer, "wrong_type").with("cause_vi", vi).with("cause_en", en)
}

pub fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escape(key))),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect()
}
