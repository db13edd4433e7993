//! Spreadsheets as they must not be.

use std::io::{Cursor, Read, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Formula, Workbook, Worksheet};
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::table::{Case, XLSX, case, unreadable};

const HEADINGS: [&str; 7] = ["Kỳ báo cáo", "Mã đơn vị", "Mã chỉ tiêu", "Trạng thái", "Tử số", "Mẫu số", "Giá trị"];

pub fn sheets() -> Vec<Case> {
    let rejected = |finding| (422, "import_rejected", finding);
    vec![
        case("no archive", XLSX, "PK, hay không", unreadable("sheet_unreadable")),
        case("an archive of nothing", XLSX, archive(&[]), unreadable("sheet_unreadable")),
        case("half a spreadsheet", XLSX, half(), unreadable("sheet_unreadable")),
        case("a zip bomb", XLSX, bomb("xl/worksheets/sheet1.xml", 300), unreadable("sheet_too_large")),
        case("a bomb of shared texts", XLSX, bomb("xl/sharedStrings.xml", 40), unreadable("sheet_too_large")),
        case("a bomb of styles", XLSX, bomb("xl/styles.xml", 2), unreadable("sheet_too_large")),
        case("ten thousand parts", XLSX, crowd(), unreadable("sheet_too_large")),
        case(
            "a sheet without headings",
            XLSX,
            book(|sheet| drop(sheet.write(0, 0, "Xin chào"))),
            unreadable("columns_missing"),
        ),
        case(
            "a figure far to the right",
            XLSX,
            filled(|sheet| drop(sheet.write(1, 600, 1))),
            unreadable("columns_too_many"),
        ),
        case("a cell beyond every sheet", XLSX, with_cell("ZZZZZZ99999999999"), unreadable("sheet_unreadable")),
        case("two sheets of figures", XLSX, twice(), unreadable("sheets_several")),
        case(
            "a fraction for a count",
            XLSX,
            filled(|sheet| drop(sheet.write(1, 4, 1.234))),
            rejected("cell_not_whole"),
        ),
        case("a percentage for a count", XLSX, filled(percent), rejected("cell_percent")),
        case("a date for a count", XLSX, filled(date), rejected("cell_date")),
        case("a failed formula", XLSX, filled(failed), rejected("cell_error")),
        case("a formula never calculated", XLSX, uncalculated(), rejected("cell_uncalculated")),
        case("yes for a number", XLSX, filled(|sheet| drop(sheet.write(1, 4, true))), rejected("cell_not_number")),
        case(
            "a number beyond exactness",
            XLSX,
            filled(|sheet| drop(sheet.write(1, 4, 1e300))),
            rejected("cell_too_large"),
        ),
        case(
            "a decimal that was calculated",
            XLSX,
            filled(|sheet| drop(sheet.write(1, 6, 1.0 / 3.0))),
            rejected("cell_not_exact"),
        ),
        case("a merged figure", XLSX, filled(merged), rejected("value_member_missing")),
        case(
            "a far cell",
            XLSX,
            filled(|sheet| {
                drop(sheet.write(1_048_575, 16_383, "xa").map(|_| ()).and(sheet.write(1, 0, "2031-01").map(|_| ())))
            }),
            unreadable("columns_too_many"),
        ),
    ]
}

pub fn book(fill: impl Fn(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet().set_name("Số liệu tháng 8").unwrap());
    book.save_to_buffer().unwrap()
}

fn head(sheet: &mut Worksheet) {
    sheet.write_row(0, 0, HEADINGS).unwrap();
    sheet.write_row(1, 0, ["2025-08", "phong-kinh-te", "CCHC-06"]).unwrap();
    sheet.write(1, 5, 20).unwrap();
}

/// A sheet that is fine, but for what is put over it.
fn filled(fill: impl Fn(&mut Worksheet)) -> Vec<u8> {
    book(|sheet| {
        head(sheet);
        fill(sheet);
    })
}

fn percent(sheet: &mut Worksheet) {
    sheet.write_with_format(1, 4, 0.5, &Format::new().set_num_format("0%")).unwrap();
}

fn date(sheet: &mut Worksheet) {
    let format = Format::new().set_num_format("dd/mm/yyyy");
    sheet.write_with_format(1, 4, ExcelDateTime::from_ymd(2025, 12, 1).unwrap(), &format).unwrap();
}

fn failed(sheet: &mut Worksheet) {
    sheet.write(1, 4, Formula::new("=1/0").set_result("#DIV/0!")).unwrap();
}

/// As programs write it that only make files and calculate nothing: a formula without what it came to.
fn uncalculated() -> Vec<u8> {
    let whole = filled(|sheet| drop(sheet.write(1, 4, Formula::new("=F2/2").set_result("777"))));
    rewritten(whole, |text| text.replace("<v>777</v>", ""))
}

/// With one more cell at an address.
fn with_cell(address: &str) -> Vec<u8> {
    let cell = format!(r#"<c r="{address}" t="inlineStr"><is><t>abc</t></is></c></row>"#);
    rewritten(filled(|_| ()), |text| text.replacen("</row>", &cell, 1))
}

/// A book whose parts were written anew.
fn rewritten(whole: Vec<u8>, anew: impl Fn(String) -> String) -> Vec<u8> {
    let mut parts = ZipArchive::new(Cursor::new(whole)).unwrap();
    let names: Vec<String> =
        (0..parts.len()).map(|at| parts.by_index(at).unwrap().name().unwrap().into_owned()).collect();
    let text = |name: &String| {
        let mut text = String::new();
        parts.by_name(name).unwrap().read_to_string(&mut text).unwrap();
        anew(text)
    };
    let texts: Vec<String> = names.iter().map(text).collect();
    let parts: Vec<(&str, &[u8])> = names.iter().map(String::as_str).zip(texts.iter().map(String::as_bytes)).collect();
    archive(&parts)
}

fn merged(sheet: &mut Worksheet) {
    sheet.merge_range(1, 4, 2, 4, "1", &Format::new()).unwrap();
    sheet.write_row(2, 0, ["2025-08", "phong-kinh-te", "CCHC-03"]).unwrap();
    sheet.write(2, 5, 20).unwrap();
}

fn twice() -> Vec<u8> {
    let mut book = Workbook::new();
    for name in ["Tháng 8", "Tháng 8 (sao)"] {
        head(book.add_worksheet().set_name(name).unwrap());
    }
    book.save_to_buffer().unwrap()
}

fn half() -> Vec<u8> {
    let whole = filled(|_| ());
    whole[..whole.len() / 2].to_vec()
}

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in parts {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// So many MiB of the same, in a few KiB.
fn bomb(part: &str, mebibytes: usize) -> Vec<u8> {
    archive(&[(part, &vec![b' '; mebibytes * 1024 * 1024])])
}

fn crowd() -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for number in 0..10_000 {
        archive.start_file(format!("xl/{number}.xml"), SimpleFileOptions::default()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
