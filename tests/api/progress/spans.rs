//! Spans: flows add up over time, stocks take the newest, and the parts are those of the whole.

use serde_json::{Value, json};

use super::told;
use crate::support::{TestApp, story::Movement};

const MONTHS: [&str; 3] = ["2025-07", "2025-08", "2025-09"];

/// Three months of two hamlets: flows of 1, 2, 3 of 10 in thon-1 and 5, 6, 7 of 20 in thon-2.
fn two_hamlets(app: &TestApp) -> Movement<'_> {
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    for (n, period) in MONTHS.iter().enumerate() {
        let n = n as i64;
        movement.approved(period, "thon-1", movement.report("thon-1").ratio("CCHC-18", 1 + n, 10));
        movement.approved(period, "thon-2", movement.report("thon-2").ratio("CCHC-18", 5 + n, 20));
    }
    movement
}

fn numbers(figure: &Value) -> (i64, i64) {
    (figure["numerator"].as_i64().unwrap_or(0), figure["denominator"].as_i64().unwrap_or(0))
}

fn parts(figure: &Value) -> Vec<(String, (i64, i64))> {
    let part = |part: &Value| (part["part"].as_str().unwrap().to_owned(), numbers(part));
    figure["parts"].as_array().unwrap().iter().map(part).collect()
}

fn sum(parts: &[(String, (i64, i64))]) -> (i64, i64) {
    parts.iter().fold((0, 0), |(n, d), (_, (more_n, more_d))| (n + more_n, d + more_d))
}

#[test]
fn flows_add_up_over_any_span() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    let figure = |query: &str| told(&movement, &format!("/CCHC-18{query}"));
    let days = |from: &str, to: &str| json!({"from": from, "to": to});
    for (query, expected, covers) in [
        ("?period=2025-09", (10, 30), days("2025-08-15", "2025-09-14")),
        ("?period=2025-Q3", (24, 90), days("2025-06-15", "2025-09-14")),
        ("?period=2025-H2", (24, 90), days("2025-06-15", "2025-12-14")),
        ("?period=2025", (24, 90), days("2025-06-15", "2025-12-14")),
        ("", (24, 90), days("2025-06-15", "2025-12-14")),
        ("?period=2025-Q4", (0, 0), days("2025-09-15", "2025-12-14")),
    ] {
        let told = figure(query);
        assert_eq!((numbers(told.json()), &told["covers"]), (expected, &covers), "{query}");
    }
    // Never a mean of percentages: 24/90, not the mean of 20% and 30%.
    assert_eq!(figure("?period=2025-Q3")["value"], "26.67");
}

#[test]
fn parts_add_up_to_the_whole() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    for by in ["unit", "period"] {
        let figure = told(&movement, &format!("/CCHC-18?period=2025-Q3&by={by}"));
        let parts = parts(figure.json());
        assert_eq!((sum(&parts), &figure["additive"]), ((24, 90), &json!(true)), "{by}");
    }
    let by_unit = told(&movement, "/CCHC-18?period=2025-Q3&by=unit");
    let units = parts(by_unit.json());
    assert_eq!(units.len(), 11, "every owing unit, whether it reported or not");
    assert!(units.contains(&("thon-1".into(), (6, 30))) && units.contains(&("thon-2".into(), (18, 60))));
    let by_period = told(&movement, "/CCHC-18?period=2025-Q3&by=period");
    assert_eq!(parts(by_period.json())[2], ("2025-09".into(), (10, 30)));
    assert_eq!(told(&movement, "/CCHC-18?period=2025-Q3")["parts"], json!([]));
    let wrong = app.agency().get(&format!("{}/progress/CCHC-18?by=hamlet", movement.path));
    wrong.problem(400, "query_invalid").finding("/by", "wrong_type");
}

#[test]
fn a_stock_takes_the_newest_answer_and_says_how_old_it_is() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let report = |n, d| movement.report("mat-tran").ratio("CCHC-12", n, d);
    movement.approved("2025-07", "mat-tran", report(1, 4));
    movement.approved("2025-08", "mat-tran", report(2, 5));
    let figure = |query: &str| told(&movement, &format!("/CCHC-12?unit=mat-tran{query}"));
    let quarter = figure("&period=2025-Q3&by=period");
    assert_eq!((numbers(quarter.json()), &quarter["additive"]), ((2, 5), &json!(false)));
    assert_eq!(
        quarter["stale"],
        json!([{"unit": "mat-tran", "unit_name": "Ủy ban MTTQ Việt Nam xã", "period": "2025-08"}])
    );
    assert_eq!(quarter["coverage"]["missing"][0]["periods"], json!(["2025-09"]));
    let months: Vec<_> = parts(quarter.json()).into_iter().map(|(_, numbers)| numbers).collect();
    assert_eq!(months, [(1, 4), (2, 5), (0, 0)]);
    movement.approved("2025-09", "mat-tran", report(3, 6));
    let quarter = figure("&period=2025-Q3");
    assert_eq!((numbers(quarter.json()), &quarter["stale"]), ((3, 6), &json!([])));
}

#[test]
fn an_absent_month_does_not_hide_the_newest_answer() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    movement.approved("2025-07", "mat-tran", movement.report("mat-tran").ratio("CCHC-12", 1, 4));
    movement.approved("2025-08", "mat-tran", movement.report("mat-tran").state("CCHC-12", "absent"));
    let half = told(&movement, "/CCHC-12?unit=mat-tran&period=2025-Q3");
    assert_eq!((numbers(half.json()), &half["stale"][0]["period"]), ((1, 4), &json!("2025-07")));
    movement.approved("2025-09", "mat-tran", movement.report("mat-tran").state("CCHC-12", "none_arose"));
    let half = told(&movement, "/CCHC-12?unit=mat-tran&period=2025-Q3");
    assert_eq!((&half["verdict"], numbers(half.json())), (&json!("none_arose"), (0, 0)));
}

#[test]
fn a_span_without_periods_holds_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let year = told(&movement, "/CCHC-18?period=2024");
    assert_eq!((&year["covers"], &year["coverage"]["expected"]), (&Value::Null, &json!(0)));
    assert_eq!(year["verdict"], "not_owed");
    assert_eq!(told(&movement, "?period=2024")["covers"], Value::Null);
}

#[test]
fn what_names_no_period_is_refused() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for wrong in ["2025-13", "2025-Q5", "2025-9", "thang-9", "", "2025-09-14"] {
        for path in ["/progress", "/progress/CCHC-18"] {
            let asked = app.agency().get(&format!("{}{path}?period={wrong}", movement.path));
            asked.problem(400, "query_invalid").finding("/period", "period_code_malformed");
        }
    }
}

#[test]
fn a_period_set_by_hand_is_a_span_too() {
    let app = TestApp::start();
    let movement = app.example();
    app.at("2026-10-05T02:00:00Z");
    movement.approved("2026-cuoi-ky", "phong-kinh-te", movement.report("phong-kinh-te").ratio("CDS-02", 1, 100));
    let figure = |period: &str| told(&movement, &format!("/CDS-02?unit=phong-kinh-te&period={period}"));
    let own = figure("2026-cuoi-ky");
    assert_eq!((numbers(own.json()), &own["covers"]["to"]), ((1, 100), &json!("2026-11-30")));
    // Below 1% is asked, and this is 1% exactly: one case too many.
    assert_eq!((&own["verdict"], &own["missing_to_target"]), (&json!("at_risk"), &Value::Null));
    assert_eq!(own["excess_over_target"], 1);
    assert_eq!(numbers(figure("2026-Q4").json()), (1, 100));
    assert_eq!(numbers(figure("2026").json()), (1, 100));
    assert_eq!(numbers(figure("2026-Q3").json()), (0, 0));
}
