//! Plans: checked before they are loaded, loaded once, read whole and by their parts.

use rstest::rstest;
use serde_json::{Value, json};

use crate::support::{
    Answer, TestApp,
    story::{EXAMPLE, HONG_VAN, plan},
};

/// A shipped plan with one place of it changed.
fn altered(pointer: &str, value: Value) -> Value {
    let mut plan = plan(HONG_VAN);
    *plan.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")) = value;
    plan
}

fn told(answer: &Answer, list: &str) -> Vec<(String, String)> {
    let findings = answer[list].as_array().into_iter().flatten();
    let word = |finding: &Value, member: &str| finding[member].as_str().unwrap_or_default().to_owned();
    findings.map(|finding| (word(finding, "pointer"), word(finding, "code"))).collect()
}

#[test]
fn lint_tells_everything_at_once_each_at_its_place() {
    let app = TestApp::start();
    let mut plan = altered("/indicators/0/code", json!("CCHC 01"));
    plan["indicators"][4]["target"]["value"] = json!("120");
    plan["reporting"]["due"]["working_days"] = json!(0);
    plan["groups"][1]["kinds"][0] = json!("guild");
    plan["awards"][0]["quota"] = json!(0);
    let lint = app.agency().post("/plans/lint", plan).ok();
    assert_eq!(lint["loadable"], false);
    let errors = lint["findings"].as_array().unwrap().iter().filter(|finding| finding["severity"] == "error");
    let errors: Vec<_> = errors.map(|f| (f["pointer"].as_str().unwrap(), f["code"].as_str().unwrap())).collect();
    let expected = [
        ("/indicators/0/code", "code_malformed"),
        ("/indicators/4/target/value", "target_out_of_range"),
        ("/reporting/due/working_days", "due_days_out_of_range"),
        ("/groups/1/kinds/0", "unit_kind_unknown"),
        ("/awards/0/quota", "quota_zero"),
    ];
    for finding in expected {
        assert!(errors.contains(&finding), "{finding:?} in {lint}");
    }
    assert_eq!(app.count("SELECT 1 FROM movements"), 0);
}

#[test]
fn lint_speaks_the_language_asked_for() {
    let app = TestApp::start();
    let lint = |language| {
        let lint = app.chair().post("/plans/lint", altered("/awards/0/quota", json!(0))).lang(language).ok();
        let mut quota = lint["findings"].as_array().unwrap().iter().filter(|f| f["code"] == "quota_zero");
        quota.next().unwrap()["message"].as_str().unwrap().to_owned()
    };
    assert_eq!(lint("en"), "Award tap-the has a quota of 0. Set 1 or more.");
    assert!(lint("vi").contains("tap-the") && !lint("vi").contains("quota"), "{}", lint("vi"));
}

#[rstest]
fn shipped_plans_are_loadable_with_warnings(#[values(HONG_VAN, EXAMPLE)] text: &str) {
    let app = TestApp::start();
    let lint = app.admin().post("/plans/lint", plan(text)).ok();
    assert_eq!(lint["loadable"], true);
    assert!(lint["findings"].as_array().unwrap().iter().all(|finding| finding["severity"] == "warning"));
}

#[test]
fn a_plan_with_an_unknown_key_is_told_the_nearest() {
    let app = TestApp::start();
    let span = json!({"from": "2025-07-01", "to": "2025-12-31", "sction": "II"});
    for path in ["/plans/lint", "/movements"] {
        let answer = app.agency().post(path, altered("/span", span.clone())).lang("en").problem(400, "body_invalid");
        let wrong = &answer["errors"][0];
        assert_eq!((&wrong["pointer"], &wrong["code"]), (&json!("/span/sction"), &json!("unknown_field")));
        assert!(wrong["message"].as_str().unwrap().contains("section"), "{answer}");
    }
}

#[test]
fn a_plan_with_errors_is_not_loaded_and_all_of_them_are_told() {
    let app = TestApp::start();
    let mut plan = altered("/awards/0/quota", json!(0));
    plan["reporting"]["due"]["at"] = json!("5 PM");
    let answer = app.agency().post("/movements", plan).problem(422, "content_invalid");
    answer.finding("/awards/0/quota", "quota_zero").finding("/reporting/due/at", "due_time_malformed");
    assert_eq!(app.count("SELECT 1 FROM movements"), 0);
}

#[test]
fn a_plan_is_loaded_once_in_a_locality() {
    let app = TestApp::start();
    let made = app.agency().post("/movements", plan(HONG_VAN)).created();
    assert_eq!(made.header("location"), Some("/api/v1/movements/cchc-2025-h2"));
    assert_eq!((&made["state"], &made["plan_version"]), (&json!("draft"), &json!(1)));
    let shown = app.agency().get("/movements/cchc-2025-h2").ok();
    assert_eq!((made.json(), made.etag()), (shown.json(), shown.etag()));
    app.agency().post("/movements", plan(HONG_VAN)).problem(409, "movement_code_taken");
    app.elsewhere.agency().post("/movements", plan(HONG_VAN)).created();
}

#[test]
fn a_taken_code_is_told_before_the_faults_of_the_plan() {
    let app = TestApp::start();
    app.agency().post("/movements", plan(HONG_VAN)).created();
    app.agency().post("/movements", altered("/awards/0/quota", json!(0))).problem(409, "movement_code_taken");
    assert_eq!(app.count("SELECT 1 FROM plan_versions"), 1);
}

#[test]
fn only_the_agency_loads_a_plan() {
    let app = TestApp::start();
    for who in [app.chair(), app.admin(), app.head("phong-vhxh"), app.auditor(), app.council_member()] {
        who.post("/movements", plan(HONG_VAN)).problem(403, "forbidden");
    }
    app.reporter("phong-vhxh").post("/plans/lint", plan(HONG_VAN)).problem(403, "forbidden");
    app.city_admin().post("/movements", plan(HONG_VAN)).problem(400, "locality_required");
    assert_eq!(app.count("SELECT 1 FROM movements"), 0);
}

/// Years that no calendar of ours holds, at every day of a plan.
#[rstest]
#[case("/span/from", json!("-5000-01-01"))]
#[case("/span/to", json!("+262142-12-31"))]
#[case("/awards/0/propose_before", json!("+262142-12-31T23:59:59Z"))]
#[case("/awards/0/propose_before", json!("-262143-01-01T00:00:00Z"))]
#[case("/groups/2/window", json!({"from": "-262143-01-01", "to": "2025-12-31"}))]
#[case("/reporting/extra_periods", json!([{"code": "cuoi", "starts_on": "-5000-01-01", "cutoff_on": "2025-12-31"}]))]
fn years_out_of_this_world_are_findings(#[case] pointer: &str, #[case] value: Value) {
    let app = TestApp::start();
    let mut plan = altered(pointer, value);
    plan["reporting"]["every"] = json!("year");
    let lint = app.agency().post("/plans/lint", plan.clone()).send();
    assert!(lint.status() == 400 || lint["loadable"] == false, "{lint}");
    let load = app.agency().post("/movements", plan).send();
    assert!([400, 422].contains(&load.status()), "{load}");
}

#[test]
fn the_plan_is_read_by_version() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let path = format!("{}/plan", movement.path);
    let newest = app.reporter("thon-1").get(&path).ok();
    assert_eq!((newest["code"].as_str(), newest.etag()), (Some("cchc-2025-h2"), "\"1\"".into()));
    assert_eq!(app.reporter("thon-1").get(&format!("{path}?version=1")).ok().json(), newest.json());
    for none in ["2", "0", "-1"] {
        app.agency().get(&format!("{path}?version={none}")).problem(404, "not_found");
    }
    app.agency().get(&format!("{path}?version=first")).problem(400, "query_invalid");
}

#[rstest]
#[case("thon-1", &["CCHC-18"])]
#[case("to-so-hoa", &[])]
#[case("mat-tran", &["CCHC-11", "CCHC-12", "CCHC-13", "CCHC-16", "CCHC-17", "CCHC-18", "CCHC-21"])]
#[case("tt-vhtt-tt", &["CCHC-15", "CCHC-17", "CCHC-18", "CCHC-20", "CCHC-21"])]
fn a_unit_is_told_what_it_reports(#[case] unit: &str, #[case] codes: &[&str]) {
    let app = TestApp::start();
    let movement = app.hong_van();
    let owed = app.reporter("thon-1").get(&format!("{}/indicators?unit={unit}", movement.path)).ok();
    let told: Vec<_> = owed["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect();
    assert_eq!(told, codes);
}

#[test]
fn the_plan_is_read_by_its_parts() {
    let app = TestApp::start();
    let movement = app.loaded(&plan(HONG_VAN));
    let get = |path: &str| app.council_member().get(&format!("{}{path}", movement.path));
    let count = |path: &str| get(path).ok()["items"].as_array().unwrap().len();
    assert_eq!((count("/indicators"), count("/groups"), count("/awards")), (23, 6, 2));
    assert_eq!(get("/indicators/CCHC-19").ok()["target"]["comparator"], ">");
    get("/indicators/CCHC-99").problem(404, "not_found");
    get("/indicators?unit=thon-99").problem(404, "not_found");
    let named = |language| get("").lang(language).ok()["title"].as_str().unwrap().to_owned();
    assert_ne!(named("en"), named("vi"));
}

#[test]
fn somebody_elses_movement_is_not_there() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let (chair, agency) = (app.elsewhere.chair(), app.elsewhere.agency());
    for part in ["", "/plan", "/indicators", "/indicators/CCHC-01", "/groups", "/awards", "/periods", "/submissions"] {
        agency.get(&format!("{}{part}", movement.path)).problem(404, "not_found");
    }
    for act in ["launch", "close", "conclude"] {
        chair.post(&format!("{}/{act}", movement.path), json!({})).if_match("*").problem(404, "not_found");
    }
    let close = format!("{}/periods/2025-07/close", movement.path);
    agency.post(&close, json!({})).if_match("*").problem(404, "not_found");
    assert_eq!(agency.get("/movements").ok()["items"], json!([]));
    app.city_viewer().get(&movement.path).problem(400, "locality_required");
    app.city_viewer().of_locality("10210").get(&movement.path).ok();
    app.city_viewer().of_locality("10213").get(&movement.path).problem(404, "not_found");
    assert_eq!(told(&app.agency().get("/movements").ok(), "items").len(), 1);
}
