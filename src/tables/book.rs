//! A whole workbook as it is: every visible sheet with its lines. What is merged down counts for each line. PURE.

use std::{io::Cursor, panic::catch_unwind};

use calamine::{DataRef, Reader, SheetVisible, Xlsx, XlsxError};
use chrono::{NaiveTime, TimeDelta};

use super::{
    bounds,
    cells::Cell,
    merged::{MergedDown, put},
    reading::COLUMNS_MOST,
    xlsx::{Book, formats, meant, uncalculated},
};

/// Most cells of all sheets that hold anything.
const CELLS_MOST: usize = 300_000;

/// A sheet: its name, and its lines with their numbers, as people count them.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    pub name: String,
    pub lines: Vec<(usize, Vec<Cell>)>,
}

/// The sheets of a workbook, or the finding code of one that is refused.
pub fn pages(bytes: &[u8]) -> Result<Vec<Page>, &'static str> {
    // The library panics at addresses of cells beyond any sheet.
    catch_unwind(|| all(bytes)).unwrap_or(Err("sheet_unreadable"))
}

fn all(bytes: &[u8]) -> Result<Vec<Page>, &'static str> {
    bounds::check(bytes)?;
    let mut book: Book = Xlsx::new(Cursor::new(bytes)).map_err(|_| "sheet_unreadable")?;
    let visible = book.sheets_metadata().iter().filter(|sheet| sheet.visible == SheetVisible::Visible);
    let names: Vec<String> = visible.map(|sheet| sheet.name.clone()).collect();
    let mut left = CELLS_MOST;
    let mut page = |name: String| {
        let lines = lines(&mut book, &name, &mut left).map_err(|_| "sheet_unreadable")?;
        Ok(Page { lines: lines.ok_or("sheet_too_large")?, name })
    };
    names.into_iter().map(&mut page).collect()
}

/// None where there are more cells than are `left`, or any beyond the last column.
#[allow(clippy::type_complexity)]
fn lines(book: &mut Book, sheet: &str, left: &mut usize) -> Result<Option<Vec<(usize, Vec<Cell>)>>, XlsxError> {
    let is_1904 = book.has_1904_epoch();
    let open = uncalculated(book, sheet)?;
    let columns: Vec<u32> = (0..COLUMNS_MOST as u32).collect();
    let mut merged = MergedDown::of(book.merge_cells_by_sheet_name(sheet)?, &columns, 0);
    let mut reader = book.worksheet_cells_reader(sheet)?;
    let formats = formats(reader.styles());
    let mut lines: Vec<(usize, Vec<Cell>)> = Vec::new();
    while let Some((cell, style)) = reader.next_cell_with_style_id()? {
        let (row, column) = cell.get_position();
        let value = cell.get_value();
        let shown = meant(value, formats.get(style).and_then(Option::as_ref), is_1904);
        let shown = with_time(value, shown);
        if shown == Cell::Blank {
            continue;
        }
        if *left == 0 || column >= COLUMNS_MOST as u32 {
            return Ok(None);
        }
        *left -= 1;
        let number = row as usize + 1;
        if lines.last().is_none_or(|(last, _)| *last != number) {
            lines.push((number, Vec::new()));
        }
        lines.last_mut().into_iter().for_each(|(_, cells)| put(cells, column, shown.clone()));
    }
    for (number, cells) in &mut lines {
        let row = *number as u32 - 1;
        open.get(&row).into_iter().flatten().for_each(|column| put(cells, *column, Cell::Uncalculated));
        merged.fill(row, cells);
    }
    Ok(Some(lines))
}

/// A date with the time of day behind it, and a time of day alone, as texts.
fn with_time(value: &DataRef, shown: Cell) -> Cell {
    let serial = match value {
        DataRef::DateTime(moment) => moment.as_f64(),
        DataRef::Float(serial) => *serial,
        _ => return shown,
    };
    let minutes = (serial.fract() * 1440.0).round();
    let clock = NaiveTime::MIN.overflowing_add_signed(TimeDelta::minutes(minutes as i64)).0.format("%H:%M");
    match shown {
        Cell::Date(day) if (1.0..1440.0).contains(&minutes) => {
            Cell::Text(format!("{} {clock}", day.format("%d/%m/%Y")))
        }
        Cell::Time if (0.0..1.0).contains(&serial) => Cell::Text(clock.to_string()),
        shown => shown,
    }
}
