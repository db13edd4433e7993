//! Many values at once: each row takes its value's place, whatever format it came in, and a file sent twice changes
//! nothing.

use std::thread;

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, Request, TestApp,
    story::{Movement, Report},
};

pub const CSV: &str = "text/csv; charset=utf-8";
pub const NDJSON: &str = "application/x-ndjson";

/// The values of a report as rows of an import.
pub fn rows(period: &str, unit: &str, report: &Report) -> Vec<Value> {
    let values = report.0["values"].as_array().unwrap().iter().cloned();
    let place = |mut value: Value| {
        (value["period"], value["unit"]) = (json!(period), json!(unit));
        value
    };
    values.map(place).collect()
}

pub fn path(movement: &Movement, query: &str) -> String {
    format!("{}/submissions/import?{query}", movement.path)
}

fn import(who: &Client, movement: &Movement, query: &str, rows: &[Value]) -> Request {
    who.post(&path(movement, query), json!(rows))
}

/// `[created, updated, unchanged, rejected]`
fn counts(answer: &Answer) -> [u64; 4] {
    ["created", "updated", "unchanged", "rejected"].map(|member| answer[member].as_u64().unwrap())
}

#[test]
fn a_list_makes_the_draft_and_sent_again_changes_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = rows("2025-07", "phong-kinh-te", &movement.report("phong-kinh-te"));
    let reporter = app.reporter("phong-kinh-te");
    let first = import(&reporter, &movement, "", &rows).ok();
    assert_eq!(counts(&first), [rows.len() as u64, 0, 0, 0]);
    let place = movement.at("2025-07", "phong-kinh-te");
    let drafted = place.get();
    assert_eq!((drafted["state"].as_str(), drafted["values"].as_array().unwrap().len()), (Some("draft"), rows.len()));
    let again = import(&reporter, &movement, "", &rows).ok();
    assert_eq!(counts(&again), [0, 0, rows.len() as u64, 0]);
    assert_eq!(place.etag(), drafted.etag());
}

#[test]
fn a_row_takes_its_values_place_and_leaves_the_rest() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    let report = movement.report("phong-kinh-te");
    place.draft(&report).is(201);
    let row = json!({"period": "2025-07", "unit": "phong-kinh-te", "indicator": "CCHC-05", "field": "tnmt",
        "state": "reported", "numerator": 118, "denominator": 119, "explanation": "01 hồ sơ chờ ý kiến sở"});
    let answer = import(&app.head("phong-kinh-te"), &movement, "", &[row]).ok();
    assert_eq!(counts(&answer), [0, 1, 0, 0]);
    let after = place.get();
    let values = after["values"].as_array().unwrap();
    assert_eq!(values.len(), report.0["values"].as_array().unwrap().len());
    assert_eq!(after["narrative"], "Tháng này làm tốt");
    assert!(values.iter().any(|value| value["numerator"] == 118 && value["field"] == "tnmt"), "{after}");
}

#[test]
fn every_format_says_the_same() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let reporter = app.reporter("phong-kinh-te");
    let lines = r#"{"period":"2025-07","unit":"phong-kinh-te","indicator":"CCHC-06","state":"reported","numerator":1234,"denominator":5000,"explanation":"Đang số hóa"}"#;
    let sent = |media: &str, body: &[u8]| reporter.post(&path(&movement, ""), json!([])).body(media, body).ok();
    assert_eq!(counts(&sent(NDJSON, format!("\n{lines}\n\n").as_bytes())), [1, 0, 0, 0]);
    let english = "period,unit,indicator,state,numerator,denominator,explanation\r\n\
        2025-07,phong-kinh-te,CCHC-06,reported,1234,5000,\"Đang số hóa\"\r\n";
    assert_eq!(counts(&sent(CSV, english.as_bytes())), [0, 0, 1, 0]);
    // As a spreadsheet program in Việt Nam saves it: a mark, semicolons, thousands, a title and blank lines before.
    let vietnamese = "\u{FEFF}BÁO CÁO THÁNG 7;;;;;;;\r\n;;;;;;;\r\nSTT;Kỳ báo cáo ;Mã đơn vị;Mã chỉ tiêu;Tên chỉ tiêu;Trạng thái;Tử số;Mẫu số;Giải trình\r\n\
        1;Tháng 7/2025; phong-kinh-te ;CCHC-06;Số hóa;Có số liệu;1.234;5 000;Đang số hóa\r\n;;;;;;;;\r\n";
    assert_eq!(counts(&sent(CSV, vietnamese.as_bytes())), [0, 0, 1, 0]);
    assert_eq!(app.count("SELECT 1 FROM submissions WHERE version = 1"), 1);
}

#[test]
fn all_or_nothing_unless_said_otherwise() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let head = app.head("phong-kinh-te");
    let mut rows = rows("2025-07", "phong-kinh-te", &movement.report("phong-kinh-te"));
    (rows[2]["numerator"], rows[2]["denominator"]) = (json!(9), json!(8));
    let refused = import(&head, &movement, "", &rows).problem(422, "import_rejected");
    let wrong = &refused["errors"][0];
    assert_eq!(
        (&wrong["row"], &wrong["pointer"], &wrong["code"]),
        (&json!(3), &json!("/numerator"), &json!("numerator_above"))
    );
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
    let partial = import(&head, &movement, "mode=partial", &rows).ok();
    assert_eq!(counts(&partial), [rows.len() as u64 - 1, 0, 0, 1]);
    assert_eq!(
        (&partial["findings"][0]["row"], &partial["findings"][0]["code"]),
        (&json!(3), &json!("numerator_above"))
    );
}

#[test]
fn a_dry_run_answers_alike_and_stores_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = rows("2025-07", "thon-1", &movement.report("thon-1"));
    let (head, before) = (app.head("thon-1"), app.count("SELECT 1 FROM audit_records"));
    let dry = import(&head, &movement, "dry_run=true&submit=true", &rows).ok();
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
    assert_eq!(app.count("SELECT 1 FROM audit_records"), before);
    let real = import(&head, &movement, "submit=true", &rows).ok();
    assert_eq!(dry.json(), real.json());
}

#[test]
fn what_is_complete_is_handed_in_where_asked_for_and_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let complete = rows("2025-07", "phong-kinh-te", &movement.report("phong-kinh-te"));
    let mut all = complete.clone();
    all.extend(rows("2025-08", "phong-kinh-te", &movement.report("phong-kinh-te")).into_iter().skip(1));
    let head = app.head("phong-kinh-te");
    let answer = import(&head, &movement, "submit=true", &all).ok();
    assert_eq!(answer["submitted"], 1);
    assert_eq!(answer["incomplete"][0]["period"], "2025-08");
    assert_eq!(answer["incomplete"][0]["findings"][0]["code"], "value_missing");
    let handed_in = movement.at("2025-07", "phong-kinh-te").get();
    assert_eq!((&handed_in["state"], &handed_in["revision"]), (&json!("submitted"), &json!(1)));
    assert_eq!(movement.at("2025-08", "phong-kinh-te").get()["state"], "draft");
    // A lost answer and the file again: nothing more happens.
    let again = import(&head, &movement, "submit=true", &complete).ok();
    assert_eq!((counts(&again), &again["submitted"]), ([0, 0, complete.len() as u64, 0], &json!(0)));
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
    let stored = app.count("SELECT 1 FROM revision_values");
    assert_eq!(stored, complete.len() as i64);
    movement.at("2025-07", "phong-kinh-te").approve();
}

#[test]
fn a_handed_in_or_closed_one_is_told_by_its_rows() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    let mut changed = rows("2025-07", "thon-1", &movement.report("thon-1"));
    changed.iter_mut().for_each(|row| row["explanation"] = json!("Số liệu mới"));
    let answer = import(&app.head("thon-1"), &movement, "mode=partial", &changed).ok();
    assert_eq!(counts(&answer), [0, 0, 0, changed.len() as u64]);
    assert_eq!(answer["findings"][0]["code"], "submission_state");
    place.reopen();
    assert_eq!(counts(&import(&app.head("thon-1"), &movement, "", &changed).ok())[1], changed.len() as u64);
    app.at("2025-10-01T02:00:00Z");
    movement.close_period("2025-08");
    let late = rows("2025-08", "thon-1", &movement.report("thon-1"));
    let closed = import(&app.head("thon-1"), &movement, "mode=partial", &late).ok();
    assert_eq!(closed["findings"][0]["code"], "period_state");
}

#[rstest]
#[case::a_letter_too_few("agency", json!({"unit": "phong-kinh-t"}), "/unit", "phong-kinh-t", Some("phong-kinh-te"))]
#[case::a_name("agency", json!({"unit": "Trạm Y tế"}), "/unit", "Trạm Y tế", None)]
#[case::a_name_mistyped("agency", json!({"unit": "Phòng Kinh tét"}), "/unit", "Phòng Kinh tét", Some("phong-kinh-te"))]
#[case::another_number("agency", json!({"unit": "thon-3"}), "/unit", "thon-3", None)]
#[case::out_of_sight("reporter", json!({"unit": "van-phong"}), "/unit", "van-phong", None)]
#[case::out_of_sight_and_mistyped("reporter", json!({"unit": "van-phon"}), "/unit", "van-phon", None)]
#[case::a_year_of_no_period("agency", json!({"period": "2031-01"}), "/period", "2031-01", None)]
#[case::a_period_in_other_signs("agency", json!({"period": "2025-7-"}), "/period", "2025-7-", Some("2025-07"))]
#[case::a_long_text("agency", json!({"unit": "x".repeat(300)}), "/unit", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx…", None)]
fn what_is_not_found_is_quoted_and_what_is_near_is_named(
    #[case] who: &str,
    #[case] put: Value,
    #[case] pointer: &str,
    #[case] content: &str,
    #[case] nearest: Option<&str>,
) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let mut row = json!({"period": "2025-07", "unit": "phong-kinh-te", "indicator": "CCHC-06", "state": "none_arose"});
    row.as_object_mut().unwrap().extend(put.as_object().unwrap().clone());
    let who = if who == "agency" { app.agency() } else { app.reporter("phong-kinh-te") };
    let answer = import(&who, &movement, "mode=partial&dry_run=true", &[row]).lang("vi").ok();
    let found = &answer["findings"][0];
    assert_eq!((&found["pointer"], &found["code"]), (&json!(pointer), &json!("row_not_found")), "{answer}");
    let message = found["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("Không tìm thấy «{content}»")), "{message}");
    assert_eq!(found["params"]["nearest"].as_str(), nearest, "{answer}");
    assert_eq!(message.contains("Có phải là"), nearest.is_some(), "{message}");
}

#[test]
fn rows_of_other_units_are_not_found_whether_they_are_there_or_not() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let of = |unit: &str| json!({"period": "2025-07", "unit": unit, "indicator": "CCHC-06", "state": "none_arose"});
    let asked = [of("thon-1"), of("khong-co"), of("phong-kinh-te")];
    let answer = import(&app.reporter("phong-kinh-te"), &movement, "mode=partial", &asked).ok();
    let findings = answer["findings"].as_array().unwrap();
    let told: Vec<_> = findings.iter().map(|found| (&found["code"], &found["content"], &found["rows"])).collect();
    let expected =
        [("thon-1", 1), ("khong-co", 2)].map(|(unit, row)| (json!("row_not_found"), json!(unit), json!([row])));
    assert_eq!(told, expected.each_ref().map(|(code, unit, rows)| (code, unit, rows)));
    let message = |at: usize, unit: &str| findings[at]["message"].as_str().unwrap().replace(unit, "…");
    assert_eq!(message(0, "thon-1"), message(1, "khong-co"), "both are told in the same words");
    assert_eq!(counts(&answer), [1, 0, 0, 2]);
    for who in [app.chair(), app.auditor(), app.admin()] {
        import(&who, &movement, "", &asked).problem(403, "forbidden");
    }
    import(&app.elsewhere.agency(), &movement, "", &asked).problem(404, "not_found");
    app.anon().post(&path(&movement, ""), json!([])).problem(401, "unauthenticated");
}

#[test]
fn the_agency_enters_for_units_with_a_reason_and_a_source() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = rows("2025-07", "thon-1", &movement.report("thon-1"));
    let agency = app.agency();
    let refused = import(&agency, &movement, "", &rows).problem(422, "import_rejected");
    assert_eq!(refused["errors"][0]["code"], "on_behalf_needed");
    import(&agency, &movement, "on_behalf_reason=thi%E1%BA%BFu", &rows).problem(422, "content_invalid");
    let query = "submit=true&on_behalf_reason=Th%C3%B4n%20ch%C6%B0a%20c%C3%B3%20m%C3%A1y&on_behalf_source=Gi%E1%BA%A5y";
    assert_eq!(import(&agency, &movement, query, &rows).ok()["submitted"], 1);
    let place = movement.at("2025-07", "thon-1");
    assert_eq!(place.get()["on_behalf"]["source"], "Giấy");
    place.act(&agency, "approve", json!({})).send().is(409);
    app.chain();
    let records = app.auditor().get(&format!("/audit?subject={}", &place.path[1..])).ok();
    let record = &records["items"][0];
    assert_eq!((&record["action"], &record["reason"]), (&json!("import_submissions"), &json!("Thôn chưa có máy")));
    let own = import(&app.head("thon-2"), &movement, &query.replace("submit=true&", ""), &[]).ok();
    assert_eq!(own["received"], 0);
}

#[test]
fn many_who_import_the_same_rows_make_them_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = rows("2025-07", "thon-1", &movement.report("thon-1"));
    let request = import(&app.head("thon-1"), &movement, "submit=true", &rows);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let sent: Vec<_> = (0..12).map(|_| scope.spawn(|| request.clone().send())).collect();
        sent.into_iter().map(|sent| sent.join().unwrap()).collect()
    });
    let answers: Vec<Answer> = answers.into_iter().filter(|answer| answer.status() != 503).collect();
    let sum = |member: &str| answers.iter().map(|answer| answer[member].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("created"), sum("updated"), sum("rejected"), sum("submitted")), (rows.len() as u64, 0, 0, 1));
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
}

#[test]
fn an_import_with_a_key_is_done_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let rows = rows("2025-07", "thon-1", &movement.report("thon-1"));
    let request = import(&app.head("thon-1"), &movement, "", &rows).key("thang-7");
    let first = request.clone().ok();
    let again = request.ok();
    assert_eq!((first.json(), again.header("idempotency-replayed")), (again.json(), Some("true")));
}
