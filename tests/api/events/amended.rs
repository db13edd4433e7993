//! A change of how an award is judged, once scoring has begun, tells everybody concerned.

use serde_json::{Value, json};
use thidua::movements::plan::Plan;

use super::events;
use crate::support::{Answer, MOVEMENT, TestApp, dossier};

fn plan() -> Value {
    let plan: Plan = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    serde_json::to_value(plan).unwrap()
}

/// Amends from mid-September what the plan says at these places.
fn amend(app: &TestApp, from: &str, changes: &[(&str, Value)]) -> Answer {
    let mut plan = plan();
    for (pointer, value) in changes {
        *plan.pointer_mut(pointer).unwrap() = value.clone();
    }
    let body = json!({"effective_from": from, "reason": "Điều chỉnh tiêu chí", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).send()
}

fn told(app: &TestApp) -> Vec<Value> {
    events(app, "type=award.amended")
}

const WEIGHT: &str = "/groups/0/criteria/2/otherwise";

#[test]
fn whoever_has_nominated_or_scored_is_told_what_changed() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "38.5");
    let person = app.somebody("Nguyễn Thị Hòa", Some("van-phong"));
    let claim = json!({"achievement": "Tốt", "self_scores": {"nhiem-vu": "80"}});
    app.head("van-phong").put(&dossier("ca-nhan", &person), claim).if_none_match_any().created();
    amend(&app, "2025-09-15", &[("/awards/0/quota", json!(2)), (WEIGHT, json!("2"))]).is(201);
    let events = told(&app);
    assert_eq!(events.len(), 1, "{events:#?}");
    let (event, data) = (&events[0], &events[0]["data"]);
    assert_eq!(event["subject"], format!("{}/awards/tap-the", MOVEMENT.trim_start_matches('/')));
    assert_eq!((&data["award"], &data["plan_version"]), (&json!("tap-the"), &json!(2)));
    assert_eq!(data["changed"], json!(["/awards/tap-the/quota", "/groups/don-vi/criteria/chi-tieu"]));
    assert_eq!(data["units"], json!(["phong-kinh-te"]));
    assert_eq!(data["assessors"].as_array().unwrap().len(), 1);
    // Claimed scores are scores, and a person's unit is concerned.
    amend(
        &app,
        "2025-09-20",
        &[("/awards/0/quota", json!(2)), (WEIGHT, json!("2")), ("/awards/1/ranking/ties", json!([]))],
    )
    .is(201);
    let events = told(&app);
    let data = &events[1]["data"];
    assert_eq!((events.len(), &data["award"], &data["assessors"]), (2, &json!("ca-nhan"), &json!([])));
    assert_eq!((&data["changed"], &data["units"]), (&json!(["/awards/ca-nhan/ranking"]), &json!(["van-phong"])));
    assert!(!events[1].to_string().contains("Hòa"));
}

#[test]
fn nobody_is_told_before_scoring_nor_of_what_judges_nobody() {
    let app = TestApp::start();
    app.emulation();
    amend(&app, "2025-09-15", &[("/awards/0/quota", json!(2))]).is(201);
    assert_eq!(told(&app), [] as [Value; 0], "no scores yet");
    app.appraised_dossier("phong-kinh-te", "38.5");
    let target = [("/awards/0/quota", json!(2)), ("/indicators/0/target/value", json!("90"))];
    amend(&app, "2025-09-20", &target).is(201);
    assert_eq!(told(&app), [] as [Value; 0], "a target is no criterion");
    let refused = [("/awards/0/quota", json!(3)), ("/groups/0/criteria/1/max", json!("30"))];
    amend(&app, "2025-09-25", &refused).problem(422, "content_invalid");
    assert_eq!(told(&app), [] as [Value; 0], "what was refused changed nothing");
}
