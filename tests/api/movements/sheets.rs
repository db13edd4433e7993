//! Plans as workbooks: filled in without JSON, told by cells what is wrong, loaded, and given back.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    plan_book::PlanBook,
    story::{EXAMPLE, plan},
};

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

fn read(who: &Client, file: Vec<u8>) -> Answer {
    who.request(Method::POST, "/plans/from-sheet").body(XLSX, file).send()
}

/// Cell and code of each finding that is an error.
fn errors(answer: &Answer) -> Vec<(String, String)> {
    let errors = answer["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let word = |finding: &Value, member: &str| finding[member].as_str().unwrap_or("-").to_owned();
    errors.map(|finding| (word(finding, "cell"), word(finding, "code"))).collect()
}

#[test]
fn an_official_fills_in_the_template_and_loads_the_plan() {
    let app = TestApp::start();
    let template = app.agency().get("/plans/template").ok();
    assert_eq!(template.header("content-type"), Some(XLSX));
    let empty = read(&app.agency(), template.bytes().to_vec()).is(200);
    assert_eq!((&empty["loadable"], &empty["plan"]), (&json!(false), &json!({"format": "thidua.plan/2"})));
    assert!(errors(&empty).contains(&("Kế hoạch!B3".to_owned(), "cell_blank".to_owned())), "{:?}", errors(&empty));

    let answer = read(&app.agency(), PlanBook::filled().file()).is(200);
    assert_eq!((errors(&answer), &answer["loadable"]), (vec![], &json!(true)));
    let plan = &answer["plan"];
    let knots =
        json!([{"from": "0", "points": "0"}, {"from": "97.5", "points": "40"}, {"from": "100", "points": "60"}]);
    assert_eq!(plan["groups"][0]["criteria"][0]["scale"], json!({"between": "line", "knots": knots}));
    assert_eq!(plan["awards"][0]["propose_before"], "2026-12-19T17:00:00Z");
    assert_eq!(plan["indicators"][1]["target"], json!({"comparator": ">=", "value": "100", "source": "plan"}));
    assert_eq!(app.count("SELECT 1 FROM movements"), 0);
    app.agency().post("/movements", plan.clone()).created();
}

#[test]
fn a_warning_of_lint_names_the_cell_too() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.fact("Kế hoạch", "Số, ký hiệu rõ", "không");
    let answer = read(&app.agency(), book.file()).is(200);
    let doubt = answer["findings"].as_array().unwrap().iter().find(|finding| finding["code"] == "fact_uncertain");
    let doubt = doubt.unwrap();
    assert_eq!((&doubt["cell"], &doubt["severity"]), (&json!("Kế hoạch!B11"), &json!("warning")));
    assert_eq!(answer["loadable"], true);
}

#[rstest]
#[case("Chỉ tiêu", 2, "Cách đo", "Tỉ số", "cell_unknown_word")]
#[case("Chỉ tiêu", 2, "Mục tiêu", "1.234", "cell_ambiguous")]
#[case("Chỉ tiêu", 3, "Mục tiêu", "95 hồ sơ", "cell_not_number")]
#[case("Chỉ tiêu", 3, "Mục tiêu", "120", "target_out_of_range")]
#[case("Chỉ tiêu", 3, "Mã", "CT-01", "code_duplicate")]
#[case("Chỉ tiêu", 2, "Số chữ số thập phân", "hai", "cell_not_number")]
#[case("Chỉ tiêu", 2, "Nhỏ nhất", "0,123456789", "cell_not_exact")]
#[case("Chỉ tiêu", 2, "Tử được vượt mẫu", "có thể", "cell_not_flag")]
#[case("Chỉ tiêu", 2, "Ai báo cáo", "phong", "unit_kind_unknown")]
#[case("Chỉ tiêu", 2, "Cộng theo thời gian", "", "cell_blank")]
#[case("Chỉ tiêu", 2, "Cách đo", "", "cell_blank")]
#[case("Chỉ tiêu", 2, "Nguồn mục tiêu", "", "cell_blank")]
#[case("Chỉ tiêu", 2, "Mã", "", "cell_blank")]
#[case("Chỉ tiêu", 2, "Tên", "", "cell_blank")]
#[case("Tiêu chí", 2, "Cách chấm", "", "cell_blank")]
#[case("Khen thưởng", 2, "Hình thức", "Giấy mời", "cell_unknown_word")]
#[case("Tiêu chí", 2, "Thang điểm", "từ 0 đến 60", "cell_not_knots")]
#[case("Tiêu chí", 2, "Trọng số", "CT-01 gấp đôi", "cell_not_pairs")]
#[case("Tiêu chí", 2, "Nhóm", "thon", "cell_code_unknown")]
#[case("Tiêu chí", 2, "Nhóm", "", "cell_missing")]
#[case("Khen thưởng", 2, "Số lượng", "2,5", "cell_not_whole")]
#[case("Khen thưởng", 2, "Tỷ lệ (%)", "10", "said_twice")]
#[case("Khen thưởng", 2, "Đề nghị trước", "cuối năm", "cell_not_moment")]
fn what_a_cell_says_wrongly_is_told_with_the_cell(
    #[case] sheet: &str,
    #[case] line: usize,
    #[case] title: &str,
    #[case] content: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    let cell = book.cell(sheet, line, title, content);
    let answer = read(&app.agency(), book.file()).is(200);
    assert!(errors(&answer).contains(&(cell.clone(), code.to_owned())), "{cell} {:?}", errors(&answer));
    assert_eq!(answer["loadable"], false);
    assert!(answer["plan"]["code"] == "cchc-2026", "the rest is read");
}

#[rstest]
#[case("Kế hoạch", "Từ ngày", "đầu năm", "Kế hoạch!B15", "cell_not_date")]
#[case("Kế hoạch", "Đến ngày", "31/12/2025", "Kế hoạch!B15", "span_reversed")]
#[case("Kế hoạch", "Đến ngày", "", "Kế hoạch!B16", "cell_blank")]
#[case("Kế hoạch", "Loại văn bản", "Giấy tờ", "Kế hoạch!B7", "cell_unknown_word")]
#[case("Kỳ báo cáo", "Báo cáo mỗi", "Tuần", "Kỳ báo cáo!B3", "cell_unknown_word")]
fn what_a_fact_says_wrongly_is_told_with_the_cell(
    #[case] sheet: &str,
    #[case] name: &str,
    #[case] content: &str,
    #[case] cell: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.fact(sheet, name, content);
    let found = errors(&read(&app.agency(), book.file()).is(200));
    assert_eq!(found[0], (cell.to_owned(), code.to_owned()), "{found:?}");
}

#[test]
fn sheets_columns_and_places_that_are_unknown_are_told() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.lines("Loại cá nhân", &[&["Mã", "Tên", "Ghi chú", "Màu"], &["can-bo", "Cán bộ", "tùy", "xanh"]]);
    book.lines("Căn cứ", &[&["326/QĐ-UBND", "18/07/2025"]]);
    book.lines("Lĩnh vực", &[&["Mã", "Tên", "name/vi"]]);
    book.lines(
        "Khác",
        &[
            &["Chỗ", "Giá trị"],
            &["/indicators/CT-09/note", "{}"],
            &["/indicators/CT-01/name/vi", "\"Tên khác\""],
            &["/indicators/CT-01/note", "đừng sửa"],
        ],
    );
    book.rename("Giải", "Bảng tính nháp");
    let answer = read(&app.agency(), book.file()).is(200);
    let expected = [
        ("Loại cá nhân!D1", "column_unknown"),
        ("Căn cứ!A1", "columns_missing"),
        ("Lĩnh vực!C1", "column_twice"),
        ("Khác!A2", "rest_place_unknown"),
        ("Khác!A3", "said_twice"),
        ("Khác!B4", "rest_not_json"),
    ];
    for (cell, code) in expected {
        assert!(errors(&answer).contains(&(cell.to_owned(), code.to_owned())), "{cell} {code}: {:?}", errors(&answer));
    }
    let unknown = |finding: &Value| finding["code"] == "sheet_unknown" && finding["cell"] == "Bảng tính nháp!A1";
    assert!(answer["findings"].as_array().unwrap().iter().any(unknown), "{}", answer["findings"]);
    assert_eq!(answer["plan"]["person_kinds"], json!([{"code": "can-bo", "name": {"vi": "Cán bộ"}}]));
}

#[test]
fn targets_of_units_are_typed_as_a_table() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.lines(
        "Chỉ tiêu giao",
        &[
            &["Đơn vị", "Cụm", "CT-01", "", "CT-02", "CT-07"],
            &["", "", "2026-Q1", "đến 2026-Q2", "", ""],
            &["phong-kinh-te", "", "95,5", "97", "90", ""],
            &["", "cum-1", "", "", "85%", "1"],
            &["Toàn xã", "", "80", "", "", ""],
        ],
    );
    let answer = read(&app.agency(), book.file()).is(200);
    let targets = |at: usize| answer["plan"]["indicators"][at]["targets"].clone();
    let first = json!([
        {"unit": "phong-kinh-te", "period": "2026-Q1", "value": "95.5"},
        {"unit": "phong-kinh-te", "through": "2026-Q2", "value": "97"},
        {"period": "2026-Q1", "value": "80"}
    ]);
    assert_eq!(targets(0), first);
    assert_eq!(targets(1), json!([{"unit": "phong-kinh-te", "value": "90"}, {"set": "cum-1", "value": "85"}]));
    assert!(errors(&answer).contains(&("Chỉ tiêu giao!F1".to_owned(), "cell_code_unknown".to_owned())));
}

#[rstest]
#[case("Đơn vị|Cụm|CT-01|\nphong-kinh-te||95|97", "D1", "heading_missing")]
#[case("Đơn vị|Cụm||CT-01\n||2026-Q1|\nphong-kinh-te||9|9", "C1", "heading_missing")]
#[case("Đơn vị|Cụm|CT-01\nphong-kinh-te||95||97", "E1", "heading_missing")]
#[case("Đơn vị|Cụm|CT-01|CT-02\n||95|90", "A2", "cell_missing")]
fn a_target_without_its_code_is_told_and_never_lost(#[case] lines: &str, #[case] cell: &str, #[case] code: &str) {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    let lines: Vec<Vec<&str>> = lines.lines().map(|line| line.split('|').collect()).collect();
    book.lines("Chỉ tiêu giao", &lines.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let found = errors(&read(&app.agency(), book.file()).is(200));
    assert_eq!(found[0], (format!("Chỉ tiêu giao!{cell}"), code.to_owned()), "{found:?}");
}

#[test]
fn a_value_without_a_heading_is_told_and_never_lost() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.lines("Loại cá nhân", &[&["Mã", "Tên", ""], &["can-bo", "Cán bộ", "nữ"]]);
    book.lines("Kỳ báo cáo", &[&["Mục", "Nội dung"], &["", "Tháng"]]);
    let answer = read(&app.agency(), book.file()).is(200);
    let found = errors(&answer);
    assert!(found.contains(&("Loại cá nhân!C1".to_owned(), "heading_missing".to_owned())), "{found:?}");
    assert!(found.contains(&("Kỳ báo cáo!A2".to_owned(), "cell_missing".to_owned())), "{found:?}");
    assert!(found.contains(&("Kỳ báo cáo".to_owned(), "column_absent".to_owned())), "{found:?}");
}

#[test]
fn a_missing_column_and_a_missing_sheet_are_told_once() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.cell("Chỉ tiêu", 1, "Cách đo", "Ghi chú");
    for line in [2, 3] {
        book.cell("Chỉ tiêu", line, "Ghi chú", "");
    }
    let found = errors(&read(&app.agency(), book.file()).is(200));
    assert_eq!(found, [("Chỉ tiêu".to_owned(), "column_absent".to_owned())]);

    let mut book = PlanBook::filled();
    book.rename("Nhóm", "Ghi chú");
    assert_eq!(errors(&read(&app.agency(), book.file()).is(200)), [("-".to_owned(), "sheet_missing".to_owned())]);
    let mut book = PlanBook::filled();
    book.rename("Kỳ báo cáo", "Ghi chú");
    assert_eq!(errors(&read(&app.agency(), book.file()).is(200)), [("-".to_owned(), "sheet_missing".to_owned())]);
}

#[test]
fn words_of_the_paper_stand_for_codes_and_a_share_says_how_it_is_rounded() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    book.fact("Kế hoạch", "Loại văn bản", "Kế hoạch");
    book.cell("Khen thưởng", 2, "Hình thức", "giấy khen");
    book.cell("Khen thưởng", 2, "Số lượng", "");
    book.cell("Khen thưởng", 2, "Tỷ lệ (%)", "10");
    book.cell("Khen thưởng", 2, "Tỷ lệ tính trên", "Số đơn vị thuộc các nhóm");
    let rounding = book.cell("Khen thưởng", 2, "Làm tròn tỷ lệ", "");
    let answer = read(&app.agency(), book.file()).is(200);
    assert_eq!(errors(&answer), [(rounding, "share_incomplete".to_owned())]);
    assert_eq!(
        (&answer["plan"]["document"]["kind"], &answer["plan"]["awards"][0]["form"]),
        (&json!("ke_hoach"), &json!("giay_khen"))
    );
}

#[test]
fn a_percent_sign_belongs_to_a_percentage() {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    let counted = book.cell("Chỉ tiêu", 2, "Mục tiêu", "100 %");
    let share = book.cell("Chỉ tiêu", 3, "Mục tiêu", "95 %");
    book.cell("Chỉ tiêu", 2, "Cách đo", "count");
    book.lines("Chỉ tiêu giao", &[&["Đơn vị", "Cụm", "CT-01", "CT-02"], &["phong-kinh-te", "", "50%", "90%"]]);
    let answer = read(&app.agency(), book.file()).is(200);
    let mut cells = errors(&answer);
    cells.retain(|(_, code)| code == "cell_percent");
    let expected = [counted, "Chỉ tiêu giao!C2".to_owned()].map(|cell| (cell, "cell_percent".to_owned()));
    assert_eq!(cells, expected);
    assert!(errors(&answer).iter().all(|(cell, _)| *cell != share), "{:?}", errors(&answer));
}

#[rstest]
#[case::blank("", &["target_blank"])]
#[case::said_to_be_open("(trống)", &["target_open"])]
fn a_target_left_blank_is_told_with_its_cell(#[case] content: &str, #[case] codes: &[&str]) {
    let app = TestApp::start();
    let mut book = PlanBook::filled();
    let cell = book.cell("Chỉ tiêu", 3, "Mục tiêu", content);
    let answer = read(&app.agency(), book.file()).is(200);
    let findings = answer["findings"].as_array().unwrap();
    let told: Vec<&Value> = findings.iter().filter(|finding| finding["cell"] == *cell).collect();
    assert_eq!(told.iter().map(|finding| finding["code"].as_str().unwrap()).collect::<Vec<_>>(), codes);
    assert!(told.iter().all(|finding| finding["severity"] == "warning"), "{told:?}");
}

#[test]
fn a_plan_is_given_as_a_workbook_that_reads_back() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(EXAMPLE));
    let place = format!("{}/plan", movement.path);
    let stored = app.chair().get(&place).ok();
    let book = app.chair().get(&place).header("Accept", XLSX).ok();
    assert_eq!(book.header("content-type"), Some(XLSX));
    app.chair().get(&place).header("Accept", XLSX).if_none_match(&book.etag()).send().is(304);
    assert_ne!(book.etag(), stored.etag());
    let answer = read(&app.agency(), book.bytes().to_vec()).is(200);
    assert_eq!(errors(&answer), []);
    app.agency().post("/movements", answer["plan"].clone()).problem(409, "movement_code_taken");
    let mut anew = answer["plan"].clone();
    anew["code"] = json!("chuyen-doi-so-2026-b");
    app.agency().post("/movements", anew).created();
    let mut again = app.chair().get("/movements/chuyen-doi-so-2026-b/plan").ok().json().clone();
    again["code"] = stored["code"].clone();
    assert_eq!(again, *stored.json());
    app.chair().get(&place).header("Accept", "text/csv").problem(406, "not_acceptable");
}

#[test]
fn who_may_check_a_plan_reads_sheets_and_nobody_else() {
    let app = TestApp::start();
    for who in [app.agency(), app.chair(), app.admin()] {
        read(&who, PlanBook::filled().file()).is(200);
        who.get("/plans/template").ok();
    }
    for who in [app.reporter("phong-kinh-te"), app.auditor(), app.council_member()] {
        read(&who, PlanBook::filled().file()).problem(403, "forbidden");
        who.get("/plans/template").problem(403, "forbidden");
    }
}

#[test]
fn a_file_that_is_no_workbook_is_refused() {
    let app = TestApp::start();
    let send = |media_type: &str, file: &[u8]| {
        app.agency().request(Method::POST, "/plans/from-sheet").body(media_type, file).send()
    };
    send("text/csv", b"a,b").problem(415, "workbook_media_type");
    let answer = send(XLSX, b"a,b").is(200);
    assert_eq!((&answer["plan"], &answer["findings"][0]["code"]), (&Value::Null, &json!("sheet_unreadable")));
    let mut other = PlanBook::filled();
    for sheet in thidua::movements::plan::sheet::SHEETS {
        other.rename(sheet.name, &format!("{} cũ", sheet.name));
    }
    let answer = send(XLSX, &other.file()).is(200);
    assert_eq!((&answer["plan"], errors(&answer)), (&Value::Null, vec![("-".to_owned(), "sheets_missing".to_owned())]));
    send(XLSX, &vec![0; 4 * 1024 * 1024 + 1]).problem(413, "body_too_large");
}
