//! Rows as JSON: one list, or one object a line (NDJSON); and the problems that files are.

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::Reading;
use crate::{
    finding::Finding,
    http::{self, Error, Result},
};

/// A list of rows, read one by one. Invalid JSON invalidates the list; an invalid row only itself.
pub fn read_list<R: DeserializeOwned>(bytes: &[u8]) -> Result<Reading<R>> {
    let mut reading = Reading::default();
    let mut number = 0;
    http::read_each(bytes, |item| {
        number += 1;
        take(&mut reading, number, http::from_value::<R>(item))
    })?;
    Ok(reading)
}

/// One row a line; blank lines are passed over.
pub fn read_lines<R: DeserializeOwned>(bytes: &[u8]) -> Result<Reading<R>> {
    let mut reading = Reading::default();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.split(|b| *b == b'\n').enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace)) {
        let row = http::read::<Value>(line).and_then(http::from_value::<R>);
        take(&mut reading, at + 1, row)?;
    }
    Ok(reading)
}

fn take<R>(reading: &mut Reading<R>, number: usize, row: Result<R>) -> Result<()> {
    let row = match row {
        Ok(row) => Ok(row),
        Err(error) if error.findings().is_empty() => return Err(error),
        Err(error) => Err(error.findings().to_vec()),
    };
    reading.take(number, row).map_err(unreadable)
}

/// A fault of the whole file.
pub fn unreadable(findings: Vec<Finding>) -> Error {
    Error::of("file_unreadable").because(findings)
}

/// Maximum number of findings in one answer.
pub const TOLD_MOST: usize = 1_000;

/// All rows or none, and some rows cannot be stored: each finding with the number of its row.
pub fn rejected(refused: &[(usize, Vec<Finding>)], received: usize) -> Error {
    let all = refused.iter().flat_map(|(row, found)| found.iter().map(move |f| f.clone().with("row", row)));
    Error::of("import_rejected")
        .with("rejected", refused.len())
        .with("received", received)
        .because(all.take(TOLD_MOST).collect())
}
