//! Lines as a table (CSV) and as a spreadsheet. PURE.

use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

use super::lines::{CellContent, Line};
use crate::{submissions::import::COLUMNS, tables::cells::guarded};

/// Names for people, behind the columns that are read.
const BESIDE: [&str; 2] = ["Tên đơn vị", "Tên chỉ tiêu"];
/// A digit more, and the numbers of spreadsheets are not exact.
const DIGITS_MOST: usize = 15;

/// UTF-8 with the mark that spreadsheet programs look for, set apart by commas or by what a country's programs expect.
pub fn csv(lines: &[Line], separator: u8) -> Result<Vec<u8>, ::csv::Error> {
    let mut writer = ::csv::WriterBuilder::new().delimiter(separator).from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(COLUMNS.iter().map(|(_, _, title, _)| *title).chain(BESIDE))?;
    for line in lines {
        let cells = COLUMNS.iter().map(|(column, ..)| line.cell(*column).written());
        writer.write_record(cells.chain(names(line)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn names(line: &Line) -> [String; 2] {
    [&line.unit_name, &line.indicator_name].map(|name| if name.is_empty() { String::new() } else { guarded(name) })
}

/// A sheet to read.
pub fn xlsx(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Số liệu")?;
    let bold = Format::new().set_bold().set_text_wrap();
    for (at, title) in COLUMNS.iter().map(|(_, _, title, _)| *title).chain(BESIDE).enumerate() {
        sheet.write_with_format(0, at as u16, title, &bold)?;
        sheet.set_column_width(at as u16, if at < COLUMNS.len() { 14 } else { 60 })?;
    }
    sheet.set_freeze_panes(1, 4)?;
    let format = Format::new().set_num_format("@");
    for (row, line) in lines.iter().enumerate() {
        let row = row as u32 + 1;
        for (at, (column, ..)) in COLUMNS.iter().enumerate() {
            content(sheet, (row, at as u16), &line.cell(*column), &format)?;
        }
        for (at, name) in names(line).into_iter().enumerate() {
            sheet.write(row, (COLUMNS.len() + at) as u16, name)?;
        }
    }
    book.save_to_buffer()
}

/// A cell, exactly: a number that spreadsheets do not hold is written as a text.
pub fn content(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    cell: &CellContent,
    format: &Format,
) -> Result<(), XlsxError> {
    match cell {
        CellContent::Count(count) => sheet.write_with_format(row, at, *count as f64, format)?,
        CellContent::Decimal(decimal) => match decimal.to_string() {
            text if text.len() <= DIGITS_MOST => {
                sheet.write_with_format(row, at, text.parse::<f64>().unwrap_or_default(), format)?
            }
            _ => sheet.write_with_format(row, at, cell.written(), format)?,
        },
        CellContent::Text(text) => sheet.write_with_format(row, at, text, format)?,
        CellContent::Blank => sheet.write_blank(row, at, format)?,
    };
    Ok(())
}
