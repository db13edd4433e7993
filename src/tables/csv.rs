//! Rows of a CSV file: UTF-8 with or without a mark at its beginning, set apart by commas, semicolons or tabs. PURE.

use super::{Headings, Reading, Table, cells::Cell, headings::needed, names_columns};
use crate::finding::Finding;

/// Lines before the headings: a title, the office's name.
const LINES_BEFORE: usize = 20;

pub fn read<R: Table>(bytes: &[u8]) -> Result<Reading<R>, Vec<Finding>> {
    let refused = |code| vec![Finding::new("", code)];
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| refused("text_not_utf8"))?;
    // What follows an open quote would be one cell to the end of the file.
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        return Err(refused("quote_open"));
    }
    let (delimiter, text) = delimiter::<R>(text);
    let mut lines =
        ::csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(text.as_bytes());
    let (mut reading, mut headings, mut line) = (Reading::default(), None, ::csv::StringRecord::new());
    let mut before = 0;
    while lines.read_record(&mut line).map_err(|_| refused("text_not_utf8"))? {
        let number = line.position().map_or(0, |position| position.line() as usize);
        let cells: Vec<Cell> = line.iter().map(Cell::of_text).collect();
        match &headings {
            None if Headings::<R>::stand_in(&cells) => headings = Some((Headings::of(&cells)?, cells.len())),
            None => before += 1,
            Some((_, wide)) if cells.iter().skip(*wide).any(|cell| !cell.is_blank()) => {
                reading.take(number, Err(refused("cells_beside")))?;
            }
            Some((headings, _)) => {
                if let Some(row) = headings.row(&cells) {
                    reading.take(number, row)?;
                }
            }
        }
        if before > LINES_BEFORE {
            break;
        }
    }
    headings.map(|_| reading).ok_or_else(|| vec![Finding::new("", "columns_missing").with("columns", needed::<R>())])
}

/// The sign between cells: the one that Excel names in a line of its own, else the most frequent in the first lines.
fn delimiter<R: Table>(text: &str) -> (u8, &str) {
    if let Some(rest) = text.strip_prefix("sep=") {
        let sign = rest.bytes().next().filter(|sign| b",;\t".contains(sign)).unwrap_or(b',');
        return (sign, rest.split_once('\n').map_or("", |(_, rest)| rest));
    }
    let named = |line: &&str| names_columns::<R>(line);
    let line = text.lines().take(LINES_BEFORE).find(named).or(text.lines().next()).unwrap_or_default();
    let often = |sign: &u8| line.bytes().filter(|b| b == sign).count();
    ([b'\t', b';', b','].into_iter().max_by_key(often).unwrap_or(b','), text)
}
