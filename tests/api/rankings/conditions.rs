//! Conditions: gates that the service answers, points, classes and candidates that wait for something.

use serde_json::{Value, json};

use super::{criterion, ranked};
use crate::support::{MOVEMENT, TestApp, dossier};

/// Two shares of 45 and 5 points, 50 by appraisal for whoever has a plan; «above 90 is outstanding, exactly 90 is good», and
/// outstanding is nobody who was warned or did not get half of every share.
fn conditional(plan: &mut Value) {
    let line =
        |max: &str| json!({"between": "line", "knots": [{"from": "0", "points": "0"}, {"from": "100", "points": max}]});
    let measured = |code: &str, max: &str| {
        json!({"code": code, "kind": "measured", "source": "plan", "points_source": "plan", "max": max,
               "indicator": "HS", "period": "2025-09", "missing": "zero", "scale": line(max)})
    };
    let check = |code: &str, text: &str| json!({"code": code, "kind": "check", "source": "plan", "text": {"vi": text}});
    plan["format"] = json!("thidua.plan/2");
    let criteria = &mut plan["groups"][0]["criteria"];
    criteria[1]["max"] = json!("50");
    criteria[1]["when"] = json!({"check": "ke-hoach"});
    criteria[2] = measured("ty-le", "45");
    criteria[3] = measured("dung-han", "5");
    criteria[4] = check("ke-hoach", "Có kế hoạch tuyên truyền");
    criteria[5] = check("canh-cao", "Bị cảnh cáo trong kỳ");
    plan["groups"][1]["criteria"].as_array_mut().unwrap().push(check("canh-cao", "Bị cảnh cáo trong kỳ"));
    let award = &mut plan["awards"][0];
    award["quota"] = json!(3);
    award["ranking"]["ties"] = json!([]);
    award["classes"] = json!([
        {"code": "xs", "name": {"vi": "Xuất sắc"}, "above": "90",
         "when": {"all": [{"indicator": "HS", "period": "2025-09", "from": "50"}, {"check": "canh-cao", "is": false}]}},
        {"code": "tot", "name": {"vi": "Tốt"}, "from": "80"},
        {"code": "ht", "name": {"vi": "Hoàn thành"}, "from": "0"},
    ]);
}

fn contest(change: impl FnOnce(&mut Value)) -> TestApp {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        conditional(plan);
        change(plan);
    });
    app.at("2025-09-15T02:00:00Z");
    app
}

/// A dossier with a share and appraised points, and the answers to its checks.
fn judged(app: &TestApp, unit: &str, (share, points): (i64, &str), checks: &[(&str, bool)]) {
    app.reported_on("2025-09", unit, share, 100);
    app.appraised_dossier(unit, points);
    for (code, answer) in checks {
        let place = format!("{}/assessments/{code}", dossier("tap-the", unit));
        app.agency().put(&place, json!({"passed": answer})).if_none_match_any().created();
    }
}

fn atom(condition: &Value) -> &Value {
    &condition["parts"][0]["atoms"][0]
}

#[test]
fn above_ninety_is_outstanding_and_exactly_ninety_is_good() {
    let app = contest(|_| ());
    judged(&app, "phong-kinh-te", (80, "50"), &[("ke-hoach", true), ("canh-cao", false)]);
    judged(&app, "phong-vhxh", (81, "50"), &[("ke-hoach", true), ("canh-cao", false)]);
    let run = ranked(&app, "official");
    let (first, second) = (&run["entries"][0], &run["entries"][1]);
    assert_eq!((&first["total_exact"], &first["class"]), (&json!("181/2"), &json!("xs")));
    assert_eq!((&second["total_exact"], &second["class"]), (&json!("90"), &json!("tot")));
    let half = atom(&first["classes"][0]["when"]);
    assert_eq!(
        (&half["code"], &half["value"], &half["relation"], &half["limit"]),
        (&json!("HS"), &json!("81.00"), &json!(">="), &json!("50"))
    );
    assert_eq!((&half["numerator"], &half["denominator"]), (&json!(81), &json!(100)));
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json());
}

#[test]
fn a_warning_caps_the_class_and_the_run_says_so() {
    let app = contest(|_| ());
    judged(&app, "phong-kinh-te", (90, "50"), &[("ke-hoach", true), ("canh-cao", true)]);
    let entry = ranked(&app, "preview")["entries"][0].clone();
    assert_eq!((&entry["total"], &entry["class"]), (&json!("95.00"), &json!("tot")));
    let when = &entry["classes"][0]["when"];
    assert_eq!((&entry["classes"][0]["class"], &when["holds"]), (&json!("xs"), &json!(false)));
    assert_eq!((&when["parts"][1]["atoms"][0]["answer"], &when["parts"][0]["holds"]), (&json!(true), &json!(true)));
}

#[test]
fn an_unanswered_check_is_neither_yes_nor_no_and_is_named() {
    let app = contest(|_| ());
    judged(&app, "phong-kinh-te", (90, "50"), &[]);
    let place = dossier("tap-the", "phong-kinh-te");
    let sheet = app.agency().get(&format!("{place}/assessments")).ok();
    let open =
        sheet["items"].as_array().unwrap().iter().filter(|one| one["points"].is_null() && one["passed"].is_null());
    let open: Vec<&Value> = open.map(|one| &one["criterion"]).collect();
    assert_eq!(open, ["ke-hoach", "canh-cao"]);
    let entry = ranked(&app, "preview")["entries"][0].clone();
    assert_eq!((&entry["unanswered"], &entry["class"]), (&json!(["ke-hoach", "canh-cao"]), &json!("ht")));
    let model = criterion(&entry, "mo-hinh");
    assert_eq!(
        (&model["points"], &model["withheld"], &model["when"]["holds"]),
        (&json!("0.00"), &json!("50"), &json!(false))
    );
    let check = criterion(&entry, "canh-cao");
    assert_eq!((&check["kind"], &check["passed"], &check["points"]), (&json!("check"), &json!(null), &json!(null)));
    let refused =
        app.agency().put(&format!("{place}/assessments/canh-cao"), json!({"points": "5"})).if_none_match_any();
    refused.problem(422, "content_invalid").finding("/points", "score_member_foreign");
}

#[test]
fn a_gate_with_a_condition_is_answered_by_the_figure() {
    let app = contest(|plan| {
        let met = json!(["met", "none_arose", "not_applicable"]);
        plan["groups"][0]["criteria"][0] = json!({"code": "doan-ket", "kind": "gate", "source": "plan",
            "when": {"all": [{"indicator": "HS", "period": "2025-09", "is": met}, {"indicator": "HS", "from": "98"}]}});
    });
    app.reported_on("2025-09", "phong-vhxh", 979, 1000);
    let place = dossier("tap-the", "phong-vhxh");
    let made = app
        .head("phong-vhxh")
        .put(&place, json!({"achievement": "Tốt", "group": "don-vi", "self_scores": {"mo-hinh": "40"}}))
        .if_none_match_any()
        .created();
    app.agency().post(&format!("{place}/assessments/adopt"), json!({})).ok();
    app.agency().post(&format!("{place}/verify"), json!({})).if_match(&made.etag()).ok();
    let refused =
        app.agency().put(&format!("{place}/assessments/doan-ket"), json!({"passed": true})).if_none_match_any();
    refused.problem(422, "content_invalid").finding("", "criterion_not_scored");
    let run = ranked(&app, "preview");
    let reason = &run["ineligible"][0]["reasons"][0];
    assert_eq!((&reason["code"], &reason["criterion"]), (&json!("gate_failed"), &json!("doan-ket")));
    let parts = reason["condition"]["parts"].as_array().unwrap();
    assert_eq!((&parts[0]["holds"], &parts[0]["atoms"][0]["verdict"]), (&json!(true), &json!("met")));
    let share = &parts[1]["atoms"][0];
    assert_eq!((&share["value"], &share["relation"], &share["limit"]), (&json!("97.90"), &json!("<"), &json!("98")));
}

#[test]
fn an_award_takes_a_class_and_units_that_answered_in_time() {
    let app = contest(|plan| {
        plan["awards"][0]["eligible"] = json!({"all": [
            {"any": [{"class": "xs"}, {"class": "tot"}]}, {"answered_share": {"from": "30"}}, {"late_reports": {"to": "2"}}]});
    });
    judged(&app, "phong-kinh-te", (80, "50"), &[("ke-hoach", true), ("canh-cao", false)]);
    judged(&app, "phong-vhxh", (30, "50"), &[("ke-hoach", true), ("canh-cao", false)]);
    app.at("2025-09-20T02:00:00Z");
    let run = ranked(&app, "preview");
    let eligible = &run["entries"][0]["eligible"];
    // Of three months due one is answered, and two never came.
    let (share, late) = (&eligible["parts"][1]["atoms"][0], &eligible["parts"][2]["atoms"][0]);
    assert_eq!((&share["numerator"], &share["denominator"], &share["value"]), (&json!(1), &json!(3), &json!("33.33")));
    assert_eq!((&late["value"], &late["relation"]), (&json!("2"), &json!("<=")));
    let refused = &run["ineligible"][0];
    assert_eq!(
        (&refused["candidate"]["code"], &refused["reasons"][0]["code"]),
        (&json!("phong-vhxh"), &json!("not_eligible"))
    );
    let classes = refused["reasons"][0]["condition"]["parts"][0]["atoms"].as_array().unwrap();
    assert!(classes.iter().all(|atom| atom["class"] == "ht" && atom["holds"] == false));
}

#[test]
fn a_launch_warns_of_a_condition_on_what_a_unit_does_not_report() {
    let app = TestApp::start();
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    conditional(&mut plan);
    let found = app.agency().post("/plans/lint", plan.clone()).ok();
    let findings = found["findings"].as_array().unwrap();
    let at = |group: &str| {
        let told = |one: &&Value| one["code"] == "condition_not_owed" && one["params"]["group"] == group;
        findings.iter().find(told).map(|one| one["pointer"].clone())
    };
    assert_eq!(at("van-phong"), Some(json!("/awards/0/classes/0/when/all/0/indicator")));
    assert!(findings.iter().all(|finding| finding["severity"] == "warning"), "{findings:#?}");
    plan["awards"][0]["classes"][0]["when"]["all"][0]["is"] = json!("tốt");
    let refused = app.agency().post("/movements", plan).lang("en").problem(422, "content_invalid");
    assert!(refused.finding("/awards/0/classes/0/when/all/0/is", "verdict_unknown").text().contains("none_arose"));
}

#[test]
fn an_amendment_may_change_what_is_asked_and_the_difference_names_it() {
    let app = contest(|_| ());
    let mut plan = app.agency().get(&format!("{MOVEMENT}/plan")).ok().json().clone();
    plan["awards"][0]["classes"][0]["when"]["all"][0]["from"] = json!("60");
    let body = json!({"effective_from": "2025-10-01", "reason": "Điều chỉnh", "plan": plan});
    let tag = app.chair().get(MOVEMENT).ok().etag();
    app.chair().post(&format!("{MOVEMENT}/plan-versions"), body).if_match(&tag).created();
    let difference = app.chair().get(&format!("{MOVEMENT}/plan-versions/diff?from=1&to=2")).ok();
    let change = json!({"pointer": "/awards/tap-the/classes/xs/when/all/0/from", "from": "50", "to": "60"});
    assert_eq!(difference["changes"], json!([change]));
}
