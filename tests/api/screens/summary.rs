//! The chair's page.

use serde_json::{Value, json};
use thidua::http::Role;

use crate::support::{Answer, Client, TestApp, story::Movement};

fn summary(who: &Client, movement: &Movement, query: &str) -> Answer {
    who.get(&format!("{}/progress/summary{query}", movement.path)).ok()
}

fn codes(list: &Value, member: &str) -> Vec<String> {
    let text = |one: &Value| one[member].as_str().unwrap().to_owned();
    list.as_array().unwrap().iter().map(text).collect()
}

#[test]
fn it_counts_what_the_single_operations_answer() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 24_999, 25_000));
    app.at("2025-09-10T02:00:00Z");
    movement.approved("2025-07", "thon-2", movement.report("thon-2").ratio("CCHC-18", 1, 2));
    app.at("2025-10-20T02:00:00Z");
    for query in ["?period=2025-07", "?period=2025-07&unit=thon-2", "?period=2025-07&as_of=2025-08-20T00:00:00Z", ""] {
        let page = summary(&app.chair(), &movement, query);
        let progress = app.chair().get(&format!("{}/progress{query}", movement.path)).ok();
        let completeness = app.chair().get(&format!("{}/submissions/completeness{query}", movement.path)).ok();
        let items = progress["items"].as_array().unwrap();
        for (verdict, count) in page["verdicts"].as_object().unwrap() {
            let those = items.iter().filter(|item| item["verdict"] == verdict.as_str()).count();
            assert_eq!(count, &json!(those), "{verdict} of {query}");
        }
        for (count, number) in page["reports"].as_object().unwrap() {
            assert_eq!(number, &completeness["total"][count], "{count} of {query}");
        }
        for (member, of) in [("scope", &page["scope"]), ("covers", &page["covers"])] {
            assert_eq!(of, &progress[member]);
        }
        for worst in page["worst"].as_array().unwrap() {
            let own = items.iter().find(|item| item["indicator"] == worst["indicator"]).unwrap();
            for member in ["value", "verdict", "target", "missing_to_target", "excess_over_target", "name"] {
                assert_eq!(worst[member], own[member], "{member} of {own}");
            }
        }
    }
}

#[test]
fn the_worst_three_are_ordered_by_what_is_attained_exactly() {
    let app = TestApp::start();
    let movement = app.hong_van();
    // 99.996 of 100 and 99.99 of 100, and more than 60: half of it.
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 24_999, 25_000));
    movement.approved("2025-07", "van-phong", movement.report("van-phong").ratio("CCHC-19", 6, 20));
    app.at("2025-10-20T02:00:00Z");
    let page = summary(&app.chair(), &movement, "?period=2025-07");
    let attained: Vec<f64> = codes(&page["worst"], "attained_percent").iter().map(|one| one.parse().unwrap()).collect();
    assert!(attained.is_sorted() && (2..=3).contains(&attained.len()), "{page}");
    let of = |query: &str, code: &str| {
        let page = summary(&app.chair(), &movement, &format!("?period=2025-07&unit={query}"));
        page["worst"].as_array().unwrap().iter().find(|one| one["indicator"] == code).unwrap().clone()
    };
    let half = of("van-phong", "CCHC-19");
    assert_eq!((&half["attained"], &half["attained_percent"]), (&json!("1/2"), &json!("50.00")));
    let near = of("thon-1", "CCHC-18");
    assert_eq!((&near["attained"], &near["attained_percent"]), (&json!("24999/25000"), &json!("99.996")));
    assert_eq!((&near["value"], &near["missing_to_target"]), (&json!("99.996"), &json!(1)));
}

#[test]
fn who_is_late_and_who_is_missing_is_named() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    movement.approved("2025-07", "thon-2", movement.report("thon-2"));
    let page = summary(&app.chair(), &movement, "?period=2025-Q3");
    assert_eq!(page["late"], json!([{"unit": "thon-2", "unit_name": "Thôn 2", "periods": ["2025-07"]}]));
    let overdue = page["overdue"].as_array().unwrap();
    let of = |unit: &str| overdue.iter().find(|late| late["unit"] == unit).map(|late| late["periods"].clone());
    assert_eq!(of("thon-1"), Some(json!(["2025-07", "2025-08"])));
    assert_eq!(of("thon-2"), Some(json!(["2025-08"])), "September is not due yet");
    assert_eq!(of("to-so-hoa"), None, "who owes nothing is not missed");
    assert_eq!(summary(&app.chair(), &movement, "?period=2025-Q3&unit=thon-2")["overdue"].as_array().unwrap().len(), 1);
}

#[test]
fn it_tells_the_days_to_every_deadline() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let page = summary(&app.chair(), &movement, "");
    let shown = app.chair().get(&movement.path).ok();
    let (deadlines, known) = (page["deadlines"].as_array().unwrap(), shown["deadlines"].as_array().unwrap());
    let (end, others) = deadlines.split_last().unwrap();
    assert_eq!(others, known.as_slice());
    assert_eq!(end, &json!({"kind": "end", "code": "cchc-2025-h2", "at": "2025-12-31T17:00:00Z", "days_left": 112}));
}

#[test]
fn it_counts_the_decisions_that_wait_within_reach() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for unit in ["thon-1", "thon-2"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
        movement.at("2025-07", unit).submit();
        let concern = json!({"unit": unit, "kind": "difficulty", "title": "Máy quét", "text": "Hỏng"});
        app.head(unit).post(&format!("{}/concerns", movement.path), concern).created();
    }
    let waiting = |who: &Client, query: &str| summary(who, &movement, query)["waiting"].clone();
    let none = json!({"to_verify": 0, "held": 0});
    let of = |count: i64, nominations: &Value| {
        let concerns = json!({"to_consolidate": count, "to_decide": 0, "to_reply": 0});
        json!({"movement": null, "reports": count, "concerns": concerns, "nominations": nominations})
    };
    assert_eq!(waiting(&app.chair(), ""), of(2, &none));
    assert_eq!(waiting(&app.chair(), "?unit=thon-1"), of(1, &none));
    assert_eq!(waiting(&app.head("thon-1"), ""), of(1, &none));
    assert_eq!(waiting(&app.reporter("thon-1"), ""), of(1, &Value::Null), "reporters read no nominations");
    assert_eq!(waiting(&app.admin(), ""), of(2, &Value::Null));
    // A report of one unit and the nominations of another: each by its own reach.
    let both = app.account("both", Role::Reporter, Some("thon-2"));
    app.account("both", Role::UnitHead, Some("thon-1"));
    assert_eq!(waiting(&both, ""), of(2, &none));
    app.at("2026-01-05T02:00:00Z");
    assert_eq!(waiting(&app.chair(), "")["movement"], "close");
}

#[test]
fn a_nomination_waits_for_those_who_read_it() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "8");
    let ask = |who: &Client| who.get("/movements/thi-dua/progress/summary").ok()["waiting"]["nominations"].clone();
    let [all, own, other] = [app.chair(), app.head("phong-kinh-te"), app.head("van-phong")].map(|who| ask(&who));
    assert_eq!((&all, &other), (&own, &json!({"to_verify": 0, "held": 0})));
    let dossier = app.agency().get("/movements/thi-dua/awards/tap-the/nominations/phong-kinh-te").ok();
    let expected = i64::from(dossier["state"] == "nominated");
    assert_eq!(all["to_verify"], expected, "{dossier}");
}

#[test]
fn a_loaded_plan_waits_for_its_launch() {
    let app = TestApp::start();
    let movement = app.loaded(&crate::support::story::plan(crate::support::story::HONG_VAN));
    let page = summary(&app.chair(), &movement, "");
    assert_eq!((&page["waiting"]["movement"], &page["reports"]["expected"]), (&json!("launch"), &json!(0)));
    assert!(page["deadlines"].as_array().unwrap().len() > 6, "its planned periods: {page}");
}
