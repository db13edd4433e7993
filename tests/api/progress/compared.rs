//! A figure beside those of other days, how it may end, and what units explain where it misses.

use reqwest::Method;
use serde_json::{Value, json};

use super::{ask, told};
use crate::support::{
    Client, TestApp,
    story::{HONG_VAN, Movement, Report, plan},
};

/// The plan of a year later, which continues the movement of Hồng Vân.
fn later_plan() -> Value {
    let mut later = plan(HONG_VAN);
    (later["format"], later["code"]) = (json!("thidua.plan/2"), json!("cchc-2026-h2"));
    (later["span"]["from"], later["span"]["to"]) = (json!("2026-07-01"), json!("2026-12-31"));
    later["continues"] = json!("cchc-2025-h2");
    (later["groups"], later["awards"]) = (json!([]), json!([]));
    later
}

/// So many of so many of thon-1 in two months of 2025, and in one of 2026.
fn two_years(app: &TestApp, changes: impl FnOnce(&mut Value)) -> Movement<'_> {
    let movement = app.hong_van();
    app.at("2025-08-20T02:00:00Z");
    for (period, n) in [("2025-07", 4), ("2025-08", 6)] {
        movement.approved(period, "thon-1", movement.report("thon-1").ratio("CCHC-18", n, 10));
    }
    app.at("2026-07-20T02:00:00Z");
    let mut later = later_plan();
    changes(&mut later);
    let later = app.launched(&later);
    later.approved("2026-07", "thon-1", later.report("thon-1").ratio("CCHC-18", 5, 10));
    later
}

fn comparison(movement: &Movement, query: &str) -> Value {
    told(movement, &format!("/CCHC-18?{query}"))["comparison"].clone()
}

#[test]
fn a_month_is_compared_with_the_month_before() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-08-20T02:00:00Z");
    for (period, n) in [("2025-07", 1), ("2025-08", 2)] {
        movement.approved(period, "thon-1", movement.report("thon-1").ratio("CCHC-18", n, 3));
    }
    let found = comparison(&movement, "period=2025-08");
    let previous = &found["previous"];
    assert_eq!((&found["value"], &previous["value"]), (&json!("66.67"), &json!("33.33")));
    assert_eq!((&previous["difference"], &previous["difference_exact"]), (&json!("33.33"), &json!("100/3")));
    assert_eq!((&previous["tendency"], &previous["percent"]), (&json!("better"), &Value::Null));
    assert_eq!(previous["covers"], json!({"from": "2025-06-15", "to": "2025-07-14"}));
    assert_eq!((&previous["movement"], &previous["reason"]), (&json!("cchc-2025-h2"), &Value::Null));
    let without = |reason: &str, of: &Value| {
        assert_eq!((&of["reason"], &of["difference"], &of["tendency"]), (&json!(reason), &Value::Null, &Value::Null));
    };
    without("no_source", &found["year_before"]);
    assert_eq!(found["year_before"]["covers"], json!({"from": "2024-07-15", "to": "2024-08-14"}));
    without("no_source", &comparison(&movement, "period=2025-07")["previous"]);
    without("no_figure", &comparison(&movement, "period=2025-08&unit=thon-2")["previous"]);
    without("not_begun", &comparison(&movement, "period=2025-12")["previous"]);
    // The whole movement, so far: two months of six.
    let so_far = comparison(&movement, "");
    assert_eq!(so_far["covers"], json!({"from": "2025-06-15", "to": "2025-08-14"}));
    assert_eq!((&so_far["value"], &so_far["previous"]["covers"]["to"]), (&json!("50.00"), &json!("2025-06-14")));
}

#[test]
fn a_year_before_is_in_the_movement_that_the_plan_continues() {
    let app = TestApp::start();
    let later = two_years(&app, |_| ());
    let found = comparison(&later, "period=2026-07");
    let before = &found["year_before"];
    assert_eq!((&before["movement"], &before["value"]), (&json!("cchc-2025-h2"), &json!("40.00")));
    assert_eq!((&before["difference"], &before["tendency"]), (&json!("10.00"), &json!("better")));
    assert_eq!(found["previous"]["reason"], "no_source");
    assert_eq!(comparison(&later, "period=2026-07&unit=thon-2")["year_before"]["reason"], "no_figure");
    // So far one month is over: the year before is that month, not the half-year.
    assert_eq!(comparison(&later, "")["year_before"]["covers"]["to"], "2025-07-14");
    let earlier = comparison(&later, "period=2026-07&as_of=2025-07-01T00:00:00Z");
    assert_eq!(earlier["previous"]["reason"], "not_begun");
    let own = ask(&app.head("thon-2"), &later, "/CCHC-18?period=2026-07");
    assert_eq!(own["comparison"]["year_before"]["value"], Value::Null, "{own}");
}

#[test]
fn what_means_something_else_a_year_later_is_not_compared() {
    let app = TestApp::start();
    let later = two_years(&app, |plan| {
        let indicators = plan["indicators"].as_array_mut().unwrap();
        let one = indicators.iter_mut().find(|one| one["code"] == "CCHC-18").unwrap();
        one["decimals"] = json!(2);
    });
    let before = &comparison(&later, "period=2026-07")["year_before"];
    assert_eq!((&before["reason"], &before["movement"]), (&json!("decimals_differ"), &json!("cchc-2025-h2")));
    assert_eq!((&before["value"], &before["difference"]), (&Value::Null, &Value::Null));
}

#[test]
fn a_base_period_of_the_same_days_is_the_year_before() {
    let app = TestApp::start();
    let later = two_years(&app, |plan| {
        let base = json!({"code": "goc", "starts_on": "2025-06-15", "cutoff_on": "2025-07-14", "role": "base"});
        plan["reporting"]["extra_periods"] = json!([base]);
        let indicators = plan["indicators"].as_array_mut().unwrap();
        let one = indicators.iter_mut().find(|one| one["code"] == "CCHC-18").unwrap();
        one["targets"] = json!([{"value": {"base": "goc", "times": "1.05"}, "source": "plan"}]);
        one["unassigned"] = json!("same");
        one["target"]["value"] = Value::Null;
    });
    // While nobody reported the base, the movement that it continues tells.
    assert_eq!(comparison(&later, "period=2026-07")["year_before"]["value"], "40.00");
    later.approved("goc", "thon-1", Report::of(json!([])).ratio("CCHC-18", 1, 4));
    let before = comparison(&later, "period=2026-07")["year_before"].clone();
    assert_eq!((&before["value"], &before["movement"]), (&json!("25.00"), &json!("cchc-2026-h2")));
    assert_eq!(before["difference_exact"], "25");
}

#[test]
fn a_plan_continues_a_movement_that_there_is() {
    let app = TestApp::start();
    app.at("2026-07-20T02:00:00Z");
    app.organise();
    let unknown = later_plan();
    let refused = app.agency().post("/movements", unknown.clone()).problem(422, "content_invalid");
    refused.finding("/continues", "continues_unknown");
    let report = app.agency().post("/plans/lint", unknown.clone()).ok();
    let found = report["findings"].as_array().unwrap().iter().any(|one| one["code"] == "continues_unknown");
    assert!(found && report["loadable"] == false, "{report}");
    app.elsewhere.loaded(&plan(HONG_VAN));
    app.agency().post("/movements", unknown.clone()).problem(422, "content_invalid");
    let draft = app.loaded(&plan(HONG_VAN));
    let later = app.loaded(&unknown);
    assert_eq!(app.auditor().get(&format!("{}/plan", later.path)).ok()["continues"], "cchc-2025-h2");
    let tag = app.auditor().get(&draft.path).ok().etag();
    app.agency().request(Method::DELETE, &draft.path).if_match(&tag).send().is(204);
    later.act(&app.chair(), "launch").problem(422, "content_invalid").finding("/continues", "continues_unknown");
}

#[test]
fn an_amendment_continues_a_movement_that_there_is() {
    let app = TestApp::start();
    let later = two_years(&app, |_| ());
    let amend = |continues: Value| {
        let mut plan = later_plan();
        plan["continues"] = continues;
        let body = json!({"effective_from": "2026-08-15", "reason": "Theo văn bản của Thành phố", "plan": plan});
        let tag = app.chair().get(&later.path).ok().etag();
        app.chair().post(&format!("{}/plan-versions", later.path), body).if_match(&tag).send()
    };
    let refused = amend(json!("khong-co")).problem(422, "content_invalid");
    refused.finding("/plan/continues", "continues_unknown");
    assert_eq!(comparison(&later, "period=2026-07")["year_before"]["value"], "40.00");
    amend(Value::Null).is(201);
    app.at("2026-09-20T02:00:00Z");
    later.approved("2026-09", "thon-1", later.report("thon-1").ratio("CCHC-18", 5, 10));
    assert_eq!(comparison(&later, "period=2026-09")["year_before"]["reason"], "no_source");
}

#[test]
fn an_outlook_stands_beside_the_verdict_and_changes_nothing() {
    let app = TestApp::start();
    let movement = app.hong_van();
    movement.approved("2025-07", "thon-1", movement.report("thon-1").ratio("CCHC-18", 1, 3));
    let figure = told(&movement, "/CCHC-18?unit=thon-1&period=2025-Q3");
    let outlook = &figure["outlook"];
    assert_eq!((&outlook["likely"], &outlook["rule"]), (&json!("likely_not_met"), &json!("ratio_so_far")));
    assert_eq!((&outlook["reported"], &outlook["expected"]), (&json!(1), &json!(3)));
    // From 15 June to 14 September, asked on 5 August.
    assert_eq!((&outlook["days_elapsed"], &outlook["days"]), (&json!(51), &json!(92)));
    assert_eq!((&figure["verdict"], &outlook["reason"]), (&json!("at_risk"), &Value::Null));
    let stock = told(&movement, "/CCHC-12")["outlook"].clone();
    assert_eq!((&stock["likely"], &stock["reason"]), (&json!("undetermined"), &json!("stock")));
    let over = told(&movement, "/CCHC-18?unit=thon-1&period=2025-07");
    assert_eq!((&over["verdict"], &over["outlook"]["reason"]), (&json!("not_met"), &json!("span_over")));
}

#[test]
fn explanations_of_what_misses_are_gathered_the_newest_first() {
    let app = TestApp::start();
    let movement = app.hong_van();
    app.at("2025-08-20T02:00:00Z");
    let of = |unit: &str, n: i64, why: &str| {
        let said = json!({"state": "reported", "numerator": n, "denominator": 10, "explanation": why});
        movement.report(unit).say("CCHC-18", said)
    };
    movement.approved("2025-07", "thon-1", of("thon-1", 1, "Mất mạng"));
    movement.approved("2025-08", "thon-1", of("thon-1", 2, "Thiếu người"));
    movement.approved("2025-07", "thon-2", of("thon-2", 3, "Dân chưa quen"));
    movement.at("2025-08", "thon-2").draft(&of("thon-2", 3, "Chưa nộp")).is(201);
    let told_by = |query: &str| -> Vec<(String, String, String)> {
        let figure = told(&movement, &format!("/CCHC-18?{query}"));
        let text = |one: &Value, member: &str| one[member].as_str().unwrap().to_owned();
        let list = figure["explanations"].as_array().unwrap().clone();
        list.iter().map(|one| (text(one, "period"), text(one, "unit"), text(one, "explanation"))).collect()
    };
    let row = |period: &str, unit: &str, why: &str| (period.to_owned(), unit.to_owned(), why.to_owned());
    let all = told_by("");
    assert_eq!(all[0], row("2025-08", "thon-1", "Thiếu người"));
    assert_eq!((all.len(), all.contains(&row("2025-07", "thon-2", "Dân chưa quen"))), (3, true));
    assert_eq!(told_by("unit=thon-1&period=2025-07"), [row("2025-07", "thon-1", "Mất mạng")]);
    assert_eq!(told_by("as_of=2025-08-01T00:00:00Z"), []);
    movement.approved("2025-07", "phong-vhxh", movement.report("phong-vhxh"));
    assert_eq!(told_by("unit=phong-vhxh&period=2025-07"), [], "what is met explains nothing");
    let page = told(&movement, "/summary");
    let worst = page["worst"].as_array().unwrap();
    let one = worst.iter().find(|one| one["indicator"] == "CCHC-18").unwrap();
    let own = told(&movement, "/CCHC-18");
    for member in ["comparison", "outlook", "explanations"] {
        assert_eq!(one[member], own[member], "{member}");
    }
}

#[test]
fn a_machine_that_may_not_read_reports_gets_figures_alone() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let said = json!({"state": "reported", "numerator": 1, "denominator": 10, "explanation": "Mất mạng"});
    movement.approved("2025-07", "thon-1", movement.report("thon-1").say("CCHC-18", said));
    let client = |id: &str, scopes: Value| {
        let new = json!({"client_id": id, "name": "Máy", "scopes": scopes});
        let secret = app.admin().post("/clients", new).created()["client_secret"].as_str().unwrap().to_owned();
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        let request = app.anon().request(Method::POST, "/oauth/token");
        let token = request.body("application/x-www-form-urlencoded", form).ok();
        app.anon().bearing(token["access_token"].as_str().unwrap())
    };
    let (figures, reports) = (
        client("doc-so", json!(["progress:read"])),
        client("doc-bao-cao", json!(["progress:read", "submissions:read"])),
    );
    let explained = |who: &Client| ask(who, &movement, "/CCHC-18")["explanations"].as_array().unwrap().len();
    assert_eq!((explained(&figures), explained(&reports)), (0, 1));
    let sources = format!("{}/progress/CCHC-18/sources", movement.path);
    figures.get(&sources).problem(403, "forbidden");
    reports.get(&sources).ok();
}

#[test]
fn a_count_of_which_a_report_is_missing_is_not_compared() {
    let app = TestApp::start();
    let mut counted = plan(HONG_VAN);
    let indicators = counted["indicators"].as_array_mut().unwrap();
    let one = indicators.iter_mut().find(|one| one["code"] == "CCHC-18").unwrap();
    (one["kind"], one["unit"]) = (json!("count"), json!("buổi"));
    one.as_object_mut().unwrap().retain(|member, _| !["numerator", "denominator"].contains(&member.as_str()));
    app.organise();
    let movement = app.launched(&counted);
    app.at("2025-08-20T02:00:00Z");
    let count = |unit: &str, n: i64| movement.report(unit).say("CCHC-18", json!({"state": "reported", "count": n}));
    movement.approved("2025-07", "thon-1", count("thon-1", 4));
    movement.approved("2025-08", "thon-1", count("thon-1", 2));
    let own = comparison(&movement, "period=2025-08&unit=thon-1");
    assert_eq!((&own["previous"]["tendency"], &own["previous"]["percent"]), (&json!("worse"), &json!("-50.00")));
    assert_eq!(own["coverage"], json!({"expected": 1, "reported": 1}));
    let all = comparison(&movement, "period=2025-08");
    let previous = &all["previous"];
    assert_eq!((&previous["reason"], &previous["value"]), (&json!("incomplete"), &json!("4")));
    assert_eq!((&previous["difference"], &previous["tendency"]), (&Value::Null, &Value::Null));
    assert_eq!((&previous["coverage"]["reported"], &all["coverage"]["reported"]), (&json!(1), &json!(1)));
}

#[test]
fn what_is_undecided_is_for_the_agency_those_who_judge_and_the_unit_itself() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let path = |query: &str| format!("{}/progress{query}basis=submitted", movement.path);
    for query in ["?", "/CCHC-18?", "/CCHC-18/sources?", "/trend?", "/summary?"] {
        for who in [app.agency(), app.chair(), app.council_member(), app.auditor(), app.head("thon-1")] {
            who.get(&path(query)).ok();
        }
        for who in [app.admin(), app.city_viewer().of_locality("10210")] {
            who.get(&path(query)).problem(403, "forbidden");
            who.get(&path(query).replace("submitted", "approved")).ok();
        }
        app.head("thon-1").get(&format!("{}&unit=thon-2", path(query))).problem(404, "not_found");
    }
}
