//! People from a file: a commune's list as its officials keep it, or nothing of it.

use rstest::rstest;
use rust_xlsxwriter::Workbook;
use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const CSV: &str = "\u{FEFF}STT;Họ và tên;Ngày sinh;Chức vụ;Đơn vị
1;Nguyễn Thị Hòa;01/02/1980;Chuyên viên;Phòng Kinh tế
2;Trần Văn An;;;thon-1
3;Lê Dân;;;
";

fn send(app: &TestApp, query: &str, body: &str) -> Answer {
    app.admin().request(reqwest::Method::POST, &format!("/people/import{query}")).body("text/csv", body).send()
}

fn counts(answer: &Answer) -> [Value; 4] {
    ["received", "created", "updated", "unchanged"].map(|name| answer[name].clone())
}

/// Name, kind, position and unit of everybody.
fn people(app: &TestApp) -> Vec<Value> {
    let page = app.agency().get("/people").ok();
    let row = |one: &Value| json!([one["name"], one["kind"], one["position"], one["unit"]]);
    page["items"].as_array().unwrap().iter().map(row).collect()
}

#[test]
fn a_file_registers_and_changes_people_once_however_often_it_is_sent() {
    let app = TestApp::start();
    assert_eq!(counts(&send(&app, "?dry_run=true", CSV).is(200)), [json!(3), json!(3), json!(0), json!(0)]);
    assert!(people(&app).is_empty());
    assert_eq!(counts(&send(&app, "", CSV).is(200)), [json!(3), json!(3), json!(0), json!(0)]);
    let all = [
        json!(["Trần Văn An", "official", null, "thon-1"]),
        json!(["Lê Dân", "resident", null, null]),
        json!(["Nguyễn Thị Hòa", "official", "Chuyên viên", "phong-kinh-te"]),
    ];
    assert_eq!(people(&app), all);
    assert_eq!(counts(&send(&app, "", CSV).is(200)), [json!(3), json!(0), json!(0), json!(3)]);
    let promoted = CSV.replace("Chuyên viên", "Phó Trưởng phòng");
    assert_eq!(counts(&send(&app, "", &promoted).is(200)), [json!(3), json!(0), json!(1), json!(2)]);
    assert_eq!(people(&app)[2], json!(["Nguyễn Thị Hòa", "official", "Phó Trưởng phòng", "phong-kinh-te"]));
    assert_eq!(app.records("r.action = 'import_people' AND r.subject = 'people'"), 3);
}

#[test]
fn a_file_of_an_earlier_day_registers_nobody_anew() {
    let app = TestApp::start();
    let body =
        json!({"name": "Nguyễn Thị Hòa", "kind": "official", "unit": "phong-kinh-te", "valid_from": "2025-09-01"});
    app.admin().post("/people", body).created();
    for expected in [[0, 1, 0], [0, 0, 1]] {
        let sent = send(&app, "?valid_from=2025-07-15", "name,position\nNguyễn Thị Hòa,Văn thư\n").is(200);
        let [_, created, updated, unchanged] = counts(&sent);
        assert_eq!([created, updated, unchanged], expected.map(|count| json!(count)));
    }
    let early = app.agency().get("/people?as_of=2025-07-20").ok();
    assert_eq!(early["items"][0]["position"], "Văn thư");
    assert_eq!(people(&app), [json!(["Nguyễn Thị Hòa", "official", null, "phong-kinh-te"])]);
}

/// One row about somebody who is known, and what it leaves of them.
#[rstest]
#[case("Họ và tên\nNguyễn Thị Hòa", json!(["Nguyễn Thị Hòa", "employee", "Chuyên viên", "thon-1"]))]
#[case("name,unit\nNGUYỄN  THỊ HÒA,thon-1", json!(["Nguyễn Thị Hòa", "employee", "Chuyên viên", "thon-1"]))]
#[case("name,unit\nNguyễn Thị Hòa,THÔN 1", json!(["Nguyễn Thị Hòa", "employee", "Chuyên viên", "thon-1"]))]
#[case("name,position\nNguyễn Thị Hòa,", json!(["Nguyễn Thị Hòa", "employee", "Chuyên viên", "thon-1"]))]
#[case("name,position\nNguyễn Thị Hòa,(trống)", json!(["Nguyễn Thị Hòa", "employee", null, "thon-1"]))]
#[case("name,kind\nNguyễn Thị Hòa,official", json!(["Nguyễn Thị Hòa", "official", "Chuyên viên", "thon-1"]))]
#[case("id,name,unit\n{id},Nguyễn Thị Hoà,thon-2", json!(["Nguyễn Thị Hoà", "employee", "Chuyên viên", "thon-2"]))]
#[case("id,name,unit\n{id},Nguyễn Thị Hòa,(trống)", json!(["Nguyễn Thị Hòa", "employee", "Chuyên viên", null]))]
fn a_row_changes_only_what_it_says(#[case] csv: &str, #[case] expected: Value) {
    let app = TestApp::start();
    let body = json!({"name": "Nguyễn Thị Hòa", "kind": "employee", "position": "Chuyên viên", "unit": "thon-1"});
    let made = app.admin().post("/people", body).created();
    send(&app, "", &csv.replace("{id}", made["id"].as_str().unwrap())).is(200);
    assert_eq!(people(&app), [expected]);
}

#[rstest]
#[case(json!([{"name": "Hai Người"}]), "/name", "person_ambiguous")]
#[case(json!([{"name": "Một Người"}, {"name": "MỘT NGƯỜI"}]), "/name", "person_twice")]
#[case(json!([{"name": "Mới", "unit": "thon-1"}, {"name": "mới", "unit": "Thôn 1"}]), "/name", "person_twice")]
#[case(json!([{"name": "Mới", "unit": "khong-co"}]), "/unit", "unit_unknown")]
#[case(json!([{"name": "  "}]), "/name", "text_blank")]
#[case(json!([{"name": "Mới", "kind": "x"}]), "/kind", "unit_kind_unread")]
#[case(json!([{"id": "0197a3b0-0000-7000-8000-000000000000", "name": "Mới"}]), "/id", "person_unknown")]
#[case(json!([{"name": "Mới", "birth": "1980"}]), "/birth", "unknown_field")]
fn what_may_mean_two_people_or_none_is_refused_and_stores_nothing(
    #[case] rows: Value,
    #[case] pointer: &str,
    #[case] code: &str,
) {
    let app = TestApp::start();
    for (name, unit) in [("Hai Người", "thon-1"), ("Hai Người", "thon-2"), ("Một Người", "thon-1")] {
        app.somebody(name, Some(unit));
    }
    let mut sent = rows.as_array().unwrap().clone();
    sent.push(json!({"name": "Người Đúng"}));
    app.admin().post("/people/import", json!(sent)).problem(422, "import_rejected").finding(pointer, code);
    assert_eq!(people(&app).len(), 3);
}

#[test]
fn a_spreadsheet_under_a_title_is_read() {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.write(0, 0, "DANH SÁCH CÁN BỘ, CÔNG CHỨC").unwrap();
    for (at, title) in ["TT", "Họ và tên", "Chức danh", "Đơn vị công tác"].iter().enumerate() {
        sheet.write(2, at as u16, *title).unwrap();
    }
    for (at, text) in ["1", "Phạm Thị Yến", "Văn thư", "Phòng Kinh tế"].iter().enumerate() {
        sheet.write(3, at as u16, *text).unwrap();
    }
    let app = TestApp::start();
    let media_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let request = app.agency().request(reqwest::Method::POST, "/people/import");
    request.body(media_type, book.save_to_buffer().unwrap()).ok();
    assert_eq!(people(&app), [json!(["Phạm Thị Yến", "official", "Văn thư", "phong-kinh-te"])]);
}

#[test]
fn two_imports_at_once_register_nobody_twice() {
    let app = TestApp::start();
    let imports: Vec<_> = (0..4)
        .map(|_| {
            let request = app.admin().request(reqwest::Method::POST, "/people/import").body("text/csv", CSV);
            std::thread::spawn(move || request.send().status())
        })
        .collect();
    let answers: Vec<u16> = imports.into_iter().map(|import| import.join().unwrap()).collect();
    assert!(answers.iter().all(|status| [200, 503].contains(status)) && answers.contains(&200), "{answers:?}");
    assert_eq!(people(&app).len(), 3);
}

#[test]
fn a_file_of_another_locality_finds_nobody_here() {
    let app = TestApp::start();
    app.somebody("Nguyễn Thị Hòa", Some("thon-1"));
    app.elsewhere.admin().post("/people/import", json!([{"name": "Nguyễn Thị Hòa", "position": "Khác"}])).ok();
    assert_eq!(people(&app), [json!(["Nguyễn Thị Hòa", "official", null, "thon-1"])]);
    app.head("thon-1").post("/people/import", json!([])).problem(403, "forbidden");
}

#[test]
fn a_kind_is_written_by_its_name_and_what_stands_below_the_list_is_nobody() {
    let app = TestApp::start();
    let list = "STT;Họ và tên;Loại đối tượng;Đơn vị
1;Nguyễn Thị Hòa;Cán bộ, công chức;Phòng Kinh tế
2;Lê Dân;Người dân;
;Tổng số: 2 người;;
;Hồng Vân, ngày 28 tháng 11 năm 2025;;
";
    let sent = send(&app, "", list).is(200);
    assert_eq!(counts(&sent), [json!(2), json!(2), json!(0), json!(0)], "{sent}");
    let noted: Vec<&Value> = sent["notices"].as_array().unwrap().iter().map(|notice| &notice["code"]).collect();
    assert_eq!(noted, ["row_of_signature", "row_of_total"]);
    let kinds: Vec<Value> = people(&app).iter().map(|one| one[1].clone()).collect();
    assert_eq!(kinds, ["resident", "official"]);
    let unread = send(&app, "", "Họ và tên;Loại đối tượng\nTrần Văn An;Xyz 123\n").is(422);
    assert_eq!(unread["errors"][0]["code"], "unit_kind_unread", "{unread}");
}
