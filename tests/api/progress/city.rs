//! The city's progress: every locality's figure from totals that are kept, which always are what the reports come to.

use serde_json::{Value, json};
use thidua::{
    db::Memory,
    jobs::Job,
    progress::{FoldTotals, Wrong, check_totals, mend_totals},
};

use crate::support::{
    Answer, Client, Commune, Request, TestApp,
    story::{HONG_VAN, Movement, plan},
    wait,
};

const TEMPLATE: &str = "cchc-2025-h2";

fn ask(who: &Client, query: &str) -> Request {
    who.get(&format!("/city/progress?template={TEMPLATE}{query}"))
}

/// The movement in both localities.
fn both(app: &TestApp) -> [Movement<'_>; 2] {
    let here = app.hong_van();
    app.elsewhere.organise();
    [here, app.elsewhere.launched(&plan(HONG_VAN))]
}

/// The totals are folded, as a worker does every few seconds.
pub fn fold(app: &TestApp) {
    wait(FoldTotals {}.run(app.service())).unwrap();
}

/// How many movements have totals, and what of them is wrong.
pub fn check(app: &TestApp) -> (usize, Vec<Wrong>) {
    let service = app.service();
    let checked = wait(check_totals(&service.db, &Memory::default(), service.clock.now())).unwrap();
    let checked = Vec::from_iter(checked.into_iter().filter_map(|(.., wrong)| wrong));
    (checked.len(), checked.into_iter().flatten().collect())
}

/// What is kept, beside what the revisions come to, over every kind of span.
pub fn agrees(app: &TestApp) {
    let now = app.service().clock.now().to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
    for span in ["", "&period=2025-Q3", "&period=2025-07", "&period=..2025-09", "&period=2025-12", "&period=2025"] {
        let kept = ask(&app.city_viewer(), span).ok();
        let counted = ask(&app.city_viewer(), &format!("{span}&as_of={now}")).ok();
        assert_eq!(kept.json(), counted.json(), "{span}");
    }
}

fn item<'a>(answer: &'a Answer, indicator: &str) -> &'a Value {
    let items = answer["items"].as_array().unwrap();
    items.iter().find(|item| item["indicator"] == indicator).unwrap_or_else(|| panic!("no {indicator}"))
}

/// What a movement says of one ratio, approved.
fn approved(movement: &Movement, period: &str, unit: &str, indicator: &str, (n, d): (i64, i64)) {
    movement.approved(period, unit, movement.report(unit).ratio(indicator, n, d));
}

#[test]
fn localities_are_ranked_by_their_exact_figures() {
    let app = TestApp::start();
    let [here, there] = both(&app);
    approved(&here, "2025-07", "thon-1", "CCHC-18", (99_996, 100_000));
    approved(&there, "2025-07", "thon-1", "CCHC-18", (99_997, 100_000));
    fold(&app);
    let answer = ask(&app.city_viewer(), "&period=2025-07").ok();
    let item = item(&answer, "CCHC-18");
    let cells: Vec<_> = item["parts"].as_array().unwrap().iter().map(|cell| (&cell["part"], &cell["rank"])).collect();
    assert_eq!(cells, [(&json!("10210"), &json!(2)), (&json!("10213"), &json!(1))], "{item}");
    assert_eq!((&item["numerator"], &item["denominator"]), (&json!(199_993), &json!(200_000)));
    assert_eq!(item["value"], "100.00", "of the city, whom no target judges");
    let names: Vec<_> = answer["localities"].as_array().unwrap().iter().map(|one| &one["movement"]).collect();
    assert_eq!(names, ["cchc-2025-h2", "cchc-2025-h2"]);
    agrees(&app);
}

#[test]
fn equal_figures_share_a_place_and_what_is_missing_has_none() {
    let app = TestApp::start();
    let [here, there] = both(&app);
    approved(&here, "2025-07", "thon-1", "CCHC-18", (1, 2));
    approved(&there, "2025-07", "thon-2", "CCHC-18", (50, 100));
    app.at("2025-09-10T02:00:00Z");
    approved(&here, "2025-08", "thon-1", "CCHC-18", (1, 3));
    let ranks = |period: &str| {
        let answer = ask(&app.city_viewer(), &format!("&period={period}&indicator=CCHC-18")).ok();
        let cells = answer["items"][0]["parts"].as_array().unwrap();
        cells.iter().map(|cell| cell["rank"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(ranks("2025-07"), [json!(1), json!(1)]);
    assert_eq!(ranks("2025-08"), [json!(1), Value::Null]);
}

/// An approval is in the figures once it is committed, folded or not; a correction takes the place of what it corrects.
#[test]
fn every_read_sees_what_was_approved_before_it() {
    let app = TestApp::start();
    let [here, _] = both(&app);
    let number = || item(&ask(&app.city_viewer(), "").ok(), "CCHC-18")["parts"][0]["numerator"].clone();
    assert_eq!(number(), Value::Null);
    fold(&app);
    approved(&here, "2025-07", "thon-1", "CCHC-18", (5, 20));
    assert_eq!(number(), 5, "not folded yet");
    fold(&app);
    assert_eq!(number(), 5, "folded");
    assert_eq!(app.count("SELECT 1 FROM approved_changes"), 0);
    let place = here.at("2025-07", "thon-1");
    place.reopen();
    assert_eq!(number(), 5, "reopened, and still what counts");
    place.draft(&here.report("thon-1").ratio("CCHC-18", 7, 20)).is(200);
    place.submit();
    assert_eq!(number(), 5, "corrected, and not approved");
    place.approve();
    assert_eq!(number(), 7, "corrected");
    agrees(&app);
    fold(&app);
    assert_eq!(number(), 7);
    agrees(&app);
}

#[test]
fn a_change_of_units_or_of_the_plan_counts_anew() {
    let app = TestApp::start();
    let [here, there] = both(&app);
    for movement in [&here, &there] {
        approved(movement, "2025-07", "thon-1", "CCHC-18", (5, 20));
        approved(movement, "2025-07", "thon-2", "CCHC-18", (6, 20));
    }
    app.at("2025-09-10T02:00:00Z");
    approved(&here, "2025-08", "thon-1", "CCHC-18", (9, 20));
    fold(&app);
    let into = json!({"into": "thon-1", "on": "2025-10-01"});
    let tag = app.admin().get("/units/thon-2").ok().etag();
    app.admin().post("/units/thon-2/merge", into).if_match(&tag).ok();
    agrees(&app);
    fold(&app);
    agrees(&app);
    app.at("2025-10-16T02:00:00Z");
    approved(&here, "2025-09", "thon-1", "CCHC-18", (8, 20));
    agrees(&app);
    let mut amended = plan(HONG_VAN);
    let target = amended["indicators"].as_array_mut().unwrap().iter_mut().find(|one| one["code"] == "CCHC-18").unwrap();
    target["target"]["value"] = json!("30");
    let tag = app.chair().get(&here.path).ok().etag();
    let amendment = json!({"plan": amended, "effective_from": "2025-11-01", "reason": "Điều chỉnh chỉ tiêu"});
    app.chair().post(&format!("{}/plan-versions", here.path), amendment).if_match(&tag).created();
    agrees(&app);
    fold(&app);
    agrees(&app);
}

#[test]
fn indicators_that_localities_count_differently_are_named_and_not_compared() {
    let app = TestApp::start();
    let here = app.hong_van();
    approved(&here, "2025-07", "thon-1", "CCHC-18", (5, 20));
    let mut other = plan(HONG_VAN);
    let changed = other["indicators"].as_array_mut().unwrap().iter_mut().find(|one| one["code"] == "CCHC-18").unwrap();
    changed["over_time"] = json!("last");
    app.elsewhere.organise();
    app.elsewhere.launched(&other);
    let answer = ask(&app.city_viewer(), "").ok();
    let differs = json!([{"indicator": "CCHC-18", "locality": "10213", "members": ["over_time"]}]);
    assert_eq!(answer["incomparable"], differs);
    let parts = item(&answer, "CCHC-18")["parts"].as_array().unwrap();
    assert_eq!(parts.iter().map(|cell| &cell["part"]).collect::<Vec<_>>(), ["10210"]);
}

#[test]
fn movements_of_another_year_are_neither_added_nor_ranked() {
    let app = TestApp::start();
    let [here, _] = both(&app);
    approved(&here, "2025-07", "thon-1", "CCHC-18", (5, 20));
    let columns = |query: &str| {
        let answer = ask(&app.city_viewer(), query).ok();
        let named = answer["localities"].as_array().unwrap().iter().map(|one| one["movement"].clone());
        (named.collect::<Vec<_>>(), item(&answer, "CCHC-18")["numerator"].clone())
    };
    let mut later = plan(HONG_VAN);
    later["code"] = json!("cchc-2026-h2");
    (later["span"]["from"], later["span"]["to"]) = (json!("2026-07-01"), json!("2026-12-31"));
    (later["template"], later["groups"], later["awards"]) = (json!(TEMPLATE), json!([]), json!([]));
    app.at("2026-05-20T02:00:00Z");
    app.launched(&later);
    let both = json!(["cchc-2025-h2", "cchc-2025-h2"]);
    assert_eq!(json!(columns("")), json!([both, 5]), "the next one has not begun");
    app.at("2026-07-20T02:00:00Z");
    assert_eq!(json!(columns("")), json!([["cchc-2026-h2"], null]));
    assert_eq!(json!(columns("&period=2025-Q3")), json!([both, 5]));
    let before = ask(&app.city_viewer(), "&as_of=2025-01-01T00:00:00Z").ok();
    assert_eq!((&before["localities"], &before["items"]), (&json!([]), &json!([])), "before the launch");
}

#[test]
fn only_the_city_asks() {
    let app = TestApp::start();
    both(&app);
    for who in [app.agency(), app.chair(), app.auditor(), app.reporter("thon-1")] {
        ask(&who, "").problem(403, "forbidden");
    }
    ask(&app.anon(), "").problem(401, "unauthenticated");
    ask(&app.city_admin(), "").ok();
}

#[test]
fn what_does_not_exist_is_said() {
    let app = TestApp::start();
    both(&app);
    let viewer = app.city_viewer();
    viewer.get("/city/progress?template=khong-co").problem(404, "not_found");
    viewer.get("/city/progress").problem(400, "query_invalid");
    ask(&viewer, "&indicator=KHONG-CO").problem(404, "not_found");
    ask(&viewer, "&period=thang-bay").problem(400, "query_invalid");
    ask(&viewer, "&basis=submitted").problem(400, "query_invalid");
    let none = ask(&viewer, "&period=2031-01").ok();
    assert_eq!((&none["localities"], &none["items"]), (&json!([]), &json!([])));
}

/// Approvals of one locality, side by side, while totals are folded and read.
#[test]
fn fifty_approvals_at_once_leave_right_totals() {
    let app = TestApp::start();
    let [here, _] = both(&app);
    let periods = ["2025-07", "2025-08", "2025-09", "2025-10", "2025-11"];
    let of_period = |period| units(here.commune).into_iter().map(move |unit| (period, unit));
    let places: Vec<(&str, String)> = periods.into_iter().flat_map(of_period).collect();
    app.at("2025-11-16T02:00:00Z");
    for (period, unit) in &places {
        let place = here.at(period, unit);
        place.draft(&here.report(unit)).is(201);
        place.submit();
    }
    fold(&app);
    assert!(places.len() >= 50, "{} reports", places.len());
    std::thread::scope(|scope| {
        for (period, unit) in &places {
            let here = &here;
            scope.spawn(move || drop(here.at(period, unit).approve()));
        }
        for _ in 0..10 {
            fold(&app);
            assert_eq!(check(&app).1, [], "in one snapshot");
        }
    });
    assert_eq!(app.count("SELECT 1 FROM submissions WHERE state = 'approved'"), places.len() as i64);
    agrees(&app);
    fold(&app);
    agrees(&app);
    assert_eq!(check(&app), (2, Vec::new()));
}

/// The units that owe a report.
fn units(commune: &Commune) -> Vec<String> {
    let units = commune.auditor().get("/units?limit=200").ok();
    let owing = units["items"].as_array().unwrap().iter().filter(|unit| unit["kind"] != "related");
    owing.map(|unit| unit["code"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn totals_that_were_tampered_with_are_found_and_mended() {
    let app = TestApp::start();
    let [here, _] = both(&app);
    approved(&here, "2025-07", "thon-1", "CCHC-18", (5, 20));
    fold(&app);
    assert_eq!(check(&app).1, []);
    app.sql("UPDATE totals_by_period SET parts = replace(parts, '\"numerator\":5', '\"numerator\":6')");
    assert_eq!(item(&ask(&app.city_viewer(), "").ok(), "CCHC-18")["numerator"], 6, "the totals answer");
    let wrong = check(&app).1;
    let [wrong] = &wrong[..] else { panic!("{wrong:?}") };
    assert_eq!((wrong.period.as_str(), wrong.indicator.as_str()), ("2025-07", "CCHC-18"));
    wait(mend_totals(&app.service().db)).unwrap();
    agrees(&app);
    fold(&app);
    assert_eq!(check(&app).1, []);
}
