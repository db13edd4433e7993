//! Rows of an XLSX file: the one visible sheet that has the headings. Cells are read one after another; what formulas
//! came to when the file was saved counts as their value. PURE.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::Cursor,
    panic::catch_unwind,
};

use calamine::{DataRef, Dimensions, ExcelDateTime, ExcelDateTimeType, Reader, SheetVisible, Xlsx, XlsxError};
use chrono::NaiveDate;

use super::{
    COLUMNS_MOST, Reading, Spots, Table,
    across::{Layout, Numbered, layout},
    bounds,
    cells::{Cell, TEXT_MOST},
    headings::Titles,
    hidden::hidden_rows,
    merged::{MergedDown, put},
    number_format::{NumberFormat, Shown},
};
use crate::finding::Finding;

/// Lines before the headings: a title, the office's name.
const LINES_BEFORE: u32 = 20;
pub(super) type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

/// A row of a sheet with its number, counted from 0.
type Line = (u32, Vec<Cell>);

pub fn read<R: Table>(bytes: &[u8]) -> Result<Reading<R>, Vec<Finding>> {
    // The library panics at addresses of cells beyond any sheet.
    catch_unwind(|| read_book(bytes)).unwrap_or_else(|_| Err(vec![Finding::new("", "sheet_unreadable")]))
}

fn read_book<R: Table>(bytes: &[u8]) -> Result<Reading<R>, Vec<Finding>> {
    let refused = |code| vec![Finding::new("", code)];
    bounds::check(bytes).map_err(refused)?;
    let mut book = Book::new(Cursor::new(bytes)).map_err(|_| refused("sheet_unreadable"))?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let (titles, mut found, mut all) = (Titles::<R>::known(), Vec::new(), Vec::new());
    for name in &names {
        let lines = first_lines(&mut book, name).map_err(|_| refused("sheet_unreadable"))?;
        let whole = lines.iter().any(|(_, cells)| titles.stand_in(cells));
        // What is wrong with headings counts where no other sheet has any.
        found.extend(layout(&titles, &lines).transpose().map(|layout| (doubt(whole, &layout), name, layout)));
        all.extend(lines);
    }
    // A list of units beside the figures looks like a table of them, but less.
    let least = found.iter().map(|(doubt, ..)| *doubt).min();
    found.retain(|(doubt, ..)| Some(*doubt) == least);
    match found.len() {
        0 => Err(vec![titles.missing(&all)]),
        1 => {
            let (_, name, layout) = found.remove(0);
            let (layout, hidden) = (layout?, hidden_rows(bytes, name));
            rows(&mut book, name, (&layout, &hidden)).map_err(|_| refused("sheet_unreadable"))?
        }
        _ => Err(refused("sheets_several")),
    }
}

/// How little a sheet says that it is meant: all headings, all but the period, parts of values, or just names.
fn doubt<R: Table>(whole: bool, layout: &Result<Layout<R>, Vec<Finding>>) -> u8 {
    match layout {
        _ if whole => 0,
        Ok(layout) if !layout.across => 1,
        Ok(layout) if layout.sides.iter().all(|side| side.bare) => 3,
        _ => 2,
    }
}

/// The lines among which the headings are looked for: a cell that is merged with others counts for each below it.
fn first_lines(book: &mut Book, sheet: &str) -> Result<Vec<Numbered>, XlsxError> {
    let merged = book.merge_cells_by_sheet_name(sheet)?.into_iter();
    let merged: Vec<Dimensions> = merged.filter(|area| area.start.0 <= LINES_BEFORE).collect();
    let mut lines: BTreeMap<u32, Vec<Cell>> = BTreeMap::new();
    each_line(book, sheet, &mut |(line, cells)| {
        lines.insert(line, cells);
        line <= LINES_BEFORE
    })?;
    for area in merged.iter().filter(|area| area.start.1 < COLUMNS_MOST as u32) {
        let first = lines.get(&area.start.0).and_then(|cells| cells.get(area.start.1 as usize)).cloned();
        for line in area.start.0 + 1..=area.end.0.min(LINES_BEFORE) {
            // Down, not across: one heading is one column.
            put(lines.entry(line).or_default(), area.start.1, first.clone().unwrap_or_default());
        }
    }
    Ok(lines.into_iter().map(|(line, cells)| (line as usize + 1, cells)).collect())
}

fn rows<R: Table>(
    book: &mut Book,
    sheet: &str,
    (layout, hidden): (&Layout<R>, &BTreeSet<u32>),
) -> Result<Result<Reading<R>, Vec<Finding>>, XlsxError> {
    let open = uncalculated(book, sheet)?;
    let keys = R::KEYS.iter().filter_map(|key| layout.sides[0].place(*key));
    let keys: Vec<u32> = keys.map(|place| place as u32).collect();
    let mut merged = MergedDown::of(book.merge_cells_by_sheet_name(sheet)?, &keys, layout.last as u32 - 1);
    let (mut reading, mut fault) = (Reading::at(Spots::of(&layout.sides)), None);
    let beyond = each_line(book, sheet, &mut |(line, mut cells)| {
        let number = line as usize + 1;
        if number <= layout.last {
            return true;
        }
        open.get(&line).into_iter().flatten().for_each(|column| put(&mut cells, *column, Cell::Uncalculated));
        merged.fill(line, &mut cells);
        if reading.passes_over(layout, number, &cells) {
            return true;
        }
        match reading.line(layout, number, &cells) {
            Ok(says) => reading.notices.extend((says && hidden.contains(&line)).then_some((number, "row_hidden"))),
            Err(findings) => fault = Some(findings),
        }
        fault.is_none()
    })?;
    let too_wide = beyond.then(|| vec![Finding::new("", "columns_too_many").with("most", COLUMNS_MOST)]);
    Ok(fault.or(too_wide).map_or(Ok(reading), Err))
}

/// Passes on every line that is not blank, until the callee stops it; whether something stands beyond the last column
/// that is looked at.
fn each_line(book: &mut Book, sheet: &str, take: &mut dyn FnMut(Line) -> bool) -> Result<bool, XlsxError> {
    let is_1904 = book.has_1904_epoch();
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let formats = formats(reader.styles());
    let (mut line, mut beyond): (Option<Line>, bool) = (None, false);
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        if line.as_ref().is_some_and(|(number, _)| *number != row) && !line.take().is_none_or(&mut *take) {
            return Ok(beyond);
        }
        let (_, cells) = line.get_or_insert_with(|| (row, Vec::new()));
        let cell = meant(cell.get_value(), formats.get(style).and_then(Option::as_ref), is_1904);
        match column < COLUMNS_MOST as u32 {
            _ if cell == Cell::Blank => {}
            true => put(cells, column, cell),
            false => beyond = true,
        }
    }
    line.map(take);
    Ok(beyond)
}

/// The number formats of a sheet's styles.
pub(super) fn formats(styles: &[calamine::Style]) -> Vec<Option<NumberFormat>> {
    styles.iter().map(format).collect()
}

/// The number format of a style, where the file says it: of some of a country's own it has just a number.
fn format(style: &calamine::Style) -> Option<NumberFormat> {
    let format = style.number_format.as_ref().filter(|format| !format.format_code.is_empty())?;
    Some(NumberFormat::read(&format.format_code))
}

pub(super) fn meant(value: &DataRef, format: Option<&NumberFormat>, is_1904: bool) -> Cell {
    match value {
        DataRef::Int(number) => number_shown(*number as f64, format, is_1904),
        DataRef::Float(number) => number_shown(*number, format, is_1904),
        DataRef::DateTime(moment) if format.is_some() => number_shown(moment.as_f64(), format, is_1904),
        DataRef::DateTime(moment) if moment.is_datetime() => day(moment).map_or(Cell::Error, Cell::Date),
        DataRef::DateTime(_) | DataRef::DurationIso(_) => Cell::Time,
        DataRef::String(text) => of_text(text),
        DataRef::SharedString(text) => of_text(text),
        DataRef::Bool(flag) => Cell::Bool(*flag),
        DataRef::DateTimeIso(text) => of_text(text.split('T').next().unwrap_or_default()),
        DataRef::Error(_) => Cell::Error,
        DataRef::Empty => Cell::Blank,
    }
}

/// A number as its format shows it.
fn number_shown(number: f64, format: Option<&NumberFormat>, is_1904: bool) -> Cell {
    let date = || day(&ExcelDateTime::new(number, ExcelDateTimeType::DateTime, is_1904));
    match format.map_or(Shown::Number, |format| format.shown(number)) {
        Shown::Number => Cell::Number(number),
        Shown::Digits(shown) => Cell::Code(number, shown),
        Shown::Percent(signs) => Cell::Percent(number * 100_f64.powi(signs as i32 - 1)),
        Shown::Day => date().map_or(Cell::Error, Cell::Date),
        Shown::Month => date().map_or(Cell::Error, Cell::Month),
        Shown::Time => Cell::Time,
    }
}

fn day(moment: &ExcelDateTime) -> Option<NaiveDate> {
    // No spreadsheet shows a day before its first.
    let (year, month, day, ..) = (moment.as_f64() >= 0.0).then(|| moment.to_ymd_hms_milli())?;
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())
}

/// A shared string may be long and occur in every cell: only the permitted length is copied.
fn of_text(text: &str) -> Cell {
    if text.len() > 4 * TEXT_MOST { Cell::TooLong } else { Cell::of_text(text) }
}

/// The columns of formulas whose results the file does not hold, by line.
pub(super) fn uncalculated(book: &mut Book, sheet: &str) -> Result<HashMap<u32, Vec<u32>>, XlsxError> {
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let mut open = HashMap::<u32, Vec<u32>>::new();
    while let Some(cell) = reader.next_cell_with_formula_metadata()? {
        if cell.formula.is_some() && cell.value == DataRef::Empty && cell.pos.1 < COLUMNS_MOST as u32 {
            open.entry(cell.pos.0).or_default().push(cell.pos.1);
        }
    }
    Ok(open)
}
