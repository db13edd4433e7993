//! Amendments: a new version of the plan, from a day on; what has passed is judged by what was in force then.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::movements::plan::Plan;

use crate::support::{Answer, MOVEMENT, TestApp};

/// As the service writes it, with every member.
fn plan() -> Value {
    let plan: Plan = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    serde_json::to_value(plan).unwrap()
}

/// The plan with another target for its figure on dossiers.
fn with_target(value: &str) -> Value {
    let mut plan = plan();
    plan["indicators"][0]["target"]["value"] = json!(value);
    plan
}

fn amend(app: &TestApp, from: &str, plan: Value) -> Answer {
    let body = json!({"effective_from": from, "reason": "Theo văn bản của Thành phố", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).send()
}

fn progress(app: &TestApp, query: &str) -> Answer {
    app.chair().get(&format!("{MOVEMENT}/progress/HS?{query}")).ok()
}

#[test]
fn each_period_is_judged_by_the_version_in_force_on_its_cut_off_day() {
    let app = TestApp::start();
    app.emulation();
    amend(&app, "2025-09-15", with_target("90")).is(201);
    app.at("2025-10-16T02:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 85, 100);
    app.reported_on("2025-10", "phong-kinh-te", 85, 100);
    let (september, october) = (progress(&app, "period=2025-09"), progress(&app, "period=2025-10"));
    assert_eq!((&september["plan_version"], &september["verdict"]), (&json!(1), &json!("met")));
    assert_eq!((&october["plan_version"], &october["verdict"]), (&json!(2), &json!("not_met")));
    let whole = progress(&app, "by=period");
    assert_eq!(
        (&whole["plan_version"], &whole["value"], &whole["target"]["value"]),
        (&json!(2), &json!("85.00"), &json!("90"))
    );
    let targets: Vec<&Value> = whole["targets"].as_array().unwrap().iter().map(|aim| &aim["value"]).collect();
    assert_eq!(targets, ["80", "90"], "a span over two targets lists both");
    let parts = whole["parts"].as_array().unwrap();
    let of = |code: &str| parts.iter().find(|part| part["part"] == code).unwrap()["verdict"].clone();
    assert_eq!((of("2025-09"), of("2025-10")), (json!("met"), json!("not_met")));
}

#[test]
fn an_indicator_added_is_owed_from_then_on_and_one_dropped_no_longer() {
    let app = TestApp::start();
    app.emulation();
    let mut next = plan();
    next["indicators"][0]["code"] = json!("HS-MOI");
    amend(&app, "2025-09-15", next).is(201);
    let owed = |app: &TestApp| {
        let listed = app.chair().get(&format!("{MOVEMENT}/indicators?unit=phong-kinh-te")).ok();
        listed["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["code"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(owed(&app), ["HS"], "the version before is in force until its last day");
    app.at("2025-10-16T02:00:00Z");
    assert_eq!(owed(&app), ["HS-MOI"]);
    let value = |code: &str| json!({"secret": false, "values": [{"indicator": code, "state": "none_arose"}]});
    let head = app.head("phong-kinh-te");
    let put = |period: &str, code: &str| {
        head.put(&format!("{MOVEMENT}/submissions/{period}/phong-kinh-te"), value(code)).if_none_match_any().send()
    };
    put("2025-10", "HS").problem(422, "content_invalid").finding("/values/0/indicator", "value_indicator_unknown");
    put("2025-09", "HS-MOI").problem(422, "content_invalid").finding("/values/0/indicator", "value_indicator_unknown");
    put("2025-10", "HS-MOI").is(201);
    put("2025-09", "HS").is(201);
    let report = app.chair().get(&format!("{MOVEMENT}/progress")).ok();
    let codes: Vec<&Value> = report["items"].as_array().unwrap().iter().map(|item| &item["indicator"]).collect();
    assert_eq!(codes, ["HS-MOI", "SK", "HS"], "what an earlier period had is not dropped from the whole");
    let expected = |code: &str| progress_of(&app, code)["coverage"]["expected"].clone();
    assert_eq!((expected("HS"), expected("HS-MOI")), (json!(6), json!(6)), "two units: three months each");
}

fn progress_of(app: &TestApp, code: &str) -> Answer {
    app.chair().get(&format!("{MOVEMENT}/progress/{code}")).ok()
}

#[rstest]
#[case::kind("/indicators/0/kind", json!("count"), "/plan/indicators/0/kind")]
#[case::over_time("/indicators/0/over_time", json!("last"), "/plan/indicators/0/over_time")]
#[case::direction("/indicators/0/direction", json!("down"), "/plan/indicators/0/direction")]
#[case::fields("/indicators/0/fields", json!([{"code": "khac"}]), "/plan/indicators/0/fields")]
#[case::code("/code", json!("khac"), "/plan/code")]
#[case::windows("/reporting/windows", json!("calendar"), "/plan/reporting/windows")]
#[case::first_day("/span/from", json!("2025-06-01"), "/plan/span/from")]
#[case::criterion("/groups/0/criteria/1/max", json!("50"), "/plan/groups/0/criteria/1/max")]
#[case::criterion_gone("/groups/0/criteria", json!([]), "/plan/groups/0/criteria")]
#[case::group_renamed("/groups/1/code", json!("phong-moi"), "/plan/groups")]
fn what_was_reported_and_scored_keeps_its_meaning(#[case] member: &str, #[case] value: Value, #[case] pointer: &str) {
    let app = TestApp::start();
    app.emulation();
    let mut next = plan();
    let (above, name) = member.rsplit_once('/').unwrap();
    next.pointer_mut(above).unwrap()[name] = value;
    amend(&app, "2025-09-15", next).problem(422, "content_invalid").finding(pointer, "amendment_fixed");
    assert_eq!(app.count("SELECT 1 FROM plan_versions WHERE version > 1"), 0);
}

#[test]
fn no_indicator_comes_to_bear_the_name_of_another() {
    let app = TestApp::start();
    app.emulation();
    let mut next = plan();
    let names = [0, 1].map(|at| next["indicators"][at]["name"].clone());
    next["indicators"][0]["name"] = names[1].clone();
    next["indicators"][1]["name"] = names[0].clone();
    let refused = amend(&app, "2025-09-15", next.clone()).problem(422, "content_invalid");
    refused.finding("/plan/indicators/0/name/vi", "amendment_takes_name");
    next["indicators"][0]["name"] = json!({"vi": "Tên rõ hơn"});
    next["indicators"][1]["name"] = json!({"vi": "Tên rõ hơn nữa"});
    amend(&app, "2025-09-15", next).is(201);
}

#[test]
fn a_version_reaches_neither_back_nor_beyond_nor_before_the_last() {
    let app = TestApp::start();
    app.emulation();
    let refused = |from: &str, code: &str| {
        amend(&app, from, with_target("90")).problem(422, "content_invalid").finding("/effective_from", code);
    };
    refused("2025-08-14", "amendment_reaches_back");
    refused("2026-01-01", "amendment_after_span");
    amend(&app, "2025-08-15", with_target("90")).is(201);
    amend(&app, "2025-11-01", with_target("95")).is(201);
    refused("2025-10-31", "amendment_before_last");
    let mut wrong = plan();
    wrong["indicators"][0]["target"]["value"] = json!("nhiều");
    wrong["indicators"][0]["reported_by"] = json!(["unit:khong-co"]);
    wrong["span"]["to"] = json!("2025-11-30");
    let answer = amend(&app, "2025-11-02", wrong).problem(422, "content_invalid");
    let answer = answer.finding("/plan/span/to", "amendment_shortens");
    answer.finding("/plan/indicators/0/reported_by/0", "unit_unknown");
    assert_eq!(app.count("SELECT 1 FROM plan_versions"), 3);
}

#[test]
fn a_later_end_adds_periods_and_leaves_those_that_stand() {
    let app = TestApp::start();
    app.emulation();
    let periods = || app.chair().get(&format!("{MOVEMENT}/periods")).ok()["items"].as_array().unwrap().clone();
    let before = periods();
    let mut longer = plan();
    longer["span"]["to"] = json!("2026-02-28");
    amend(&app, "2025-09-15", longer).is(201);
    let after = periods();
    assert_eq!(after[..before.len()], before[..]);
    let added: Vec<&Value> = after[before.len()..].iter().map(|period| &period["code"]).collect();
    assert_eq!(added, ["2026-01", "2026-02"]);
}

#[test]
fn a_code_that_was_dropped_comes_back_with_its_meaning() {
    let app = TestApp::start();
    app.emulation();
    let mut without = plan();
    without["indicators"].as_array_mut().unwrap().remove(0);
    amend(&app, "2025-09-15", without).is(201);
    let mut other = plan();
    other["indicators"][0]["direction"] = json!("down");
    let answer = amend(&app, "2025-09-15", other).problem(422, "content_invalid");
    answer.finding("/plan/indicators/0/direction", "amendment_fixed");
    amend(&app, "2025-09-15", plan()).is(201);
}

#[test]
fn no_day_is_reported_twice_when_the_span_grows() {
    let app = TestApp::start();
    let mut first = plan();
    first["reporting"]["extra_periods"] =
        json!([{"code": "cuoi", "starts_on": "2025-12-15", "cutoff_on": "2025-12-31"}]);
    app.agency().post("/movements", first.clone()).created();
    app.chair().act_on(MOVEMENT, "launch", json!({})).is(200);
    let mut longer = first.clone();
    longer["span"]["to"] = json!("2026-01-31");
    amend(&app, "2025-09-15", longer).problem(422, "content_invalid").finding("/plan/span/to", "amendment_overlaps");
    let mut other = first;
    other["reporting"]["extra_periods"][0]["code"] = json!("khac");
    let answer = amend(&app, "2025-09-15", other).problem(422, "content_invalid");
    answer.finding("/plan/reporting/extra_periods", "amendment_fixed");
}

#[test]
fn what_would_count_twice_on_a_later_cut_off_is_refused() {
    let app = TestApp::start();
    app.emulation();
    let team = json!({"name": "Tổ", "kind": "related", "parent": "phong-kinh-te", "valid_from": "2025-07-01"});
    app.admin().put("/units/to-moi", team).if_none_match_any().created();
    app.admin().patch("/units/to-moi", json!({"kind": "division", "valid_from": "2025-12-01"})).if_match("\"1\"").ok();
    let mut next = plan();
    next["indicators"][0]["reported_by"] = json!(["division"]);
    let answer = amend(&app, "2025-09-15", next).problem(422, "content_invalid");
    answer.finding("/plan/indicators/0/reported_by", "counted_twice");
}

#[test]
fn a_plan_is_replaced_whole_before_the_launch() {
    let app = TestApp::start();
    app.agency().post("/movements", plan()).created();
    let mut other = plan();
    other["indicators"][0]["over_time"] = json!("last");
    other["span"]["from"] = json!("2025-06-01");
    amend(&app, "2025-06-15", other.clone())
        .problem(422, "content_invalid")
        .finding("/effective_from", "amendment_of_draft");
    let made = amend(&app, "2025-06-01", other.clone()).is(201);
    assert_eq!((&made["version"], &made["in_force"]), (&json!(2), &json!(false)));
    assert_eq!(app.chair().get(&format!("{MOVEMENT}/plan")).ok().json(), &other);
    app.chair().act_on(MOVEMENT, "launch", json!({})).is(200);
    assert_eq!(app.chair().get(MOVEMENT).ok()["plan_version"], 2);
    let first = app.chair().get(&format!("{MOVEMENT}/periods")).ok();
    assert_eq!(first["items"][0]["code"], "2025-06", "the periods are those of the newest version");
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    amend(&app, "2025-12-30", other).problem(409, "movement_state");
}

#[test]
fn only_the_chair_amends_and_of_ten_at_once_one_does() {
    let app = TestApp::start();
    app.emulation();
    let path = format!("{MOVEMENT}/plan-versions");
    let body = json!({"effective_from": "2025-09-15", "reason": "Điều chỉnh", "plan": with_target("90")});
    app.agency().post(&path, body.clone()).if_match("\"2\"").problem(403, "forbidden");
    app.chair().post(&path, body.clone()).problem(428, "precondition_required");
    app.chair().post(&path, body.clone()).if_match("\"1\"").problem(412, "precondition_failed");
    let mut blank = body.clone();
    blank["reason"] = json!(" ");
    app.chair()
        .post(&path, blank)
        .if_match("\"2\"")
        .problem(422, "content_invalid")
        .finding("/reason", "length_out_of_range");
    let chair = app.chair();
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let ask = || chair.post(&path, body.clone()).if_match("\"2\"").send().status();
        let asked: Vec<_> = (0..10).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    let count = |status: u16| statuses.iter().filter(|answered| **answered == status).count();
    assert_eq!((count(201), count(412)), (1, 9), "{statuses:?}");
    assert_eq!(app.count("SELECT 1 FROM plan_versions"), 2);
}

#[test]
fn versions_are_listed_read_and_compared_by_the_codes_of_their_items() {
    let app = TestApp::start();
    app.emulation();
    let mut next = with_target("90");
    next["indicators"].as_array_mut().unwrap().reverse();
    next["awards"][0]["quota"] = json!(7);
    let made = amend(&app, "2025-09-15", next.clone()).is(201);
    let place = made.header("location").unwrap().strip_prefix("/api/v1").unwrap().to_owned();
    assert_eq!(place, format!("{MOVEMENT}/plan-versions/2"));
    assert_eq!(app.reporter("thon-1").get(&place).ok()["plan"], next);
    let listed = app.chair().get(&format!("{MOVEMENT}/plan-versions")).ok();
    let in_force: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|one| &one["in_force"]).collect();
    assert_eq!(in_force, [true, false], "until the 15th the first is");
    let diff = app.chair().get(&format!("{MOVEMENT}/plan-versions/diff?from=1&to=2")).ok();
    let expected = json!([
        {"pointer": "/awards/tap-the/quota", "from": 1, "to": 7},
        {"pointer": "/indicators/HS/target/value", "from": "80", "to": "90"}
    ]);
    assert_eq!(diff["changes"], expected, "the order of a list is no difference");
    app.chair().get(&format!("{MOVEMENT}/plan-versions/diff?from=1&to=3")).problem(404, "not_found");
    app.chair().get(&format!("{MOVEMENT}/plan-versions/3")).problem(404, "not_found");
    app.chair().get(&format!("{MOVEMENT}/plan?version=3")).problem(404, "not_found");
    assert_eq!(app.chair().get(&format!("{MOVEMENT}/plan?version=1")).ok().json(), &plan());
}

#[test]
fn what_was_handed_in_for_a_coming_cutoff_is_not_amended_away() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-20T02:00:00Z");
    app.reported_on("2025-10", "phong-kinh-te", 90, 100);
    let mut next = plan();
    next["indicators"][0]["reported_by"] = json!(["unit:phong-vhxh"]);
    let refused = amend(&app, "2025-09-21", next.clone()).problem(422, "content_invalid");
    refused.finding("", "report_stranded");
    amend(&app, "2025-10-15", next).is(201);
    assert_eq!(app.chair().get(&format!("{MOVEMENT}/progress/HS?period=2025-10")).ok()["numerator"], 90);
}

#[test]
fn what_was_known_before_an_amendment_is_told_again_by_the_plan_of_then() {
    let app = TestApp::start();
    app.emulation();
    app.at("2025-09-16T02:00:00Z");
    app.reported_on("2025-10", "phong-kinh-te", 70, 100);
    app.at("2025-09-20T02:00:00Z");
    let mut next = plan();
    next["indicators"][0]["target"]["value"] = json!("60");
    next["span"]["to"] = json!("2026-03-31");
    amend(&app, "2025-09-25", next).is(201);
    app.at("2025-10-20T02:00:00Z");
    let figure = |as_of: &str| {
        let figure = app.chair().get(&format!("{MOVEMENT}/progress/HS?period=2025-10&as_of={as_of}")).ok();
        (figure["plan_version"].clone(), figure["verdict"].clone())
    };
    assert_eq!(figure("2025-09-19T02:00:00Z").0, 1);
    assert_eq!(figure("2025-10-20T02:00:00Z").0, 2);
    let parts = app.chair().get(&format!("{MOVEMENT}/progress/HS?by=period")).ok();
    let parts = parts["parts"].as_array().unwrap().clone();
    let of = |period: &str| parts.iter().find(|part| part["part"] == period).unwrap()["plan_version"].clone();
    assert_eq!((of("2025-09"), of("2025-10")), (json!(1), json!(2)), "each part by the plan of its cut-off");
    let periods = |as_of: &str| {
        let told = app.chair().get(&format!("{MOVEMENT}/submissions/completeness?as_of={as_of}")).ok();
        told["by_period"].as_array().unwrap().len()
    };
    assert_eq!(periods("2025-10-20T02:00:00Z") - periods("2025-09-19T02:00:00Z"), 3);
    let preview = |as_of: &str| {
        let body = json!({"mode": "preview", "as_of": as_of});
        app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), body).created()["plan_version"].clone()
    };
    assert_eq!((preview("2025-09-19T02:00:00Z"), preview("2025-10-20T02:00:00Z")), (json!(1), json!(2)));
}

#[test]
fn periods_that_a_late_extension_adds_begin_with_it_and_are_due_after_it() {
    let app = TestApp::start();
    app.emulation();
    app.at("2026-06-20T02:00:00Z");
    let mut next = plan();
    next["span"]["to"] = json!("2026-12-31");
    amend(&app, "2026-05-20", next).is(201);
    let periods = app.chair().get(&format!("{MOVEMENT}/periods")).ok();
    let added: Vec<_> =
        periods["items"].as_array().unwrap().iter().filter(|p| p["code"].as_str() > Some("2025-12")).collect();
    assert_eq!((added.len(), &added[0]["code"]), (7, &json!("2026-06")));
    assert!(added.iter().all(|period| period["due_at"].as_str() > Some("2026-06-20")), "{added:?}");
}
