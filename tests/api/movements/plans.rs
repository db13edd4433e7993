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

/// A place of the plan that is replaced, what is found there, and what must not be told because of it.
#[rstest]
#[case::a_number_for_a_text("/indicators/0/code", json!(101), "wrong_type", "code_malformed")]
#[case::a_text_for_a_number("/reporting/due/working_days", json!("ba"), "wrong_type", "due_days_out_of_range")]
#[case::a_day_of_another_form("/span/from", json!("1/7/2025"), "wrong_type", "span_reversed")]
#[case::one_for_a_list("/indicators/1/reported_by", json!("division"), "wrong_type", "no_unit_reports")]
#[case::a_word_of_no_list("/indicators/2/kind", json!("tỷ lệ"), "wrong_type", "kind")]
#[case::nothing_for_a_number("/awards/1/quota", json!(null), "wrong_type", "quota_zero")]
fn what_does_not_fit_hides_nothing_of_the_rest(
    #[case] pointer: &str,
    #[case] value: Value,
    #[case] code: &str,
    #[case] hidden: &str,
) {
    let app = TestApp::start();
    let mut plan = altered(pointer, value);
    plan["awards"][0]["quota"] = json!(0);
    plan["awards"][0]["propose_before"] = json!("hôm nào đó");
    let answer = app.agency().post("/plans/lint", plan).problem(400, "body_invalid");
    let found = told(&answer, "errors");
    let has = |pointer: &str, code: &str| found.contains(&(pointer.to_owned(), code.to_owned()));
    assert!(has(pointer, code) && has("/awards/0/propose_before", "wrong_type"), "all that does not fit: {answer}");
    assert!(has("/awards/0/quota", "quota_zero"), "and the rest: {answer}");
    assert!(!found.iter().any(|(at, code)| at.starts_with(pointer) && code == hidden), "nothing made up: {answer}");
}

#[test]
fn an_unknown_member_hides_nothing_unless_it_is_one_that_is_missing() {
    let app = TestApp::start();
    let found = |member: &str, taken_out: Option<&str>| {
        let mut plan = altered("/awards/0/quota", json!(0));
        plan["indicators"][1]["code"] = plan["indicators"][0]["code"].clone();
        plan[member] = json!(1);
        taken_out.and_then(|known| plan.as_object_mut().unwrap().remove(known));
        told(&app.agency().post("/plans/lint", plan).problem(400, "body_invalid"), "errors")
    };
    let has = |found: &[(String, String)], code: &str| found.iter().any(|(_, told)| told == code);
    for member in ["reportng", "ghi_chu"] {
        let found = found(member, None);
        for code in ["unknown_field", "code_duplicate", "quota_zero"] {
            assert!(has(&found, code), "{member}, {code}: {found:?}");
        }
    }
    // What the plan says of groups nobody can tell, where they are elsewhere.
    let found = found("groupz", Some("groups"));
    assert!(!has(&found, "group_unknown"), "{found:?}");
}

#[test]
fn lint_tells_nothing_that_a_misfit_made_up() {
    let app = TestApp::start();
    let known = told(&app.agency().post("/plans/lint", plan(HONG_VAN)).ok(), "findings");
    let whole = plan(HONG_VAN);
    let mut misfits = Vec::new();
    for (at, indicator) in whole["indicators"].as_array().unwrap().iter().enumerate() {
        let members = indicator.as_object().unwrap().keys();
        misfits.extend(members.map(|member| format!("/indicators/{at}/{member}")));
    }
    misfits.extend(
        ["/span/to", "/reporting/every", "/reporting/due", "/groups", "/unit_kinds", "/fields"].map(String::from),
    );
    for pointer in misfits.iter().step_by(2) {
        let answer = app.agency().post("/plans/lint", altered(pointer, json!([[]]))).send();
        let made_up = told(&answer, "errors").into_iter().filter(|finding| !known.contains(finding));
        let made_up: Vec<_> = made_up.filter(|(place, _)| !place.starts_with(pointer.as_str())).collect();
        assert!(made_up.is_empty(), "{pointer}: {made_up:?}");
    }
}

#[test]
fn lint_knows_the_units_of_who_asks_as_a_launch_does() {
    let app = TestApp::start();
    let mut plan = plan(HONG_VAN);
    plan["indicators"][0]["reported_by"] = json!(["unit:khong-co"]);
    plan["indicators"][2]["reported_by"] = json!(["ban_quan_ly"]);
    plan["unit_kinds"].as_array_mut().unwrap().push(json!({"code": "ban_quan_ly", "name": {"vi": "Ban quản lý"}}));
    let lint = app.agency().post("/plans/lint", plan.clone()).ok();
    assert_eq!(lint["loadable"], true, "units may come before the launch: {lint}");
    let found = told(&lint, "findings");
    let expected = [("/indicators/0/reported_by/0", "unit_unknown"), ("/indicators/2/reported_by", "no_unit_reports")];
    for (pointer, code) in expected {
        assert!(found.contains(&(pointer.to_owned(), code.to_owned())), "{pointer} {code} in {lint}");
    }
    let movement = app.loaded(&plan);
    let tag = app.chair().get(&movement.path).ok().etag();
    let launch = app.chair().post(&format!("{}/launch", movement.path), json!({})).if_match(&tag).send();
    for (pointer, code) in expected {
        assert!(told(&launch, "errors").contains(&(pointer.to_owned(), code.to_owned())), "{launch}");
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
    assert_eq!(newest["code"], "cchc-2025-h2");
    assert!(newest.etag().starts_with("\"1-"));
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

#[test]
fn lint_warns_of_years_without_a_calendar() {
    let app = TestApp::start();
    let years = || {
        let lint = app.agency().post("/plans/lint", plan(HONG_VAN)).ok();
        let found =
            lint["findings"].as_array().unwrap().iter().find(|found| found["code"] == "calendar_missing").cloned();
        found.map(|found| found["message"].as_str().unwrap().to_owned())
    };
    let message = years().expect("a warning");
    assert!(message.contains("2025") && message.contains("PUT /api/v1/calendar/2025"), "{message}");
    app.agency().put("/calendar/2025", json!({"holidays": [], "working_days": []})).if_none_match_any().created();
    assert_eq!(years(), None);
}
