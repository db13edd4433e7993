//! Tables that everybody makes: units in lines and indicators across, in several lines of headings, with the period in a
//! title. Each cell is a value, and what is wrong with it is told with its address.

use rust_xlsxwriter::{Format, Workbook};
use serde_json::{Value, json};

use super::{
    import::{CSV, path},
    sheets::XLSX,
};
use crate::support::{
    Answer, Client, TestApp,
    story::{HONG_VAN, Movement, plan},
};

const UNIT: &str = "phong-kinh-te";

/// The name of an indicator, or the words of a part of it.
fn words(code: &str, member: &str) -> String {
    let plan = plan(HONG_VAN);
    let all = plan["indicators"].as_array().unwrap();
    let found = all.iter().find(|known| known["code"] == code).unwrap();
    found[member]["vi"].as_str().unwrap().to_owned()
}

/// A table with its names: `{CCHC-06}` is the name of the indicator, `{CCHC-06/numerator}` what its numerator is.
fn written(table: &str) -> String {
    let mut table = table.to_owned();
    for code in ["CCHC-06", "CCHC-13"] {
        for member in ["name", "numerator", "denominator"] {
            let hole = if member == "name" { format!("{{{code}}}") } else { format!("{{{code}/{member}}}") };
            table = table.replace(&hole, &words(code, member).replace(';', ","));
        }
    }
    table
}

fn sheet(table: &str) -> Vec<u8> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    for (row, line) in table.lines().enumerate() {
        for (column, cell) in line.split(';').enumerate().filter(|(_, cell)| !cell.is_empty()) {
            match cell.parse::<f64>() {
                Ok(number) => sheet.write(row as u32, column as u16, number).unwrap(),
                Err(_) => sheet.write(row as u32, column as u16, cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

fn send(who: &Client, movement: &Movement, query: &str, table: &str) -> Answer {
    who.post(&path(movement, query), json!([])).body(CSV, table.as_bytes().to_vec()).send()
}

/// Indicator, field, numerator, denominator and level of each value.
fn figures(report: &Value) -> Vec<String> {
    let mut found: Vec<String> = report["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|value| {
            let members = ["indicator", "field", "numerator", "denominator", "level"];
            members.map(|member| value[member].to_string().replace('"', "").replace("null", "")).join(" ")
        })
        .collect();
    found.sort();
    found
}

const TWO: [&str; 2] = ["CCHC-06  1 2 ", "CCHC-13  3 4 "];

#[test]
fn values_side_by_side_are_read_however_their_headings_stand() {
    let two_lines = "Đơn vị;CCHC-06;;CCHC-13;\n;Tử số;Mẫu số;Tử số;Mẫu số\n";
    let layouts: [(&str, String, &[&str]); 14] = [
        ("a title", format!("BÁO CÁO THÁNG 7/2025;;;;\n{two_lines}phong-kinh-te;1;2;3;4\n"), &TWO),
        (
            "an office's sheet",
            "UBND XÃ HỒNG VÂN;;;;;\nBÁO CÁO KẾT QUẢ THÁNG 7 NĂM 2025;;;;;\n;Hồng Vân, ngày 5 tháng 8 năm 2025;;;;\n\
             STT;Đơn vị;{CCHC-06};;{CCHC-13};\n;;Tử số;Mẫu số;Tử số;Mẫu số\n(1);(2);(3);(4);(5);(6)\n\
             1;Phòng Kinh tế;1;2;3;4\n;Tổng cộng;1;2;3;4\n;;;;NGƯỜI LẬP BIỂU;\n"
                .into(),
            &TWO,
        ),
        (
            "a column of periods",
            "Kỳ;Mã đơn vị;CCHC-06;;CCHC-13;\n;;Tử số;Mẫu số;Tử số;Mẫu số\n7/2025;phong-kinh-te;1;2;3;4\n".into(),
            &TWO,
        ),
        ("the parameter", format!("{two_lines}phong-kinh-te;1;2;3;4\n"), &TWO),
        (
            "codes with names, numbers and measures",
            "Tháng 7/2025;;;;\nTên đơn vị;CCHC-06: {CCHC-06};;2. {CCHC-13} (%);\n\
             ;Tử số (hồ sơ);Mẫu số (hồ sơ);TU SO;mẫu_số\nPHÒNG KINH TẾ;1;2;3;4\n"
                .into(),
            &TWO,
        ),
        (
            "the plan's words for the parts",
            "Tháng 7/2025;;;;\nĐơn vị;CCHC-06;;CCHC-13;\n\
             ;{CCHC-06/numerator};{CCHC-06/denominator};{CCHC-13/numerator};{CCHC-13/denominator}\n\
             phong-kinh-te;1;2;3;4\n"
                .into(),
            &TWO,
        ),
        (
            "explanations beside the plan's words with a unit of measure",
            "Tháng 7/2025;;;;;\nĐơn vị;CCHC-06;;;CCHC-13;\n\
             ;{CCHC-06/numerator} (hồ sơ);{CCHC-06/denominator};Giải trình;{CCHC-13/numerator};{CCHC-13/denominator}\n\
             phong-kinh-te;1;2;Chờ ý kiến;3;4\n"
                .into(),
            &TWO,
        ),
        (
            "indicators in lines with their fields beside",
            "Tháng 7/2025;;;\nChỉ tiêu;Lĩnh vực;Phòng Kinh tế;\n;;Tử số;Mẫu số\n\
             CCHC-05;Tài nguyên môi trường;1;2\nCCHC-05;khdt;3;4\nCCHC-06;;5;6\n"
                .into(),
            &["CCHC-05 khdt 3 4 ", "CCHC-05 tnmt 1 2 ", "CCHC-06  5 6 "],
        ),
        (
            "a computed column",
            "Tháng 7/2025;;;;;;\nĐơn vị;CCHC-06;;;CCHC-13;;\n;Tử số;Mẫu số;Tỷ lệ (%);Tử số;Mẫu số;Tỷ lệ (%)\n\
             phong-kinh-te;1;2;50;3;4;75\n"
                .into(),
            &TWO,
        ),
        (
            "titles of groups",
            "Tháng 7/2025;;;;\nĐơn vị;Cải cách hành chính;;Cán bộ;\n;CCHC-06;;CCHC-13;\n\
             ;Tử số;Mẫu số;Tử số;Mẫu số\nphong-kinh-te;1;2;3;4\n"
                .into(),
            &TWO,
        ),
        (
            "the unit's heading below",
            "Tháng 7/2025;;;;\n;CCHC-06;;CCHC-13;\nĐơn vị;Tử số;Mẫu số;Tử số;Mẫu số\nphong-kinh-te;1;2;3;4\n".into(),
            &TWO,
        ),
        (
            "indicators in lines",
            "Tháng 7/2025;;\nChỉ tiêu;Phòng Kinh tế;\n;Tử số;Mẫu số\nCCHC-06;1;2\n{CCHC-13};3;4\n".into(),
            &TWO,
        ),
        (
            "fields, and levels without a word",
            "Quý III/2025, tháng 7/2025;;;;;\nKỳ;Đơn vị;CCHC-05;;;;CCHC-15\n;;Tài nguyên môi trường;;khdt;;\n\
             ;;Tử số;Mẫu số;Tử số;Mẫu số;\n7/2025;phong-kinh-te;1;2;3;4;Đang thực hiện\n"
                .into(),
            &["CCHC-05 khdt 3 4 ", "CCHC-05 tnmt 1 2 ", "CCHC-15    in_progress"],
        ),
        (
            "one value a line below a title",
            "Tháng 7/2025;;;\nMã đơn vị;Mã chỉ tiêu;Tử số;Mẫu số\nphong-kinh-te;CCHC-06;1;2\nphong-kinh-te;CCHC-13;3;4\n"
                .into(),
            &TWO,
        ),
    ];
    let app = TestApp::start();
    let movement = app.hong_van();
    for (name, table, expected) in layouts {
        let table = written(&table);
        for (media, file) in [(CSV, table.clone().into_bytes()), (XLSX, sheet(&table))] {
            app.sql("DELETE FROM submissions");
            let query = if name == "the parameter" { "period=2025-07" } else { "" };
            let answer = app.head(UNIT).post(&path(&movement, query), json!([])).body(media, file).send().is(200);
            let values = expected.len();
            assert_eq!(
                (&answer["received"], &answer["created"]),
                (&json!(values), &json!(values)),
                "{name}, {media}: {answer}"
            );
            assert_eq!(figures(movement.at("2025-07", UNIT).get().json()), expected, "{name}, {media}");
        }
    }
}

#[test]
fn merged_headings_and_a_sheet_sent_twice_change_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let mut book = Workbook::new();
    let (sheet, plain) = (book.add_worksheet(), Format::new());
    sheet.merge_range(0, 0, 0, 5, "TỔNG HỢP THÁNG 7/2025", &plain).unwrap();
    sheet.merge_range(2, 0, 3, 0, "STT", &plain).unwrap();
    sheet.merge_range(2, 1, 3, 1, "Đơn vị", &plain).unwrap();
    sheet.merge_range(2, 2, 2, 3, "CCHC-06", &plain).unwrap();
    sheet.merge_range(2, 4, 3, 4, "CCHC-15", &plain).unwrap();
    sheet.write(3, 2, "Tử số").unwrap().write(3, 3, "Mẫu số").unwrap();
    sheet.write(4, 0, 1).unwrap().write(4, 1, "Phòng Kinh tế").unwrap();
    sheet.write(4, 2, 1).unwrap().write(4, 3, 2).unwrap().write(4, 4, "Hoàn thành").unwrap();
    let file = book.save_to_buffer().unwrap();
    let import = |member: &str| {
        let answer = app.head(UNIT).post(&path(&movement, ""), json!([])).body(XLSX, file.clone()).ok();
        assert_eq!((&answer["received"], &answer[member]), (&json!(2), &json!(2)), "{answer}");
    };
    import("created");
    assert_eq!(figures(movement.at("2025-07", UNIT).get().json()), ["CCHC-06  1 2 ", "CCHC-15    done"]);
    import("unchanged");
}

#[test]
fn what_is_wrong_in_a_table_of_values_side_by_side_is_told_with_its_cell() {
    let head = "Tháng 7/2025;;;;\nĐơn vị;CCHC-06;;CCHC-13;\n;Tử số;Mẫu số;Tử số;Mẫu số\n";
    let wrong = [
        (format!("{head}phong-kinh-te;1;2;12 hồ sơ;20\n"), "cell_not_number", "D4", 4),
        (format!("{head}phong-kinh-te;1;2;9;8\n"), "numerator_above", "D4", 4),
        (format!("{head}phong-kinh-te;1;2;-;8\n"), "cell_says_nothing", "D4", 4),
        (format!("{head}khong-co;1;2;;\n"), "row_not_found", "A4", 4),
        (format!("{}phong-kinh-te;1;2;3;4\n", head.replace("CCHC-13", "CCHC-99")), "value_indicator_unknown", "D2", 4),
        ("Tháng 7/2025;\nĐơn vị;CCHC-06\nphong-kinh-te;91\n".into(), "figure_without_parts", "B3", 3),
        (format!("{}phong-kinh-te;1;2;;\n", head.replace("Tháng 7/2025", "Tổng hợp")), "period_unsaid", "", 4),
        (
            format!("{}phong-kinh-te;1;2;;\n", head.replace("Tháng 7/2025", "Tháng 7/2025 và tháng 8/2025")),
            "period_unsaid",
            "",
            4,
        ),
    ];
    let words = ";{CCHC-06/numerator};{CCHC-06/denominator};Giải trình";
    let named = |cells: &str| written(&format!("Tháng 7/2025;;;\nĐơn vị;CCHC-06;;\n{words}\nphong-kinh-te;{cells}\n"));
    let wrong = wrong.into_iter().chain([
        (named("7 hồ sơ;20;"), "cell_not_number", "B4", 4),
        (named("9;20 hồ sơ;Chờ"), "cell_not_number", "C4", 4),
        (named("9;8;Chờ"), "numerator_above", "B4", 4),
        (named(";;Chờ"), "figure_missing", "D4", 4),
    ]);
    let app = TestApp::start();
    let movement = app.hong_van();
    for (table, code, cell, row) in wrong {
        let answer = send(&app.head(UNIT), &movement, "mode=partial&dry_run=true", &table).is(200);
        let found = &answer["findings"][0];
        let told = (&found["code"], found["cell"].as_str().unwrap_or_default(), &found["row"]);
        assert_eq!(told, (&json!(code), cell, &json!(row)), "{table}: {answer}");
        assert_eq!(answer["rejected"], 1, "{answer}");
    }
    // The other values of the line are taken.
    let answer = send(&app.head(UNIT), &movement, "mode=partial", &format!("{head}phong-kinh-te;1;2;x;20\n")).is(200);
    assert_eq!((&answer["received"], &answer["created"], &answer["rejected"]), (&json!(2), &json!(1), &json!(1)));
    let answer = send(&app.head(UNIT), &movement, "", &named("Không phát sinh;Không phát sinh;Chưa có hồ sơ")).is(200);
    assert_eq!((&answer["received"], &answer["updated"]), (&json!(1), &json!(1)), "{answer}");
    let value = movement.at("2025-07", UNIT).get()["values"][0].clone();
    assert_eq!((&value["state"], &value["explanation"]), (&json!("none_arose"), &json!("Chưa có hồ sơ")));
    // What is wrong with the headings is the fault of the file.
    let twice = head.replace("Mẫu số\n", "Tử số\n");
    let refused = send(&app.head(UNIT), &movement, "", &format!("{twice}phong-kinh-te;1;2;3;4\n"));
    refused.problem(422, "file_unreadable").finding("", "column_twice");
    for unplaced in [
        "Tháng 7/2025;;;;\nĐơn vị;CCHC-06;;CCHC-13;;Giải trình\n;Tử số;Mẫu số;Tử số;Mẫu số;\nphong-kinh-te;1;2;3;4;Chờ\n",
        "Tháng 7/2025;;;\nChỉ tiêu;Giải trình;Phòng Kinh tế;\n;;Tử số;Mẫu số\nCCHC-06;Chờ;1;2\n",
    ] {
        let refused = send(&app.head(UNIT), &movement, "", unplaced).problem(422, "file_unreadable");
        refused.finding("", "column_unplaced");
    }
}

#[test]
fn a_cell_that_says_there_is_nothing_means_what_the_plan_says() {
    let app = TestApp::start();
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    let mut plan = plan(HONG_VAN);
    let indicators = plan["indicators"].as_array_mut().unwrap();
    indicators.iter_mut().find(|known| known["code"] == "CCHC-06").unwrap()["blank_means"] = json!("none_arose");
    let movement = app.launched(&plan);
    let rows = |cells: &str| format!("Kỳ;Đơn vị;Chỉ tiêu;Tử số;Mẫu số\n2025-07;{UNIT};{cells}\n");
    let across = |code: &str, cells: &str| format!("Tháng 7/2025;;\nĐơn vị;{code};\n;Tử số;Mẫu số\n{UNIT};{cells}\n");
    for nothing in ["-;-", "Không có;", ";–", "không;KHÔNG"] {
        for table in [rows(&format!("CCHC-06;{nothing}")), across("CCHC-06", nothing)] {
            let answer = send(&app.head(UNIT), &movement, "mode=partial&dry_run=true", &table).is(200);
            assert_eq!((&answer["created"], &answer["rejected"]), (&json!(1), &json!(0)), "{table}: {answer}");
        }
    }
    for other in [rows("CCHC-06;-;20"), rows("CCHC-13;-;-"), across("CCHC-13", "-;-"), across("CCHC-06", "-;20")] {
        let answer = send(&app.head(UNIT), &movement, "mode=partial&dry_run=true", &other).is(200);
        assert_eq!(answer["findings"][0]["code"], "cell_says_nothing", "{other}: {answer}");
    }
    send(&app.head(UNIT), &movement, "", &rows("CCHC-06;-;-")).is(200);
    assert_eq!(movement.at("2025-07", UNIT).get()["values"][0]["state"], "none_arose");
}

#[test]
fn a_period_that_contradicts_the_parameter_is_refused() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head(UNIT);
    let titled = "Tháng 7/2025;;\nĐơn vị;CCHC-06;\n;Tử số;Mẫu số\nphong-kinh-te;1;2\n";
    let column = "Kỳ;Đơn vị;Chỉ tiêu;Tử số;Mẫu số\n7/2025;phong-kinh-te;CCHC-06;1;2\n";
    for table in [titled, column] {
        send(&head, &movement, "period=2025-07&dry_run=true", table).is(200);
        let refused = send(&head, &movement, "period=2025-08", table).problem(422, "import_rejected");
        refused.finding("/period", "period_contradicted");
    }
    // A period that the movement does not have is told with those that it has.
    let quarter = titled.replace("Tháng 7/2025", "QUÝ III/2025");
    let refused = send(&head, &movement, "", &quarter).problem(422, "import_rejected");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.contains("«2025-Q3»") && message.contains("2025-07, 2025-08"), "{refused}");
}

#[test]
fn messages_speak_of_values_in_words() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let table = "Tháng 7/2025;;\nĐơn vị;CCHC-06;\n;Tử số;Mẫu số\nphong-kinh-te;1;\n";
    let refused = send(&app.head(UNIT), &movement, "", table).problem(422, "import_rejected");
    let message = refused["errors"][0]["message"].as_str().unwrap();
    assert!(message.starts_with("Thiếu mẫu số của chỉ tiêu CCHC-06"), "{refused}");
    assert!(refused["title"].as_str().unwrap().starts_with("1 trong 1 số liệu"), "{refused}");
    assert!(refused["detail"].as_str().unwrap().contains("mode=partial"), "{refused}");
}
