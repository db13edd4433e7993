//! What keeps a score from counting: one that is sent back, a member who is recused.

use rstest::rstest;
use serde_json::{Value, json};
use thidua::http::Role;

use super::{ballot, council, judging, kinh_te, member, model, read, vhxh};
use crate::support::{MOVEMENT, TestApp, dossier};

fn preview(app: &TestApp, award: &str) -> crate::support::Answer {
    app.agency().post(&format!("{MOVEMENT}/awards/{award}/rankings"), json!({"mode": "preview"})).created()
}

#[test]
fn one_score_is_sent_back_to_the_appraiser_and_counts_again_when_it_is_given_again() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "30");
    assert_eq!(preview(&app, "tap-the")["entries"].as_array().unwrap().len(), 1);
    let path = format!("{}/send-back", model(&kinh_te()));
    let because = json!({"reason": "Thiếu quyết định công nhận"});
    app.chair().post(&path, because.clone()).problem(428, "precondition_required");
    app.chair().post(&path, because.clone()).if_match("\"2\"").problem(412, "precondition_failed");
    app.chair().post(&path, json!({"reason": " "})).if_match("\"1\"").problem(422, "content_invalid");
    let back = app.chair().post(&path, because.clone()).if_match("\"1\"").ok();
    let by = (&back["sent_back"]["by"], &back["sent_back"]["reason"], &back["points"]);
    assert_eq!(by, (&json!("chair.10210"), &because["reason"], &json!("30")));
    app.chair().post(&path, because.clone()).if_match("\"1\"").problem(409, "score_sent_back");
    let none = format!("{}/assessments/thuong/send-back", kinh_te());
    app.chair().post(&none, because).if_match("\"1\"").problem(409, "not_appraised");
    app.head("phong-kinh-te").post(&path, json!({"reason": "Tôi muốn"})).if_match("\"1\"").problem(403, "forbidden");
    let reasons = &preview(&app, "tap-the")["ineligible"][0]["reasons"];
    assert_eq!(reasons, &json!([{"code": "dossier_incomplete", "criterion": "mo-hinh"}]));
    let told = app.agency().get("/events?after=0&type=assessment.sent_back").ok();
    assert_eq!(told["items"][0]["data"], json!({"award": "tap-the", "criterion": "mo-hinh"}));
    app.agency().put(&model(&kinh_te()), json!({"points": "30"})).if_match("\"1\"").ok();
    let again = preview(&app, "tap-the");
    assert_eq!(again["entries"].as_array().unwrap().len(), 1, "the rest stands: {again}");
}

#[test]
fn remarks_that_stay_inside_are_read_by_those_who_judge_and_are_in_no_run() {
    let app = TestApp::start();
    app.emulation();
    app.appraised_dossier("phong-kinh-te", "30");
    let score = json!({"points": "29", "comment": "Thiếu minh chứng", "internal_comment": "Hỏi lại thanh tra"});
    app.agency().put(&model(&kinh_te()), score).if_match("\"1\"").ok();
    assert_eq!(
        app.auditor().get(&format!("{}/assessments", kinh_te())).ok()["items"][1]["internal_comment"],
        "Hỏi lại thanh tra"
    );
    app.head("phong-kinh-te").get(&format!("{}/assessments", kinh_te())).problem(403, "forbidden");
    assert!(!app.head("phong-kinh-te").get(&kinh_te()).ok().text().contains("thanh tra"));
    let run = preview(&app, "tap-the");
    assert!(run.text().contains("Thiếu minh chứng") && !run.text().contains("thanh tra"));
    assert_eq!(app.count("SELECT 1 FROM rankings WHERE inputs::text || texts::text LIKE '%thanh tra%'"), 0);
}

#[test]
fn a_declared_recusal_takes_the_ballot_out_of_every_number_before_and_after() {
    let app = council(json!({}), 4);
    for (n, points) in [(1, "10"), (2, "20"), (3, "40"), (4, "15")] {
        ballot(&member(&app, n), &kinh_te(), points).created();
    }
    let before = app.clock.now();
    app.at("2025-09-20T02:00:00Z");
    let made = member(&app, 3).post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"})).created();
    assert_eq!((&made["member"], &made["ground"]), (&json!("hd-3.10210"), &json!("declared")));
    let again = member(&app, 3).post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"}));
    again.problem(409, "recused_already");
    member(&app, 3)
        .put(&model(&kinh_te()), json!({"points": "1", "reason": "x"}))
        .if_match("\"1\"")
        .problem(409, "recused");
    let column = read(&app.agency(), &kinh_te());
    assert_eq!((&column["cast"], &column["open"], &column["recused"]), (&json!(3), &json!(0), &json!(1)));
    assert_eq!((&column["mean"], column["ballots"].as_array().unwrap().len()), (&json!("15.00"), 3));
    let seen = judging(&app.agency());
    assert_eq!((&seen["items"][0]["highest"], &seen["items"][0]["mean_exact"]), (&json!("20.00"), &json!("15")));
    assert_eq!(seen["members"][2], json!({"member": "hd-3.10210", "name": null, "cast": 0, "open": 0, "recused": 1}));
    // Not by a run as of an instant before it either: the difference would tell it.
    for as_of in [before, app.clock.now()] {
        let body = json!({"mode": "preview", "as_of": as_of});
        let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), body).created();
        let criteria = run["entries"][0]["criteria"].as_array().unwrap();
        let model = criteria.iter().find(|one| one["code"] == "mo-hinh").unwrap();
        assert_eq!(
            (&model["ballots"]["cast"], &model["ballots"]["recused"]),
            (&json!(["10", "15", "20"]), &json!(1)),
            "{run}"
        );
    }
    assert_eq!(app.count("SELECT 1 FROM rankings WHERE inputs->'candidates'->0->>'recused' = '1'"), 2);
    assert_eq!(app.count("SELECT 1 FROM assessments WHERE stage = 'council'"), 4, "it stays on record");
}

#[rstest]
#[case::a_role_in_the_unit("role", "phong-kinh-te", true)]
#[case::a_role_in_a_team_of_it("role", "to-so-hoa", true)]
#[case::the_unit_as_recorded("unit", "phong-kinh-te", true)]
#[case::the_unit_of_the_person("person", "phong-kinh-te", true)]
#[case::another_unit("unit", "van-phong", false)]
fn who_belongs_to_the_candidate_is_recused_without_a_word(#[case] by: &str, #[case] unit: &str, #[case] recused: bool) {
    let app = council(json!({}), 2);
    app.appraised_dossier("phong-vhxh", "30");
    // The team is of Phòng Văn hóa - Xã hội.
    let candidate = if unit == "to-so-hoa" { vhxh() } else { kinh_te() };
    match by {
        "role" => drop(app.account("hd-1", Role::Reporter, Some(unit))),
        "unit" => known(&app, json!({"unit": unit})),
        _ => known(&app, json!({"person": app.somebody("Trần Văn An", Some(unit))})),
    }
    let answer = ballot(&member(&app, 1), &candidate, "40").send();
    assert_eq!(answer.status(), if recused { 409 } else { 201 }, "{answer}");
    assert_eq!(read(&app.agency(), &candidate)["recused"], json!(usize::from(recused)));
}

fn known(app: &TestApp, who: Value) {
    app.admin().put("/council-members/hd-1.10210", who).if_none_match_any().created();
}

#[test]
fn nobody_judges_themselves_and_who_shares_the_unit_of_a_person_does_not_either() {
    let app = TestApp::start();
    app.emulation_of(|plan| {
        plan["groups"][2]["criteria"][0]["from"] = json!("council");
        plan["awards"][1]["council"] = super::rules(json!({}));
    });
    let person = app.somebody("Trần Văn An", None);
    let path = dossier("ca-nhan", &person);
    app.agency().put(&path, json!({"achievement": "Tốt", "on_behalf_reason": "Giúp"})).if_none_match_any().created();
    member(&app, 1);
    known(&app, json!({"person": person}));
    let score = format!("{path}/assessments/nhiem-vu");
    member(&app, 1).put(&score, json!({"points": "90"})).if_none_match_any().problem(409, "recused");
    member(&app, 2).put(&score, json!({"points": "80"})).if_none_match_any().created();
}
