//! Scope: the locality, a unit with what lies below it, one's own units; nobody else's.

use serde_json::{Value, json};
use thidua::http::Role;

use super::{ask, told};
use crate::support::{TestApp, story::Movement};

fn numbers(figure: &Value) -> (&Value, &Value) {
    (&figure["numerator"], &figure["denominator"])
}

/// Both hamlets reported July: 1 of 10 and 5 of 20.
fn two_hamlets(app: &TestApp) -> Movement<'_> {
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 1, 10));
    movement.approved("2025-07", "thon-2", movement.report("thon-2").ratio("CCHC-18", 5, 20));
    movement
}

#[test]
fn a_unit_counts_with_what_lies_below_it() {
    let app = TestApp::start();
    let cluster = json!({"name": "Cụm thôn", "kind": "related", "valid_from": "2025-07-01"});
    app.admin().put("/units/cum-thon", cluster).if_none_match_any().created();
    let below = json!({"parent": "cum-thon", "valid_from": "2025-07-01"});
    app.admin().patch("/units/thon-1", below).if_match("*").ok();
    let movement = two_hamlets(&app);
    let figure = |unit: &str| told(&movement, &format!("/CCHC-18?period=2025-07&unit={unit}"));
    let upper = figure("cum-thon");
    assert_eq!((numbers(upper.json()), &upper["coverage"]["expected"]), ((&json!(1), &json!(10)), &json!(1)));
    assert_eq!((&upper["scope"]["unit"], &upper["scope"]["unit_name"]), (&json!("cum-thon"), &json!("Cụm thôn")));
    assert_eq!(numbers(figure("thon-2").json()), (&json!(5), &json!(20)));
    let whole = told(&movement, "/CCHC-18?period=2025-07");
    assert_eq!((numbers(whole.json()), &whole["scope"]["unit"]), ((&json!(6), &json!(30)), &Value::Null));
    assert_eq!(whole["scope"]["units"], json!([]));
}

#[test]
fn units_see_their_own_progress_and_nobody_elses() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    let reporter = app.reporter("thon-1");
    let own = ask(&reporter, &movement, "/CCHC-18?period=2025-07&by=unit");
    assert_eq!((numbers(own.json()), &own["scope"]["unit"]), ((&json!(1), &json!(10)), &json!("thon-1")));
    assert_eq!((own["parts"].as_array().unwrap().len(), &own["coverage"]["expected"]), (1, &json!(1)));
    let all = ask(&reporter, &movement, "?period=2025-07");
    for item in all["items"].as_array().unwrap() {
        let expected = if item["indicator"] == "CCHC-18" { 1 } else { 0 };
        assert_eq!(item["coverage"]["expected"], expected, "{item}");
    }
    for unit in ["thon-2", "phong-vhxh", "thon-9"] {
        reporter.get(&format!("{}/progress?unit={unit}", movement.path)).problem(404, "not_found");
        reporter.get(&format!("{}/progress/CCHC-18?unit={unit}", movement.path)).problem(404, "not_found");
    }
    assert!(!all.text().contains("thon-2"), "{all}");
}

#[test]
fn who_has_several_units_sees_them_together() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    let both = app.account("both", Role::UnitHead, Some("thon-1"));
    app.account("both", Role::Reporter, Some("thon-1"));
    let one = ask(&both, &movement, "/CCHC-18?period=2025-07");
    assert_eq!((&one["scope"]["unit"], &one["scope"]["units"]), (&json!("thon-1"), &json!(["thon-1"])));
    app.account("both", Role::Reporter, Some("thon-2"));
    let two = ask(&both, &movement, "/CCHC-18?period=2025-07");
    assert_eq!((numbers(two.json()), &two["scope"]["unit"]), ((&json!(6), &json!(30)), &Value::Null));
    let mut units = two["scope"]["units"].as_array().unwrap().clone();
    units.sort_by_key(ToString::to_string);
    assert_eq!(units, [json!("thon-1"), json!("thon-2")]);
    // A unit below another of one's own counts with it, and once.
    app.account("both", Role::UnitHead, Some("phong-vhxh"));
    app.account("both", Role::UnitHead, Some("to-so-hoa"));
    let three = ask(&both, &movement, "/CCHC-18?period=2025-07");
    assert_eq!(three["scope"]["units"].as_array().unwrap().len(), 3, "{three}");
}

#[test]
fn readers_of_the_locality_and_of_the_city_see_all() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    let city = app.city_viewer();
    for who in [app.agency(), app.chair(), app.council_member(), app.admin(), city.of_locality("10210")] {
        let figure = ask(&who, &movement, "/CCHC-18?period=2025-07");
        assert_eq!(numbers(figure.json()), (&json!(6), &json!(30)));
        assert_eq!(
            numbers(ask(&who, &movement, "/CCHC-18?period=2025-07&unit=thon-2").json()),
            (&json!(5), &json!(20))
        );
    }
    let path = format!("{}/progress", movement.path);
    city.get(&path).problem(400, "locality_required");
    city.of_locality("10213").get(&path).problem(404, "not_found");
    app.elsewhere.agency().get(&path).problem(404, "not_found");
    app.agency().of_locality("10213").get(&path).problem(404, "not_found");
    app.anon().get(&path).problem(401, "unauthenticated");
}

#[test]
fn two_localities_of_one_plan_never_mix() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    app.elsewhere.organise();
    let other = app.elsewhere.launched(&crate::support::story::plan(crate::support::story::HONG_VAN));
    other.approved("2025-07", "thon-1", other.report("thon-1").ratio("CCHC-18", 7, 70));
    assert_eq!(numbers(told(&other, "/CCHC-18?period=2025-07").json()), (&json!(7), &json!(70)));
    assert_eq!(numbers(told(&movement, "/CCHC-18?period=2025-07").json()), (&json!(6), &json!(30)));
    assert_eq!(numbers(told(&movement, "/CCHC-18?period=2025-07&unit=thon-1").json()), (&json!(1), &json!(10)));
}

#[test]
fn the_flows_of_a_unit_that_ended_stay() {
    let app = TestApp::start();
    let movement = two_hamlets(&app);
    app.admin().patch("/units/thon-1", json!({"valid_to": "2025-08-10"})).if_match("*").ok();
    app.at("2025-10-20T02:00:00Z");
    let quarter = told(&movement, "/CCHC-18?period=2025-Q3&by=unit");
    assert_eq!(numbers(quarter.json()), (&json!(6), &json!(30)));
    let parts = quarter["parts"].as_array().unwrap();
    let ended = parts.iter().find(|part| part["part"] == "thon-1").unwrap();
    assert_eq!(
        (&ended["coverage"]["expected"], &ended["part_name"]),
        (&json!(1), &json!("Thôn 1")),
        "only until it ended"
    );
    let own = told(&movement, "/CCHC-18?period=2025-Q3&unit=thon-1");
    assert_eq!((numbers(own.json()), &own["scope"]["unit"]), ((&json!(1), &json!(10)), &json!("thon-1")));
    assert_eq!(numbers(ask(&app.head("thon-1"), &movement, "/CCHC-18?period=2025-Q3").json()), (&json!(1), &json!(10)));
}

#[test]
fn a_unit_that_moved_counts_where_it_stood_and_its_stock_where_it_stands() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-1", "valid_from": "2025-07-01"})).if_match("*").ok();
    let report = |n| movement.report("hoi-phu-nu").ratio("CCHC-17", n, 10).ratio("CCHC-12", n, 10);
    movement.approved("2025-07", "hoi-phu-nu", report(1));
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-2", "valid_from": "2025-08-01"})).if_match("*").ok();
    movement.approved("2025-08", "hoi-phu-nu", report(2));
    let figure = |indicator: &str, unit: &str| {
        told(&movement, &format!("/{indicator}?period=2025-Q3&unit={unit}"))["numerator"].clone()
    };
    assert_eq!((figure("CCHC-17", "cum-1"), figure("CCHC-17", "cum-2")), (json!(1), json!(2)), "flows");
    assert_eq!((figure("CCHC-12", "cum-1"), figure("CCHC-12", "cum-2")), (Value::Null, json!(2)), "stocks");
    let whole = told(&movement, "/CCHC-12?period=2025-Q3");
    assert_eq!(whole["numerator"], 2);
}

/// What the agency is told of a month for a unit: slots of an indicator, reports expected and received, reports listed.
fn told_of(movement: &Movement, period: &str, unit: &str, as_of: &str) -> [u64; 5] {
    let agency = movement.commune.agency();
    let query = format!("period={period}&unit={unit}{as_of}");
    let coverage = told(movement, &format!("/CCHC-17?{query}"))["coverage"].clone();
    let completeness = agency.get(&format!("{}/submissions/completeness?{query}", movement.path)).ok()["total"].clone();
    let listed = agency.get(&format!("{}/submissions?{query}", movement.path)).ok();
    let number = |of: &Value, member: &str| of[member].as_u64().unwrap();
    [
        number(&coverage, "expected"),
        number(&coverage, "reported"),
        number(&completeness, "expected"),
        number(&completeness, "received"),
        listed["items"].as_array().unwrap().len() as u64,
    ]
}

#[test]
fn a_past_period_is_told_of_the_unit_that_stood_there() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-1", "valid_from": "2025-07-01"})).if_match("*").ok();
    movement.approved("2025-07", "hoi-phu-nu", movement.report("hoi-phu-nu"));
    let unmoved = "&as_of=2025-08-05T12:00:00Z";
    assert_eq!(told_of(&movement, "2025-07", "cum-1", unmoved), [1, 1, 1, 1, 1]);
    app.at("2025-08-06T02:00:00Z");
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-2", "valid_from": "2025-08-01"})).if_match("*").ok();
    movement.approved("2025-08", "hoi-phu-nu", movement.report("hoi-phu-nu"));
    for as_of in ["", "&as_of=2025-08-06T12:00:00Z", unmoved] {
        let later = u64::from(as_of != unmoved);
        for (period, unit, expected) in [
            ("2025-07", "cum-1", [1, 1, 1, 1, 1]),
            ("2025-07", "cum-2", [0; 5]),
            ("2025-08", "cum-1", [0; 5]),
            ("2025-08", "cum-2", [1, later, 1, later, later]),
            ("2025-07", "hoi-phu-nu", [1, 1, 1, 1, 1]),
        ] {
            assert_eq!(told_of(&movement, period, unit, as_of), expected, "{period} {unit} {as_of}");
        }
    }
    let both = app.agency().get(&format!("{}/submissions?unit=cum-2&limit=1", movement.path)).ok();
    assert_eq!((&both["items"][0]["period"], &both["next_cursor"]), (&json!("2025-08"), &Value::Null));
    let missing =
        app.agency().get(&format!("{}/submissions/completeness?period=2025-Q3&unit=cum-1", movement.path)).ok();
    assert_eq!(missing["missing"], json!([]));
}

#[test]
fn what_a_merged_unit_reported_is_told_of_where_it_stood() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    for (unit, cluster) in [("thon-1", "cum-1"), ("thon-2", "cum-2")] {
        let below = json!({"parent": cluster, "valid_from": "2025-07-01"});
        app.admin().patch(&format!("/units/{unit}"), below).if_match("*").ok();
        movement.approved("2025-07", unit, movement.report(unit));
    }
    app.at("2025-08-06T02:00:00Z");
    let merged = app.admin().act_on("/units/thon-1", "merge", json!({"into": "thon-2", "on": "2025-08-01"}));
    merged.is(200);
    let reports = |period: &str, unit: &str| {
        let found = told_of(&movement, period, unit, "");
        (found[2], found[4])
    };
    for unit in ["cum-1", "thon-1", "cum-2", "thon-2"] {
        assert_eq!(reports("2025-07", unit), (1, 1), "{unit}");
    }
    assert_eq!((reports("2025-08", "cum-1"), reports("2025-08", "cum-2")), ((0, 0), (1, 0)));
}

#[test]
fn a_stock_reported_before_a_move_stands_where_its_unit_stands() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-1", "valid_from": "2025-07-01"})).if_match("*").ok();
    let report = movement.report("hoi-phu-nu").ratio("CCHC-12", 3, 10);
    movement.approved("2025-07", "hoi-phu-nu", report);
    app.admin().patch("/units/hoi-phu-nu", json!({"parent": "cum-2", "valid_from": "2025-08-01"})).if_match("*").ok();
    app.at("2025-10-20T02:00:00Z");
    let figure = |unit: &str| told(&movement, &format!("/CCHC-12?period=2025-Q3&unit={unit}&by=unit"));
    let (left, here, whole) = (figure("cum-1"), figure("cum-2"), told(&movement, "/CCHC-12?period=2025-Q3"));
    assert_eq!((&left["verdict"], &left["numerator"]), (&json!("not_owed"), &Value::Null));
    assert_eq!((&here["numerator"], &whole["numerator"]), (&json!(3), &json!(3)));
    assert_eq!((&here["stale"][0]["unit"], &here["stale"][0]["period"]), (&json!("hoi-phu-nu"), &json!("2025-07")));
    assert_eq!(here["parts"][0]["numerator"], 3);
    let slots = |figure: &Value| (figure["coverage"]["expected"].clone(), figure["coverage"]["reported"].clone());
    assert_eq!(slots(left.json()), (json!(1), json!(1)), "coverage stays where the slots stood");
    assert_eq!(slots(here.json()), (json!(2), json!(0)));
    let by_period = told(&movement, "/CCHC-12?period=2025-Q3&unit=cum-1&by=period");
    let verdicts: Vec<&Value> = by_period["parts"].as_array().unwrap().iter().map(|part| &part["verdict"]).collect();
    assert_eq!(verdicts[1..], [&json!("not_owed"), &json!("not_owed")]);
    assert_eq!(by_period["parts"][0]["numerator"], 3, "alone a month is its own last one");
}
