//! Lines as a table (CSV) and as a spreadsheet. PURE.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, Workbook, Worksheet, XlsxError};

use super::lines::{CellContent, Line};
use crate::{
    exact::WHOLE_MOST,
    submissions::import::{COLUMNS, Column, STATES},
    tables::cells::guarded,
};

/// Columns that nobody fills in: they say where the value belongs.
const FIXED: [Column; 4] = [Column::Period, Column::Unit, Column::Indicator, Column::Field];
/// Names for people, behind the columns that are read.
const BESIDE: [&str; 2] = ["Tên đơn vị", "Tên chỉ tiêu"];
/// A digit more, and the numbers of spreadsheets are not exact.
const DIGITS_MOST: usize = 15;

/// UTF-8 with the mark that spreadsheet programs look for.
pub fn csv(lines: &[Line]) -> Result<Vec<u8>, ::csv::Error> {
    let mut writer = ::csv::WriterBuilder::new().from_writer(b"\xEF\xBB\xBF".to_vec());
    writer.write_record(COLUMNS.iter().map(|(_, _, title, _)| *title).chain(BESIDE))?;
    for line in lines {
        let cells = COLUMNS.iter().map(|(column, ..)| line.cell(*column).written());
        writer.write_record(cells.chain(names(line)))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}

fn names(line: &Line) -> [String; 2] {
    [&line.unit_name, &line.indicator_name].map(|name| guarded(name))
}

/// A sheet to read, or where it is a form to be filled in, with its cells guarded.
pub fn xlsx(lines: &[Line], form: bool) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Số liệu")?;
    let bold = Format::new().set_bold().set_text_wrap();
    for (at, title) in COLUMNS.iter().map(|(_, _, title, _)| *title).chain(BESIDE).enumerate() {
        sheet.write_with_format(0, at as u16, title, &bold)?;
        sheet.set_column_width(at as u16, if at < COLUMNS.len() { 14 } else { 60 })?;
    }
    sheet.set_freeze_panes(1, 4)?;
    for (row, line) in lines.iter().enumerate() {
        write(sheet, row as u32 + 1, line, form)?;
    }
    if form {
        sheet.protect();
    }
    book.save_to_buffer()
}

fn write(sheet: &mut Worksheet, row: u32, line: &Line, form: bool) -> Result<(), XlsxError> {
    for (at, (column, ..)) in COLUMNS.iter().enumerate() {
        let at = at as u16;
        let open = form && !FIXED.contains(column);
        let numeric = !matches!(column, Column::Level | Column::State | Column::Estimated | Column::Explanation);
        let format = Format::new().set_num_format(if open && numeric { "General" } else { "@" });
        let format = if open { format.set_unlocked() } else { format };
        match line.cell(*column) {
            CellContent::Count(count) => sheet.write_with_format(row, at, count as f64, &format)?,
            CellContent::Decimal(decimal) => match decimal.to_string() {
                text if text.len() <= DIGITS_MOST => {
                    sheet.write_with_format(row, at, text.parse::<f64>().unwrap_or_default(), &format)?
                }
                _ => sheet.write_with_format(row, at, line.cell(*column).written(), &format)?,
            },
            CellContent::Text(text) => sheet.write_with_format(row, at, text, &format)?,
            CellContent::Blank => sheet.write_blank(row, at, &format)?,
        };
        if let Some(rule) = rule(*column, line).filter(|_| open) {
            sheet.add_data_validation(row, at, row, at, &rule?)?;
        }
    }
    for (at, name) in names(line).into_iter().enumerate() {
        sheet.write(row, (COLUMNS.len() + at) as u16, name)?;
    }
    Ok(())
}

/// What a spreadsheet program lets people fill in.
fn rule(column: Column, line: &Line) -> Option<Result<DataValidation, XlsxError>> {
    let from =
        |least: f64| DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, WHOLE_MOST as f64));
    Some(match column {
        Column::State => DataValidation::new().allow_list_strings(&STATES.map(|(_, words)| words)),
        Column::Level if !line.levels.is_empty() => DataValidation::new().allow_list_strings(&line.levels),
        Column::Estimated => DataValidation::new().allow_list_strings(&["x"]),
        Column::Numerator | Column::Denominator | Column::Count => Ok(from(0.0)),
        Column::Rank | Column::Population => Ok(from(1.0)),
        _ => return None,
    })
}
