//! Forms and exports in LibreOffice's hands. Slow, and it must be installed: `scripts/office.sh` does both.

use std::{
    fs,
    io::{Cursor, Read, Write},
    path::PathBuf,
    process::Command,
};

use calamine::{Reader, Xlsx};
use serde_json::json;
use tempfile::TempDir;
use zip::{ZipArchive, ZipWriter, write::SimpleFileOptions};

use super::{
    import::path,
    sheets::{XLSX, cells, column, send_back, template},
};
use crate::support::TestApp;

const SHEET: &str = "xl/worksheets/sheet1.xml";
/// Between fields a comma, around them quotation marks, UTF-8, from the first line on.
const TABLE: &str = "--infilter=Text - txt - csv (StarCalc):44,34,76,1";

/// LibreOffice with a profile of its own, in a directory of its own.
struct Office(TempDir);

impl Office {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Opens a file and saves it as a spreadsheet.
    fn save(&self, name: &str, bytes: &[u8], flags: &[&str]) -> Vec<u8> {
        fs::write(self.path(name), bytes).unwrap();
        let profile = format!("-env:UserInstallation=file://{}", self.path("profile").display());
        let mut soffice = Command::new("soffice");
        soffice.arg(profile).args(["--headless", "--convert-to", "xlsx"]).args(flags);
        let said = soffice.arg("--outdir").arg(self.path("saved")).arg(self.path(name)).output().unwrap();
        let saved = self.path("saved").join(name).with_extension("xlsx");
        fs::read(saved).unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&said.stderr)))
    }
}

/// Fills blank cells, as somebody would: with a number, or with words.
fn fill(book: &[u8], cells: &[(&str, &str)]) -> Vec<u8> {
    let mut book = ZipArchive::new(Cursor::new(book)).unwrap();
    let mut filled = ZipWriter::new(Cursor::new(Vec::new()));
    for at in 0..book.len() {
        let mut part = book.by_index(at).unwrap();
        let (name, mut bytes) = (part.name().unwrap().into_owned(), Vec::new());
        part.read_to_end(&mut bytes).unwrap();
        if name == SHEET {
            let sheet = cells.iter().fold(String::from_utf8(bytes).unwrap(), |sheet, (cell, says)| {
                let start = sheet.find(&format!("<c r=\"{cell}\"")).unwrap_or_else(|| panic!("no cell {cell}"));
                let end = start + sheet[start..].find("/>").expect("a blank cell");
                let content = match says.parse::<f64>() {
                    Ok(_) => format!("><v>{says}</v></c>"),
                    Err(_) => format!(" t=\"inlineStr\"><is><t>{says}</t></is></c>"),
                };
                format!("{}{content}{}", &sheet[..end], &sheet[end + 2..])
            });
            bytes = sheet.into_bytes();
        }
        filled.start_file(name, SimpleFileOptions::default()).unwrap();
        filled.write_all(&bytes).unwrap();
    }
    filled.finish().unwrap().into_inner()
}

/// The sheet as it is written.
fn written(book: &[u8]) -> String {
    let (mut book, mut text) = (ZipArchive::new(Cursor::new(book)).unwrap(), String::new());
    book.by_name(SHEET).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// How many cells of a sheet compute something.
fn formulas(book: &[u8]) -> usize {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book.to_vec())).unwrap();
    let name = book.sheet_names()[0].clone();
    book.worksheet_formula(&name).unwrap().used_cells().count()
}

#[test]
#[ignore = "needs LibreOffice; run by scripts/office.sh"]
fn a_form_filled_in_and_saved_by_libreoffice_is_imported_as_it_is() {
    let (app, office) = (TestApp::start(), Office::new());
    let movement = app.hong_van();
    let head = app.head("phong-kinh-te");
    let form = template(&head, &movement, "2025-07", "phong-kinh-te").is(200);
    let blank = office.save("blank.xlsx", form.bytes(), &[]);
    assert_eq!(send_back(&head, &movement, &blank)["received"], 0);
    for guard in ["<sheetProtection ", "<dataValidation ", "type=\"list\""] {
        assert!(written(&blank).contains(guard), "{guard} is lost");
    }
    let rows = cells(&blank);
    let cell = |code: &str, heading: &str| {
        let line = 1 + rows.iter().position(|row| row.iter().any(|cell| cell == code)).expect("a line");
        format!("{}{line}", char::from(b'A' + column(&rows, heading) as u8))
    };
    let (state, none) = (cell("CCHC-06", "Trạng thái"), cell("CCHC-18", "Trạng thái"));
    let (numerator, denominator) = (cell("CCHC-06", "Tử số"), cell("CCHC-06", "Mẫu số"));
    let words = cell("CCHC-18", "Giải trình");
    let says = [
        (state.as_str(), "Có số liệu"),
        (&numerator, "1234"),
        (&denominator, "5000"),
        (&none, "Không phát sinh"),
        (&words, "Kỳ này không có kiến nghị"),
    ];
    let filled = office.save("filled.xlsx", &fill(&blank, &says), &[]);
    let answer = send_back(&head, &movement, &filled);
    assert_eq!(
        (&answer["received"], &answer["created"], &answer["rejected"]),
        (&json!(2), &json!(2), &json!(0)),
        "{answer}"
    );
    let stands = movement.at("2025-07", "phong-kinh-te").get();
    let values = stands["values"].as_array().unwrap();
    let said = |code: &str| values.iter().find(|value| value["indicator"] == code).expect("a value");
    assert_eq!((&said("CCHC-06")["numerator"], &said("CCHC-06")["denominator"]), (&json!(1234), &json!(5000)));
    assert_eq!(
        (&said("CCHC-18")["state"], &said("CCHC-18")["explanation"]),
        (&json!("none_arose"), &json!("Kỳ này không có kiến nghị"))
    );
    // And once more, with what is known now.
    let known = template(&head, &movement, "2025-07", "phong-kinh-te").is(200);
    let answer = send_back(&head, &movement, &office.save("known.xlsx", known.bytes(), &[]));
    assert_eq!((&answer["received"], &answer["unchanged"]), (&json!(2), &json!(2)), "{answer}");
}

#[test]
#[ignore = "needs LibreOffice; run by scripts/office.sh"]
fn libreoffice_computes_nothing_of_an_export() {
    let (app, office) = (TestApp::start(), Office::new());
    let movement = app.hong_van();
    let dangers = ["=2*21", "+2*21", "-2*21", "@SUM(21;21)", "\t=2*21"];
    let mut report = movement.report("phong-kinh-te");
    for (value, danger) in report.0["values"].as_array_mut().unwrap().iter_mut().zip(dangers) {
        value["explanation"] = json!(danger.trim());
    }
    movement.at("2025-07", "phong-kinh-te").draft(&report).is(201);
    let asked = format!("{}/submissions/export?period=2025-07", movement.path);
    let table = app.agency().get(&asked).ok();
    let sheet = app.agency().get(&asked).header("Accept", XLSX).ok();
    let opened = [office.save("bang.csv", table.bytes(), &[TABLE]), office.save("so.xlsx", sheet.bytes(), &[])];
    for book in &opened {
        assert_eq!(formulas(book), 0);
        let told: Vec<String> = cells(book).iter().flatten().map(ToString::to_string).collect();
        assert!(told.iter().any(|cell| cell.ends_with("=2*21")), "{told:?}");
        assert!(!told.iter().any(|cell| ["42", "-42"].contains(&cell.as_str())), "{told:?}");
    }
    // Saved by LibreOffice, the sheet says what stands.
    let head = app.head("phong-kinh-te");
    let answer = head.post(&path(&movement, ""), json!([])).body(XLSX, opened[1].clone()).ok();
    assert!(answer["received"].as_u64() > Some(0) && answer["unchanged"] == answer["received"], "{answer}");
}
