//! Units from a file: the whole organisation at once, or nothing of it.

use rstest::rstest;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
use serde_json::{Value, json};

use crate::support::{Answer, MOVEMENT, TestApp};

const CSV: &str = "\u{FEFF}STT;Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã đơn vị cấp trên;Từ ngày;Đến hết ngày
1;to-ha-tang;Tổ hạ tầng;related;phong-ha-tang;2025-07-01;
2;phong-ha-tang;Phòng Hạ tầng;division;;2025-07-01;
3;phong-kinh-te;Phòng Kinh tế và Đô thị;division;;2025-10-01;31/12/2026
";

fn send(app: &TestApp, query: &str, body: &str) -> Answer {
    app.admin().request(reqwest::Method::POST, &format!("/units/import{query}")).body("text/csv", body).send()
}

fn counts(answer: &Answer) -> [Value; 4] {
    ["received", "created", "updated", "unchanged"].map(|name| answer[name].clone())
}

#[test]
fn a_file_makes_and_changes_units_once_however_often_it_is_sent() {
    let app = TestApp::start();
    assert_eq!(counts(&send(&app, "?dry_run=true", CSV).is(200)), [json!(3), json!(2), json!(1), json!(0)]);
    app.admin().get("/units/to-ha-tang").problem(404, "not_found");
    assert_eq!(counts(&send(&app, "", CSV).is(200)), [json!(3), json!(2), json!(1), json!(0)]);
    let team = app.chair().get("/units/to-ha-tang").ok();
    assert_eq!((&team["parent"], &team["name"]), (&json!("phong-ha-tang"), &json!("Tổ hạ tầng")));
    let renamed = app.chair().get("/units/phong-kinh-te").ok();
    assert_eq!((&renamed["names"][1]["from"], &renamed["valid_to"]), (&json!("2025-10-01"), &json!("2026-12-31")));
    assert_eq!(renamed.etag(), "\"2\"");
    assert_eq!(counts(&send(&app, "", CSV).is(200)), [json!(3), json!(0), json!(0), json!(3)]);
    assert_eq!(app.chair().get("/units/phong-kinh-te").ok().etag(), "\"2\"", "the same file changes nothing");
    assert_eq!(app.records("r.action = 'import_units' AND r.names @> ARRAY['units/to-ha-tang']"), 1);
    // An end that a file leaves out stays.
    let without =
        json!([{"code": "phong-kinh-te", "name": "Phòng Kinh tế", "kind": "division", "valid_from": "2026-01-01"}]);
    app.admin().post("/units/import", without).ok();
    assert_eq!(app.chair().get("/units/phong-kinh-te").ok()["valid_to"], "2026-12-31");
}

#[test]
fn what_a_file_leaves_out_stays_and_what_it_empties_is_gone() {
    let app = TestApp::start();
    app.at("2025-09-05T02:00:00Z");
    let first = "Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã đơn vị cấp trên;Từ ngày;Đến hết ngày
to-ha-tang;Tổ hạ tầng;related;phong-kinh-te;01/07/2025;31/12/2026
";
    send(&app, "", first).is(200);
    let unit = || {
        let unit = app.chair().get("/units/to-ha-tang").ok();
        (unit["parent"].clone(), unit["valid_to"].clone())
    };
    let stays = (json!("phong-kinh-te"), json!("2026-12-31"));
    let row = |rest: &str| format!("to-ha-tang;Tổ hạ tầng;related;{rest}\n");
    let whole = "code;name;kind;parent;valid_from;valid_to\n";
    for (name, file) in [
        ("no column", "code;name;kind;valid_from\nto-ha-tang;Tổ hạ tầng số;related;1/8/2025\n".to_owned()),
        ("a blank cell", format!("{whole}{}", row(";02.08.2025;"))),
        ("spaces", format!("{whole}{}", row(" ;03-08-2025; "))),
    ] {
        send(&app, "", &file).is(200);
        assert_eq!(unit(), stays, "{name}");
    }
    let post = |members: Value| {
        let mut row =
            json!({"code": "to-ha-tang", "name": "Tổ hạ tầng", "kind": "related", "valid_from": "2025-08-04"});
        row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        app.admin().post("/units/import", json!([row])).ok()
    };
    post(json!({}));
    assert_eq!(unit(), stays, "no member");
    let back = || drop(post(json!({"parent": "phong-kinh-te", "valid_to": "2026-12-31"})));
    let gone = (Value::Null, Value::Null);
    post(json!({"parent": null, "valid_to": null}));
    assert_eq!(unit(), gone, "null");
    for word in ["(trống)", "(Trống)", "(empty)", " (trong) "] {
        back();
        assert_eq!(unit(), stays);
        send(&app, "", &format!("{whole}{}", row(&format!("{word};2025-08-04;{word}")))).is(200);
        assert_eq!(unit(), gone, "{word}");
    }
    // A new unit that says nothing of a parent is at the top, as before.
    send(&app, "", "code;name;kind;valid_from\nthon-9;Thôn 9;village;01/09/2025\n").is(200);
    assert_eq!(app.chair().get("/units/thon-9").ok()["parent"], Value::Null);
}

#[test]
fn lines_of_totals_and_signatures_are_no_units() {
    let app = TestApp::start();
    let file = "STT;Ma_Don_Vi;TÊN ĐƠN VỊ;Loai don vi;Từ ngày (ngày/tháng/năm)
(1);(2);(3);(4);(5)
1;thon-9;Thôn 9;village;01/09/2025
Tổng số: 1 đơn vị;;;;
;;;;Ngày 1 tháng 9 năm 2025
;;Người lập biểu;;
;;Nguyễn Văn A;;
";
    let answer = send(&app, "", file).is(200);
    assert_eq!(counts(&answer)[0], 1, "{answer}");
    let told: Vec<_> = answer["notices"].as_array().unwrap().iter().map(|notice| notice["code"].clone()).collect();
    assert_eq!(told, ["row_of_column_numbers", "row_of_signature", "row_of_total"]);
}

#[test]
fn a_spreadsheet_with_dates_as_people_enter_them_is_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name("Đơn vị").unwrap();
    sheet.write(0, 0, "DANH SÁCH ĐƠN VỊ").unwrap();
    for (at, title) in ["Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Từ ngày"].iter().enumerate() {
        sheet.write(2, at as u16, *title).unwrap();
    }
    let day = ExcelDateTime::from_ymd(2025, 9, 1).unwrap();
    sheet.write(3, 0, " thon-9 ").unwrap().write(3, 1, "Tho\u{302}n 9").unwrap().write(3, 2, "village").unwrap();
    sheet.write_with_format(3, 3, &day, &Format::new().set_num_format("dd/mm/yyyy")).unwrap();
    let app = TestApp::start();
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let request = app.admin().request(reqwest::Method::POST, "/units/import");
    request.body(media_type, book.save_to_buffer().unwrap()).ok();
    let made = app.chair().get("/units/thon-9").ok();
    assert_eq!((&made["name"], &made["valid_from"]), (&json!("Thôn 9"), &json!("2025-09-01")));
}

#[rstest]
#[case("thon-9;Thôn 9;village;;09/15/2025", "/valid_from", "cell_not_date")]
#[case("thon-9;Thôn 9;village;;01/09/25", "/valid_from", "cell_not_date")]
#[case("thon-9;Thôn 9;village;;hôm nay", "/valid_from", "cell_not_date")]
#[case("thon-9;Thôn 9;village;;1025-09-01", "/valid_from", "cell_not_date")]
#[case("thon-9;Thôn 9;village;;", "/valid_from", "cell_missing")]
#[case("Thôn 9;Thôn 9;village;;2025-09-01", "/code", "code_malformed")]
#[case("tree;Thôn 9;village;;2025-09-01", "/code", "code_reserved")]
#[case("thon-9;Thôn 9;Thành lũy;;2025-09-01", "/kind", "unit_kind_unread")]
#[case("thon-9;;village;;2025-09-01", "/name", "cell_missing")]
#[case("thon-9;Thôn 9;village;khong-co;2025-09-01", "/parent", "unit_unknown")]
#[case("thon-9;Thôn 9;village;van-phong;2025-06-01", "/parent", "unit_unknown")]
#[case("thon-9;Thôn 9;village;thon-9;2025-09-01", "/parent", "unit_cycle")]
fn a_row_that_cannot_be_is_told_by_its_number_and_nothing_is_stored(
    #[case] row: &str,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    let body = format!(
        "Mã đơn vị;Tên đơn vị;Loại đơn vị;Mã đơn vị cấp trên;Từ ngày\nthon-8;Thôn 8;village;;2025-09-01\n{row}\n"
    );
    let refused = send(&app, "", &body).problem(422, "import_rejected").finding(pointer, code);
    assert_eq!(refused["errors"][0]["row"], 3, "{refused}");
    app.admin().get("/units/thon-8").problem(404, "not_found");
}

#[test]
fn what_goes_with_no_tree_is_refused_whole() {
    let app = TestApp::start();
    let row = |code: &str, parent: &str| json!({"code": code, "name": "Tên", "kind": "village", "parent": parent, "valid_from": "2025-08-01"});
    let post = |rows: Value| app.admin().post("/units/import", rows).send();
    let circle = post(json!([row("thon-1", "thon-2"), row("thon-2", "thon-1")]));
    circle.problem(422, "content_invalid").finding("/parent", "unit_cycle");
    let twice = post(json!([row("thon-8", "van-phong"), row("thon-8", "van-phong")]));
    twice.problem(422, "import_rejected").finding("", "named_twice");
    let end = |from: &str, to: &str| json!({"code": "thon-8", "name": "Thôn 8", "kind": "village", "valid_from": from, "valid_to": to});
    let ends = post(json!([end("2025-08-01", "2026-01-01"), end("2025-09-01", "2026-02-01")]));
    ends.problem(422, "import_rejected").finding("/valid_to", "ends_differ");
    let ended = json!({"code": "thon-1", "name": "Thôn 1", "kind": "village", "valid_from": "2025-09-01", "valid_to": "2025-06-30"});
    post(json!([ended])).problem(422, "import_rejected").finding("/valid_to", "days_reversed");
    post(json!([{"code": "thon-8"}])).problem(422, "import_rejected").finding("/name", "missing_field");
    let many: Vec<Value> = (0..2001).map(|n| row(&format!("thon-{n}"), "van-phong")).collect();
    post(json!(many)).problem(422, "file_unreadable").finding("", "rows_too_many");
    app.agency().post("/units/import", json!([])).problem(403, "forbidden");
    app.emulation();
    app.at("2025-10-16T02:00:00Z");
    app.reported_on("2025-10", "phong-kinh-te", 90, 100);
    let away = json!({"code": "phong-kinh-te", "name": "Phòng Kinh tế", "kind": "division", "valid_from": "2025-07-01",
        "valid_to": "2025-10-01"});
    post(json!([away])).problem(422, "content_invalid").finding("", "report_stranded");
    app.chair().get(&format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te")).ok();
}

#[test]
fn a_list_as_an_office_writes_it_is_read_with_its_groups() {
    let app = TestApp::start();
    let list = "DANH SÁCH CƠ QUAN, ĐƠN VỊ;;;;;
STT;Mã số;Tên cơ quan, đơn vị;Loại hình;Trực thuộc;Ngày thành lập
I;;KHỐI CƠ QUAN;;;
1;phong-ha-tang;Phòng Hạ tầng;Phòng;;01/07/2025
;;II. Khối thôn;;;
2;to-ha-tang;Tổ hạ tầng;Related;phong-ha-tang;01/07/2025
";
    let answer = send(&app, "", list).is(200);
    assert_eq!((&answer["received"], &answer["created"]), (&json!(2), &json!(2)), "{answer}");
    let notice = &answer["notices"][0];
    assert_eq!((&notice["code"], &notice["rows"]), (&json!("row_of_section"), &json!([3, 5])), "{answer}");
    assert_eq!(app.chair().get("/units/to-ha-tang").ok()["parent"], "phong-ha-tang");
    // What has a word more than a title is a row, and what it lacks is told.
    let unnamed = list.replace("1;phong-ha-tang;", "1;;");
    send(&app, "", &unnamed).problem(422, "import_rejected").finding("/code", "cell_missing");
}

#[test]
fn what_cannot_be_read_is_told_in_the_words_of_the_sheet() {
    let app = TestApp::start();
    let headings = "Danh sách;;;\nMã đơn vị;Tên đơn vị;Loại đơn vị;Ghi chú\nto-1;Tổ 1;Phòng;\n";
    let refused = send(&app, "", headings).problem(422, "file_unreadable");
    let wrong = &refused["errors"][0];
    assert_eq!((&wrong["params"]["line"], &wrong["params"]["missing"]), (&json!(2), &json!("Từ ngày")), "{refused}");
    let kind = CSV.replace(";division;", ";Cơ quan;");
    let refused = send(&app, "", &kind).problem(422, "import_rejected");
    assert!(refused["errors"][0]["message"].as_str().unwrap().starts_with("«Cơ quan» "), "{refused}");
    assert!(!refused["detail"].as_str().unwrap().contains("mode="), "{refused}");
}
