//! Revisions: every hand-in, as it was, for good.

use serde_json::{Value, json};

use crate::support::TestApp;

#[test]
fn every_hand_in_is_kept_as_it_was() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-vhxh");
    let first = movement.report("phong-vhxh").with("narrative", json!("Lần một"));
    let second = movement.report("phong-vhxh").ratio("CCHC-18", 9, 10).with("narrative", json!("Lần hai"));
    place.draft(&first).is(201);
    place.submit();
    place.send_back();
    place.draft(&second).is(200);
    let get = |n: &str| app.auditor().get(&format!("{}/revisions/{n}", place.path));
    let frozen = get("1").ok();
    place.submit();
    place.approve();
    place.reopen();
    place.draft(&first).is(200);
    let kept = get("1").ok();
    assert_eq!((&kept["values"], &kept["narrative"]), (&frozen["values"], &json!("Lần một")));
    assert_eq!(sorted(&kept["values"]), sorted(&first.0["values"]));
    let second_kept = get("2").ok();
    assert_eq!(sorted(&second_kept["values"]), sorted(&second.0["values"]));
    assert_eq!(second_kept["narrative"], "Lần hai");
    for none in ["0", "3", "-1"] {
        get(none).problem(404, "not_found");
    }
    get("first").problem(404, "not_found");
}

/// Values in the order of their indicators and fields.
fn sorted(values: &Value) -> Vec<Value> {
    let mut values = values.as_array().unwrap().clone();
    values.sort_by_key(|value| (value["indicator"].to_string(), value["field"].to_string()));
    values
}

#[test]
fn revisions_tell_what_became_of_them() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let list = || {
        let found = app.reporter("thon-1").get(&format!("{}/revisions", place.path)).ok();
        let items = found["items"].as_array().unwrap().clone();
        items.iter().map(|item| (item["revision"].clone(), item["fate"]["action"].clone())).collect::<Vec<_>>()
    };
    place.draft(&movement.report("thon-1")).is(201);
    assert_eq!(list(), []);
    app.at("2025-08-11T02:00:00Z");
    place.submit();
    place.act(&app.agency(), "excuse-lateness", json!({"reason": "Bão"})).ok();
    assert_eq!(list(), [(json!(1), Value::Null)]);
    place.act(&app.head("thon-1"), "withdraw", json!({})).ok();
    place.submit();
    place.send_back();
    place.submit();
    place.approve();
    let fates = |last: &str| {
        let acts = ["withdraw", "return", last];
        acts.iter().enumerate().map(|(n, act)| (json!(n + 1), json!(act))).collect::<Vec<_>>()
    };
    assert_eq!(list(), fates("approve"));
    place.reopen();
    assert_eq!(list(), fates("reopen"));
    let found = app.agency().get(&format!("{}/revisions", place.path)).ok();
    let returned = &found["items"][1];
    assert_eq!(returned["submitted_by"], app.head("thon-1").username);
    assert_eq!(
        (&returned["fate"]["by"], &returned["fate"]["reason"]),
        (&json!(app.agency().username), &json!("Chưa khớp"))
    );
}

/// `pointer from to` of every change.
fn changes(diff: &Value) -> Vec<String> {
    let items = diff["changes"].as_array().unwrap().iter();
    items.map(|item| format!("{} {} {}", item["pointer"].as_str().unwrap(), item["from"], item["to"])).collect()
}

#[test]
fn what_a_correction_changed_is_told_figure_by_figure() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "phong-kinh-te");
    let first = movement
        .report("phong-kinh-te")
        .say(
            "CCHC-05/tnmt",
            json!({"state": "reported", "numerator": 118, "denominator": 119, "estimated": true,
            "explanation": "Ước đến hết kỳ"}),
        )
        .say("CCHC-18", json!({"state": "none_arose"}));
    let second = first
        .clone()
        .say(
            "CCHC-05/tnmt",
            json!({"state": "reported", "numerator": 119, "denominator": 119,
            "explanation": "Ước đến hết kỳ"}),
        )
        .say("CCHC-18", json!({"state": "reported", "numerator": 4, "denominator": 4}))
        .with("narrative", json!("Số liệu chính thức"));
    for report in [&first, &second] {
        place.put(&app.reporter("phong-kinh-te"), report).send();
        place.submit();
        place.send_back();
    }
    let diff = app.head("phong-kinh-te").get(&format!("{}/revisions/diff?from=1&to=2", place.path)).ok();
    assert_eq!(
        changes(diff.json()),
        [
            "/narrative \"Tháng này làm tốt\" \"Số liệu chính thức\"",
            "/values/CCHC-05/tnmt/estimated true false",
            "/values/CCHC-05/tnmt/numerator 118 119",
            "/values/CCHC-18/denominator null 4",
            "/values/CCHC-18/numerator null 4",
            "/values/CCHC-18/state \"none_arose\" \"reported\"",
        ]
    );
    let named = &diff["changes"][2];
    assert_eq!(
        (&named["indicator"], &named["field"], &named["member"]),
        (&json!("CCHC-05"), &json!("tnmt"), &json!("numerator"))
    );
    assert!(named["indicator_name"].as_str().unwrap().len() > 10 && named["field_name"].is_string(), "{named}");
    let whole = app.auditor().get(&format!("{}/revisions/diff", place.path)).ok();
    assert_eq!((&whole["from"], &whole["to"], &whole["changes"]), (&json!(1), &json!(2), &diff["changes"]));
    let back = app.auditor().get(&format!("{}/revisions/diff?from=2&to=1", place.path)).ok();
    assert_eq!(changes(back.json())[2], "/values/CCHC-05/tnmt/numerator 119 118");
    assert_eq!(app.auditor().get(&format!("{}/revisions/diff?from=2&to=2", place.path)).ok()["changes"], json!([]));
    let all = app.auditor().get(&format!("{}/revisions/diff?from=0&to=1", place.path)).ok();
    assert!(changes(all.json()).contains(&"/values/CCHC-05/tnmt/numerator null 118".to_owned()));
    for none in ["from=1&to=3", "from=3&to=1", "from=-1&to=1", "from=0&to=0"] {
        app.auditor().get(&format!("{}/revisions/diff?{none}", place.path)).problem(404, "not_found");
    }
}

#[test]
fn what_was_never_begun_has_no_revisions() {
    let app = TestApp::start();
    let place = app.hong_van().at("2025-07", "thon-1");
    app.agency().get(&format!("{}/revisions", place.path)).problem(404, "not_found");
    app.agency().get(&format!("{}/revisions/1", place.path)).problem(404, "not_found");
}
