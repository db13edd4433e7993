//! One figure: its exact sum, what it shows, its verdict and what is missing.

use serde_json::{Value, json};

use super::told;
use crate::support::{
    TestApp,
    story::{Movement, Report},
};

/// Approves a month of thon-1 with so many of so many, and asks for it when the month is over.
fn hamlet(app: &TestApp, movement: &Movement, numerator: i64, denominator: i64) -> Value {
    let report = movement.report("thon-1").ratio("CCHC-18", numerator, denominator);
    movement.approved("2025-07", "thon-1", report);
    app.at("2025-10-20T02:00:00Z");
    told(movement, "/CCHC-18?unit=thon-1&period=2025-07").json().clone()
}

#[test]
fn a_figure_never_shows_a_target_it_misses() {
    let app = TestApp::start();
    let figure = hamlet(&app, &app.hong_van(), 24_999, 25_000);
    assert_eq!((&figure["value"], &figure["verdict"]), (&json!("99.996"), &json!("not_met")));
    assert_eq!((&figure["numerator"], &figure["denominator"]), (&json!(24_999), &json!(25_000)));
    assert_eq!((&figure["missing_to_target"], &figure["unit"]), (&json!(1), &json!("percent")));
    assert_eq!(figure["target"], json!({"comparator": ">=", "value": "100"}));
}

#[test]
fn what_is_not_over_is_at_risk() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    movement.approved("2025-09", "thon-1", movement.report("thon-1").ratio("CCHC-18", 24_999, 25_000));
    let verdict = |query: &str| told(&movement, &format!("/CCHC-18?unit=thon-1{query}"))["verdict"].clone();
    app.at("2025-09-14T16:59:59Z");
    assert_eq!(verdict("&period=2025-09"), "at_risk");
    app.at("2025-09-14T17:00:00Z");
    assert_eq!(verdict("&period=2025-09"), "not_met");
    assert_eq!(verdict("&period=2025-Q3"), "not_met");
    assert_eq!(verdict("&period=2025-H2"), "at_risk");
    assert_eq!(verdict(""), "at_risk");
    assert_eq!(verdict("&period=2025-09&as_of=2025-09-14T16:59:59Z"), "at_risk");
}

#[test]
fn more_than_60_percent_is_not_60_percent() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let cases = [
        ("2025-07", 12, 20, "60.00", "not_met", 1),
        ("2025-08", 15_001, 25_000, "60.004", "met", 0),
        ("2025-09", 13, 20, "65.00", "met", 0),
    ];
    for (period, numerator, denominator, ..) in cases {
        movement.approved(period, "van-phong", movement.report("van-phong").ratio("CCHC-19", numerator, denominator));
    }
    app.at("2025-10-20T02:00:00Z");
    for (period, _, _, value, verdict, missing) in cases {
        let figure = told(&movement, &format!("/CCHC-19?period={period}"));
        assert_eq!((&figure["value"], &figure["verdict"]), (&json!(value), &json!(verdict)), "{period}");
        assert_eq!(figure["missing_to_target"], missing);
    }
}

#[test]
fn fields_are_judged_each_and_their_pool_is_shown() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = movement.report("phong-kinh-te");
    let report = report.ratio("CCHC-05/tnmt", 118, 119).ratio("CCHC-05/khdt", 98, 100).ratio("CCHC-05/khac", 110, 116);
    movement.approved("2025-07", "phong-kinh-te", report);
    app.at("2025-10-20T02:00:00Z");
    let figure = told(&movement, "/CCHC-05?unit=phong-kinh-te&period=2025-07&by=field");
    assert_eq!((&figure["numerator"], &figure["denominator"]), (&json!(326), &json!(335)));
    assert_eq!((&figure["target"], &figure["verdict"]), (&Value::Null, &json!("not_met")));
    let fields: Vec<_> = figure["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|field| {
            let member = |name: &str| field[name].clone();
            (
                member("field"),
                member("value"),
                field["target"]["value"].clone(),
                member("verdict"),
                member("missing_to_target"),
            )
        })
        .collect();
    let expected = |field: &str, value: &str, target: &str, verdict: &str, missing: i64| {
        (json!(field), json!(value), json!(target), json!(verdict), json!(missing))
    };
    assert_eq!(
        fields,
        [
            expected("tnmt", "99.16", "99", "met", 0),
            expected("khdt", "98.00", "99", "not_met", 1),
            expected("khac", "94.83", "100", "not_met", 6),
        ]
    );
    assert_eq!(figure["missing_to_target"], 7);
}

#[test]
fn the_four_states_are_never_mixed() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let states = [("2025-07", "none_arose"), ("2025-08", "not_applicable"), ("2025-09", "absent")];
    for (period, state) in states {
        movement.approved(period, "thon-1", movement.report("thon-1").state("CCHC-18", state));
    }
    app.at("2025-10-20T02:00:00Z");
    let figure = |period: &str| told(&movement, &format!("/CCHC-18?unit=thon-1&period={period}"));
    let none = figure("2025-07");
    assert_eq!(
        (&none["verdict"], &none["denominator"], &none["value"]),
        (&json!("none_arose"), &json!(0), &Value::Null)
    );
    assert_eq!((&none["coverage"]["reported"], &none["coverage"]["none_arose"]), (&json!(1), &json!(1)));
    let unfit = figure("2025-08");
    assert_eq!((&unfit["verdict"], unfit.json().get("numerator")), (&json!("not_applicable"), Some(&Value::Null)));
    assert_eq!(unfit["coverage"]["not_applicable"], 1);
    for period in ["2025-09", "2025-10"] {
        let absent = figure(period);
        assert_eq!(
            (&absent["verdict"], absent.json().get("numerator")),
            (&json!("no_data"), Some(&Value::Null)),
            "missing is never zero"
        );
        assert_eq!((&absent["coverage"]["expected"], &absent["coverage"]["reported"]), (&json!(1), &json!(0)));
        assert_eq!(absent["coverage"]["missing"][0]["periods"], json!([period]));
    }
    let quarter = figure("2025-Q3");
    assert_eq!(
        (&quarter["verdict"], &quarter["coverage"]["missing"][0]["periods"]),
        (&json!("no_data"), &json!(["2025-09"]))
    );
}

#[test]
fn a_floor_stands_below_the_target() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let cases = [("2025-07", "84.99999999", "below_floor"), ("2025-08", "85", "not_met"), ("2025-09", "90", "met")];
    for (period, value, _) in cases {
        let words = json!({"state": "reported", "value": value, "explanation": "Công văn 12"});
        movement.approved(period, "phong-vhxh", movement.report("phong-vhxh").say("CCHC-02", words));
    }
    app.at("2025-10-20T02:00:00Z");
    for (period, value, verdict) in cases {
        let figure = told(&movement, &format!("/CCHC-02?period={period}"));
        assert_eq!((&figure["index"], &figure["verdict"]), (&json!(value), &json!(verdict)));
        assert!(figure["value"].as_str().unwrap().starts_with(&value[..2]), "{figure}");
    }
    assert_eq!(told(&movement, "/CCHC-02?period=2025-07")["value"], "84.99999999");
    let rank = told(&movement, "/CCHC-01?period=2025-07");
    assert_eq!((&rank["rank"], &rank["population"]), (&json!(1), &json!(126)));
    assert_eq!((&rank["verdict"], &rank["target"]["value"]), (&json!("not_evaluable"), &Value::Null));
}

#[test]
fn a_level_is_met_when_every_unit_meets_it() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let level = |report: Report, level: &str| {
        report.say("CCHC-15", json!({"state": "reported", "level": level, "explanation": "Đang làm"}))
    };
    for (unit, reached) in [("phong-kinh-te", "done"), ("tt-vhtt-tt", "in_progress"), ("trung-tam-hcc", "done")] {
        movement.approved("2025-07", unit, level(movement.report(unit), reached));
    }
    app.at("2025-10-20T02:00:00Z");
    let figure = told(&movement, "/CCHC-15?period=2025-07&by=unit");
    assert_eq!((&figure["verdict"], &figure["level"]), (&json!("not_met"), &json!("in_progress")));
    let units = |level: &str, units: i64| json!({"level": level, "units": units});
    assert_eq!(figure["levels"], json!([units("not_started", 0), units("in_progress", 1), units("done", 2)]));
    let verdicts: Vec<_> = figure["parts"].as_array().unwrap().iter().map(|part| part["verdict"].clone()).collect();
    assert_eq!(verdicts, [json!("met"), json!("met"), json!("not_met")]);
}

#[test]
fn an_estimate_is_told_until_the_official_figure_replaces_it() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = |estimated: bool| {
        let members = json!({"state": "reported", "numerator": 10, "denominator": 10, "estimated": estimated});
        movement.report("thon-1").say("CCHC-18", members)
    };
    let place = movement.approved("2025-07", "thon-1", report(true));
    let estimated = || told(&movement, "/CCHC-18?unit=thon-1&period=2025-07")["estimated"].clone();
    assert_eq!(estimated(), true);
    place.reopen();
    place.draft(&report(false)).is(200);
    place.submit();
    place.approve();
    assert_eq!(estimated(), false);
}

#[test]
fn initiatives_are_counted_by_the_service() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let figure = told(&movement, "/CCHC-23?by=unit");
    assert_eq!((&figure["count"], &figure["verdict"]), (&json!(0), &json!("at_risk")));
    assert_eq!((&figure["missing_to_target"], &figure["parts"]), (&json!(3), &json!([])));
    assert_eq!(told(&movement, "/CCHC-23?unit=thon-1")["count"], 0);
}

#[test]
fn an_initiative_counts_in_the_period_in_which_it_was_recognised() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.cluster("cum-1");
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-1", "valid_from": "2025-09-01"})).if_match("*").ok();
    let proposed: Vec<String> = ["Hẹn giờ", "Loa xóm", "Tủ sách"]
        .iter()
        .map(|title| {
            let idea = json!({"title": title, "summary": "Mới", "owners": [{"unit": "hoi-phu-nu"}]});
            let made = app.agency().post(&format!("{}/initiatives", movement.path), idea).created();
            made.header("location").unwrap().to_owned()
        })
        .collect();
    // Recognised in August, and twice in September: the last day of a window is its own until midnight in Hà Nội.
    for (one, at) in proposed.iter().zip(["2025-08-14T16:59:59Z", "2025-08-14T17:00:00Z", "2025-09-14T16:59:59Z"]) {
        app.at(at);
        app.agency_2().act_on(one, "recognise", json!({"level": "commune"})).is(200);
    }
    app.at("2025-10-20T02:00:00Z");
    for (query, count) in [
        ("?period=2025-07", json!(0)),
        ("?period=2025-08", json!(1)),
        ("?period=2025-09", json!(2)),
        ("?period=2025-10", json!(0)),
        ("?period=2025-Q3", json!(3)),
        ("?period=2025-Q4", json!(0)),
        ("?period=2025-H2", json!(3)),
        ("", json!(3)),
        ("?period=2025-H1", Value::Null),
        ("?period=2024", Value::Null),
        ("?period=2025-Q3&as_of=2025-08-20T02:00:00Z", json!(2)),
        ("?period=2025-Q3&unit=hoi-phu-nu", json!(3)),
        ("?period=2025-08&unit=cum-1", json!(0)),
        ("?period=2025-Q3&unit=cum-1", json!(2)),
    ] {
        let figure = told(&movement, &format!("/CCHC-23{query}"));
        assert_eq!((&figure["count"], figure["covers"].is_null()), (&count, count.is_null()), "{query}");
        if count.is_null() {
            assert_eq!((&figure["verdict"], &figure["value"]), (&json!("not_owed"), &Value::Null), "{query}");
        }
    }
    let parts = told(&movement, "/CCHC-23?period=2025-Q3&by=period");
    let parts: Vec<(&Value, &Value)> =
        parts["parts"].as_array().unwrap().iter().map(|part| (&part["part"], &part["count"])).collect();
    let expected = [("2025-07", 0), ("2025-08", 1), ("2025-09", 2)].map(|(part, count)| (json!(part), json!(count)));
    assert_eq!(parts, expected.iter().map(|(part, count)| (part, count)).collect::<Vec<_>>());
}

#[test]
fn a_target_without_a_number_is_never_evaluable() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let figure = told(&movement, "/CCHC-01");
    assert_eq!((&figure["verdict"], &figure["target"]["value"]), (&json!("not_evaluable"), &Value::Null));
    assert_eq!(figure["coverage"]["reported"], 0);
    assert_eq!(told(&movement, "/CCHC-01?unit=thon-1")["verdict"], "not_owed");
}

#[test]
fn sums_beyond_what_a_double_holds_stay_exact() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-09-10T02:00:00Z");
    let most = (1i64 << 53) - 1;
    for period in ["2025-07", "2025-08", "2025-09"] {
        movement.approved(period, "thon-1", movement.report("thon-1").ratio("CCHC-18", most - 1, most));
    }
    let figure = told(&movement, "/CCHC-18?unit=thon-1&period=2025-Q3");
    let text = |sum: i64| json!(sum.to_string());
    assert_eq!((&figure["numerator"], &figure["denominator"]), (&text(3 * (most - 1)), &text(3 * most)));
    let month = told(&movement, "/CCHC-18?unit=thon-1&period=2025-07");
    assert_eq!((&month["numerator"], &month["denominator"]), (&json!(most - 1), &json!(most)));
    assert_eq!((&figure["missing_to_target"], &figure["verdict"]), (&json!(3), &json!("at_risk")));
    assert!(figure["value"].as_str().unwrap().starts_with("99.99999999999"), "{figure}");
}

#[test]
fn every_indicator_of_the_plan_is_told() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = told(&movement, "?period=2025-Q3");
    let codes: Vec<_> = report["items"].as_array().unwrap().iter().map(|item| item["indicator"].clone()).collect();
    let expected: Vec<_> = (1..=23).map(|nth| json!(format!("CCHC-{nth:02}"))).collect();
    assert_eq!(codes, expected);
    assert_eq!(
        (&report["covers"], &report["plan_version"]),
        (&json!({"from": "2025-06-15", "to": "2025-09-14"}), &json!(1))
    );
    for item in report["items"].as_array().unwrap() {
        let one = told(&movement, &format!("/{}?period=2025-Q3", item["indicator"].as_str().unwrap()));
        for member in ["verdict", "coverage", "name", "covers", "additive"] {
            assert_eq!(one[member], item[member], "{member} of {item}");
        }
    }
    app.agency().get(&format!("{}/progress/CCHC-99", movement.path)).problem(404, "not_found");
}
