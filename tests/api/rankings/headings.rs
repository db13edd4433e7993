//! Headings with subtotals, and criteria that do not apply to a candidate.

use serde_json::{Value, json};

use super::{criterion, ranked};
use crate::support::{TestApp, dossier};

fn with_heading(plan: &mut Value) {
    plan["format"] = json!("thidua.plan/2");
    let assessed = |code: &str, max: &str| {
        json!({"code": code, "kind": "assessed", "text": {"vi": code}, "source": "plan", "points_source": "plan",
               "max": max, "from": "appraisal", "in": "noi-dung"})
    };
    let criteria = plan["groups"][0]["criteria"].as_array_mut().unwrap();
    let heading = json!({"code": "noi-dung", "kind": "sum", "text": {"vi": "Nội dung"}, "source": "plan",
                         "points_source": "plan", "max": "80", "rescale": true});
    let mut added = assessed("chuyen-doi-so", "40");
    added["may_drop"] = json!(true);
    criteria[1] = assessed("mo-hinh", "40");
    criteria[2] = added;
    criteria.insert(1, heading);
}

#[test]
fn what_does_not_apply_is_said_with_a_reason_and_made_up_for_in_its_heading() {
    let app = TestApp::start();
    app.emulation_of(with_heading);
    app.at("2025-09-20T02:00:00Z");
    app.appraised_dossier("phong-kinh-te", "30");
    let place = dossier("tap-the", "phong-kinh-te");
    let answer =
        |code: &str, body: Value| app.agency().put(&format!("{place}/assessments/{code}"), body).if_none_match_any();
    let silent = json!({"not_applicable": true});
    answer("chuyen-doi-so", silent.clone()).problem(422, "content_invalid").finding("/comment", "comment_missing");
    answer("chuyen-doi-so", json!({"not_applicable": true, "points": "5", "comment": "x"}))
        .problem(422, "content_invalid")
        .finding("/points", "score_member_foreign");
    answer("doan-ket", silent)
        .if_match("*")
        .problem(422, "content_invalid")
        .finding("/not_applicable", "score_member_foreign");
    let given = answer("chuyen-doi-so", json!({"not_applicable": true, "comment": "Không được giao"})).created();
    assert_eq!((&given["not_applicable"], &given["points"]), (&json!(true), &json!(null)));
    let sheet = app.chair().get(&format!("{place}/assessments")).ok();
    let codes: Vec<&str> =
        sheet["items"].as_array().unwrap().iter().map(|one| one["criterion"].as_str().unwrap()).collect();
    assert_eq!(codes, ["doan-ket", "mo-hinh", "chuyen-doi-so", "thuong"], "nobody scores a heading");
    let run = ranked(&app, "official");
    let entry = &run["entries"][0];
    let heading = criterion(entry, "noi-dung");
    assert_eq!(
        (&heading["kind"], &heading["points"], &heading["parts"]),
        (&json!("sum"), &json!("60.00"), &json!(["mo-hinh", "chuyen-doi-so"]))
    );
    assert_eq!((&heading["made_up_for"], &heading["remaining_max"]), (&json!(["chuyen-doi-so"]), &json!("40")));
    let own = criterion(entry, "mo-hinh");
    assert_eq!((&own["points"], &own["factor"], &own["in"]), (&json!("30.00"), &json!("2"), &json!("noi-dung")));
    assert_eq!((&criterion(entry, "chuyen-doi-so")["dropped"], &entry["scale"]), (&json!(true), &json!(null)));
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json());
}

#[test]
fn until_it_is_answered_the_dossier_is_incomplete() {
    let app = TestApp::start();
    app.emulation_of(with_heading);
    app.at("2025-09-20T02:00:00Z");
    app.appraised_dossier("phong-kinh-te", "30");
    let run = ranked(&app, "preview");
    assert_eq!(run["ineligible"][0]["reasons"][0]["code"], "dossier_incomplete");
}
