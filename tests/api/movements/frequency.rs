//! Indicators that are reported less often than the report: owed where their longer periods end, and nowhere else.

use serde_json::{Value, json};

use crate::support::{Answer, MOVEMENT, TestApp};

/// A monthly report, with a count by quarter of one division, and a stock by quarter that an office alone reports.
fn by_quarter(plan: &mut Value) {
    plan["format"] = json!("thidua.plan/2");
    let target = |value: &str| json!({"comparator": ">=", "value": value, "source": "plan"});
    let indicators = plan["indicators"].as_array_mut().unwrap();
    indicators.push(json!({
        "code": "KT", "section": "3", "name": {"vi": "Cuộc kiểm tra"}, "kind": "count", "direction": "up", "modality": "must",
        "target": target("40"), "over_time": "sum", "over_units": "sum", "reported_by": ["unit:phong-kinh-te"],
        "every": "quarter"
    }));
    indicators.push(json!({
        "code": "BC", "section": "4", "name": {"vi": "Biên chế"}, "kind": "count", "direction": "up", "modality": "must",
        "target": target("10"), "over_time": "last", "over_units": "sum", "reported_by": ["unit:van-phong"],
        "every": "quarter"
    }));
}

fn reported(app: &TestApp, period: &str, unit: &str, values: Value) -> Answer {
    let place = format!("{MOVEMENT}/submissions/{period}/{unit}");
    app.head(unit).put(&place, json!({"values": values})).if_none_match_any().created();
    app.head(unit).act_on(&place, "submit", json!({})).is(200);
    app.agency().act_on(&place, "approve", json!({})).is(200)
}

fn ratio(numerator: i64) -> Value {
    json!({"indicator": "HS", "state": "reported", "numerator": numerator, "denominator": 10})
}

fn count(code: &str, count: i64) -> Value {
    json!({"indicator": code, "state": "reported", "count": count})
}

fn progress(app: &TestApp, query: &str) -> Answer {
    app.auditor().get(&format!("{MOVEMENT}/progress/{query}")).ok()
}

/// Reports of July to September, by the end of that month.
fn third_quarter() -> TestApp {
    let app = TestApp::start();
    app.emulation_of(by_quarter);
    app.at("2025-09-20T02:00:00Z");
    reported(&app, "2025-08", "phong-kinh-te", json!([ratio(9)]));
    reported(&app, "2025-09", "phong-kinh-te", json!([ratio(8), count("KT", 30)]));
    app
}

#[test]
fn a_quarterly_indicator_is_asked_for_in_the_last_month_of_its_quarter() {
    let app = TestApp::start();
    app.emulation_of(by_quarter);
    app.at("2025-09-20T02:00:00Z");
    let head = app.head("phong-kinh-te");
    let owed = |period: &str| {
        let form = head.get(&format!("{MOVEMENT}/submissions/{period}/phong-kinh-te/form")).ok();
        let lines = form["indicators"].as_array().unwrap().iter();
        let told = lines.map(|line| (line["indicator"].as_str().unwrap().to_owned(), line["covers"]["from"].clone()));
        (told.collect::<Vec<_>>(), form["owed"].as_array().unwrap().len())
    };
    let (day, quarter) = (|day: &str| json!(day), ("KT".to_owned(), json!("2025-06-15")));
    assert_eq!(owed("2025-08"), (vec![("HS".into(), day("2025-07-15"))], 1));
    assert_eq!(owed("2025-09"), (vec![("HS".into(), day("2025-08-15")), quarter], 2));
    let place = format!("{MOVEMENT}/submissions/2025-08/phong-kinh-te");
    let refused = head.put(&place, json!({"values": [ratio(9), count("KT", 3)]})).if_none_match_any();
    refused.problem(422, "content_invalid").finding("/values/1/indicator", "value_not_owed_now");
    let row =
        json!([{"period": "2025-08", "unit": "phong-kinh-te", "indicator": "KT", "state": "reported", "count": 3}]);
    let imported = head.post(&format!("{MOVEMENT}/submissions/import?mode=partial"), row).ok();
    assert_eq!(imported["findings"][0]["code"], "value_not_owed_now");
    let place = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te");
    head.put(&place, json!({"values": [ratio(9)]})).if_none_match_any().created();
    let incomplete = head.act_on(&place, "submit", json!({})).problem(422, "content_invalid");
    incomplete.finding("/values", "value_missing");
}

#[test]
fn a_quarters_figure_is_never_a_months() {
    let app = third_quarter();
    let quarter = json!({"from": "2025-06-15", "to": "2025-09-14"});
    for (query, verdict, covers) in [
        ("KT?period=2025-07", "not_owed", json!({"from": "2025-06-15", "to": "2025-07-14"})),
        ("KT?period=2025-08", "not_owed", json!({"from": "2025-07-15", "to": "2025-08-14"})),
        ("KT?period=2025-09", "not_met", quarter.clone()),
        ("KT?period=2025-Q3", "not_met", quarter.clone()),
        ("KT?period=2025-10", "not_owed", json!({"from": "2025-09-15", "to": "2025-10-14"})),
    ] {
        let told = progress(&app, query);
        assert_eq!((told["verdict"].as_str(), &told["covers"]), (Some(verdict), &covers), "{query}");
        let asked = u64::from(verdict != "not_owed");
        assert_eq!((&told["coverage"]["expected"], told["count"].as_i64()), (&json!(asked), (asked > 0).then_some(30)));
    }
    let by_period = progress(&app, "KT?by=period");
    let parts = by_period["parts"].as_array().unwrap().iter();
    let counts: Vec<Option<i64>> = parts.map(|part| part["count"].as_i64()).collect();
    assert_eq!(counts, [None, None, Some(30), None, None, None], "the parts add up to the whole: {by_period}");
    assert_eq!((&by_period["count"], &by_period["additive"]), (&json!(30), &json!(true)));
    let trend = app.auditor().get(&format!("{MOVEMENT}/progress/trend")).ok();
    let line = trend["items"].as_array().unwrap().iter().find(|line| line["indicator"] == "KT").unwrap();
    assert_eq!((&line["parts"][2]["value"], &line["parts"][2]["covers"]), (&json!("30"), &quarter), "a cell says it");
    assert_eq!((&line["parts"][1]["verdict"], &line["parts"][1]["covers"]), (&json!("not_owed"), &Value::Null));
}

#[test]
fn who_reports_by_quarter_alone_owes_no_report_in_other_months() {
    let app = third_quarter();
    let expected = |period: &str| {
        let told = app.auditor().get(&format!("{MOVEMENT}/submissions/completeness?period={period}")).ok();
        let missing = told["missing"].as_array().unwrap().iter();
        let missing: Vec<String> = missing.map(|unit| unit["unit"].as_str().unwrap().to_owned()).collect();
        (told["total"]["expected"].as_u64().unwrap(), missing)
    };
    assert_eq!(expected("2025-08"), (2, vec!["phong-vhxh".into()]));
    assert_eq!(expected("2025-09"), (3, vec!["phong-vhxh".into(), "van-phong".into()]));
    let place = |period: &str| format!("{MOVEMENT}/submissions/{period}/van-phong");
    app.head("van-phong").get(&place("2025-08")).problem(404, "not_found");
    assert_eq!(app.head("van-phong").get(&place("2025-09")).ok()["state"], "not_begun");
    let nothing = app.head("van-phong").put(&place("2025-08"), json!({"values": []})).if_none_match_any();
    nothing.problem(422, "content_invalid").finding("", "nothing_owed");
}

#[test]
fn the_form_holds_a_quarter_beside_the_quarter_before() {
    let app = third_quarter();
    app.at("2025-12-20T02:00:00Z");
    let form = app.head("phong-kinh-te").get(&format!("{MOVEMENT}/submissions/2025-12/phong-kinh-te/form")).ok();
    assert_eq!(form["previous_period"], "2025-11");
    let line = form["indicators"].as_array().unwrap().iter().find(|line| line["indicator"] == "KT").unwrap();
    assert_eq!((&line["answers"][0]["previous"]["count"], &line["covers"]["from"]), (&json!(30), &json!("2025-09-15")));
    let template = format!("{MOVEMENT}/submissions/template?period=2025-12&unit=phong-kinh-te");
    assert!(app.head("phong-kinh-te").get(&template).ok().bytes().len() > 1000);
}

/// A report by half-year, with the yearly figure of a stock.
fn by_half(plan: &mut Value) {
    plan["format"] = json!("thidua.plan/2");
    plan["span"] = json!({"from": "2025-01-01", "to": "2026-12-31"});
    (plan["reporting"]["every"], plan["reporting"]["windows"]) = (json!("half"), json!("calendar"));
    plan["groups"][0]["criteria"][2]["period"] = json!("2025-H2");
    let indicator = json!({
        "code": "NTM", "section": "3", "name": {"vi": "Tỷ lệ hộ có nước sạch"}, "kind": "ratio", "direction": "up",
        "numerator": {"vi": "Hộ có nước sạch"}, "denominator": {"vi": "Tổng số hộ"}, "modality": "must",
        "target": {"comparator": ">=", "value": "75", "source": "plan"}, "over_time": "last", "over_units": "sum",
        "reported_by": ["unit:phong-kinh-te"], "every": "year"
    });
    plan["indicators"].as_array_mut().unwrap().push(indicator);
}

#[test]
fn a_yearly_figure_in_a_half_yearly_report_does_not_erase_the_approved_stock() {
    let app = TestApp::start();
    app.emulation_of(by_half);
    app.at("2026-01-05T02:00:00Z");
    let stock = json!({"indicator": "NTM", "state": "reported", "numerator": 80, "denominator": 100});
    reported(&app, "2025-H2", "phong-kinh-te", json!([ratio(9), stock]));
    app.at("2026-07-06T02:00:00Z");
    let place = format!("{MOVEMENT}/submissions/2026-H1/phong-kinh-te");
    let head = app.head("phong-kinh-te");
    let erased = json!({"values": [ratio(9), {"indicator": "NTM", "state": "not_applicable"}]});
    let refused = head.put(&place, erased).if_none_match_any().problem(422, "content_invalid");
    refused.finding("/values/1/indicator", "value_not_owed_now");
    reported(&app, "2026-H1", "phong-kinh-te", json!([ratio(9)]));
    let told = progress(&app, "NTM");
    assert_eq!(
        (&told["value"], &told["verdict"], &told["stale"][0]["period"]),
        (&json!("80.00"), &json!("met"), &json!("2025-H2"))
    );
    assert_eq!(progress(&app, "NTM?period=2026-H1")["verdict"], "not_owed");
    assert_eq!(progress(&app, "NTM?period=2025")["covers"], json!({"from": "2025-01-01", "to": "2025-12-31"}));
}

#[test]
fn how_often_an_indicator_is_reported_stays() {
    let app = third_quarter();
    let mut plan = app.agency().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    plan["indicators"][2]["every"] = json!("half");
    let body = json!({"effective_from": "2025-10-15", "reason": "Điều chỉnh", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    let refused =
        app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).problem(422, "content_invalid");
    refused.finding("/plan/indicators/2/every", "amendment_fixed");
}

#[test]
fn what_cannot_be_read_is_told_where_it_stands() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    by_quarter(&mut plan);
    plan["reporting"]["windows"] = json!({"cutoff_day": "25", "year_end": "12-32"});
    plan["indicators"][2]["every"] = json!("week");
    plan["indicators"][3]["every"] = json!(["2025-Q3", 4]);
    let refused = app.agency().post("/movements", plan).problem(400, "body_invalid");
    let refused = refused
        .finding("/reporting/windows/cutoff_day", "wrong_type")
        .finding("/reporting/windows/year_end", "wrong_type");
    refused.finding("/indicators/2/every", "wrong_type").finding("/indicators/3/every/1", "wrong_type");
}
