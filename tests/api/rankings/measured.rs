//! Criteria that are computed from a figure by a scale.

use serde_json::{Value, json};

use super::{criterion, ranked};
use crate::support::{MOVEMENT, TestApp, dossier};

/// 40 points × the share in time, and 5 more for the best share of all divisions.
fn scaled(plan: &mut Value) {
    let line = json!({"between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": "40"}]});
    let best = json!({"against": "best", "between": "step", "knots": [{"from": "100", "points": "5"}]});
    plan["format"] = json!("thidua.plan/2");
    let criteria = &mut plan["groups"][0]["criteria"];
    criteria[2] = json!({"code": "ty-le", "kind": "measured", "source": "plan", "points_source": "plan", "max": "40",
                         "indicator": "HS", "period": "2025-09", "missing": "zero", "scale": line});
    criteria[5] = json!({"code": "thuong", "kind": "bonus", "source": "plan", "points_source": "plan", "max": "5",
                         "indicator": "HS", "period": "2025-09", "scale": best});
}

fn contest(nominated: &[(&str, &str)]) -> TestApp {
    let app = TestApp::start();
    app.emulation_of(scaled);
    app.at("2025-09-15T02:00:00Z");
    app.reported_on("2025-09", "phong-kinh-te", 60, 100);
    app.reported_on("2025-09", "phong-vhxh", 90, 100);
    nominated.iter().for_each(|(unit, points)| app.appraised_dossier(unit, points));
    app.at("2025-09-20T02:00:00Z");
    app
}

#[test]
fn points_follow_the_figure_and_not_the_target() {
    let app = contest(&[("phong-kinh-te", "38.5"), ("phong-vhxh", "30")]);
    let run = ranked(&app, "official");
    let (first, second) = (&run["entries"][0], &run["entries"][1]);
    // 30 + 40 × 90 % + 10 × 1/3 + 5, and 38.5 + 40 × 60 % + 10 × 1/3
    assert_eq!((&first["candidate"]["code"], &first["total_exact"]), (&json!("phong-vhxh"), &json!("223/3")));
    assert_eq!((&second["total"], &second["total_exact"]), (&json!("65.83"), &json!("395/6")));
    let share = criterion(second, "ty-le");
    assert_eq!((&share["kind"], &share["points_exact"]), (&json!("measured"), &json!("24")));
    assert_eq!((&share["numerator"], &share["denominator"], &share["read"]), (&json!(60), &json!(100), &json!("60")));
    assert_eq!((&share["reached"]["points"], &share["next"]["from"]), (&json!("0"), &json!("100")));
    assert_eq!(share["to_next"], 40);
    let bonus = &criterion(second, "thuong")["measured"];
    assert_eq!((&bonus["against"]["unit"], &bonus["against"]["figure"]), (&json!("phong-vhxh"), &json!("90")));
    assert_eq!((&bonus["against"]["units"], &bonus["read"]), (&json!(2), &json!("200/3")));
    let location = run.header("location").unwrap();
    assert_eq!(app.chair().get(location).ok().json(), run.json());
    let compared = app.chair().get(&format!("{location}/compare?a=phong-vhxh&b=phong-kinh-te")).ok();
    assert_eq!(compared["difference_exact"], "17/2");
}

#[test]
fn the_best_is_the_best_whether_it_is_nominated_or_not() {
    let app = contest(&[("phong-kinh-te", "38.5")]);
    let run = ranked(&app, "preview");
    let bonus = criterion(&run["entries"][0], "thuong");
    assert_eq!((&bonus["points"], &bonus["measured"]["against"]["unit"]), (&json!("0.00"), &json!("phong-vhxh")));
}

#[test]
fn nobody_scores_or_claims_what_is_computed() {
    let app = contest(&[("phong-kinh-te", "38.5")]);
    let place = dossier("tap-the", "phong-kinh-te");
    for code in ["thuong", "ty-le"] {
        let answer = app.agency().put(&format!("{place}/assessments/{code}"), json!({"points": "5"}));
        answer.if_none_match_any().problem(422, "content_invalid").finding("", "criterion_not_scored");
    }
    let claim = json!({"achievement": "Thành tích", "group": "don-vi", "self_scores": {"thuong": "5"}});
    let made = app.head("phong-vhxh").put(&dossier("tap-the", "phong-vhxh"), claim).if_none_match_any();
    made.problem(422, "content_invalid").finding("/self_scores/thuong", "criterion_not_scored");
}

#[test]
fn an_amendment_may_change_the_points_of_a_figure_and_not_whose_figure_it_is() {
    let app = contest(&[]);
    let plan = |change: fn(&mut Value)| {
        let mut plan = app.agency().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
        change(&mut plan);
        json!({"effective_from": "2025-10-01", "reason": "Điều chỉnh", "plan": plan})
    };
    let amend = |body: Value| app.chair().post(&format!("{MOVEMENT}/plan-versions?dry_run=true"), body);
    let tag = app.chair().get(MOVEMENT).ok().etag();
    amend(plan(|plan| plan["groups"][0]["criteria"][2]["scale"]["knots"][1]["points"] = json!("35")))
        .if_match(&tag)
        .created();
    amend(plan(|plan| plan["groups"][0]["criteria"][2]["indicator"] = json!("SK")))
        .if_match(&tag)
        .problem(422, "content_invalid")
        .finding("/plan/groups/0/criteria/2/indicator", "amendment_fixed");
}

#[test]
fn a_launch_warns_of_a_best_among_few() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    scaled(&mut plan);
    let of = |plan: &Value| {
        let found = app.agency().post("/plans/lint", plan.clone()).ok();
        let findings = found["findings"].as_array().unwrap().clone();
        findings.iter().filter(|finding| finding["code"] == "scale_against_few").count()
    };
    assert_eq!(of(&plan), 0, "there are three divisions");
    plan["groups"][0]["kinds"] = json!(["office"]);
    plan["groups"][1]["kinds"] = json!(["division"]);
    assert_eq!(of(&plan), 1);
}

#[test]
fn a_plan_of_the_first_format_with_a_scale_is_refused_with_the_cure() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    scaled(&mut plan);
    plan["format"] = json!("thidua.plan/1");
    let refused = app.agency().post("/movements", plan).lang("en").problem(422, "content_invalid");
    let refused = refused.finding("/groups/0/criteria/2/kind", "format_too_old");
    assert!(refused.text().contains("thidua.plan/2"));
}
