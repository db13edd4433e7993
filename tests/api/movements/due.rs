//! Due instants that move: by an amendment of the plan, or postponed by the agency.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::movements::plan::Plan;

use crate::support::{Answer, MOVEMENT, TestApp, story::Movement};

fn emulation(app: &TestApp) -> Movement<'_> {
    app.emulation();
    Movement { commune: app, path: MOVEMENT.into() }
}

fn plan() -> Value {
    let plan: Plan = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    serde_json::to_value(plan).unwrap()
}

fn amend(app: &TestApp, from: &str, changes: &[(&str, Value)]) -> Answer {
    let mut plan = plan();
    for (member, value) in changes {
        let (above, name) = member.rsplit_once('/').unwrap();
        match plan.pointer_mut(above).unwrap() {
            Value::Array(list) => list[name.parse::<usize>().unwrap()] = value.clone(),
            above => above[name] = value.clone(),
        }
    }
    let body = json!({"effective_from": from, "reason": "Nghỉ Tết Dương lịch", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).send()
}

fn postponed(movement: &Movement, period: &str, to: &str) -> Answer {
    let body = json!({"due_at": to, "reason": "Bão số 10"});
    movement.period_act(&movement.commune.agency(), period, "postpone", body).send()
}

fn dues(app: &TestApp) -> Vec<(String, String)> {
    let periods = app.auditor().get(&format!("{MOVEMENT}/periods")).ok();
    let word = |period: &Value, member: &str| period[member].as_str().unwrap().to_owned();
    periods["items"].as_array().unwrap().iter().map(|one| (word(one, "code"), word(one, "due_at"))).collect()
}

fn due(app: &TestApp, period: &str) -> String {
    dues(app).into_iter().find(|(code, _)| code == period).unwrap().1
}

/// Due by the plan: three working days after the 14th, at 17:00.
const SEPTEMBER: &str = "2025-09-17T10:00:00Z";
const OCTOBER: &str = "2025-10-17T10:00:00Z";

#[rstest]
#[case::more_days("/reporting/due/working_days", json!(5), "2025-10-21T10:00:00Z")]
#[case::fewer_days("/reporting/due/working_days", json!(1), "2025-10-15T10:00:00Z")]
#[case::another_time("/reporting/due/at", json!("11:30"), "2025-10-17T04:30:00Z")]
fn an_amendment_moves_the_due_instants_of_the_periods_that_it_reaches(
    #[case] member: &str,
    #[case] value: Value,
    #[case] october: &str,
) {
    let app = TestApp::start();
    emulation(&app);
    let before = dues(&app);
    assert_eq!((due(&app, "2025-09").as_str(), due(&app, "2025-10").as_str()), (SEPTEMBER, OCTOBER));
    amend(&app, "2025-09-15", &[(member, value)]).is(201);
    assert_eq!(due(&app, "2025-10"), october);
    let after = dues(&app);
    for ((period, before), (_, after)) in before.iter().zip(&after) {
        let reached = period.as_str() >= "2025-10";
        assert_eq!(before != after, reached, "{period}: {before} and {after}");
    }
    let told = app.auditor().get("/events?type=period.due_moved&limit=200").ok();
    let moved = told["items"].as_array().unwrap();
    assert_eq!((moved.len(), &moved[0]["data"]["due_at"]), (3, &json!(october)), "{told}");
    assert_eq!(app.chair().get(MOVEMENT).ok()["deadlines"][3]["at"], october);
}

#[test]
fn an_amendment_makes_working_days_a_day_of_the_month_for_what_is_to_come() {
    let app = TestApp::start();
    emulation(&app);
    let day = json!({"day": 25, "month": "last", "at": "16:00", "moves": "stays"});
    let changes = [("/format", json!("thidua.plan/2")), ("/reporting/due", day)];
    amend(&app, "2025-09-15", &changes).is(201);
    let (october, november) = (due(&app, "2025-10"), due(&app, "2025-11"));
    assert_eq!(due(&app, "2025-09"), SEPTEMBER, "what it does not reach stays due");
    assert_eq!((&*october, &*november), ("2025-10-25T09:00:00Z", "2025-11-25T09:00:00Z"), "the first is a Saturday");
    let told = app.auditor().get(&format!("{MOVEMENT}/plan-versions/diff?from=1&to=2")).ok();
    let changed: Vec<&str> =
        told["changes"].as_array().unwrap().iter().map(|one| one["pointer"].as_str().unwrap()).collect();
    assert!(changed.contains(&"/reporting/due/working_days") && changed.contains(&"/reporting/due/day"), "{told}");
}

#[test]
fn an_amendment_of_something_else_moves_no_due_instant_whatever_became_of_the_calendar() {
    let app = TestApp::start();
    emulation(&app);
    let before = dues(&app);
    let year = json!({"holidays": [{"day": "2025-10-16", "name": "Ngày nghỉ"}], "working_days": []});
    app.admin().put("/calendar/2025", year).if_none_match_any().created();
    amend(&app, "2025-09-15", &[("/indicators/0/target/value", json!("90"))]).is(201);
    assert_eq!(dues(&app), before);
    amend(&app, "2025-09-15", &[("/reporting/due/working_days", json!(4))]).is(201);
    assert_eq!(due(&app, "2025-10"), "2025-10-21T10:00:00Z", "the day off is seen where the rule changes");
}

#[test]
fn what_is_due_already_stays_due() {
    let app = TestApp::start();
    emulation(&app);
    app.at("2025-10-14T12:00:00Z");
    amend(&app, "2025-10-14", &[("/reporting/due/working_days", json!(5))]).is(201);
    assert_eq!((due(&app, "2025-09").as_str(), due(&app, "2025-10").as_str()), (SEPTEMBER, "2025-10-21T10:00:00Z"));
}

/// What an amendment may change, and where it shows from its day on.
#[rstest]
#[case::title("/title/vi", json!("Tên mới"), "", "/title")]
#[case::end("/span/to", json!("2026-01-31"), "", "/to")]
#[case::proposals("/awards/0/propose_before", json!("2025-12-20T00:00:00Z"), "", "/deadlines/6/at")]
#[case::name("/indicators/0/name/vi", json!("Tên rõ hơn"), "/indicators/HS", "/name/vi")]
#[case::target("/indicators/0/target/value", json!("95"), "/progress/HS?period=2025-10", "/target/value")]
#[case::reporters("/indicators/0/reported_by", json!(["unit:phong-vhxh"]), "/indicators/HS", "/reported_by")]
#[case::bounds("/indicators/0/bounds", json!({"from": "1"}), "/indicators/HS", "/bounds")]
#[case::group("/groups/0/name/vi", json!("Phòng, ban"), "/groups", "/items/0/name/vi")]
#[case::quota("/awards/0/quota", json!(9), "/awards", "/items/0/quota")]
fn an_amendment_reaches_what_it_says_it_changes(
    #[case] member: &str,
    #[case] value: Value,
    #[case] path: &str,
    #[case] place: &str,
) {
    let app = TestApp::start();
    emulation(&app);
    let shown = || app.chair().get(&format!("{MOVEMENT}{path}")).ok().json().pointer(place).cloned();
    let before = shown();
    amend(&app, "2025-10-01", &[(member, value.clone())]).is(201);
    app.at("2025-10-20T02:00:00Z");
    assert_eq!(shown(), Some(value));
    assert_ne!(shown(), before);
}

#[test]
fn a_quota_and_an_evidence_rule_amended_bind_what_comes_after() {
    let app = TestApp::start();
    emulation(&app);
    amend(&app, "2025-09-15", &[("/indicators/0/evidence", json!("required")), ("/awards/0/quota", json!(9))]).is(201);
    app.at("2025-10-20T02:00:00Z");
    let head = app.head("phong-kinh-te");
    let value = json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10});
    for (period, status) in [("2025-09", 200), ("2025-10", 422)] {
        let place = format!("{MOVEMENT}/submissions/{period}/phong-kinh-te");
        head.put(&place, json!({"values": [value]})).if_none_match_any().created();
        head.act_on(&place, "submit", json!({})).is(status);
    }
    let ranked =
        app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    assert_eq!(ranked["quota"], 9);
}

#[test]
fn the_agency_postpones_a_due_instant_with_a_reason_that_is_shown() {
    let app = TestApp::start();
    let movement = emulation(&app);
    let shown = movement.period("2025-09");
    assert_eq!((&shown["original_due_at"], &shown["due_reason"]), (&Value::Null, &Value::Null));
    let answer = postponed(&movement, "2025-09", "2025-09-22T10:00:00Z").is(200);
    assert_eq!((&answer["due_at"], &answer["original_due_at"]), (&json!("2025-09-22T10:00:00Z"), &json!(SEPTEMBER)));
    assert_eq!(answer["due_reason"], "Bão số 10");
    assert_eq!(movement.period("2025-09")["due_reason"], "Bão số 10", "every reader sees it");
    let told = app.auditor().get("/events?type=period.due_moved").ok();
    let data = json!({"period": "2025-09", "due_at": "2025-09-22T10:00:00Z", "former_due_at": SEPTEMBER});
    assert_eq!(told["items"][0]["data"], data);
    let record = app.auditor().get("/audit?action=postpone_period").ok();
    assert_eq!(record["items"][0]["reason"], "Bão số 10");
    let again = postponed(&movement, "2025-09", "2025-09-24T10:00:00Z").is(200);
    assert_eq!(again["original_due_at"], SEPTEMBER, "what the plan gives stays known");
}

#[test]
fn what_came_in_between_is_in_time_and_was_late_before() {
    let app = TestApp::start();
    let movement = emulation(&app);
    app.at("2025-09-18T02:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 9, 10);
    app.at("2025-09-23T02:00:00Z");
    app.reported_on("2025-09", "phong-vhxh", 9, 10);
    app.at("2025-09-24T02:00:00Z");
    let late = |query: &str| {
        let listed = app.auditor().get(&format!("{MOVEMENT}/submissions?period=2025-09{query}")).ok();
        let items = listed["items"].as_array().unwrap();
        let late: Vec<String> = items
            .iter()
            .filter(|one| one["late"] == true)
            .map(|one| one["unit"].as_str().unwrap().to_owned())
            .collect();
        let one = format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te?{}", query.trim_start_matches('&'));
        assert_eq!(app.auditor().get(&one).ok()["late"], late.iter().any(|unit| unit == "phong-kinh-te"));
        let counted = app.auditor().get(&format!("{MOVEMENT}/submissions/completeness?period=2025-09{query}")).ok();
        assert_eq!(counted["total"]["late"], late.len(), "{counted}");
        (late.len(), counted["by_period"][0]["due_at"].as_str().unwrap().to_owned())
    };
    assert_eq!(late(""), (2, SEPTEMBER.to_owned()));
    postponed(&movement, "2025-09", "2025-09-22T10:00:00Z").is(200);
    assert_eq!(late(""), (1, "2025-09-22T10:00:00Z".to_owned()));
    assert_eq!(late("&as_of=2025-09-23T12:00:00Z"), (2, SEPTEMBER.to_owned()), "as it was known then");
    app.agency()
        .act_on(&format!("{MOVEMENT}/submissions/2025-09/phong-kinh-te"), "excuse-lateness", json!({"reason": "Bão"}))
        .problem(409, "not_late");
}

#[rstest]
#[case::same("2025-09-10T02:00:00Z", SEPTEMBER, Some("due_not_later"))]
#[case::earlier("2025-09-10T02:00:00Z", "2025-09-16T10:00:00Z", Some("due_not_later"))]
#[case::past("2025-09-10T02:00:00Z", "2025-09-09T10:00:00Z", Some("due_not_later"))]
#[case::later("2025-09-10T02:00:00Z", "2025-09-17T10:00:01Z", None)]
#[case::until_a_year_after_the_movement("2025-09-10T02:00:00Z", "2026-12-31T16:59:59Z", None)]
#[case::beyond_it("2025-09-10T02:00:00Z", "2026-12-31T17:00:00Z", Some("due_too_late"))]
#[case::a_century_off("2025-09-10T02:00:00Z", "2125-09-22T10:00:00Z", Some("due_too_late"))]
#[case::the_last_year_that_is_read("2025-09-10T02:00:00Z", "2199-12-31T10:00:00Z", Some("due_too_late"))]
#[case::later_once_it_has_passed("2025-09-20T02:00:00Z", "2025-09-18T10:00:00Z", None)]
#[case::earlier_once_it_has_passed("2025-09-20T02:00:00Z", "2025-09-17T09:00:00Z", Some("due_not_later"))]
fn a_due_instant_moves_later_alone(#[case] now: &str, #[case] to: &str, #[case] wrong: Option<&str>) {
    let app = TestApp::start();
    let movement = emulation(&app);
    app.at(now);
    let answer = postponed(&movement, "2025-09", to);
    match wrong {
        None => drop(answer.is(200)),
        Some(code) => drop(answer.problem(422, "content_invalid").finding("/due_at", code)),
    }
}

#[test]
fn a_postponement_is_taken_back_as_long_as_nobody_was_late() {
    let app = TestApp::start();
    let movement = emulation(&app);
    postponed(&movement, "2025-09", "2026-09-22T10:00:00Z").is(200);
    let refused = postponed(&movement, "2025-09", "2025-09-17T09:59:59Z").problem(422, "content_invalid");
    refused.finding("/due_at", "due_not_later");
    postponed(&movement, "2025-09", "2025-09-22T10:00:00Z").is(200);
    let back = postponed(&movement, "2025-09", SEPTEMBER).is(200);
    assert_eq!((&back["original_due_at"], &back["due_reason"]), (&Value::Null, &Value::Null));
    postponed(&movement, "2025-09", "2025-09-18T10:00:00Z").is(200);
    app.at("2025-09-18T11:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 9, 10);
    let refused = postponed(&movement, "2025-09", "2025-09-17T12:00:00Z").problem(422, "content_invalid");
    refused.finding("/due_at", "due_relied_on");
    postponed(&movement, "2025-09", "2025-09-19T10:00:00Z").is(200);
}

#[test]
fn a_postponement_is_the_agencys_with_a_reason_while_the_movement_runs() {
    let app = TestApp::start();
    let movement = emulation(&app);
    let body = json!({"due_at": "2025-09-22T10:00:00Z", "reason": "Bão"});
    let path = format!("{MOVEMENT}/periods/2025-09/postpone");
    for who in [app.chair(), app.head("phong-vhxh"), app.admin(), app.auditor()] {
        who.post(&path, body.clone()).if_match("\"1\"").problem(403, "forbidden");
    }
    app.elsewhere.agency().post(&path, body.clone()).if_match("\"1\"").problem(404, "not_found");
    app.agency().post(&path, body.clone()).problem(428, "precondition_required");
    app.agency().post(&path, body.clone()).if_match("\"7\"").problem(412, "precondition_failed");
    let blank = json!({"due_at": "2025-09-22T10:00:00Z", "reason": " "});
    let answer = app.agency().post(&path, blank).if_match("\"1\"").problem(422, "content_invalid");
    answer.finding("/reason", "length_out_of_range");
    let agency = app.agency();
    let done: Vec<u16> = std::thread::scope(|scope| {
        let ask = || agency.post(&path, body.clone()).if_match("\"1\"").send().status();
        let asked: Vec<_> = (0..4).map(|_| scope.spawn(ask)).collect();
        asked.into_iter().map(|asked| asked.join().unwrap()).collect()
    });
    assert_eq!(done.iter().filter(|status| **status == 200).count(), 1, "{done:?}");
    movement.act(&app.chair(), "close").ok();
    let answer = movement.period_act(&app.agency(), "2025-10", "postpone", body);
    assert_eq!(answer.problem(409, "movement_state")["state"], "closed");
}

#[test]
fn an_amendment_shortens_no_postponement() {
    let app = TestApp::start();
    let movement = emulation(&app);
    postponed(&movement, "2025-10", "2025-10-24T10:00:00Z").is(200);
    amend(&app, "2025-09-15", &[("/reporting/due/working_days", json!(5))]).is(201);
    let october = movement.period("2025-10");
    assert_eq!(
        (&october["due_at"], &october["original_due_at"]),
        (&json!("2025-10-24T10:00:00Z"), &json!("2025-10-21T10:00:00Z"))
    );
    amend(&app, "2025-09-15", &[("/reporting/due/working_days", json!(15))]).is(201);
    let october = movement.period("2025-10");
    assert_eq!((&october["due_at"], &october["due_reason"]), (&json!("2025-11-04T10:00:00Z"), &Value::Null));
}
