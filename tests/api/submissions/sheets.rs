//! Sheets for people: a form that comes back as it went out, and exports that no spreadsheet takes for formulas.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use rust_xlsxwriter::Workbook;
use serde_json::json;

use super::import::path;
use crate::support::{Answer, Client, TestApp, story::Movement};

pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

pub fn template(who: &Client, movement: &Movement, period: &str, unit: &str) -> Answer {
    who.get(&format!("{}/submissions/template?period={period}&unit={unit}", movement.path)).send()
}

pub fn send_back(who: &Client, movement: &Movement, sheet: &[u8]) -> Answer {
    who.post(&path(movement, ""), json!([])).body(XLSX, sheet).ok()
}

pub fn cells(sheet: &[u8]) -> Vec<Vec<Data>> {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(sheet.to_vec())).unwrap();
    let sheet = book.worksheet_range_at(0).unwrap().unwrap();
    sheet.rows().map(<[Data]>::to_vec).collect()
}

#[test]
fn a_form_sent_back_as_it_is_changes_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("phong-vhxh");
    let place = movement.at("2025-07", "phong-vhxh");
    let report = movement
        .report("phong-vhxh")
        .say("CCHC-02", json!({"state": "reported", "value": "91.125", "explanation": "=SUM(A1) theo công văn 12"}));
    place.draft(&report).is(201);
    let form = template(&head, &movement, "2025-07", "phong-vhxh").is(200);
    assert!(form.header("content-disposition").unwrap().contains("2025-07-phong-vhxh.xlsx"));
    let answer = send_back(&head, &movement, form.bytes());
    let said = report.0["values"].as_array().unwrap().len();
    assert_eq!((&answer["unchanged"], &answer["received"]), (&json!(said), &json!(said)), "{answer}");
    assert_eq!(place.etag(), "\"1\"");
}

#[test]
fn a_blank_form_says_nothing_and_a_filled_one_what_was_filled_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("phong-kinh-te");
    let form = template(&head, &movement, "2025-07", "phong-kinh-te").is(200);
    assert_eq!(send_back(&head, &movement, form.bytes())["received"], 0);
    // What somebody does in a spreadsheet program: the same cells, some filled in.
    let (mut book, rows) = (Workbook::new(), cells(form.bytes()));
    let sheet = book.add_worksheet().set_name("Số liệu").unwrap();
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            sheet.write(at as u32, column as u16, cell.to_string()).unwrap();
        }
    }
    let line = rows.iter().position(|row| row[2] == Data::String("CCHC-06".into())).unwrap() as u32;
    sheet.write(line, 4, "Có số liệu").unwrap();
    sheet.write(line, 5, 1234).unwrap();
    sheet.write(line, 6, "1.234").unwrap();
    let answer = send_back(&head, &movement, &book.save_to_buffer().unwrap());
    assert_eq!((&answer["received"], &answer["created"]), (&json!(1), &json!(1)), "{answer}");
    let stands = movement.at("2025-07", "phong-kinh-te").get();
    assert_eq!((&stands["values"][0]["numerator"], &stands["values"][0]["denominator"]), (&json!(1234), &json!(1234)));
}

#[test]
fn an_export_holds_what_the_reader_may_see_and_no_formula() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let danger = "=HYPERLINK(\"http://x\")";
    for unit in ["thon-1", "phong-kinh-te"] {
        let mut report = movement.report(unit);
        report.0["values"][0]["explanation"] = json!(danger);
        movement.at("2025-07", unit).draft(&report).is(201);
    }
    let asked = format!("{}/submissions/export?period=2025-07", movement.path);
    let whole = app.agency().get(&asked).ok().text();
    assert!(whole.contains("thon-1") && whole.contains("phong-kinh-te"), "{whole}");
    assert!(
        whole.contains("'=HYPERLINK") && !whole.contains(",=HYPERLINK") && !whole.contains("\"=HYPERLINK"),
        "{whole}"
    );
    let own = app.reporter("thon-1").get(&asked).ok().text();
    assert!(own.contains("thon-1") && !own.contains("phong-kinh-te"), "{own}");
    let sheet = app.agency().get(&asked).header("Accept", XLSX).ok();
    let told = cells(sheet.bytes());
    assert_eq!(told.len(), whole.lines().count());
    assert!(told.iter().flatten().any(|cell| cell.to_string().starts_with("'=HYPERLINK")));
    app.agency().get(&asked.replace("2025-07", "2031-01")).problem(404, "not_found");
    app.elsewhere.agency().get(&asked).problem(404, "not_found");
}

#[test]
fn an_export_is_read_back_as_it_is() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.at("2025-07", "thon-1").draft(&movement.report("thon-1")).is(201);
    let asked = format!("{}/submissions/export?period=2025-07", movement.path);
    let head = app.head("thon-1");
    let table = head.get(&asked).ok();
    let answer = head.post(&path(&movement, ""), json!([])).body("text/csv", table.bytes()).ok();
    assert!(answer["received"].as_u64() > Some(0) && answer["unchanged"] == answer["received"], "{answer}");
}

#[test]
fn the_form_of_another_unit_is_not_there() {
    let app = TestApp::start();
    let movement = app.hong_van();
    template(&app.head("thon-1"), &movement, "2025-07", "phong-kinh-te").problem(404, "not_found");
    template(&app.head("thon-1"), &movement, "2031-01", "thon-1").problem(404, "not_found");
    template(&app.elsewhere.head("thon-1"), &movement, "2025-07", "thon-1").problem(404, "not_found");
}
