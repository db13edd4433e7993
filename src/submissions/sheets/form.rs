//! The form of a period as a spreadsheet that is filled in without a manual: words first, the cells to be filled in, and
//! the codes that an import reads in hidden columns. PURE.

use rust_xlsxwriter::{DataValidation, DataValidationRule, Format, FormatAlign, Workbook, Worksheet, XlsxError};

use super::{
    lines::{CellContent, Line},
    writer,
};
use crate::{
    exact::WHOLE_MOST,
    submissions::import::{COLUMNS, Column, STATES},
    tables::cells::guarded,
};

/// A column of the form.
#[derive(Clone, Copy)]
enum Shown {
    /// Words that help to fill it in.
    Words(&'static str, fn(&Line) -> &str, f64),
    /// Cells to be filled in.
    Open(Column, f64),
    /// A note that nothing reads.
    Note(&'static str, f64),
    /// Codes of where the value belongs.
    Hidden(Column, &'static str),
}

const FORM: [Shown; 23] = [
    Shown::Words("Tên chỉ tiêu", |line| &line.indicator_name, 44.0),
    Shown::Words("Tên lĩnh vực", |line| &line.about.field_name, 18.0),
    Shown::Words("Tên đơn vị", |line| &line.unit_name, 18.0),
    Shown::Words("Tử số là gì", |line| &line.about.numerator, 28.0),
    Shown::Words("Mẫu số là gì", |line| &line.about.denominator, 28.0),
    Shown::Words("Đơn vị tính", |line| &line.about.measure, 10.0),
    Shown::Words("Mục tiêu", |line| &line.about.target, 12.0),
    Shown::Words("Kỳ trước", |line| &line.about.before, 14.0),
    Shown::Open(Column::Numerator, 11.0),
    Shown::Open(Column::Denominator, 11.0),
    Shown::Open(Column::Count, 11.0),
    Shown::Open(Column::Level, 16.0),
    Shown::Open(Column::Value, 11.0),
    Shown::Open(Column::Rank, 11.0),
    Shown::Open(Column::Population, 11.0),
    Shown::Open(Column::State, 17.0),
    Shown::Open(Column::Estimated, 10.0),
    Shown::Open(Column::Explanation, 40.0),
    Shown::Note("Minh chứng (số, ký hiệu; tệp tải lên riêng)", 24.0),
    Shown::Hidden(Column::Period, "Kỳ báo cáo"),
    Shown::Hidden(Column::Unit, "Mã đơn vị"),
    Shown::Hidden(Column::Indicator, "Mã chỉ tiêu"),
    Shown::Hidden(Column::Field, "Mã lĩnh vực"),
];

pub fn xlsx(lines: &[Line]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Số liệu")?;
    let bold = Format::new().set_bold().set_text_wrap().set_align(FormatAlign::Top);
    for (at, shown) in FORM.iter().enumerate() {
        let at = at as u16;
        let (title, width) = match shown {
            Shown::Words(title, _, width) | Shown::Note(title, width) => (*title, *width),
            Shown::Open(column, width) => (title(*column), *width),
            Shown::Hidden(_, title) => (*title, 14.0),
        };
        sheet.write_with_format(0, at, title, &bold)?;
        sheet.set_column_width(at, width)?;
        if matches!(shown, Shown::Hidden(..)) {
            sheet.set_column_hidden(at)?;
        }
    }
    sheet.set_freeze_panes(1, 1)?;
    for (row, line) in lines.iter().enumerate() {
        for (at, shown) in FORM.iter().enumerate() {
            write(sheet, (row as u32 + 1, at as u16), line, *shown)?;
        }
    }
    sheet.protect();
    book.save_to_buffer()
}

fn title(column: Column) -> &'static str {
    COLUMNS.iter().find(|(known, ..)| *known == column).map_or("", |(_, _, title, _)| title)
}

fn write(sheet: &mut Worksheet, (row, at): (u32, u16), line: &Line, shown: Shown) -> Result<(), XlsxError> {
    let words = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    let column = match shown {
        Shown::Words(_, of, _) if !of(line).is_empty() => {
            return sheet.write_with_format(row, at, guarded(of(line)), &words).map(drop);
        }
        Shown::Words(..) => return sheet.write_blank(row, at, &words).map(drop),
        Shown::Note(..) => return sheet.write_blank(row, at, &words.set_unlocked()).map(drop),
        Shown::Hidden(column, _) => {
            let CellContent::Text(code) = line.cell(column) else { return Ok(()) };
            return sheet.write_with_format(row, at, code, &words).map(drop);
        }
        Shown::Open(column, _) => column,
    };
    let numeric = !matches!(column, Column::Level | Column::State | Column::Estimated | Column::Explanation);
    let format = Format::new().set_num_format(if numeric { "General" } else { "@" }).set_align(FormatAlign::Top);
    // A figure that the indicator does not have is not to be filled in; one that stands there may be taken out.
    let is_figure = numeric || column == Column::Level;
    let open = !is_figure || line.about.figures.contains(&column) || line.cell(column) != CellContent::Blank;
    let format = if open { format.set_unlocked() } else { format.set_background_color("#D9D9D9") };
    writer::content(sheet, (row, at), &line.cell(column), &format)?;
    if let Some(rule) = rule(column, line).filter(|_| open) {
        sheet.add_data_validation(row, at, row, at, &rule?)?;
    }
    Ok(())
}

/// What a spreadsheet program lets people fill in.
fn rule(column: Column, line: &Line) -> Option<Result<DataValidation, XlsxError>> {
    let from =
        |least: f64| DataValidation::new().allow_decimal_number(DataValidationRule::Between(least, WHOLE_MOST as f64));
    Some(match column {
        Column::State => DataValidation::new().allow_list_strings(&STATES.map(|(_, words)| words)),
        Column::Level if !line.about.levels.is_empty() => DataValidation::new().allow_list_strings(&line.about.levels),
        Column::Estimated => DataValidation::new().allow_list_strings(&["x"]),
        Column::Numerator | Column::Denominator | Column::Count => Ok(from(0.0)),
        Column::Rank | Column::Population => Ok(from(1.0)),
        _ => return None,
    })
}
