//! Rows as JSON: one list, or one object a line (NDJSON); and the problems that files are.

use serde_json::{Map, Value};

use super::{Reading, Table, grouped};
use crate::{
    finding::Finding,
    http::{self, Error, Result},
};

/// A list of rows, read one by one. Invalid JSON invalidates the list; an invalid row only itself.
pub fn read_list<R: Table>(bytes: &[u8]) -> Result<Reading<R>> {
    let mut reading = Reading::default();
    let mut number = 0;
    http::read_each(bytes, |item| {
        number += 1;
        take(&mut reading, number, row(item))
    })?;
    Ok(reading)
}

/// One row a line; blank lines are passed over.
pub fn read_lines<R: Table>(bytes: &[u8]) -> Result<Reading<R>> {
    let mut reading = Reading::default();
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let lines = bytes.split(|b| *b == b'\n').enumerate();
    for (at, line) in lines.filter(|(_, line)| !line.iter().all(u8::is_ascii_whitespace)) {
        let row = http::read::<Value>(line).and_then(row);
        take(&mut reading, at + 1, row)?;
    }
    Ok(reading)
}

/// The row of an item; of one that cannot be read what its keys say, where that is something.
fn row<R: Table>(item: Value) -> Result<R> {
    let named = R::COLUMNS.iter().filter(|(column, ..)| R::KEYS.contains(column));
    let keys = named.filter_map(|(_, name, ..)| Some(((*name).to_owned(), item.get(name)?.clone())));
    let keys = Value::Object(keys.collect::<Map<_, _>>());
    http::from_value::<R>(item).or_else(|error| R::unread(&keys, error.findings()).ok_or(error))
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

/// All rows or none, and some rows cannot be stored: each finding with the number of its row, equal ones as one.
pub fn rejected(refused: &[(usize, Vec<Finding>)], received: usize) -> Error {
    let told = grouped(refused).into_iter().map(|group| {
        let found = group.finding.clone().with("row", group.rows.first().copied().unwrap_or_default());
        let rows: Vec<String> = group.rows.iter().map(usize::to_string).collect();
        if group.count > 1 { found.with("count", group.count).with("rows", rows.join(", ")) } else { found }
    });
    Error::of("import_rejected")
        .with("rejected", refused.len())
        .with("received", received)
        .with("rows_vi", "dòng")
        .with("rows_en", "rows")
        .because(told.take(TOLD_MOST).collect())
}
