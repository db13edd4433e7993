//! The matrix and the trend: every cell has the numbers of the indicator's own breakdown, and nobody sees more columns
//! than there.

use rstest::rstest;
use serde_json::{Value, json};

use super::{ask, told};
use crate::support::{TestApp, story::Movement};

/// What a cell says of a figure.
fn cell(part: &Value) -> Value {
    json!({
        "part": part["part"], "value": part["value"], "numerator": part["numerator"],
        "denominator": part["denominator"], "level": part["level"], "verdict": part["verdict"],
        "missing_to_target": part["missing_to_target"], "estimated": part["estimated"],
        "expected": part["coverage"]["expected"], "reported": part["coverage"]["reported"],
        // The days are the column's.
        "covers": null,
    })
}

/// Reports of several units and months, some approved, some late, some not approved, one estimated.
fn reported(app: &TestApp) -> Movement<'_> {
    let movement = app.hong_van();
    let divisions = movement.report("phong-kinh-te").ratio("CCHC-05/tnmt", 118, 119).ratio("CCHC-05/khdt", 98, 100);
    movement.approved("2025-07", "phong-kinh-te", divisions);
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 24_999, 25_000));
    movement.approved("2025-07", "van-phong", movement.report("van-phong").ratio("CCHC-19", 12, 20));
    app.at("2025-09-10T02:00:00Z");
    movement.approved("2025-08", "thon-1", movement.report("thon-1").state("CCHC-18", "none_arose"));
    let waiting = movement.at("2025-08", "thon-2");
    waiting.draft(&movement.report("thon-2").ratio("CCHC-18", 5, 20)).is(201);
    waiting.submit();
    movement
}

#[rstest]
#[case::by_unit("by=unit")]
#[case::by_period("by=period")]
#[case::of_a_quarter("by=unit&period=2025-Q3")]
#[case::with_what_waits("by=period&basis=submitted&period=2025-Q3")]
#[case::of_a_unit("by=period&unit=thon-1")]
#[case::as_it_was("by=unit&as_of=2025-08-20T00:00:00Z")]
fn every_cell_is_the_figure_of_the_indicator_alone(#[case] query: &str) {
    let app = TestApp::start();
    let movement = reported(&app);
    app.at("2025-10-20T02:00:00Z");
    let matrix = told(&movement, &format!("?{query}"));
    let columns: Vec<&Value> = matrix["parts"].as_array().unwrap().iter().map(|column| &column["part"]).collect();
    let mut cells = 0;
    for item in matrix["items"].as_array().unwrap() {
        let own = told(&movement, &format!("/{}?{query}", item["indicator"].as_str().unwrap()));
        let parts = own["parts"].as_array().unwrap();
        assert_eq!(item["parts"], parts.iter().map(cell).collect::<Value>(), "{own}");
        for part in parts {
            assert!(columns.contains(&&part["part"]), "{} has no column", part["part"]);
        }
        for member in ["numerator", "denominator", "value", "verdict", "coverage", "fields", "target"] {
            assert_eq!(item[member], own[member], "{member} of {}", item["indicator"]);
        }
        cells += parts.len();
    }
    assert!(cells > 50, "{cells} cells");
    assert!(matrix.bytes().len() < 60_000 + 400 * cells, "{} bytes of {cells} cells", matrix.bytes().len());
    println!("{query}: {cells} cells, {} bytes", matrix.bytes().len());
}

#[test]
fn the_trend_has_the_cells_of_the_matrix_by_period() {
    let app = TestApp::start();
    let movement = reported(&app);
    for query in ["", "&basis=submitted", "&period=2025-Q3&unit=phong-kinh-te", "&as_of=2025-08-20T00:00:00Z"] {
        let (matrix, trend) = (
            told(&movement, &format!("?by=period{query}")),
            told(&movement, &format!("/trend?{}", &query.trim_start_matches('&'))),
        );
        for member in ["scope", "covers", "parts"] {
            assert_eq!(trend[member], matrix[member], "{member}");
        }
        let (lines, items) = (trend["items"].as_array().unwrap(), matrix["items"].as_array().unwrap());
        assert_eq!(lines.len(), items.len());
        for (line, item) in lines.iter().zip(items) {
            for member in ["indicator", "name", "kind", "unit", "target", "parts"] {
                assert_eq!(line[member], item[member], "{member} of {}", item["indicator"]);
            }
        }
        println!("trend{query}: {} bytes", trend.bytes().len());
    }
}

#[test]
fn without_a_breakdown_there_is_no_matrix() {
    let app = TestApp::start();
    let movement = reported(&app);
    for query in ["", "?by=none", "?by=field"] {
        let report = told(&movement, query);
        assert_eq!((&report["parts"], &report["items"][0]["parts"]), (&json!([]), &json!([])), "{query}");
    }
    app.auditor().get(&format!("{}/progress?by=week", movement.path)).problem(400, "query_invalid");
}

#[test]
fn a_unit_has_columns_and_numbers_of_its_own_only() {
    let app = TestApp::start();
    let movement = reported(&app);
    let head = app.head("thon-1");
    let matrix = ask(&head, &movement, "?by=unit&basis=submitted");
    let columns: Vec<&Value> = matrix["parts"].as_array().unwrap().iter().map(|column| &column["part"]).collect();
    assert_eq!(columns, [&json!("thon-1")]);
    for path in ["?by=unit&basis=submitted", "?by=period&basis=submitted", "/trend?basis=submitted", "/summary"] {
        let own = ask(&head, &movement, path);
        assert!(!own.text().contains("thon-2") && !own.text().contains("phong-kinh-te"), "{own}");
    }
    for path in ["?by=unit&unit=thon-2", "/trend?unit=thon-2", "/summary?unit=thon-2"] {
        head.get(&format!("{}/progress{path}", movement.path)).problem(404, "not_found");
        app.elsewhere.agency().get(&format!("{}/progress{path}", movement.path)).problem(404, "not_found");
    }
}

#[test]
fn a_matrix_takes_as_many_statements_however_much_was_reported() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let queries = ["?by=unit", "?by=period", "/trend", "/summary"];
    let count = |query: &str| {
        // A record, so that the answer is computed.
        app.somebody("Trần Văn An", None);
        app.statements(|| told(&movement, query)).len()
    };
    let _ = queries.map(count);
    let few = queries.map(count);
    for unit in ["thon-1", "thon-2", "mat-tran", "van-phong"] {
        movement.approved("2025-07", unit, movement.report(unit));
    }
    let many = queries.map(count);
    println!("statements: {many:?}");
    assert_eq!(few, many);
    assert!(many[..3].iter().all(|sent| *sent <= 14) && many[3] <= 20, "{many:?}");
}
