//! The sources of a figure add up to it, whatever became of the reports, and lead down to the evidence.

use serde_json::{Value, json};

use super::{ask, told};
use crate::support::{MOVEMENT, Part, TestApp, pdf, story::Movement};

/// All sources, page by page.
fn sources(movement: &Movement, indicator: &str, query: &str) -> Vec<Value> {
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = told(movement, &format!("/{indicator}/sources?limit=7{query}{cursor}"));
        found.extend(page["items"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return found,
        }
    }
}

fn sum(sources: &[Value], member: &str) -> i64 {
    let values = sources.iter().flat_map(|source| source["values"].as_array().unwrap());
    values.filter_map(|value| value[member].as_i64()).sum()
}

fn places(sources: &[Value], fits: impl Fn(&Value) -> bool) -> Vec<(String, String)> {
    let text = |source: &Value, member: &str| source[member].as_str().unwrap().to_owned();
    sources.iter().filter(|one| fits(one)).map(|one| (text(one, "unit"), text(one, "period"))).collect()
}

/// Numbers, coverage, what is missing and what is stale are those of the figure.
fn adds_up(movement: &Movement, indicator: &str, query: &str) -> Vec<Value> {
    let figure = told(movement, &format!("/{indicator}?{}", query.trim_start_matches('&')));
    let found = sources(movement, indicator, query);
    for member in ["numerator", "denominator", "count"] {
        assert_eq!(sum(&found, member), figure[member].as_i64().unwrap_or(0), "{member} of {indicator}{query}");
    }
    let count = |fits: &dyn Fn(&Value) -> bool| found.iter().filter(|one| one["covered"] == true && fits(one)).count();
    assert_eq!(count(&|_| true), figure["coverage"]["expected"], "{query}");
    assert_eq!(count(&|one| one["complete"] == true), figure["coverage"]["reported"], "{query}");
    for member in ["approved", "late"] {
        assert_eq!(count(&|one| one["complete"] == true && one[member] == true), figure["coverage"][member], "{query}");
    }
    let listed = |list: &Value, pairs: &dyn Fn(&Value) -> Vec<(String, String)>| {
        let mut listed: Vec<_> = list.as_array().unwrap().iter().flat_map(pairs).collect();
        listed.sort();
        listed
    };
    let pair = |unit: &Value, period: &Value| (unit.as_str().unwrap().to_owned(), period.as_str().unwrap().to_owned());
    let missing = listed(&figure["coverage"]["missing"], &|one| {
        one["periods"].as_array().unwrap().iter().map(|period| pair(&one["unit"], period)).collect()
    });
    let mut absent = places(&found, |one| one["covered"] == true && one["complete"] == false);
    absent.sort();
    assert_eq!(absent, missing, "{query}");
    let mut stale = places(&found, |one| one["stale"] == true);
    stale.sort();
    assert_eq!(stale, listed(&figure["stale"], &|one| vec![pair(&one["unit"], &one["period"])]), "{query}");
    found
}

#[test]
fn a_source_leads_to_the_report_its_evidence_and_who_answers_for_it() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let document = app.head("thon-1").upload(&place.path, &[Part::file("a.pdf", pdf("1"))]).created();
    let said = json!({"state": "reported", "numerator": 3, "denominator": 10, "explanation": "Ít hồ sơ trực tuyến",
                      "evidence": [document["id"]]});
    movement.approved("2025-07", "thon-1", movement.report("thon-1").say("CCHC-18", said));
    let found = adds_up(&movement, "CCHC-18", "&unit=thon-1&period=2025-Q3");
    assert_eq!(found.len(), 3);
    let report = place.get();
    let source = &found[0];
    for member in ["submitted_by", "approved_by", "period", "unit", "unit_name", "revision"] {
        assert_eq!(source[member], report[member], "{member}");
    }
    assert_eq!((&source["submitted_at"], &source["late"]), (&report["first_submitted_at"], &json!(false)));
    assert!(source["approved_at"].is_string() && source["approved"] == true, "{source}");
    assert_eq!(source["evidence"], json!([document.json()]));
    assert_eq!(source["values"][0]["explanation"], "Ít hồ sơ trực tuyến");
    let path = source["submission"].as_str().unwrap().trim_start_matches("/api/v1");
    assert_eq!(app.auditor().get(path).ok()["unit"], "thon-1");
    let missing = &found[1];
    assert_eq!((&missing["state"], &missing["revision"]), (&json!("missing"), &Value::Null));
    assert_eq!((&missing["submission"], &missing["values"]), (&Value::Null, &json!([])));
}

#[test]
fn sources_add_up_after_a_return_a_correction_and_as_of_before() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let of = |n| movement.report("thon-1").ratio("CCHC-18", n, 10);
    movement.approved("2025-07", "thon-2", movement.report("thon-2").ratio("CCHC-18", 5, 20));
    let place = movement.at("2025-07", "thon-1");
    place.draft(&of(1)).is(201);
    place.submit();
    adds_up(&movement, "CCHC-18", "&period=2025-07");
    let waiting = adds_up(&movement, "CCHC-18", "&period=2025-07&basis=submitted");
    let own = |found: &[Value]| found.iter().find(|one| one["unit"] == "thon-1").unwrap().clone();
    assert_eq!((&own(&waiting)["approved"], &own(&waiting)["approved_by"]), (&json!(false), &Value::Null));
    place.send_back();
    let returned = adds_up(&movement, "CCHC-18", "&period=2025-07&basis=submitted");
    assert_eq!(own(&returned)["state"], "missing");
    place.draft(&of(2)).is(200);
    place.submit();
    place.approve();
    assert_eq!(own(&adds_up(&movement, "CCHC-18", "&period=2025-07"))["revision"], 2);
    app.at("2025-08-20T02:00:00Z");
    place.reopen();
    place.draft(&of(4)).is(200);
    place.submit();
    assert_eq!(own(&adds_up(&movement, "CCHC-18", "&period=2025-07"))["revision"], 2);
    place.approve();
    assert_eq!(own(&adds_up(&movement, "CCHC-18", "&period=2025-07"))["revision"], 3);
    let before = adds_up(&movement, "CCHC-18", "&period=2025-07&as_of=2025-08-15T00:00:00Z");
    assert_eq!((&own(&before)["revision"], &own(&before)["values"][0]["numerator"]), (&json!(2), &json!(2)));
    adds_up(&movement, "CCHC-18", "&period=2025-Q3");
    adds_up(&movement, "CCHC-05", "");
}

#[test]
fn sources_add_up_over_moves_and_mergers_and_name_the_stock_that_counts() {
    let app = TestApp::start();
    let movement = app.hong_van();
    ["cum-1", "cum-2"].iter().for_each(|cluster| app.cluster(cluster));
    let under = |unit: &str, parent: &str, from: &str| {
        let below = json!({"parent": parent, "valid_from": from});
        app.admin().patch(&format!("/units/{unit}"), below).if_match("*").ok();
    };
    under("hoi-phu-nu", "cum-1", "2025-07-01");
    under("thon-1", "cum-1", "2025-07-01");
    let report = |n| movement.report("hoi-phu-nu").ratio("CCHC-17", n, 10).ratio("CCHC-12", n, 10);
    movement.approved("2025-07", "hoi-phu-nu", report(3));
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 1, 10));
    under("hoi-phu-nu", "cum-2", "2025-08-01");
    app.at("2025-08-06T02:00:00Z");
    app.admin().act_on("/units/thon-1", "merge", json!({"into": "thon-2", "on": "2025-08-01"})).is(200);
    let state_of = |found: &[Value], period: &str| {
        found.iter().find(|one| one["period"] == period).map(|one| one["state"].clone()).unwrap_or_default()
    };
    let before = adds_up(&movement, "CCHC-12", "&period=2025-Q3&unit=cum-1");
    assert_eq!(state_of(&before, "2025-07"), "elsewhere");
    let now = adds_up(&movement, "CCHC-12", "&period=2025-Q3&unit=cum-2");
    assert_eq!((state_of(&now, "2025-07"), &now[0]["covered"]), (json!("counted"), &json!(false)));
    movement.approved("2025-08", "hoi-phu-nu", report(2));
    let newer = adds_up(&movement, "CCHC-12", "&period=2025-Q3&unit=cum-2");
    assert_eq!((state_of(&newer, "2025-07"), state_of(&newer, "2025-08")), (json!("superseded"), json!("counted")));
    assert_eq!((&newer[0]["values"], &newer[0]["others"][0]["numerator"]), (&json!([]), &json!(3)));
    for unit in ["", "&unit=cum-1", "&unit=cum-2", "&unit=thon-2"] {
        for indicator in ["CCHC-12", "CCHC-17", "CCHC-18"] {
            adds_up(&movement, indicator, &format!("&period=2025-Q3{unit}"));
        }
    }
}

#[test]
fn a_count_of_initiatives_is_made_of_them() {
    let app = TestApp::start();
    app.emulation();
    for (title, owners) in [
        ("Trả kết quả tại nhà", json!([{"unit": "phong-kinh-te"}, {"unit": "phong-vhxh"}])),
        ("Một cửa lưu động", json!([{"unit": "thon-1"}])),
    ] {
        let idea = json!({"title": title, "summary": "Tóm tắt", "owners": owners});
        let made = app.agency().post(&format!("{MOVEMENT}/initiatives"), idea).created();
        app.agency_2().act_on(made.header("location").unwrap(), "recognise", json!({"level": "commune"})).is(200);
    }
    let told = |query: &str| app.auditor().get(&format!("{MOVEMENT}/progress/{query}")).ok();
    for (query, count) in [("", 2), ("?unit=phong-vhxh", 1), ("?unit=thon-2", 0)] {
        let found = told(&format!("SK/sources{query}"))["items"].as_array().unwrap().clone();
        assert_eq!((found.len() as i64, sum(&found, "count")), (count, count), "{query}");
        assert_eq!(told(&format!("SK{query}"))["count"], count);
    }
    let joint = told("SK/sources?unit=phong-vhxh")["items"][0].clone();
    let owners: Vec<&Value> =
        joint["initiative"]["owners"].as_array().unwrap().iter().map(|one| &one["code"]).collect();
    assert_eq!(
        (&joint["initiative"]["title"], owners),
        (&json!("Trả kết quả tại nhà"), vec![&json!("phong-kinh-te"), &json!("phong-vhxh")])
    );
    let first = told("SK/sources?limit=1");
    let next = told(&format!("SK/sources?limit=1&cursor={}", first["next_cursor"].as_str().unwrap()));
    assert_ne!(first["items"][0]["initiative"]["id"], next["items"][0]["initiative"]["id"]);
    assert_eq!(next["next_cursor"], Value::Null);
}

#[test]
fn sources_are_as_far_in_reach_as_the_figure() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    movement.approved("2025-07", "thon-2", movement.report("thon-2"));
    let head = app.head("thon-1");
    let own = ask(&head, &movement, "/CCHC-18/sources?period=2025-07");
    assert_eq!(own["items"].as_array().unwrap().len(), 1);
    assert!(!own.text().contains("thon-2"), "{own}");
    let path = format!("{}/progress", movement.path);
    head.get(&format!("{path}/CCHC-18/sources?unit=thon-2")).problem(404, "not_found");
    head.get(&format!("{path}/CCHC-99/sources")).problem(404, "not_found");
    app.elsewhere.agency().get(&format!("{path}/CCHC-18/sources")).problem(404, "not_found");
    for (query, at, code) in [("limit=0", "/limit", "limit_out_of_range"), ("cursor=00", "/cursor", "cursor_invalid")] {
        let wrong = app.auditor().get(&format!("{path}/CCHC-18/sources?{query}"));
        wrong.problem(400, "query_invalid").finding(at, code);
    }
    let outside = told(&movement, "/CCHC-18/sources?period=2024-07");
    assert_eq!((&outside["items"], &outside["next_cursor"]), (&json!([]), &Value::Null));
}

#[test]
fn sources_take_as_many_statements_however_much_was_reported() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1"));
    let count = || {
        app.somebody("Trần Văn An", None);
        app.statements(|| told(&movement, "/CCHC-18/sources")).len()
    };
    count();
    let few = count();
    for unit in ["thon-2", "mat-tran", "van-phong"] {
        movement.approved("2025-07", unit, movement.report(unit));
    }
    println!("statements: {few}");
    assert_eq!((few, true), (count(), few <= 12));
}

#[test]
fn the_sources_of_a_figure_add_up_to_it_while_reports_are_approved() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-08-20T02:00:00Z");
    let listed = app.auditor().get("/units?limit=200").ok();
    let owing = listed["items"].as_array().unwrap().iter().filter(|unit| unit["kind"] != "related");
    let units: Vec<String> = owing.map(|unit| unit["code"].as_str().unwrap().to_owned()).collect();
    for unit in &units {
        let place = movement.at("2025-08", unit);
        place.draft(&movement.report(unit).ratio("CCHC-18", 3, 10)).is(201);
        place.submit();
    }
    let (chair, path) = (app.chair(), format!("{}/progress/CCHC-18/sources?period=2025-08&limit=100", movement.path));
    let approved = || {
        let page = chair.get(&path).ok();
        let items = page["items"].as_array().unwrap();
        let approved = items.iter().filter(|one| one["approved"] == true).count() as i64;
        assert_eq!(sum(items, "numerator"), 3 * approved, "each with what it says, or not at all");
        approved
    };
    let mut seen = 0;
    std::thread::scope(|scope| {
        for unit in &units {
            let movement = &movement;
            scope.spawn(move || movement.at("2025-08", unit).approve().is(200));
        }
        for _ in 0..20 {
            let now = approved();
            assert!(now >= seen, "{now} after {seen}");
            seen = now;
        }
    });
    adds_up(&movement, "CCHC-18", "&period=2025-08");
    assert_eq!(approved(), units.len() as i64);
}
