//! Rows of an XLSX file: the one visible sheet that has the headings. Cells are read one after another; what formulas
//! came to when the file was saved counts as their value. PURE.

use std::{
    collections::{BTreeMap, HashMap},
    io::Cursor,
};

use calamine::{DataRef, Dimensions, Reader, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;

use super::{
    Headings, Reading, Table, bounds,
    cells::{Cell, TEXT_MOST},
    headings::needed,
};
use crate::finding::Finding;

/// Lines before the headings: a title, the office's name.
const LINES_BEFORE: u32 = 20;
/// Columns that are looked at.
const COLUMNS_MOST: u32 = 128;

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// A row of a sheet with its number, counted from 0.
type Line = (u32, Vec<Cell>);

pub fn read<R: Table>(bytes: &[u8]) -> Result<Reading<R>, Vec<Finding>> {
    let refused = |code| vec![Finding::new("", code)];
    bounds::check(bytes).map_err(refused)?;
    let mut book = Book::new(Cursor::new(bytes)).map_err(|_| refused("sheet_unreadable"))?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let mut found = Vec::new();
    for name in &names {
        if let Some((line, headings)) = headings::<R>(&mut book, name).map_err(|_| refused("sheet_unreadable"))? {
            found.push((name, line, headings));
        }
    }
    match found.as_slice() {
        [] => Err(vec![Finding::new("", "columns_missing").with("columns", needed::<R>())]),
        [(name, line, headings)] => {
            let headings = Headings::of(headings)?;
            rows(&mut book, name, *line, &headings).map_err(|_| refused("sheet_unreadable"))?
        }
        _ => Err(refused("sheets_several")),
    }
}

/// The line of a sheet's headings: a cell that is merged with others counts for each of them.
fn headings<R: Table>(book: &mut Book, sheet: &str) -> Result<Option<Line>, XlsxError> {
    let merged = book.merge_cells_by_sheet_name(sheet)?.into_iter();
    let merged: Vec<Dimensions> = merged.filter(|area| area.start.0 <= LINES_BEFORE).collect();
    let mut lines: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    each_line(book, sheet, &mut |(line, cells)| {
        lines.insert(line, cells);
        line <= LINES_BEFORE
    })?;
    for area in merged.iter().filter(|area| area.start.1 < COLUMNS_MOST) {
        let first = lines.get(&area.start.0).and_then(|cells| cells.get(area.start.1 as usize)).cloned();
        for line in area.start.0 + 1..=area.end.0.min(LINES_BEFORE) {
            // Down, not across: one heading is one column.
            put(lines.entry(line).or_default(), area.start.1, first.clone().unwrap_or_default());
        }
    }
    // Of headings in several lines the last is next to the rows.
    let line = lines.iter().rev().find(|(_, cells)| Headings::<R>::stand_in(cells)).map(|(line, _)| *line);
    Ok(line.and_then(|line| lines.remove_entry(&line)))
}

fn rows<R: Table>(
    book: &mut Book,
    sheet: &str,
    headings_at: u32,
    headings: &Headings<R>,
) -> Result<Result<Reading<R>, Vec<Finding>>, XlsxError> {
    let open = uncalculated(book, sheet)?;
    let (mut reading, mut fault) = (Reading::default(), None);
    each_line(book, sheet, &mut |(line, mut cells)| {
        if line <= headings_at {
            return true;
        }
        open.get(&line).into_iter().flatten().for_each(|column| put(&mut cells, *column, Cell::Uncalculated));
        let row = headings.row(&cells);
        fault = row.and_then(|row| reading.take(line as usize + 1, row).err());
        fault.is_none()
    })?;
    Ok(fault.map_or(Ok(reading), Err))
}

/// Passes on every line that is not blank, until the callee stops it.
fn each_line(book: &mut Book, sheet: &str, take: &mut dyn FnMut(Line) -> bool) -> Result<(), XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let percent: Vec<bool> = reader
        .styles()
        .iter()
        .map(|style| style.number_format.as_ref().is_some_and(|format| format.format_code.contains('%')))
        .collect();
    let mut line: Option<Line> = None;
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if line.as_ref().is_some_and(|(number, _)| *number != row) && !line.take().is_none_or(&mut *take) {
            return Ok(());
        }
        let (_, cells) = line.get_or_insert_with(|| (row, Vec::new()));
        let cell = meant(cell.get_value(), percent.get(style).copied().unwrap_or_default());
        if cell != Cell::Blank && column < COLUMNS_MOST {
            put(cells, column, cell);
        }
    }
    line.map(take);
    Ok(())
}

fn put(cells: &mut Vec<Cell>, column: u32, cell: Cell) {
    let place = column as usize;
    if cells.len() <= place {
        cells.resize(place + 1, Cell::Blank);
    }
    cells[place] = cell;
}

fn meant(value: &DataRef, percent: bool) -> Cell {
    match value {
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(part) if percent => Cell::Percent(*part),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => of_text(text),
        DataRef::SharedString(text) => of_text(text),
        DataRef::Bool(flag) => Cell::Bool(*flag),
        DataRef::DateTime(moment) => match moment.to_ymd_hms_milli() {
            (year, month, day, ..) if moment.is_datetime() => {
                NaiveDate::from_ymd_opt(year.into(), month.into(), day.into()).map_or(Cell::Error, Cell::Date)
            }
            _ => Cell::Error,
        },
        DataRef::DateTimeIso(text) => of_text(text.split('T').next().unwrap_or_default()),
        DataRef::DurationIso(_) | DataRef::Error(_) => Cell::Error,
        DataRef::Empty => Cell::Blank,
    }
}

/// A shared string may be long and occur in every cell: only the permitted length is copied.
fn of_text(text: &str) -> Cell {
    if text.len() > 4 * TEXT_MOST { Cell::TooLong } else { Cell::of_text(text) }
}

/// The columns of formulas whose results the file does not hold, by line.
fn uncalculated(book: &mut Book, sheet: &str) -> Result<HashMap<u32, Vec<u32>>, XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut open = HashMap::<u32, Vec<u32>>::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == DataRef::Empty && cell.pos.1 < COLUMNS_MOST {
            open.entry(cell.pos.0).or_default().push(cell.pos.1);
        }
    }
    Ok(open)
}
