//! Figures that cannot be, figures that deserve a second look, and reports of a period that is not over.

use serde_json::{Value, json};

use crate::support::{
    Answer, Client, TestApp,
    story::{HONG_VAN, Report, plan},
};

/// The plan of Hồng Vân with other members for one indicator.
fn with(code: &str, members: Value) -> Value {
    let mut plan = plan(HONG_VAN);
    let indicators = plan["indicators"].as_array_mut().unwrap();
    let indicator = indicators.iter_mut().find(|indicator| indicator["code"] == code).unwrap();
    indicator.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    plan
}

fn launched<'a>(app: &'a TestApp, plan: &Value) -> crate::support::story::Movement<'a> {
    app.at("2025-08-05T02:00:00Z");
    app.organise();
    app.launched(plan)
}

fn warned(answer: &Answer) -> Vec<(String, String)> {
    let word = |finding: &Value, member: &str| finding[member].as_str().unwrap().to_owned();
    let warnings = answer["warnings"].as_array().unwrap();
    warnings.iter().map(|finding| (word(finding, "code"), word(finding, "message"))).collect()
}

/// The unit that reports an indicator.
fn reporter_of(code: &str) -> String {
    let plan = plan(HONG_VAN);
    let indicators = plan["indicators"].as_array().unwrap();
    let found = indicators.iter().find(|indicator| indicator["code"] == code).unwrap();
    found["reported_by"][0].as_str().unwrap().strip_prefix("unit:").unwrap().to_owned()
}

#[test]
fn what_the_plan_bounds_is_refused_outside_with_the_bounds() {
    let app = TestApp::start();
    let movement = launched(&app, &with("CCHC-02", json!({"bounds": {"from": "0", "to": "100"}})));
    let unit = reporter_of("CCHC-02");
    let place = movement.at("2025-07", &unit);
    for (figure, taken) in [("912.5", false), ("-5", false), ("100.01", false), ("100", true), ("91.25", true)] {
        let report = movement.report(&unit).say("CCHC-02", json!({"state": "reported", "value": figure}));
        let answer = place.put(&app.reporter(&unit), &report).lang("en").send();
        if taken {
            assert!(answer.status() < 300, "{answer}");
        } else {
            let answer = answer.problem(422, "content_invalid");
            let message = answer["errors"][0]["message"].as_str().unwrap();
            assert_eq!(answer["errors"][0]["code"], "figure_out_of_bounds");
            assert!(message.contains("≥ 0, ≤ 100") && message.contains(figure), "{message}");
        }
    }
}

#[test]
fn a_percentage_beyond_its_ends_is_warned_of_and_taken() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let unit = reporter_of("CCHC-02");
    let place = movement.at("2025-07", &unit);
    let said = json!({"state": "reported", "value": "912.5", "explanation": "Công văn số 12"});
    let drafted = place.draft(&movement.report(&unit).say("CCHC-02", said)).is(201);
    assert_eq!(warned(&drafted)[0].0, "percent_unlikely");
    let submit = |query: &str| {
        let head: Client = app.head(&unit);
        head.post(&format!("{}/submit{query}", place.path), json!({})).if_match(&place.etag()).lang("en").ok()
    };
    let tried = submit("?dry_run=true");
    let (code, message) = warned(&tried).remove(0);
    assert!(code == "percent_unlikely" && message.contains("912.5") && message.contains("CCHC-02"), "{message}");
    assert_eq!(warned(&submit("")).len(), 1);
}

#[test]
fn a_jump_from_the_last_figure_needs_words() {
    let app = TestApp::start();
    let movement = launched(&app, &with("CCHC-18", json!({"jump_warning": "2"})));
    app.at("2025-10-20T02:00:00Z");
    let report = |numerator: i64| {
        let members = json!({"state": "reported", "numerator": numerator, "denominator": 100});
        movement.report("thon-1").say("CCHC-18", members)
    };
    movement.approved("2025-07", "thon-1", report(100));
    let place = movement.at("2025-08", "thon-1");
    // It misses its target as well, so that the words are due twice over.
    let drafted = place.draft(&report(40)).is(201);
    assert_eq!(warned(&drafted)[0].0, "figure_jumps");
    let refused = place.act(&app.head("thon-1"), "submit", json!({})).problem(422, "content_invalid");
    let codes: Vec<&Value> = refused["errors"].as_array().unwrap().iter().map(|error| &error["code"]).collect();
    assert!(codes.contains(&&json!("jump_unexplained")), "{refused}");
    place.draft(&report(40).ratio("CCHC-18", 40, 100)).is(200);
    let submitted = place.submit();
    assert_eq!((&submitted["state"], warned(&submitted)[0].0.as_str()), (&json!("submitted"), "figure_jumps"));
    let rows = |numerator: i64| {
        json!([{"period": "2025-09", "unit": "thon-1", "indicator": "CCHC-18", "state": "reported",
                "numerator": numerator, "denominator": 100}])
    };
    movement.at("2025-09", "thon-1").draft(&report(100)).is(201);
    let import = format!("{}/submissions/import?submit=true", movement.path);
    let answer = app.head("thon-1").post(&import, rows(100)).ok();
    assert_eq!(
        (&answer["submitted"], &answer["incomplete"][0]["findings"][0]["code"]),
        (&json!(0), &json!("jump_unexplained"))
    );
}

#[test]
fn a_final_report_waits_for_the_end_of_its_last_day() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (head, unit) = (app.head("thon-1"), "thon-1");
    let path = movement.at("2025-08", unit).path;
    let put = |report: Report, tag: Option<&str>| {
        let put = head.put(&path, report.0);
        tag.map_or_else(|| put.clone().if_none_match_any(), |tag| put.clone().if_match(tag)).send()
    };
    let drafted = put(movement.report(unit), None).is(201);
    app.at("2025-08-14T16:59:59Z");
    let submit = |tag: &str| head.post(&format!("{path}/submit"), json!({})).if_match(tag);
    let refused = submit(&drafted.etag()).problem(422, "content_invalid");
    refused.finding("/values/0/estimated", "period_not_over");
    let mut estimates = movement.report(unit);
    estimates.0["values"].as_array_mut().unwrap().iter_mut().for_each(|value| value["estimated"] = json!(true));
    let estimated = put(estimates, Some(&drafted.etag())).is(200);
    submit(&estimated.etag()).ok();
    let withdrawn = head.act_on(&path, "withdraw", json!({})).is(200);
    let last = put(movement.report(unit), Some(&withdrawn.etag())).is(200);
    app.at("2025-08-14T17:00:00Z");
    submit(&last.etag()).ok();
}

#[test]
fn a_stock_that_is_said_not_to_apply_any_more_is_asked_about() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let unit = "phong-kinh-te";
    let stock = |report: Report, state: &str| report.without("CCHC-12").state("CCHC-12", state);
    movement.approved("2025-07", unit, movement.report(unit).ratio("CCHC-12", 40, 50));
    let place = movement.at("2025-08", unit);
    let ended = place.draft(&stock(movement.report(unit), "not_applicable"));
    let (code, message) = warned(&ended).pop().unwrap();
    assert!(code == "stock_not_applicable" && message.contains("CCHC-12") && message.contains("80"), "{message}");
    let put = place.put(&app.reporter(unit), &stock(movement.report(unit), "none_arose")).ok();
    assert_eq!(warned(&put), []);
    let other = movement.at("2025-08", "van-phong").draft(&stock(movement.report("van-phong"), "not_applicable"));
    assert_eq!(warned(&other), [], "nothing was reported before");
}
