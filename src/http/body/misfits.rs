//! Everything in a value that does not fit a type, at once. serde stops at the first; here a value that fits takes its
//! place, and the reading goes on. What a replacement lacks itself is nobody's mistake and no finding.

use std::ops::RangeInclusive;

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::{serde_messages, strict_objects::Objects};
use crate::finding::{Finding, escape, unescape};

/// Readings of one value, which are also the most findings: a few of a large one, so that none keeps a worker busy.
const ROUNDS: RangeInclusive<usize> = 8..=200;
/// Values that are read in all.
const READ_MOST: usize = 400_000;

/// All findings, in the order in which they are met; at least one for a value that does not fit.
pub fn misfits<T: DeserializeOwned>(value: Value) -> Vec<Finding> {
    mended::<T>(value, Stand::First).findings
}

/// Which of two values takes the place of one that does not fit.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    First,
    Second,
}

/// A value in which everything fits, as far as it could be made to.
pub struct Mended<T> {
    pub value: Option<T>,
    /// What did not fit.
    pub findings: Vec<Finding>,
    /// Whether only values were replaced of which no other place speaks: what a list was to hold, or who bears a code, is
    /// missing everywhere.
    pub whole: bool,
}

/// The value with another one wherever something does not fit.
pub fn mended<T: DeserializeOwned>(mut value: Value, stand: Stand) -> Mended<T> {
    let mut mended = Mended { value: None, findings: Vec::new(), whole: true };
    let mut replaced: Vec<String> = Vec::new();
    let mut last = None;
    let rounds = (READ_MOST / values(&value)).clamp(*ROUNDS.start(), *ROUNDS.end());
    for _ in 0..rounds {
        let error = match serde_path_to_error::deserialize::<_, T>(Objects(value.clone())) {
            Ok(value) => return Mended { value: Some(value), ..mended },
            Err(error) => error,
        };
        let at = pointer(error.path());
        let cause = error.into_inner().to_string();
        let finding = explain(at, &cause);
        let place = finding.pointer.clone();
        let within = |above: &String| place == *above || place.starts_with(&format!("{above}/"));
        if !replaced.iter().any(within) {
            mended.findings.push(finding.clone());
        }
        let stuck = last.replace((place.clone(), cause.clone())) == Some((place.clone(), cause.clone()));
        if stuck || mend(&mut value, &finding, &cause, stand).is_none() {
            break;
        }
        mended.whole &= !is_emptied(&value, &finding);
        replaced.push(place);
    }
    mended
}

/// How many values a document has, itself and all within it.
fn values(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(values).sum(),
        Value::Object(members) => members.values().map(values).sum(),
        _ => 0,
    }
}

/// Whether other places may speak of what is gone now: the things of a list, a code, a member of the whole document.
fn is_emptied(value: &Value, finding: &Finding) -> bool {
    let made_up = |now: &Value| finding.pointer.ends_with("/code") && (*now == json!("") || *now == json!("x"));
    let emptied = value.pointer(&finding.pointer).is_some_and(|now| *now == json!([]) || made_up(now));
    let top = finding.pointer.matches('/').count() == 1;
    emptied || finding.code == "unknown_field" && top && may_be_missing(value, finding)
}

/// Whether an unknown member may be another one that is misspelt and so missing.
pub fn may_be_missing(document: &Value, unknown: &Finding) -> bool {
    let above = unknown.pointer.rsplit_once('/').map_or("", |(above, _)| above);
    match unknown.args.get("nearest") {
        Some(nearest) => document.pointer(above).is_none_or(|known| known.get(nearest).is_none()),
        // The members of a document are told themselves where they are missing.
        None => !above.is_empty(),
    }
}

/// Puts something that fits where the finding points, as far as serde's message tells what fits.
fn mend(value: &mut Value, finding: &Finding, cause: &str, stand: Stand) -> Option<()> {
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
            let place = value.pointer_mut(&finding.pointer)?;
            *place = likely(place, cause).or_else(|| fitting(cause, stand))?;
            Some(())
        }
    }
}

/// What was meant, most likely: a number in place of a text is its digits, a thing in place of a list its only one.
fn likely(given: &Value, cause: &str) -> Option<Value> {
    match (cause.rsplit_once(", expected ")?.1, given) {
        ("a string" | "a borrowed string" | "string", Value::Number(number)) => Some(json!(number.to_string())),
        ("a sequence" | "a list", Value::String(_) | Value::Object(_)) => Some(json!([given])),
        _ => None,
    }
}

fn fitting(cause: &str, stand: Stand) -> Option<Value> {
    let either = |first: Value, second: Value| if stand == Stand::First { first } else { second };
    if let Some((_, known)) = cause.strip_prefix("unknown variant ").and_then(|rest| rest.split_once("expected ")) {
        let mut known = known.split('`').skip(1).step_by(2);
        let known = if stand == Stand::First { known.next() } else { known.last() };
        return known.map(Value::from);
    }
    let id = || json!("00000000-0000-0000-0000-000000000000");
    let instant = || either(json!("2000-01-01T00:00:00Z"), json!("2100-01-01T00:00:00Z"));
    let known = [
        ("not a decimal", either(json!("0"), json!("1"))),
        ("a day of every year", either(json!("12-01"), json!("12-31"))),
        ("a day of ", either(json!("2000-01-01"), json!("2100-01-01"))),
        ("there is no such day", either(json!("2000-01-01"), json!("2100-01-01"))),
        ("an instant of ", instant()),
        ("UUID parsing failed", id()),
    ];
    if let Some((_, fitting)) = known.into_iter().find(|(start, _)| cause.starts_with(start)) {
        return Some(fitting);
    }
    match cause.rsplit_once(", expected ")?.1 {
        "a string" | "a borrowed string" | "string" => Some(either(json!(""), json!("x"))),
        "a boolean" => Some(either(json!(false), json!(true))),
        "i8"
        | "i16"
        | "i32"
        | "i64"
        | "isize"
        | "u8"
        | "u16"
        | "u32"
        | "u64"
        | "usize"
        | "f32"
        | "f64"
        | "a whole number from 0 or an object" => Some(either(json!(0), json!(1))),
        "a verdict, a list of verdicts, or true or false" => Some(either(json!("met"), json!(true))),
        "a sequence" | "a list" => Some(json!([])),
        "a map" | "an object" => Some(json!({})),
        "a formatted UUID string" => Some(id()),
        "an RFC 3339 formatted date and time string" => Some(instant()),
        other if other.starts_with("a whole number such as 5") => Some(either(json!(0), json!(1))),
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
