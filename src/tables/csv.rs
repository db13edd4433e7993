//! Rows of a CSV file: UTF-8, or UTF-16 with its mark, set apart by commas, semicolons or tabs. PURE.

use std::borrow::Cow;

use super::{
    COLUMNS_MOST, Reading, Spots, Table,
    across::{Numbered, layout},
    cells::Cell,
    headings::Titles,
    records::{Record, Records},
};
use crate::finding::Finding;

/// Lines before the headings: a title, the office's name.
const LINES_BEFORE: usize = 20;
/// Most findings about quotation marks.
const TOLD_MOST: usize = 100;

pub fn read<R: Table>(bytes: &[u8]) -> Result<Reading<R>, Vec<Finding>> {
    let text = decoded(bytes).ok_or_else(|| vec![Finding::new("", "text_not_utf8")])?;
    let titles = Titles::<R>::known();
    let records = || records(&titles, &text);
    let first = first_lines(records());
    let layout = layout(&titles, &first)?;
    let wide =
        layout.as_ref().filter(|layout| !layout.across).map_or(usize::MAX, |layout| wide(records(), layout.last));
    let spots = layout.as_ref().map(|layout| Spots::of(&layout.sides)).unwrap_or_default();
    let (mut reading, mut misquoted) = (Reading::at(spots), Vec::new());
    for record in records() {
        let record = match record {
            Ok(record) => record,
            Err(finding) => {
                misquoted.push(finding);
                if misquoted.len() == TOLD_MOST { break } else { continue }
            }
        };
        let (number, cells) = (record.line, cells(&record));
        if cells.len() > COLUMNS_MOST {
            return Err(vec![Finding::new("", "columns_too_many").with("most", COLUMNS_MOST)]);
        }
        match &layout {
            Some(layout) if number <= layout.last || reading.passes_over(layout, number, &cells) => {}
            Some(_) if cells.iter().skip(wide).any(|cell| !cell.is_blank()) => {
                reading.take(number, Err(vec![Finding::new("", "cells_beside")]))?;
            }
            Some(layout) => drop(reading.line(layout, number, &cells)?),
            None => {}
        }
    }
    // A mark at the wrong place may hide lines within a cell, so nothing of the file is taken.
    if !misquoted.is_empty() {
        return Err(misquoted);
    }
    layout.map(|_| reading).ok_or_else(|| vec![titles.missing(&first)])
}

/// The lines among which the headings are looked for.
fn first_lines(records: Records) -> Vec<Numbered> {
    records.flatten().take(LINES_BEFORE + 1).map(|record| (record.line, cells(&record))).collect()
}

/// How many cells the headings have.
fn wide(records: Records, line: usize) -> usize {
    records.flatten().find(|record| record.line == line).map_or(usize::MAX, |record| record.cells.len())
}

/// Of a line with too many, one too many.
fn cells(record: &Record) -> Vec<Cell> {
    let last = record.cells.iter().rposition(|cell| !cell.trim().is_empty()).map_or(0, |last| last + 1);
    record.cells[..last.min(COLUMNS_MOST + 1)].iter().map(|cell| Cell::of_text(cell)).collect()
}

/// The text of a file: UTF-8, or with a mark at its beginning also UTF-16, which spreadsheets call «Unicode Text».
fn decoded(bytes: &[u8]) -> Option<Cow<'_, str>> {
    let wide = |rest: &[u8], unit: fn([u8; 2]) -> u16| {
        let (pairs, odd) = rest.as_chunks::<2>();
        odd.is_empty().then(|| String::from_utf16(&pairs.iter().copied().map(unit).collect::<Vec<_>>()).ok())?
    };
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok().map(Cow::Borrowed),
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes).map(Cow::Owned),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes).map(Cow::Owned),
        _ => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
    }
}

/// The records, by the sign that a first line `sep=;` names, else by the one that makes headings of a line, else by the
/// one most frequent in the first line.
fn records<'a, R: Table>(titles: &Titles<R>, text: &'a str) -> Records<'a> {
    let (first, rest) = match text.find(['\r', '\n']) {
        Some(at) => (&text[..at], text[at..].strip_prefix("\r\n").unwrap_or(&text[at + 1..])),
        None => (text, ""),
    };
    if let Some(sign) = named(first) {
        return Records::of(rest, sign, 2);
    }
    let signs = [b'\t', b';', b','];
    let has_headings = |sign: &u8| !matches!(layout(titles, &first_lines(Records::of(text, *sign, 1))), Ok(None));
    let often = |sign: &u8| first.bytes().filter(|b| b == sign).count();
    let sign = signs.into_iter().find(has_headings).or_else(|| signs.into_iter().max_by_key(often));
    Records::of(text, sign.unwrap_or(b','), 1)
}

/// The sign that a line `sep=;` names.
fn named(line: &str) -> Option<u8> {
    let line = line.trim_start_matches('"');
    let (word, rest) = line.split_at_checked(4)?;
    let sign = rest.bytes().next().filter(|sign| b",;\t|".contains(sign));
    word.eq_ignore_ascii_case("sep=").then(|| sign.unwrap_or(b','))
}
