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

/// A form as somebody leaves it in a spreadsheet program: cells filled in by the indicator's code and the column's heading.
pub fn filled(form: &[u8], says: &[(&str, &str, &str)]) -> Vec<u8> {
    let (mut book, rows) = (Workbook::new(), cells(form));
    let sheet = book.add_worksheet().set_name("Số liệu").unwrap();
    for (at, row) in rows.iter().enumerate() {
        for (column, cell) in row.iter().enumerate() {
            sheet.write(at as u32, column as u16, cell.to_string()).unwrap();
        }
    }
    for (code, heading, said) in says {
        let line = rows.iter().position(|row| row.contains(&Data::String((*code).into()))).expect("a line") as u32;
        let place = column(&rows, heading) as u16;
        match said.parse::<i32>() {
            Ok(number) => sheet.write(line, place, number).unwrap(),
            Err(_) => sheet.write(line, place, *said).unwrap(),
        };
    }
    book.save_to_buffer().unwrap()
}

pub fn column(rows: &[Vec<Data>], heading: &str) -> usize {
    let at = |is: fn(&str, &str) -> bool| rows[0].iter().position(|cell| is(&cell.to_string(), heading));
    at(|cell, heading| cell == heading).or_else(|| at(|cell, heading| cell.starts_with(heading))).expect("a column")
}

/// What a form says of an indicator below a heading.
fn told(rows: &[Vec<Data>], code: &str, heading: &str) -> String {
    let line = rows.iter().find(|row| row.contains(&Data::String(code.into()))).expect("a line");
    line[column(rows, heading)].to_string()
}

#[test]
fn a_blank_form_says_nothing_and_a_filled_one_what_was_filled_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("phong-kinh-te");
    let form = template(&head, &movement, "2025-07", "phong-kinh-te").is(200);
    assert_eq!(send_back(&head, &movement, form.bytes())["received"], 0);
    let says = [
        ("CCHC-06", "Tử số", "1234"),
        ("CCHC-06", "Mẫu số", "1.234"),
        ("CCHC-06", "Minh chứng", "12/BC-UBND"),
        ("CCHC-15", "Mức độ", "Hoàn thành"),
        ("CCHC-18", "Trạng thái", "Không phát sinh"),
        ("CCHC-18", "Giải trình", "Kỳ này không có"),
    ];
    let answer = send_back(&head, &movement, &filled(form.bytes(), &says));
    assert_eq!((&answer["received"], &answer["created"]), (&json!(3), &json!(3)), "{answer}");
    let stands = movement.at("2025-07", "phong-kinh-te").get();
    let value = |code: &str| stands["values"].as_array().unwrap().iter().find(|v| v["indicator"] == code).unwrap();
    assert_eq!((&value("CCHC-06")["numerator"], &value("CCHC-06")["denominator"]), (&json!(1234), &json!(1234)));
    assert_eq!((&value("CCHC-15")["level"], &value("CCHC-18")["state"]), (&json!("done"), &json!("none_arose")));
    // With what is known now it goes out and comes back once more.
    let known = template(&head, &movement, "2025-07", "phong-kinh-te").is(200);
    assert_eq!(told(&cells(known.bytes()), "CCHC-15", "Mức độ"), "Hoàn thành");
    let answer = send_back(&head, &movement, known.bytes());
    assert_eq!((&answer["received"], &answer["unchanged"]), (&json!(3), &json!(3)), "{answer}");
}

#[test]
fn what_a_form_has_nothing_to_say_of_is_blank() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    place.draft(&movement.report("phong-kinh-te").ratio("CCHC-06", 7, 20)).is(201);
    let form = template(&app.head("phong-kinh-te"), &movement, "2025-07", "phong-kinh-te").is(200);
    let rows = cells(form.bytes());
    assert_eq!(told(&rows, "CCHC-06", "Tên lĩnh vực"), "");
    for row in rows {
        assert!(!row.contains(&Data::String("'".into())), "{row:?}");
    }
}

#[test]
fn a_form_says_in_words_what_is_to_be_filled_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    place.draft(&movement.report("phong-kinh-te").ratio("CCHC-06", 7, 20)).is(201);
    app.at("2025-08-05T02:00:00Z");
    place.submit().is(200);
    let form = template(&app.head("phong-kinh-te"), &movement, "2025-08", "phong-kinh-te").is(200);
    let rows = cells(form.bytes());
    assert_eq!(rows[0][0].to_string(), "Tên chỉ tiêu");
    let said = |code: &str, heading: &str| told(&rows, code, heading);
    assert!(said("CCHC-06", "Tên chỉ tiêu").starts_with("Tỷ lệ kết quả"));
    assert!(said("CCHC-06", "Tử số là gì").starts_with("Số kết quả"));
    assert!(said("CCHC-06", "Mục tiêu").ends_with('%') && said("CCHC-06", "Đơn vị tính") == "%");
    assert_eq!((said("CCHC-06", "Kỳ trước"), said("CCHC-15", "Mục tiêu")), ("7/20".into(), "Hoàn thành".into()));
    let fields: Vec<String> = rows.iter().map(|row| row[column(&rows, "Tên lĩnh vực")].to_string()).collect();
    assert!(fields.contains(&"Tài nguyên môi trường".to_owned()), "{fields:?}");
}

#[test]
fn one_form_has_all_units_that_its_reader_reaches() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let asked = format!("{}/submissions/template?period=2025-07", movement.path);
    let units = |form: &Answer| -> Vec<String> {
        let rows = cells(form.bytes());
        let mut units: Vec<String> =
            rows.iter().skip(1).map(|row| row[column(&rows, "Mã đơn vị")].to_string()).collect();
        units.dedup();
        units
    };
    assert_eq!(units(&app.head("thon-1").get(&asked).ok()), ["thon-1"]);
    let whole = app.agency().get(&asked).ok();
    let all = units(&whole);
    assert!(all.len() > 10 && all.is_sorted(), "{all:?}");
    let says = [("CCHC-18", "Tử số", "3"), ("CCHC-18", "Mẫu số", "4")];
    let own = app.head("thon-1").get(&asked).ok();
    let answer = send_back(&app.head("thon-1"), &movement, &filled(own.bytes(), &says));
    assert_eq!(answer["created"], 1, "{answer}");
    assert_eq!(send_back(&app.agency(), &movement, app.agency().get(&asked).ok().bytes())["unchanged"], 1);
    app.agency().get(&asked.replace("2025-07", "2031-01")).problem(404, "not_found");
    app.elsewhere.agency().get(&asked).problem(404, "not_found");
}

#[test]
fn a_table_is_set_apart_as_its_readers_program_expects() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.at("2025-07", "thon-1").draft(&movement.report("thon-1")).is(201);
    let asked = format!("{}/submissions/export?period=2025-07", movement.path);
    let head = app.head("thon-1");
    for (query, sign) in [("", ','), ("&separator=comma", ','), ("&separator=semicolon", ';')] {
        let table = head.get(&format!("{asked}{query}")).ok();
        assert!(table.text().starts_with(&format!("\u{FEFF}Kỳ báo cáo{sign}Mã đơn vị{sign}")), "{query}");
        let answer = head.post(&path(&movement, ""), json!([])).body("text/csv", table.bytes()).ok();
        assert!(
            answer["received"].as_u64() > Some(0) && answer["unchanged"] == answer["received"],
            "{query}: {answer}"
        );
    }
    head.get(&format!("{asked}&separator=tab")).send().is(400);
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
