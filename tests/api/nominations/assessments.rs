//! Assessments: the agency's scores beside the candidate's own, the newest counting.

use std::thread;

use serde_json::json;

use super::{kinh_te, nominated};
use crate::support::{Answer, TestApp};

fn sheet(app: &TestApp) -> Answer {
    app.agency().get(&format!("{}/assessments", kinh_te())).ok()
}

fn of(criterion: &str) -> String {
    format!("{}/assessments/{criterion}", kinh_te())
}

#[test]
fn the_sheet_lists_what_people_answer() {
    let app = nominated();
    let sheet = sheet(&app);
    let codes: Vec<_> = sheet["items"].as_array().unwrap().iter().map(|one| one["criterion"].clone()).collect();
    assert_eq!(codes, ["doan-ket", "mo-hinh", "thuong"]);
    let model = &sheet["items"][1];
    assert_eq!((&model["max"], &model["self_points"], &model["points"]), (&json!("40"), &json!("38.5"), &json!(null)));
}

#[test]
fn a_score_is_given_and_changed_and_the_newest_counts() {
    let app = nominated();
    let agency = app.agency();
    agency.put(&of("mo-hinh"), json!({"points": "38.5"})).problem(428, "precondition_required");
    let given = agency.put(&of("mo-hinh"), json!({"points": "38.50"})).if_none_match_any().created();
    assert_eq!((given.etag(), &given["points"]), ("\"1\"".into(), &json!("38.5")));
    agency.put(&of("mo-hinh"), json!({"points": "0"})).if_none_match_any().problem(412, "precondition_failed");
    let lower = json!({"points": "0", "comment": "Chưa áp dụng"});
    agency.put(&of("mo-hinh"), lower.clone()).if_match("\"2\"").problem(412, "precondition_failed");
    let changed = app.agency_2().put(&of("mo-hinh"), lower).if_match("\"1\"").ok();
    assert_eq!((changed.etag(), &changed["points"]), ("\"2\"".into(), &json!("0")));
    assert_eq!(changed["assessor"], "agency-2.10210");
    assert_eq!(sheet(&app)["items"][1], *changed.json());
    assert_eq!(app.count("SELECT 1 FROM assessments"), 2);
}

#[test]
fn the_unit_reads_the_remarks_once_the_dossier_is_verified_and_no_more() {
    let app = nominated();
    let given = json!({"points": "30", "comment": "Chưa áp dụng rộng", "internal_comment": "Kiểm tra lại"});
    app.agency().put(&of("mo-hinh"), given).if_none_match_any().created();
    app.agency().put(&of("doan-ket"), json!({"passed": true})).if_none_match_any().created();
    let (head, path) = (app.head("phong-kinh-te"), format!("{}/remarks", kinh_te()));
    assert_eq!(head.get(&path).ok()["items"], json!([]), "the agency may still change its mind");
    app.agency().act_on(&kinh_te(), "verify", json!({})).is(200);
    let told = head.get(&path).ok();
    let at = &told["items"][0]["at"];
    let remark = json!({"criterion": "mo-hinh", "text": "Mô hình mới", "comment": "Chưa áp dụng rộng", "at": at});
    assert_eq!(told["items"], json!([remark]));
    app.head("phong-vhxh").get(&path).problem(404, "not_found");
    app.reporter("phong-kinh-te").get(&path).problem(403, "forbidden");
    app.chair().post(&format!("{}/send-back", of("mo-hinh")), json!({"reason": "Xem lại"})).if_match("\"1\"").ok();
    assert_eq!(head.get(&path).ok()["items"], json!([]), "what is to be given again is no remark");
}

#[test]
fn what_differs_from_the_claim_needs_a_comment() {
    let app = nominated();
    let refused = |criterion: &str, body| {
        app.agency().put(&of(criterion), body).if_none_match_any().problem(422, "content_invalid")
    };
    refused("mo-hinh", json!({"points": "38"})).finding("/comment", "comment_missing");
    refused("mo-hinh", json!({"points": "38", "comment": " "})).finding("/comment", "length_out_of_range");
    refused("mo-hinh", json!({"points": "40.01", "comment": "a"})).finding("/points", "points_out_of_range");
    refused("mo-hinh", json!({"passed": true}))
        .finding("/points", "score_member_missing")
        .finding("/passed", "score_member_foreign");
    refused("thuong", json!({"points": "1"})).finding("/comment", "comment_missing");
    refused("doan-ket", json!({"passed": false})).finding("/comment", "comment_missing");
    refused("doan-ket", json!({"points": "1"})).finding("/passed", "score_member_missing");
    refused("chi-tieu", json!({"points": "1"})).finding("", "criterion_not_scored");
    app.agency().put(&of("khong-co"), json!({"points": "1"})).if_none_match_any().problem(404, "not_found");
    let passed = app.agency().put(&of("doan-ket"), json!({"passed": true})).if_none_match_any().created();
    assert_eq!((&passed["passed"], &passed["points"]), (&json!(true), &json!(null)));
    app.agency().put(&of("thuong"), json!({"points": "0"})).if_none_match_any().created();
}

#[test]
fn adopting_takes_the_claims_not_yet_appraised() {
    let app = nominated();
    let adopt = format!("{}/assessments/adopt", kinh_te());
    let sheet = app.agency().post(&adopt, json!({})).ok();
    assert_eq!(sheet["items"][1]["points"], "38.5");
    assert_eq!(sheet["items"][2]["points"], json!(null));
    let lower = json!({"points": "30", "comment": "Chưa áp dụng"});
    app.agency().put(&of("mo-hinh"), lower).if_match("\"1\"").ok();
    assert_eq!(app.agency().post(&adopt, json!({})).ok()["items"][1]["points"], "30");
}

#[test]
fn whoever_put_the_dossier_together_does_not_score_it() {
    let app = nominated();
    let mut body = super::claim();
    body["on_behalf_reason"] = json!("Sửa giúp");
    app.agency().put(&kinh_te(), body).if_match("\"1\"").ok();
    let score = json!({"points": "38.5"});
    app.agency().put(&of("mo-hinh"), score.clone()).if_none_match_any().problem(409, "four_eyes");
    app.agency().post(&format!("{}/assessments/adopt", kinh_te()), json!({})).problem(409, "four_eyes");
    app.agency_2().put(&of("mo-hinh"), score).if_none_match_any().created();
}

#[test]
fn scores_are_given_while_the_dossier_stands() {
    let app = nominated();
    app.agency().act_on(&kinh_te(), "verify", json!({})).is(200);
    app.agency().put(&of("mo-hinh"), json!({"points": "38.5"})).if_none_match_any().created();
    let app = nominated();
    app.head("phong-kinh-te").act_on(&kinh_te(), "withdraw", json!({})).is(200);
    let late = app.agency().put(&of("mo-hinh"), json!({"points": "38.5"})).if_none_match_any();
    late.problem(409, "nomination_state");
}

#[test]
fn only_judges_see_scores_and_only_the_agency_gives_them() {
    let app = nominated();
    let path = format!("{}/assessments", kinh_te());
    app.council_member().get(&path).ok();
    app.head("phong-kinh-te").get(&path).problem(403, "forbidden");
    app.elsewhere.agency().get(&path).problem(404, "not_found");
    app.chair().put(&of("mo-hinh"), json!({"points": "38.5"})).if_none_match_any().problem(403, "forbidden");
}

#[test]
fn of_two_scores_at_once_one_is_given() {
    let app = nominated();
    let tries: Vec<_> = [app.agency(), app.agency_2()]
        .map(|who| who.put(&of("mo-hinh"), json!({"points": "38.5"})).if_none_match_any())
        .into_iter()
        .map(|request| thread::spawn(move || request.send().status()))
        .collect();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort();
    assert_eq!(answered, [201, 412]);
}
