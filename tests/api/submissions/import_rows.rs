//! Rows as people send them: what is not wholly taken is not handed in, names stand for codes, and lines that are no rows
//! are told.

use rstest::rstest;
use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use super::{
    import::{CSV, path, rows},
    sheets::XLSX,
};
use crate::support::{
    Answer, Client, TestApp,
    story::{HONG_VAN, Movement, plan},
};

const UNIT: &str = "phong-kinh-te";

/// Two whole reports of one unit, the first with rows put over or beside its own.
fn two_reports(movement: &Movement, put: impl Fn(&mut Vec<Value>)) -> Vec<Value> {
    let report = movement.report(UNIT);
    let mut first = rows("2025-07", UNIT, &report);
    put(&mut first);
    first.into_iter().chain(rows("2025-08", UNIT, &report)).collect()
}

/// The rows as a table.
fn table(rows: &[Value]) -> String {
    let members = ["period", "unit", "indicator", "field", "state", "numerator", "denominator", "level", "explanation"];
    let cell = |value: &Value| value.as_str().map_or_else(|| value.to_string().replace("null", ""), str::to_owned);
    let line = |row: &Value| members.map(|member| cell(&row[member])).join(";");
    [members.join(";")].into_iter().chain(rows.iter().map(line)).collect::<Vec<_>>().join("\n")
}

fn send_table(who: &Client, movement: &Movement, query: &str, table: &str) -> Answer {
    who.post(&path(movement, query), json!([])).body(CSV, table.as_bytes().to_vec()).send()
}

/// A row of the unit's report of July, put over the one of the same value.
fn row(members: Value) -> Value {
    let mut row = json!({"period": "2025-07", "unit": UNIT, "indicator": "CCHC-13", "state": "reported", "numerator": 1,
        "denominator": 2, "explanation": "Mới"});
    row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    row
}

fn at(rows: &[Value], indicator: &str) -> usize {
    rows.iter().position(|row| row["indicator"] == indicator).unwrap()
}

#[test]
fn a_report_of_which_a_row_is_rejected_is_kept_and_not_handed_in() {
    type Put = fn(&mut Vec<Value>);
    let rejected: [(&str, Put); 7] = [
        ("a cell that cannot be read", |rows| {
            let at = at(rows, "CCHC-13");
            rows[at]["numerator"] = json!("10 hồ sơ");
        }),
        ("rows that contradict one another", |rows| {
            let mut other = rows[at(rows, "CCHC-13")].clone();
            other["numerator"] = json!(0);
            rows.push(other);
        }),
        ("a figure above its denominator", |rows| {
            let at = at(rows, "CCHC-13");
            (rows[at]["numerator"], rows[at]["denominator"]) = (json!(9), json!(8));
        }),
        ("an unknown indicator", |rows| rows.push(row(json!({"indicator": "CCHC-99"})))),
        ("an unknown field", |rows| rows.push(row(json!({"indicator": "CCHC-05", "field": "khong-co"})))),
        ("a unit that cannot be read", |rows| rows.push(row(json!({"unit": "a\u{202E}b"})))),
        ("a strange state", |rows| rows.push(row(json!({"indicator": "CCHC-14", "state": "có lẽ"})))),
    ];
    for (name, put) in rejected {
        let app = TestApp::start();
        let movement = app.hong_van();
        let place = movement.at("2025-07", UNIT);
        place.draft(&movement.report(UNIT)).is(201);
        app.at("2025-09-05T02:00:00Z");
        let sent = table(&two_reports(&movement, put));
        let answer = send_table(&app.head(UNIT), &movement, "mode=partial&submit=true", &sent).is(200);
        assert_eq!(answer["submitted"], 1, "{name}: {answer}");
        let incomplete = answer["incomplete"].as_array().unwrap();
        assert_eq!((incomplete.len(), &incomplete[0]["period"]), (1, &json!("2025-07")), "{name}: {answer}");
        assert_eq!(incomplete[0]["findings"][0]["code"], "report_rows_rejected", "{name}");
        assert_eq!(place.get()["state"], "draft", "{name}");
        assert_eq!(movement.at("2025-08", UNIT).get()["state"], "submitted", "{name}");
    }
}

#[test]
fn a_row_that_is_of_no_report_or_repeats_another_keeps_none_from_being_handed_in() {
    type Put = fn(&mut Vec<Value>);
    let harmless: [(&str, Put); 3] = [
        ("a row twice", |rows| rows.push(rows[0].clone())),
        ("another unit's row", |rows| rows.push(row(json!({"unit": "thon-1"})))),
        ("an unknown period", |rows| rows.push(row(json!({"period": "2031-01"})))),
    ];
    for (name, put) in harmless {
        let app = TestApp::start();
        let movement = app.hong_van();
        app.at("2025-09-05T02:00:00Z");
        let sent = two_reports(&movement, put);
        let answer = app.head(UNIT).post(&path(&movement, "mode=partial&submit=true"), json!(sent)).ok();
        assert_eq!((&answer["submitted"], &answer["rejected"]), (&json!(2), &json!(1)), "{name}: {answer}");
    }
}

#[test]
fn of_rows_that_contradict_one_another_none_wins() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let asked = [row(json!({})), row(json!({"numerator": 2})), row(json!({"numerator": 0}))];
    let answer = app.head(UNIT).post(&path(&movement, "mode=partial"), json!(asked)).ok();
    assert_eq!((&answer["created"], &answer["rejected"]), (&json!(0), &json!(3)), "{answer}");
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
    let member = json!([row(json!({"numerator": "x"})), row(json!({"numerator": 1}))]);
    let answer = app.head(UNIT).post(&path(&movement, "mode=partial&submit=true"), member).send_unchecked();
    assert_eq!(answer["incomplete"][0]["findings"][0]["code"], "report_rows_rejected", "a row of JSON with its place");
}

#[test]
fn names_stand_for_codes() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let plan = plan(HONG_VAN);
    let name = |code: &str| {
        let all = plan["indicators"].as_array().unwrap();
        all.iter().find(|known| known["code"] == code).unwrap()["name"]["vi"].as_str().unwrap().replace(';', ",")
    };
    let head = "Kỳ;Tên đơn vị;Chỉ tiêu;Lĩnh vực;Trạng thái;Tử số (hồ sơ);Mẫu số (hồ sơ);Mức độ;Giải trình\n";
    let lines = [
        ("2025-07;Phòng Kinh tế;CCHC-05;Tài nguyên môi trường;;1;2;;x", "CCHC-05", "tnmt"),
        ("Thg7-25;PHONG KINH TE;cchc-05;TÀI CHÍNH;;1;2;;x", "CCHC-05", "khdt"),
        ("T7/2025;Phong-Kinh-Te;CCHC 05;all other fields;;1;2;;x", "CCHC-05", "khac"),
        ("7/2025;phòng kinh tế;{CCHC-06};;;1;2;;x", "CCHC-06", ""),
        ("tháng 7 năm 2025;phong-kinh-te;Cchc-15;;có số liệu;;;Đang thực hiện;x", "CCHC-15", ""),
    ];
    let table: String = lines.iter().map(|(line, ..)| format!("{line}\n")).collect();
    let table = table.replace("{CCHC-06}", &name("CCHC-06"));
    let answer = send_table(&app.head(UNIT), &movement, "", &format!("{head}{table}")).is(200);
    assert_eq!(answer["created"], lines.len(), "{answer}");
    let stands = movement.at("2025-07", UNIT).get();
    for (line, indicator, field) in lines {
        let is =
            |value: &&Value| value["indicator"] == indicator && value["field"].as_str().unwrap_or_default() == field;
        assert!(stands["values"].as_array().unwrap().iter().any(|value| is(&value)), "{line}: {stands}");
    }
    let level = stands["values"].as_array().unwrap().iter().find(|value| value["indicator"] == "CCHC-15").unwrap();
    assert_eq!(level["level"], "in_progress");
    // Whom the caller does not see no name finds.
    let other =
        send_table(&app.head(UNIT), &movement, "mode=partial", &format!("{head}2025-07;Thôn 1;CCHC-18;;;1;2;;x"));
    assert_eq!(other.is(200)["findings"][0]["code"], "row_not_found");
}

#[test]
fn equal_findings_are_one_and_lines_that_are_no_rows_are_told() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let wrong: String = (0..551).map(|_| "2025-07;phong-kinh-te;CCHC-06;12 hồ sơ;20\n").collect();
    let sent =
        format!("period;unit;indicator;numerator;denominator\n{wrong};Tổng cộng;;12;20\n;;;;Ngày 5 tháng 8 năm 2025\n");
    let answer = send_table(&app.head(UNIT), &movement, "mode=partial", &sent).is(200);
    let findings = answer["findings"].as_array().unwrap();
    assert_eq!(
        (findings.len(), &findings[0]["count"], &findings[0]["rows"][9]),
        (1, &json!(551), &json!(11)),
        "{answer}"
    );
    assert_eq!((&findings[0]["cell"], &findings[0]["content"]), (&json!("D2"), &json!("12 hồ sơ")));
    let told: Vec<_> =
        answer["notices"].as_array().unwrap().iter().map(|notice| (&notice["code"], &notice["rows"])).collect();
    let expected = [(json!("row_of_signature"), json!([554])), (json!("row_of_total"), json!([553]))];
    assert_eq!(told, expected.each_ref().map(|(code, rows)| (code, rows)));
    let refused = send_table(&app.head(UNIT), &movement, "", &sent).problem(422, "import_rejected");
    let error = &refused["errors"][0];
    assert_eq!(
        (refused["errors"].as_array().unwrap().len(), &error["count"], &error["row"]),
        (1, &json!(551), &json!(2))
    );
    assert_eq!((&error["cell"], &error["rows"][1]), (&json!("D2"), &json!(3)), "{refused}");
    // What is found later has its cell too.
    let above = "period;unit;indicator;numerator;denominator\n2025-07;phong-kinh-te;CCHC-06;3;2\n";
    let above = send_table(&app.head(UNIT), &movement, "mode=partial", above).is(200);
    assert_eq!(
        (&above["findings"][0]["code"], &above["findings"][0]["cell"]),
        (&json!("numerator_above"), &json!("D2"))
    );
}

#[test]
fn a_sheet_of_an_office_is_read_as_it_is() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "BÁO CÁO \"THÁNG 7\"").unwrap();
    sheet.write_row(2, 0, ["Kỳ", "Đơn vị", "Chỉ tiêu", "Tử số (hồ sơ)", "Mẫu số (hồ sơ)", "Giải trình"]).unwrap();
    sheet.write_row(3, 0, ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)"]).unwrap();
    sheet.merge_range(4, 0, 5, 0, "Tháng 7/2025", &Format::new()).unwrap();
    sheet.merge_range(4, 1, 5, 1, "Phòng Kinh tế", &Format::new()).unwrap();
    for (row, indicator) in [(4, "CCHC-06"), (5, "CCHC-13")] {
        sheet.write(row, 2, indicator).unwrap().write(row, 4, 20).unwrap().write(row, 5, " '-5 hồ sơ ").unwrap();
        sheet.write_with_format(row, 3, 7, &Format::new().set_num_format("000\"%\"")).unwrap();
    }
    sheet.set_row_hidden(5).unwrap();
    sheet.write(6, 1, "Tổng cộng").unwrap().write(6, 3, 14).unwrap();
    sheet.write(8, 4, "NGƯỜI LẬP BIỂU").unwrap();
    let answer = app.head(UNIT).post(&path(&movement, ""), json!([])).body(XLSX, book.save_to_buffer().unwrap()).ok();
    assert_eq!((&answer["received"], &answer["created"]), (&json!(2), &json!(2)), "{answer}");
    let codes: Vec<&str> =
        answer["notices"].as_array().unwrap().iter().map(|of| of["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["row_hidden", "row_of_column_numbers", "row_of_signature", "row_of_total"]);
    let stands = movement.at("2025-07", UNIT).get();
    assert_eq!(
        (&stands["values"][0]["numerator"], &stands["values"][0]["explanation"]),
        (&json!(7), &json!(" '-5 hồ sơ "))
    );
}

#[test]
fn an_export_sent_back_changes_no_text() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let mut report = movement.report(UNIT);
    let texts = ["'-5 hồ sơ", " hai bên ", "=1+1", "'", "hai\ndòng", "a\"b;c", "-", "''=x"];
    for (value, text) in report.0["values"].as_array_mut().unwrap().iter_mut().zip(texts) {
        value["explanation"] = json!(text);
    }
    movement.at("2025-07", UNIT).draft(&report).is(201);
    let asked = format!("{}/submissions/export?period=2025-07", movement.path);
    let head = app.head(UNIT);
    let (table, sheet) = (head.get(&asked).ok(), head.get(&asked).header("Accept", XLSX).ok());
    for (media, file) in [(CSV, table), (XLSX, sheet)] {
        let answer = head.post(&path(&movement, ""), json!([])).body(media, file.bytes()).ok();
        assert!(
            answer["received"].as_u64() > Some(7) && answer["unchanged"] == answer["received"],
            "{media}: {answer}"
        );
    }
}

/// Headings and a line of cells, and the columns of which the answer says that they were not read.
#[rstest]
#[case::computed("Tỷ lệ;Kết quả;Chênh lệch;Tổng", "50%;Đạt;2;7", Some("Tỷ lệ, Kết quả, Chênh lệch, Tổng"))]
#[case::evidence("Minh chứng", "BC số 12", Some("Minh chứng"))]
#[case::notes("GHI CHÚ;Người lập", "x;An", Some("GHI CHÚ, Người lập"))]
#[case::blank_columns("Tỷ lệ;Minh chứng", ";", None)]
#[case::half_of_them("Tỷ lệ;Minh chứng", "50%;", Some("Tỷ lệ"))]
#[case::what_only_repeats("STT;Đơn vị tính;Mục tiêu;Kỳ trước", "1;%;98;3", None)]
fn columns_that_are_not_read_are_named(#[case] more: &str, #[case] cells: &str, #[case] told: Option<&str>) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let long = format!("Kỳ;Đơn vị;Chỉ tiêu;Tử số;Mẫu số;{more}\n2025-07;{UNIT};CCHC-06;1;2;{cells}\n");
    let across = format!("Tháng 7/2025\nĐơn vị;CCHC-06;CCHC-06;{more}\n;Tử số;Mẫu số\n{UNIT};1;2;{cells}\n");
    for table in [long, across] {
        let answer = send_table(&app.head(UNIT), &movement, "dry_run=true", &table).is(200);
        assert_eq!(answer["created"], 1, "{table}: {answer}");
        let notices = answer["notices"].as_array().unwrap();
        let columns: Vec<&Value> = notices.iter().filter(|notice| notice["code"] == "columns_unread").collect();
        assert_eq!(columns.len(), usize::from(told.is_some()), "one for all: {table}: {answer}");
        if let Some(told) = told {
            let message = columns[0]["message"].as_str().unwrap();
            assert!(message.contains(&format!(": {told}.")), "{message}");
            assert_eq!((&columns[0]["count"], &columns[0]["rows"]), (&json!(told.split(", ").count()), &json!([])));
        }
    }
}

#[rstest]
#[case::where_the_plan_says_what_nothing_means("CCHC-06", ";", Some(json!([2])))]
#[case::by_its_name("cchc 06", ";", Some(json!([2])))]
#[case::where_it_does_not("CCHC-13", ";", None)]
#[case::where_it_is_said("CCHC-06", "-;-", None)]
#[case::where_there_is_a_figure("CCHC-06", "1;2", None)]
fn a_blank_that_may_be_taken_for_nothing_is_told(
    #[case] indicator: &str,
    #[case] cells: &str,
    #[case] rows: Option<Value>,
) {
    let app = TestApp::start();
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    let mut plan = plan(HONG_VAN);
    let indicators = plan["indicators"].as_array_mut().unwrap();
    indicators.iter_mut().find(|known| known["code"] == "CCHC-06").unwrap()["blank_means"] = json!("none_arose");
    let movement = app.launched(&plan);
    let table = format!("Kỳ;Đơn vị;Chỉ tiêu;Tử số;Mẫu số\n2025-07;{UNIT};{indicator};{cells}\n");
    let answer = send_table(&app.head(UNIT), &movement, "dry_run=true", &table).is(200);
    let notices = answer["notices"].as_array().unwrap().iter();
    let told: Vec<&Value> =
        notices.filter(|notice| notice["code"] == "row_blank").map(|notice| &notice["rows"]).collect();
    assert_eq!(told, rows.iter().collect::<Vec<_>>(), "{answer}");
}
