//! The five units of «How a figure is made», each figure as worked by hand there.

use serde_json::{Value, json};

use crate::support::{Answer, TestApp};

const MOVEMENT: &str = "/movements/nam-don-vi";

fn target(value: &str) -> Value {
    json!({"comparator": ">=", "value": value, "source": "plan"})
}

fn indicator(code: &str, members: Value) -> Value {
    let mut indicator = json!({
        "code": code, "section": "1", "name": {"vi": format!("Chỉ tiêu {code}")}, "direction": "up",
        "modality": "strive", "over_time": "sum", "over_units": "sum", "reported_by": ["ban"],
    });
    indicator.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    indicator
}

fn plan() -> Value {
    let mut plan: Value = serde_json::from_str(include_str!("../../../plans/imihigo-ngoma.json")).unwrap();
    plan["code"] = json!("nam-don-vi");
    plan["template"] = json!("nam-don-vi");
    plan["span"] = json!({"from": "2026-01-01", "to": "2026-03-31"});
    plan["unit_kinds"] = json!([
        {"code": "khoi", "name": {"vi": "Khối"}}, {"code": "ban", "name": {"vi": "Ban"}}]);
    plan["reporting"]["every"] = json!("month");
    plan["groups"][0]["kinds"] = json!(["ban"]);
    plan["groups"][0]["criteria"] = json!([{
        "code": "cham-diem", "kind": "assessed", "source": "proposed", "points_source": "proposed", "max": "100",
        "text": {"vi": "Hội đồng chấm"}, "from": "appraisal"}]);
    plan["indicators"] = json!([
        indicator(
            "DUNG-HAN",
            json!({
                "kind": "ratio", "unit": "percent", "target": target("85"),
                "numerator": {"vi": "Hồ sơ đúng hạn"}, "denominator": {"vi": "Hồ sơ đã giải quyết"},
            })
        ),
        indicator("DANG-KY", json!({"kind": "count", "unit": "người", "over_time": "last", "target": target("200")})),
        indicator(
            "TAP-HUAN",
            json!({
                "kind": "count", "unit": "người", "target": target("60"), "unassigned": "none",
                "targets": [{"unit": "uc", "value": "20", "source": "plan"}],
            })
        ),
    ]);
    plan
}

fn unit(app: &TestApp, code: &str, kind: &str, parent: Option<&str>) {
    let unit = json!({"name": code.to_uppercase(), "kind": kind, "parent": parent, "valid_from": "2025-07-01"});
    app.admin().put(&format!("/units/{code}"), unit).if_none_match_any().created();
}

fn reports(app: &TestApp, period: &str, unit: &str, (n, d): (i64, i64), registered: Option<i64>, trained: i64) {
    let said = |code: &str, members: Value| {
        let mut value = json!({"indicator": code, "state": "reported", "explanation": "Theo số liệu thực tế"});
        value.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        value
    };
    let stock = match registered {
        Some(count) => said("DANG-KY", json!({"count": count})),
        None => json!({"indicator": "DANG-KY", "state": "absent", "explanation": "Chưa có số liệu"}),
    };
    let values = json!([
        said("DUNG-HAN", json!({"numerator": n, "denominator": d})),
        stock,
        said("TAP-HUAN", json!({"count": trained}))
    ]);
    let place = format!("{MOVEMENT}/submissions/{period}/{unit}");
    let head = app.head(unit);
    let drafted = head.put(&place, json!({"secret": false, "values": values})).if_none_match_any().created();
    let submitted = head.post(&format!("{place}/submit"), json!({})).if_match(&drafted.etag()).ok();
    app.agency().post(&format!("{place}/approve"), json!({})).if_match(&submitted.etag()).ok();
}

/// The quarter as the page tells it.
fn told() -> TestApp {
    let app = TestApp::start();
    app.at("2026-01-02T02:00:00Z");
    for (code, kind, parent) in [
        ("ua", "khoi", None),
        ("ub", "khoi", Some("ua")),
        ("uc", "ban", Some("ua")),
        ("ud", "ban", Some("ub")),
        ("ue", "ban", Some("ub")),
    ] {
        unit(&app, code, kind, parent);
    }
    let made = app.agency().post("/movements", plan()).created();
    app.chair().post(&format!("{MOVEMENT}/launch"), json!({})).if_match(&made.etag()).ok();
    app.at("2026-03-02T02:00:00Z");
    reports(&app, "2026-01", "ud", (8, 10), Some(100), 7);
    reports(&app, "2026-01", "ue", (9, 10), Some(50), 9);
    reports(&app, "2026-01", "uc", (18, 20), Some(30), 5);
    reports(&app, "2026-02", "ud", (10, 10), Some(110), 8);
    reports(&app, "2026-02", "ue", (7, 10), Some(60), 10);
    app.admin().act_on("/units/ud", "merge", json!({"into": "ue", "on": "2026-03-01"})).is(200);
    let tag = app.admin().get("/units/uc").ok().etag();
    app.admin().patch("/units/uc", json!({"parent": "ub", "valid_from": "2026-03-01"})).if_match(&tag).ok();
    let mut amended = plan();
    amended["indicators"][0]["target"] = target("90");
    let tag = app.chair().get(MOVEMENT).ok().etag();
    let amendment = json!({"plan": amended, "effective_from": "2026-03-03", "reason": "Nâng chỉ tiêu"});
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), amendment).if_match(&tag).created();
    app.at("2026-04-02T02:00:00Z");
    reports(&app, "2026-03", "ue", (18, 20), Some(175), 11);
    reports(&app, "2026-03", "uc", (19, 20), None, 6);
    app
}

fn figure(app: &TestApp, query: &str) -> Answer {
    app.auditor().get(&format!("{MOVEMENT}/progress/{query}")).ok()
}

fn ratio(figure: &Answer) -> (Value, Value, Value) {
    (figure["numerator"].clone(), figure["denominator"].clone(), figure["value"].clone())
}

#[test]
fn flows_are_counted_where_their_units_stood() {
    let app = told();
    let whole = figure(&app, "DUNG-HAN?by=unit");
    assert_eq!(ratio(&whole), (json!(89), json!(100), json!("89.00")));
    assert_eq!((&whole["verdict"], &whole["missing_to_target"]), (&json!("not_met"), &json!(1)));
    let targets: Vec<&Value> = whole["targets"].as_array().unwrap().iter().map(|target| &target["value"]).collect();
    assert_eq!(targets, ["85", "90"]);
    let coverage = &whole["coverage"];
    assert_eq!((&coverage["expected"], &coverage["reported"]), (&json!(8), &json!(7)));
    assert_eq!(coverage["missing"], json!([{"unit": "uc", "unit_name": "UC", "periods": ["2026-02"]}]));
    let parts: Vec<_> = whole["parts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["part"], &one["numerator"], &one["denominator"]))
        .collect();
    let (c, d, e) = (json!("uc"), json!("ud"), json!("ue"));
    assert_eq!(parts, [(&c, &json!(37), &json!(40)), (&d, &json!(18), &json!(20)), (&e, &json!(34), &json!(40))]);
    assert_eq!(ratio(&figure(&app, "DUNG-HAN?unit=ub")), (json!(71), json!(80), json!("88.75")));
    assert_eq!(ratio(&figure(&app, "DUNG-HAN?unit=ua")), (json!(89), json!(100), json!("89.00")));
    let before = figure(&app, "DUNG-HAN?period=..2026-02");
    assert_eq!(ratio(&before), (json!(52), json!(60), json!("86.67")));
    assert_eq!(before["verdict"], "met");
}

#[test]
fn stocks_stand_where_their_units_stand_in_the_end() {
    let app = told();
    let of = |query: &str| figure(&app, &format!("DANG-KY{query}"));
    let february = of("?period=..2026-02");
    assert_eq!((&february["count"], &february["stale"][0]["unit"]), (&json!(200), &json!("uc")));
    let march = of("");
    assert_eq!(march["count"], 205);
    assert_eq!(march["stale"], json!([{"unit": "uc", "unit_name": "UC", "period": "2026-01"}]));
    assert_eq!(of("?unit=ub")["count"], 205);
    assert_eq!(of("?unit=ub&period=..2026-02")["count"], 170);
}

#[test]
fn a_unit_is_held_against_its_own_target() {
    let app = told();
    let whole = figure(&app, "TAP-HUAN?by=unit");
    assert_eq!((&whole["count"], &whole["missing_to_target"]), (&json!(56), &json!(4)));
    let parts = whole["parts"].as_array().unwrap();
    let told: Vec<_> = parts.iter().map(|one| (&one["count"], &one["missing_to_target"], &one["verdict"])).collect();
    assert_eq!(told[0], (&json!(11), &json!(9), &json!("not_met")), "C");
    assert_eq!(told[1], (&json!(15), &Value::Null, &json!("not_evaluable")), "D");
    assert_eq!(told[2], (&json!(30), &Value::Null, &json!("not_evaluable")), "E");
}

#[test]
fn a_unit_above_others_that_report_does_not_report_too() {
    let app = TestApp::start();
    app.at("2026-01-02T02:00:00Z");
    for (code, kind, parent) in [("ub", "khoi", None), ("uc", "ban", None), ("ud", "ban", Some("ub"))] {
        unit(&app, code, kind, parent);
    }
    let mut twice = plan();
    twice["indicators"][0]["reported_by"] = json!(["ban", "unit:ub"]);
    let made = app.agency().post("/movements", twice).created();
    let refused = app.chair().post(&format!("{MOVEMENT}/launch"), json!({})).if_match(&made.etag()).send();
    assert_eq!(refused.status(), 422, "{}", refused.json());
    assert!(
        refused["errors"].as_array().unwrap().iter().any(|one| one["params"].to_string().contains("ub")),
        "{}",
        refused.json()
    );
}

#[test]
fn the_city_reads_the_same_figures() {
    let app = told();
    super::city::fold(&app);
    let answer = app.city_viewer().get("/city/progress?template=nam-don-vi").ok();
    for item in answer["items"].as_array().unwrap() {
        let own = figure(&app, item["indicator"].as_str().unwrap());
        let cell = &item["parts"][0];
        assert_eq!(cell["numerator"], own["numerator"]);
        assert_eq!((&cell["value"], &cell["verdict"]), (&own["value"], &own["verdict"]));
        assert_eq!(cell["missing_to_target"], own["missing_to_target"]);
        assert_eq!(cell["expected"], own["coverage"]["expected"]);
        assert_eq!(cell["reported"], own["coverage"]["reported"]);
    }
    let counted = app.city_viewer().get("/city/progress?template=nam-don-vi&as_of=2026-04-02T02:00:00Z").ok();
    assert_eq!(answer.json(), counted.json());
}
