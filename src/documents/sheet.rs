//! The lists of a paper as a workbook, a sheet to a list: the same paper makes the same bytes. PURE.

use chrono::{DateTime, Datelike, Timelike, Utc};
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, XlsxError};

use super::paper::{Align, Block, Form, Letter, Paper, Table};
use crate::tables::cells::guarded;

/// A4.
const PAPER: u8 = 9;
/// Characters across the page that the columns share.
const ACROSS: u32 = 120;

/// The workbook; one empty sheet where the paper has no list.
pub fn xlsx(paper: &Paper) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    book.set_properties(&DocProperties::new().set_creation_datetime(&at(paper.created)?));
    let lists = match &paper.form {
        Form::Letter(letter) => lists(letter),
        Form::Certificates(_) => Vec::new(),
    };
    for (at, (title, list)) in lists.iter().enumerate() {
        write(&mut book, at + 1, title, list, paper)?;
    }
    if lists.is_empty() {
        book.add_worksheet().set_name("Danh sách")?;
    }
    book.save_to_buffer()
}

fn at(created: DateTime<Utc>) -> Result<ExcelDateTime, XlsxError> {
    let (year, month, day) = (created.year(), created.month(), created.day());
    let year = u16::try_from(year).unwrap_or_default();
    ExcelDateTime::from_ymd(year, month as u8, day as u8)?.and_hms(
        created.hour() as u16,
        created.minute() as u8,
        created.second() as f64,
    )
}

/// Each table with the heading above it.
fn lists(letter: &Letter) -> Vec<(String, &Table)> {
    let whole = std::iter::once((format!("{} {}", letter.type_name, letter.summary), &letter.body));
    let appendices = letter.appendices.iter().map(|appendix| (appendix.title.clone(), &appendix.body));
    let tables = whole.chain(appendices).flat_map(|(title, blocks)| {
        let tables = blocks.iter().filter_map(|block| if let Block::Table(table) = block { Some(table) } else { None });
        tables.map(move |table| (title.clone(), table))
    });
    tables.collect()
}

fn write(book: &mut Workbook, number: usize, title: &str, list: &Table, paper: &Paper) -> Result<(), XlsxError> {
    let sheet = book.add_worksheet().set_name(format!("Danh sách {number}"))?;
    let face = || Format::new().set_font_name("Times New Roman").set_font_size(12).set_text_wrap();
    let heading = face().set_bold().set_align(FormatAlign::Center).set_border(FormatBorder::Thin);
    let last = list.columns.len().saturating_sub(1) as u16;
    let caption = face().set_bold().set_align(FormatAlign::Center);
    let title = guarded(&title.replace('\n', " "));
    if last > 0 {
        sheet.merge_range(0, 0, 0, last, &title, &caption)?;
    } else {
        sheet.write_with_format(0, 0, title, &caption)?;
    }
    let parts: u32 = list.columns.iter().map(|column| column.width).sum::<u32>().max(1);
    for (at, column) in list.columns.iter().enumerate() {
        let name = [column.under.as_deref(), Some(&*column.title)].into_iter().flatten().collect::<Vec<_>>().join(": ");
        sheet.write_with_format(2, at as u16, guarded(&name), &heading)?;
        sheet.set_column_width(at as u16, (ACROSS * column.width / parts).max(5))?;
    }
    for (line, cells) in (3..).zip(&list.rows) {
        for (at, (text, column)) in cells.iter().zip(&list.columns).enumerate() {
            let align = match column.align {
                Align::Left => FormatAlign::Left,
                Align::Center => FormatAlign::Center,
                Align::Right => FormatAlign::Right,
            };
            let cell = face().set_num_format("@").set_border(FormatBorder::Thin).set_align(align);
            sheet.write_with_format(line, at as u16, guarded(text), &cell)?;
        }
    }
    let foot = paper.trace.as_ref().map(|trace| {
        let known = [trace.run.as_deref(), trace.seal.as_deref(), Some(&*trace.cut)];
        known.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    });
    if let Some(foot) = foot {
        sheet.write_with_format(4 + list.rows.len() as u32, 0, guarded(&foot), &Format::new().set_font_size(8))?;
    }
    sheet.set_paper_size(PAPER).set_landscape().set_print_fit_to_pages(1, 0);
    sheet.set_repeat_rows(2, 2)?.set_freeze_panes(3, 0).map(drop)
}
