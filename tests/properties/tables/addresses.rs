//! Where cells say that they stand.

use std::io::{Cursor, Read, Write};

use rstest::rstest;
use rust_xlsxwriter::Workbook;
use thidua::tables::pages;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

/// A book whose one cell says that it stands there.
fn book(address: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    book.add_worksheet().write(0, 0, 7).unwrap();
    let mut archive = ZipArchive::new(Cursor::new(book.save_to_buffer().unwrap())).unwrap();
    let mut moved = ZipWriter::new(Cursor::new(Vec::new()));
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        moved.start_file(name, SimpleFileOptions::default()).unwrap();
        let cell = format!("<c r=\"{address}\"");
        moved.write_all(text.replace("<c r=\"A1\"", &cell).as_bytes()).unwrap();
    }
    moved.finish().unwrap().into_inner()
}

#[rstest]
#[case::the_last_row("B1048576", Ok(()))]
#[case::the_last_column("XFD1", Err("sheet_too_large"))]
#[case::a_row_too_far("B1048577", Err("sheet_unreadable"))]
#[case::a_column_too_far("XFE1", Err("sheet_unreadable"))]
#[case::a_place_beyond_all_numbers("ZZZZZZ99999999999", Err("sheet_unreadable"))]
#[case::no_place("ô 7", Err("sheet_unreadable"))]
fn no_cell_stands_beyond_the_largest_sheet(#[case] address: &str, #[case] read: Result<(), &str>) {
    assert_eq!(pages(&book(address)).map(drop), read);
}
