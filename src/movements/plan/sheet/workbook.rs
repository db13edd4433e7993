//! The sheets of a plan as a file for spreadsheet programs: notes at the headings, lists to choose from, pages that
//! print, and a guide. PURE.

use rust_xlsxwriter::{
    Color, DataValidation, DataValidationErrorStyle, Format, FormatAlign, Note, Workbook, Worksheet, XlsxError,
};

use super::{
    columns::{Column, Holds, Shape, Sheet},
    sheets::SHEETS,
    words::choices,
};
use crate::tables::{
    Page,
    cells::{Cell, guarded},
};

/// Lines that are prepared for what is to be filled in.
const PREPARED: u32 = 500;
/// Most characters of a list to choose from.
const CHOICES_MOST: usize = 255;
/// A4.
const PAPER: u8 = 9;
const GUIDE: &str = "Hướng dẫn";

pub fn xlsx(pages: &[Page]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for page in pages {
        let sheet = book.add_worksheet().set_name(&page.name)?;
        if let Some(known) = SHEETS.iter().find(|known| known.name == page.name) {
            prepare(sheet, known)?;
        }
        for (line, cells) in &page.lines {
            for (at, cell) in cells.iter().enumerate() {
                write(sheet, (*line as u32 - 1, at as u16), cell)?;
            }
        }
        printed(sheet)?;
    }
    guide(book.add_worksheet().set_name(GUIDE)?)?;
    book.save_to_buffer()
}

fn words() -> Format {
    Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top)
}

fn heading() -> Format {
    words().set_bold().set_background_color(Color::RGB(0xDDE8F0))
}

fn printed(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    sheet.set_paper_size(PAPER).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(0, 0)?.set_freeze_panes(1, 1).map(drop)
}

/// An exact cell: numbers are short enough for a spreadsheet, or texts.
fn write(sheet: &mut Worksheet, (line, at): (u32, u16), cell: &Cell) -> Result<(), XlsxError> {
    let format = if line == 0 { heading() } else { words() };
    match cell {
        Cell::Text(text) => sheet.write_with_format(line, at, guarded(text), &format).map(drop),
        Cell::Number(number) => sheet.write_with_format(line, at, *number, &format).map(drop),
        _ => Ok(()),
    }
}

/// What stands in a sheet before anything is filled in.
fn prepare(sheet: &mut Worksheet, known: &Sheet) -> Result<(), XlsxError> {
    let note = |text: &str| Note::new(text).set_author("").add_author_prefix(false);
    match known.shape {
        Shape::Facts => {
            for (at, width) in [30.0, 60.0, 60.0].into_iter().enumerate() {
                sheet.set_column_width(at as u16, width)?.set_column_format(at as u16, &words())?;
            }
            for (at, column) in known.columns.iter().enumerate() {
                choose(sheet, column, (at as u32 + 1, at as u32 + 1), 1)?;
            }
        }
        Shape::Targets => {
            for at in 0..2 + PREPARED as u16 / 10 {
                sheet.set_column_width(at, 14.0)?.set_column_format(at, &words())?;
            }
            sheet.insert_note(0, 0, &note(known.about))?;
        }
        Shape::List(_) | Shape::Within { .. } | Shape::Rest => {
            let parent = if let Shape::Within { parent, .. } = &known.shape { Some(parent) } else { None };
            for (at, column) in parent.into_iter().chain(known.columns).enumerate() {
                let at = at as u16;
                sheet.set_column_width(at, width(column))?.set_column_format(at, &words())?;
                let guide = column.guide();
                if !guide.is_empty() {
                    sheet.insert_note(0, at, &note(&guide))?;
                }
                choose(sheet, column, (1, PREPARED), at)?;
            }
        }
    }
    Ok(())
}

fn width(column: &Column) -> f64 {
    match column.holds {
        Holds::Text if column.path.ends_with("/vi") || column.path.ends_with("/en") => 44.0,
        Holds::Decimals | Holds::Wholes | Holds::Knots | Holds::Lines => 28.0,
        Holds::Codes | Holds::Moment | Holds::Word(_) | Holds::WordOrCodes(_) => 20.0,
        _ => 13.0,
    }
}

/// A list to choose from; codes may still be typed.
fn choose(sheet: &mut Worksheet, column: &Column, (from, to): (u32, u32), at: u16) -> Result<(), XlsxError> {
    let words = match column.holds {
        Holds::Word(list) | Holds::WordOrCode(list) | Holds::WordOrCodes(list) => choices(list),
        Holds::Flag => vec!["Có".to_owned(), "Không".to_owned()],
        _ => Vec::new(),
    };
    // The list is one text with commas between.
    let fits = words.join(",").chars().count() <= CHOICES_MOST && !words.iter().any(|word| word.contains(','));
    if words.is_empty() || !fits {
        return Ok(());
    }
    let rule = DataValidation::new().allow_list_strings(&words)?.set_error_style(DataValidationErrorStyle::Information);
    sheet.add_data_validation(from, at, to, at, &rule).map(drop)
}

/// The guide: every sheet and column, with its example.
fn guide(sheet: &mut Worksheet) -> Result<(), XlsxError> {
    for (at, (title, width)) in
        [("Trang", 24.0), ("Cột", 28.0), ("Cách ghi", 70.0), ("Ví dụ", 34.0)].into_iter().enumerate()
    {
        sheet.set_column_width(at as u16, width)?.write_with_format(0, at as u16, title, &heading())?;
    }
    let mut line = 1;
    for known in SHEETS {
        sheet.write_with_format(line, 0, known.name, &words().set_bold())?;
        sheet.write_with_format(line, 2, known.about, &words())?;
        line += 1;
        let parent = if let Shape::Within { parent, .. } = &known.shape { Some(parent) } else { None };
        for column in parent.into_iter().chain(known.columns) {
            for (at, text) in [(1, column.title), (2, column.note), (3, column.example)] {
                sheet.write_with_format(line, at, guarded(text), &words())?;
            }
            line += 1;
        }
    }
    printed(sheet)
}
