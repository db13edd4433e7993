//! The reviewer's page of a report.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Answer, Client, Part, TestApp, pdf,
    story::{Movement, Place},
};

fn review(who: &Client, place: &Place) -> Answer {
    who.get(&format!("{}/review", place.path)).ok()
}

fn line<'a>(page: &'a Answer, indicator: &str) -> &'a Value {
    page["indicators"].as_array().unwrap().iter().find(|line| line["indicator"] == indicator).unwrap()
}

/// July approved, August handed in with a document and sent back once.
fn handed_in<'a>(app: &'a TestApp, movement: &Movement<'a>) -> Place<'a> {
    let july = movement.report("phong-kinh-te").ratio("CCHC-05/tnmt", 98, 100);
    movement.approved("2025-07", "phong-kinh-te", july);
    app.at("2025-09-10T02:00:00Z");
    let place = movement.at("2025-08", "phong-kinh-te");
    let file = [Part::file("cong-van.pdf", pdf("1"))];
    app.head("phong-kinh-te").upload(&place.path, &file).created();
    let august = movement.report("phong-kinh-te").ratio("CCHC-05/tnmt", 118, 119).ratio("CCHC-05/khdt", 9, 10);
    place.draft(&august).is(201);
    place.submit();
    let remark = json!({"indicator": "CCHC-05", "field": "tnmt", "text": "Thiếu một hồ sơ"});
    place.act(&app.agency(), "return", json!({"reason": "Chưa khớp", "remarks": [remark]})).ok();
    place.put(&app.reporter("phong-kinh-te"), &august.with("narrative", json!("Đã kiểm tra"))).ok();
    place.submit();
    place
}

#[test]
fn it_is_what_the_single_operations_answer() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = handed_in(&app, &movement);
    for who in [app.agency(), app.auditor(), app.chair(), app.head("phong-kinh-te"), app.agency_2()] {
        let page = review(&who, &place);
        let alone = who.get(&place.path).ok();
        for (member, value) in alone.json().as_object().unwrap() {
            assert_eq!(&page[member.as_str()], value, "{member} for {}", who.username);
        }
        assert_eq!(page["etag"], json!(alone.etag()));
        let list = |of: &str| who.get(&format!("{}/{of}", place.path)).ok()["items"].as_array().unwrap().clone();
        let revisions: Vec<Value> = list("revisions").into_iter().rev().collect();
        assert_eq!(page["revisions"], json!(revisions));
        assert_eq!((&page["evidence"], revisions.len()), (&json!(list("evidence")), 2));
        let acts: Vec<&Value> = page["history"].as_array().unwrap().iter().map(|act| &act["action"]).collect();
        assert_eq!(acts, ["submit", "return", "submit"]);
        assert_eq!((&page["late"], &page["overdue"]), (&json!(true), &json!(false)));
    }
}

#[test]
fn every_value_stands_beside_its_target_its_verdict_and_the_month_before() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = handed_in(&app, &movement);
    let page = review(&app.agency(), &place);
    for line in page["indicators"].as_array().unwrap() {
        let code = line["indicator"].as_str().unwrap();
        let query = "unit=phong-kinh-te&period=2025-08&basis=submitted";
        let own = app.agency().get(&format!("{}/progress/{code}?{query}", movement.path)).ok();
        for member in ["name", "kind", "unit", "value", "verdict", "missing_to_target", "excess_over_target"] {
            assert_eq!(line[member], own[member], "{member} of {code}");
        }
        let fields = own["fields"].as_array().unwrap();
        let answers = line["answers"].as_array().unwrap();
        assert_eq!(answers.len(), fields.len().max(1), "{line}");
        for (answer, field) in
            answers.iter().zip(if fields.is_empty() { vec![own.json()] } else { fields.iter().collect() })
        {
            for member in ["value", "verdict", "target", "missing_to_target"] {
                assert_eq!(answer[member], field[member], "{member} of {code} {}", answer["field"]);
            }
        }
    }
    let answers = line(&page, "CCHC-05")["answers"].as_array().unwrap().clone();
    let tnmt = answers.iter().find(|answer| answer["field"] == "tnmt").unwrap();
    assert_eq!((&tnmt["said"]["numerator"], &tnmt["previous"]["numerator"]), (&json!(118), &json!(98)));
    // 11800/119 − 98, exactly 138/119.
    assert_eq!(
        (&tnmt["value"], &tnmt["previous_value"], &tnmt["change"]),
        (&json!("99.16"), &json!("98.00"), &json!("1.16"))
    );
    assert!(tnmt["field_name"].as_str().is_some_and(|name| !name.is_empty()));
    assert_eq!((&page["previous_period"], &page["answers_owed"]), (&json!("2025-07"), &page["answers_given"]));
}

#[rstest]
#[case::rises((10, 100), (11, 100), Some("1.00"))]
#[case::falls((11, 100), (10, 100), Some("-1.00"))]
#[case::stays((1, 3), (2, 6), Some("0.00"))]
#[case::hardly_rises((99_999, 100_000), (100_000, 100_000), Some("0.001"))]
fn a_change_is_exact_and_never_shown_as_none(
    #[case] before: (i64, i64),
    #[case] after: (i64, i64),
    #[case] expected: Option<&str>,
) {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", before.0, before.1));
    app.at("2025-08-15T02:00:00Z");
    let place = movement.at("2025-08", "thon-1");
    place.draft(&movement.report("thon-1").ratio("CCHC-18", after.0, after.1)).is(201);
    let page = review(&app.agency(), &place);
    assert_eq!(line(&page, "CCHC-18")["answers"][0]["change"], json!(expected));
}

#[test]
fn what_was_returned_or_withdrawn_before_is_no_month_to_compare_with() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (july, august) = (movement.at("2025-07", "thon-1"), movement.at("2025-08", "thon-1"));
    let previous = || line(&review(&app.agency(), &august), "CCHC-18")["answers"][0]["previous"].clone();
    july.draft(&movement.report("thon-1")).is(201);
    assert_eq!(previous(), Value::Null, "a draft is not handed in");
    july.submit();
    assert_eq!(previous()["numerator"], 10);
    july.send_back();
    assert_eq!(previous(), Value::Null);
}

#[test]
fn a_draft_is_its_units_and_the_agencys() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    for who in [app.agency(), app.auditor(), app.head("thon-1")] {
        let page = review(&who, &place);
        assert_eq!((&page["state"], &page["etag"]), (&json!("not_begun"), &Value::Null), "{page}");
        assert_eq!((&page["answers_given"], page.header("etag")), (&json!(0), None));
    }
    place.draft(&movement.report("thon-1").with("narrative", json!("DRAFTED"))).is(201);
    assert_eq!(review(&app.agency(), &place)["narrative"], "DRAFTED");
    for who in [app.auditor(), app.chair(), app.council_member(), app.admin()] {
        let page = review(&who, &place);
        assert_eq!((&page["state"], &page["answers_given"]), (&json!("not_begun"), &json!(0)), "{page}");
        assert!(!page.text().contains("DRAFTED"));
    }
    app.head("thon-2").get(&format!("{}/review", place.path)).problem(404, "not_found");
    app.elsewhere.agency().get(&format!("{}/review", place.path)).problem(404, "not_found");
    app.agency().get(&format!("{}/submissions/2025-07/to-so-hoa/review", movement.path)).problem(404, "not_found");
}

#[test]
fn it_takes_as_many_statements_however_many_documents_and_values_there_are() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-08", "phong-kinh-te");
    let count = |act: &str| app.statements(|| app.agency().get(&format!("{}/{act}", place.path)).ok()).len();
    place.draft(&movement.report("phong-kinh-te")).is(201);
    let upload =
        |name: &str| drop(app.head("phong-kinh-te").upload(&place.path, &[Part::file(name, pdf(name))]).created());
    upload("1.pdf");
    let _ = ["review", "form"].map(count);
    let few = ["review", "form"].map(count);
    ["2.pdf", "3.pdf", "4.pdf"].into_iter().for_each(upload);
    let many = ["review", "form"].map(count);
    println!("statements of review and form: {many:?}");
    assert_eq!(few, many);
    assert!(many.iter().all(|sent| *sent <= 20), "{many:?}");
}
