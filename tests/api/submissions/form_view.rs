//! The form of a report: every fault that a draft is refused for, and every one that stops handing it in.

use serde_json::{Value, json};

use crate::support::{
    TestApp,
    story::{EXAMPLE, Report, plan},
};

fn ratio(indicator: &str, numerator: i64, denominator: i64) -> Value {
    json!({"indicator": indicator, "state": "reported", "numerator": numerator, "denominator": denominator})
}

fn field(field: &str, mut value: Value) -> Value {
    value["field"] = json!(field);
    value
}

/// Unit, values, place of the finding, its code.
fn faults() -> Vec<(&'static str, Value, &'static str, &'static str)> {
    let (unit, office) = ("phong-kinh-te", "phong-vhxh");
    let none = |indicator: &str| json!({"indicator": indicator, "state": "none_arose"});
    let level = |level: &str| json!([{"indicator": "CCHC-15", "state": "reported", "level": level}]);
    let rank =
        |rank: i64, of: i64| json!([{"indicator": "CCHC-01", "state": "reported", "rank": rank, "population": of}]);
    let with = |member: &str, given: Value| {
        let mut value = ratio("CCHC-18", 1, 2);
        value[member] = given;
        json!([value])
    };
    let long = "đ".repeat(4001);
    vec![
        (unit, json!([none("CCHC-99")]), "/values/0/indicator", "value_indicator_unknown"),
        (unit, json!([none("CCHC-23")]), "/values/0/indicator", "value_counted_by_itself"),
        (unit, json!([none("CCHC-01")]), "/values/0/indicator", "value_not_owed"),
        (unit, json!([none("CCHC-18"), none("CCHC-18")]), "/values/1", "value_duplicate"),
        (
            unit,
            json!([field("khac", ratio("CCHC-05", 1, 1)), field("khac", ratio("CCHC-05", 1, 1))]),
            "/values/1",
            "value_duplicate",
        ),
        (unit, json!([none("CCHC-05"), field("khac", ratio("CCHC-05", 1, 1))]), "/values/1", "value_answered_whole"),
        (unit, json!([field("khac", ratio("CCHC-05", 1, 1)), none("CCHC-05")]), "/values/1", "value_answered_whole"),
        (unit, json!([field("y-te", ratio("CCHC-05", 1, 1))]), "/values/0/field", "value_field_unknown"),
        (unit, json!([field("", ratio("CCHC-05", 1, 1))]), "/values/0/field", "value_field_unknown"),
        (unit, json!([field("khac", ratio("CCHC-18", 1, 1))]), "/values/0/field", "value_field_unknown"),
        (unit, json!([ratio("CCHC-05", 1, 1)]), "/values/0/field", "value_field_needed"),
        (
            unit,
            json!([{"indicator": "CCHC-18", "state": "reported", "numerator": 1}]),
            "/values/0/denominator",
            "value_member_missing",
        ),
        (unit, with("count", json!(3)), "/values/0/count", "value_member_unexpected"),
        (unit, with("value", json!("3")), "/values/0/value", "value_member_unexpected"),
        (unit, with("state", json!("none_arose")), "/values/0/numerator", "value_member_unexpected"),
        (unit, with("state", json!("absent")), "/values/0/denominator", "value_member_unexpected"),
        (unit, json!([ratio("CCHC-18", -1, 2)]), "/values/0/numerator", "number_out_of_range"),
        (unit, json!([ratio("CCHC-18", 1, 1 << 53)]), "/values/0/denominator", "number_out_of_range"),
        (unit, json!([ratio("CCHC-18", 0, 0)]), "/values/0/denominator", "denominator_zero"),
        (unit, json!([ratio("CCHC-18", 3, 2)]), "/values/0/numerator", "numerator_above"),
        (unit, level("half_done"), "/values/0/level", "level_unknown"),
        (office, rank(0, 126), "/values/0/rank", "number_out_of_range"),
        (office, rank(127, 126), "/values/0/rank", "rank_above"),
        (
            unit,
            json!([{"indicator": "CCHC-18", "state": "none_arose", "estimated": true}]),
            "/values/0/estimated",
            "value_not_estimable",
        ),
        (unit, with("explanation", json!(long)), "/values/0/explanation", "length_out_of_range"),
        (
            unit,
            with("evidence", json!(["0197f3a0-0000-7000-8000-000000000000"])),
            "/values/0/evidence/0",
            "evidence_unknown",
        ),
    ]
}

#[test]
fn every_fault_of_a_draft_is_told_at_its_place_and_nothing_is_stored() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for (unit, values, pointer, code) in faults() {
        let refused = movement.at("2025-07", unit).draft(&Report::of(values));
        refused.problem(422, "content_invalid").finding(pointer, code);
    }
    assert_eq!(app.count("SELECT 1 FROM submissions"), 0);
}

#[test]
fn texts_keep_to_their_lengths() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = movement.report("thon-1");
    let place = movement.at("2025-07", "thon-1");
    let long = report.clone().with("narrative", json!("đ".repeat(20_001)));
    place.draft(&long).problem(422, "content_invalid").finding("/narrative", "length_out_of_range");
    for (member, text) in [("reason", " "), ("source", ""), ("reason", &"đ".repeat(4001))] {
        let mut on_behalf = json!({"reason": "Thôn chưa có máy", "source": "Điện thoại"});
        on_behalf[member] = json!(text);
        let refused = place.put(&app.agency(), &report.clone().with("on_behalf", on_behalf)).send();
        refused.problem(422, "content_invalid").finding(&format!("/on_behalf/{member}"), "length_out_of_range");
    }
    place.draft(&report.with("narrative", json!("đ".repeat(20_000)))).is(201);
}

#[test]
fn all_faults_of_a_draft_are_told_at_once() {
    let app = TestApp::start();
    let values = json!([ratio("CCHC-18", 3, 2), ratio("CCHC-18", 1, 1), {"indicator": "CCHC-99", "state": "absent"}]);
    let report = Report::of(values).with("secret", json!(true)).with("narrative", json!("đ".repeat(20_001)));
    let refused = app.hong_van().at("2025-07", "thon-1").draft(&report).problem(422, "content_invalid");
    let told: Vec<_> = refused["errors"].as_array().unwrap().iter().map(|f| f["pointer"].as_str().unwrap()).collect();
    assert_eq!(told, ["/secret", "/narrative", "/values/0/numerator", "/values/1", "/values/2/indicator"]);
}

#[test]
fn the_bounds_themselves_are_taken() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let most = (1i64 << 53) - 1;
    let report = movement.report("phong-vhxh").ratio("CCHC-18", most, most).ratio("CCHC-12", 0, 1);
    let report = report
        .say("CCHC-01", json!({"state": "reported", "rank": 126, "population": 126, "explanation": "đ".repeat(4000)}));
    let index = json!({"state": "reported", "value": "999999999999999.12345678", "explanation": "Công văn 1"});
    let place = movement.at("2025-07", "phong-vhxh");
    place.draft(&report.say("CCHC-02", index)).is(201);
    let submitted = place.submit();
    assert!(submitted["values"].to_string().contains("999999999999999.12345678"), "{submitted}");
    let frozen = app.auditor().get(&format!("{}/revisions/1", place.path)).ok();
    assert!(frozen["values"].to_string().contains("999999999999999.12345678"), "{frozen}");
    assert!(frozen["values"].to_string().contains(&most.to_string()), "{frozen}");
}

#[test]
fn everything_that_stops_a_submit_is_told_at_once() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let report = movement
        .report("van-phong")
        .without("CCHC-03")
        .without("CCHC-05/tnmt")
        .say("CCHC-04", json!({"state": "absent"}))
        .say("CCHC-06", json!({"state": "absent", "explanation": " \n "}))
        .say("CCHC-19", json!({"state": "reported", "numerator": 12, "denominator": 20}))
        .say("CCHC-22", json!({"state": "reported", "level": "done"}));
    let place = movement.at("2025-07", "van-phong");
    let drafted = place.draft(&report).is(201);
    let at = |code: &str| {
        let values = drafted["values"].as_array().unwrap();
        format!("/values/{}/explanation", values.iter().position(|value| value["indicator"] == code).unwrap())
    };
    let submit = place.act(&app.head("van-phong"), "submit", json!({})).lang("en");
    let refused = submit.problem(422, "content_invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 6, "{refused}");
    let refused = refused
        .finding(&at("CCHC-04"), "absence_unexplained")
        .finding(&at("CCHC-06"), "absence_unexplained")
        .finding(&at("CCHC-19"), "miss_unexplained")
        .finding(&at("CCHC-22"), "evidence_missing")
        .finding("/values", "value_missing");
    let messages = refused["errors"].to_string();
    assert!(messages.contains("CCHC-03") && messages.contains("tnmt"), "{messages}");
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 0);
    assert_eq!((place.etag().as_str(), &place.get()["state"]), ("\"1\"", &json!("draft")));
}

#[test]
fn one_answer_for_all_fields_is_enough() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for (unit, state) in [("phong-kinh-te", "none_arose"), ("phong-vhxh", "not_applicable"), ("ttpvhcc", "absent")] {
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit).without("CCHC-05").state("CCHC-05", state)).is(201);
        place.submit();
    }
}

#[test]
fn a_count_of_many_units_is_not_held_against_the_target_of_all() {
    let app = TestApp::start();
    let movement = app.example();
    let place = movement.at("2026-Q1", "tt-vhtt-tt");
    let words = json!({"state": "reported", "count": 3, "explanation": "Sổ theo dõi"});
    place.draft(&movement.report("tt-vhtt-tt").say("CDS-03", words)).is(201);
    place.submit();
    let mut plan = plan(EXAMPLE);
    (plan["code"], plan["indicators"][2]["evidence"]) = (json!("khac"), json!("optional"));
    let other = app.elsewhere.launched(&plan);
    let place = other.at("2026-Q1", "tt-vhtt-tt");
    place.draft(&other.report("tt-vhtt-tt").say("CDS-03", json!({"state": "reported", "count": 3}))).is(201);
    place.submit();
}

/// Where the fields are judged as one pool, the pool is what misses, and one explanation serves.
#[test]
fn a_pool_of_fields_is_explained_once() {
    let app = TestApp::start();
    app.organise();
    let mut plan = plan(crate::support::story::HONG_VAN);
    plan["indicators"][4]["fields_judged"] = json!("pooled");
    plan["indicators"][4]["target"]["value"] = json!("90");
    let movement = app.launched(&plan);
    let place = movement.at("2025-09", "phong-kinh-te");
    let plain = |report: Report, field: &str, n: i64| {
        report.say(&format!("CCHC-05/{field}"), json!({"state": "reported", "numerator": n, "denominator": 10}))
    };
    let met = plain(plain(movement.report("phong-kinh-te"), "tnmt", 8), "khac", 10);
    place.draft(&met).is(201);
    place.submit();
    place.send_back();
    let missed = plain(met.clone(), "khdt", 8);
    place.draft(&missed).is(200);
    let refused = place.act(&app.head("phong-kinh-te"), "submit", json!({})).problem(422, "content_invalid");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 1, "{refused}");
    place.draft(&missed.ratio("CCHC-05/tnmt", 8, 10)).is(200);
    place.submit();
}
