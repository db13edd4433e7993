//! Nominations: handed in by the head or on behalf, verified by other eyes, held, appraised.

use std::thread;

use serde_json::{Value, json};

use crate::support::{MOVEMENT, TestApp, dossier};

mod assessments;
mod dossiers;
mod import;

fn claim() -> Value {
    json!({"achievement": "Giải quyết đúng hạn", "group": "don-vi", "self_scores": {"mo-hinh": "38.5"}})
}

fn kinh_te() -> String {
    dossier("tap-the", "phong-kinh-te")
}

/// A movement with one dossier, handed in by the head of Phòng Kinh tế.
fn nominated() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    app.head("phong-kinh-te").put(&kinh_te(), claim()).if_none_match_any().created();
    app
}

#[test]
fn the_head_nominates_and_the_agency_verifies() {
    let app = nominated();
    let seen = app.head("phong-kinh-te").get(&kinh_te()).ok();
    assert_eq!((&seen["state"], &seen["group_name"]), (&json!("nominated"), &json!("Đơn vị")));
    assert_eq!(seen["candidate"]["name"], "Phòng Kinh tế");
    assert_eq!(seen["self_scores"], json!({"mo-hinh": "38.5"}));
    assert_eq!(seen["allowed_actions"], json!(["nominate", "withdraw"]));
    let agency = app.agency().get(&kinh_te()).lang("en").ok();
    assert_eq!(agency["group_name"], "Units");
    assert_eq!(agency["allowed_actions"], json!(["nominate", "withdraw", "verify", "reject", "hold"]));
    let verified = app.agency().act_on(&kinh_te(), "verify", json!({})).is(200);
    assert_eq!((&verified["state"], &verified["allowed_actions"]), (&json!("verified"), &json!(["hold"])));
    let late = app.head("phong-kinh-te").put(&kinh_te(), claim()).if_match(&verified.etag());
    assert_eq!(late.problem(409, "nomination_state")["state"], "verified");
    let again = app.head("phong-kinh-te").put(&kinh_te(), claim()).if_none_match_any();
    assert_eq!(again.problem(409, "nomination_state")["state"], "verified", "no other tag would help");
    app.head("phong-kinh-te").act_on(&kinh_te(), "withdraw", json!({})).problem(409, "nomination_state");
}

#[test]
fn who_nominated_and_when_is_shown_and_whether_that_was_late() {
    let app = nominated();
    let (seen, plan) = (app.agency().get(&kinh_te()).ok(), app.agency().get(&format!("{MOVEMENT}/plan")).ok());
    let awards = plan["awards"].as_array().unwrap();
    let last = awards.iter().find(|award| award["code"] == "tap-the").unwrap()["propose_before"].as_str().unwrap();
    assert_eq!((&seen["late"], &seen["nominated_at"].as_str().is_some_and(|at| at < last)), (&json!(false), &true));
    app.at(last);
    app.agency()
        .put(
            &kinh_te(),
            json!({"achievement": "Viết lại", "group": "don-vi", "on_behalf_reason": "Thủ trưởng đi vắng"}),
        )
        .if_match(&seen.etag())
        .ok();
    let changed = app.auditor().get(&kinh_te()).ok();
    assert_eq!([&changed["nominated_by"], &changed["late"]], [&seen["nominated_by"], &json!(false)]);
    let claim = json!({"achievement": "Tốt", "group": "don-vi"});
    let late = app.head("phong-vhxh").put(&dossier("tap-the", "phong-vhxh"), claim).if_none_match_any().created();
    assert_eq!((&late["late"], &late["nominated_at"]), (&json!(true), &json!(last)));
    let list = app.agency().get(&format!("{MOVEMENT}/awards/tap-the/nominations")).ok();
    let shown = list["items"].as_array().unwrap().iter().map(|one| (&one["nominated_by"], &one["late"]));
    let expected = [(&seen["nominated_by"], &json!(false)), (&late["nominated_by"], &json!(true))];
    assert_eq!(shown.collect::<Vec<_>>(), expected);
}

#[test]
fn a_dossier_changes_as_a_whole_until_it_is_verified() {
    let app = nominated();
    let head = app.head("phong-kinh-te");
    let changed = json!({"achievement": "Viết lại"});
    head.put(&kinh_te(), changed.clone()).problem(428, "precondition_required");
    head.put(&kinh_te(), changed.clone()).if_none_match_any().problem(412, "precondition_failed");
    head.put(&kinh_te(), changed.clone()).if_match("\"7\"").problem(412, "precondition_failed");
    let now = head.put(&kinh_te(), changed).if_match("\"1\"").ok();
    assert_eq!((&now["achievement"], &now["self_scores"]), (&json!("Viết lại"), &json!({})));
    assert_eq!(now.etag(), "\"2\"");
}

#[test]
fn the_agency_nominates_on_behalf_with_a_reason_and_other_eyes_verify() {
    let app = TestApp::start();
    app.emulation();
    let agency = app.agency();
    let refused = agency.put(&kinh_te(), claim()).if_none_match_any().problem(422, "content_invalid");
    refused.finding("/on_behalf_reason", "on_behalf_reason_missing");
    let mut body = claim();
    body["on_behalf_reason"] = json!("Thủ trưởng đi công tác");
    let made = agency.put(&kinh_te(), body).if_none_match_any().created();
    assert_eq!(made["on_behalf_reason"], "Thủ trưởng đi công tác");
    assert_eq!(made["allowed_actions"], json!(["nominate", "withdraw", "reject", "hold"]));
    agency.act_on(&kinh_te(), "verify", json!({})).problem(409, "four_eyes");
    // A later editor does not clear the first one.
    let edited = app.head("phong-kinh-te").put(&kinh_te(), claim()).if_match("\"1\"").ok();
    assert_eq!(edited["on_behalf_reason"], json!(null));
    agency.act_on(&kinh_te(), "verify", json!({})).problem(409, "four_eyes");
    app.agency_2().act_on(&kinh_te(), "verify", json!({})).is(200);
}

#[test]
fn everything_wrong_with_a_dossier_is_said_at_once() {
    let app = TestApp::start();
    app.emulation();
    let scores = json!({"mo-hinh": "40.5", "khong-co": "1", "chi-tieu": "1", "thuong": "-1"});
    let body = json!({"achievement": " ", "self_scores": scores, "direct_work": true});
    app.agency()
        .put(&kinh_te(), body)
        .if_none_match_any()
        .problem(422, "content_invalid")
        .finding("/achievement", "length_out_of_range")
        .finding("/direct_work", "direct_work_of_unit")
        .finding("/on_behalf_reason", "on_behalf_reason_missing")
        .finding("/self_scores/mo-hinh", "points_out_of_range")
        .finding("/self_scores/khong-co", "score_criterion_unknown")
        .finding("/self_scores/chi-tieu", "criterion_not_scored")
        .finding("/self_scores/thuong", "points_out_of_range");
    let unfit =
        app.head("thon-1").put(&dossier("tap-the", "thon-1"), json!({"achievement": "Tốt"})).if_none_match_any();
    unfit.problem(422, "content_invalid").finding("", "candidate_unfit");
    let group = json!({"achievement": "Tốt", "group": "van-phong"});
    let wrong = app.head("phong-kinh-te").put(&kinh_te(), group).if_none_match_any().problem(422, "content_invalid");
    wrong.finding("/group", "group_unfit");
    let exact = json!({"achievement": "Tốt", "self_scores": {"mo-hinh": "1.123456789"}});
    app.head("phong-kinh-te").put(&kinh_te(), exact).if_none_match_any().problem(400, "body_invalid");
}

#[test]
fn a_person_is_nominated_by_the_head_of_their_unit() {
    let app = TestApp::start();
    app.emulation();
    let (hoa, lan) = (app.somebody("Nguyễn Thị Hòa", Some("to-so-hoa")), app.somebody("Trần Thị Lan", None));
    let body = json!({"achievement": "Trực tiếp làm", "direct_work": true});
    let made = app.head("phong-vhxh").put(&dossier("ca-nhan", &hoa), body.clone()).if_none_match_any().created();
    assert_eq!((&made["candidate"]["unit"], &made["direct_work"]), (&json!("to-so-hoa"), &json!(true)));
    app.head("phong-kinh-te").get(&dossier("ca-nhan", &hoa)).problem(404, "not_found");
    app.head("phong-kinh-te")
        .put(&dossier("ca-nhan", &lan), body.clone())
        .if_none_match_any()
        .problem(404, "not_found");
    let mut resident = body;
    resident["on_behalf_reason"] = json!("Người dân, không có thủ trưởng");
    app.agency().put(&dossier("ca-nhan", &lan), resident).if_none_match_any().created();
    let verified = app.agency().act_on(&dossier("ca-nhan", &hoa), "verify", json!({"direct_work": false})).is(200);
    assert_eq!(verified["direct_work"], false);
    let unit = app.agency().get(&dossier("ca-nhan", "phong-vhxh"));
    unit.problem(404, "not_found");
}

#[test]
fn a_hold_is_a_flag_that_only_judges_read() {
    let app = nominated();
    let hold = json!({"reason": "Đang xác minh đơn", "source": "Thanh tra xã"});
    app.agency()
        .act_on(&kinh_te(), "hold", json!({"reason": "", "source": " "}))
        .problem(422, "content_invalid")
        .finding("/reason", "length_out_of_range")
        .finding("/source", "length_out_of_range");
    let held = app.agency().act_on(&kinh_te(), "hold", hold.clone()).is(200);
    assert_eq!((&held["state"], &held["hold"]), (&json!("nominated"), &hold));
    app.agency().act_on(&kinh_te(), "hold", hold).problem(409, "nomination_held");
    let head = app.head("phong-kinh-te").get(&kinh_te()).ok();
    assert_eq!((&head["held"], &head["hold"]), (&json!(true), &json!(null)));
    assert_eq!(app.auditor().get(&kinh_te()).ok()["hold"]["source"], "Thanh tra xã");
    let free = app.agency().post(&format!("{}/release", kinh_te()), json!({"reason": "Không vi phạm"}));
    assert_eq!(free.if_match(&held.etag()).ok()["held"], false);
    app.agency().act_on(&kinh_te(), "release", json!({})).problem(409, "nomination_not_held");
}

#[test]
fn an_action_without_a_body_takes_none_or_an_empty_one() {
    let app = nominated();
    let verify = format!("{}/verify", kinh_te());
    let bare = app.agency().request(reqwest::Method::POST, &verify).if_match("\"1\"").ok();
    assert_eq!(bare["state"], "verified");
}

#[test]
fn a_rejection_is_final_and_carries_its_reason() {
    let app = nominated();
    let done = app.agency().act_on(&kinh_te(), "reject", json!({"reason": "Đã được khen"})).is(200);
    assert_eq!((&done["state"], &done["reason"]), (&json!("rejected"), &json!("Đã được khen")));
    assert_eq!(app.head("phong-kinh-te").get(&kinh_te()).ok()["reason"], "Đã được khen");
    let again = app.head("phong-kinh-te").put(&kinh_te(), claim()).if_match(&done.etag());
    again.problem(409, "nomination_state");
}

#[test]
fn lists_are_kept_to_reach_and_state() {
    let app = nominated();
    app.head("phong-vhxh").put(&dossier("tap-the", "phong-vhxh"), claim()).if_none_match_any().created();
    app.agency().act_on(&kinh_te(), "verify", json!({})).is(200);
    let path = format!("{MOVEMENT}/awards/tap-the/nominations");
    let codes = |who: &crate::support::Client, query: &str| -> Vec<Value> {
        let page = who.get(&format!("{path}{query}")).ok();
        page["items"].as_array().unwrap().iter().map(|one| one["candidate"]["code"].clone()).collect()
    };
    assert_eq!(codes(&app.agency(), ""), ["phong-kinh-te", "phong-vhxh"]);
    assert_eq!(codes(&app.agency(), "?state=verified"), ["phong-kinh-te"]);
    assert_eq!(codes(&app.agency(), "?unit=phong-vhxh"), ["phong-vhxh"]);
    assert_eq!(codes(&app.head("phong-vhxh"), ""), ["phong-vhxh"]);
    let page = app.agency().get(&format!("{path}?limit=1")).ok();
    let next = format!("?limit=1&cursor={}", page["next_cursor"].as_str().unwrap());
    assert_eq!(codes(&app.agency(), &next), ["phong-vhxh"]);
    app.agency().get(&format!("{MOVEMENT}/awards/none/nominations")).problem(404, "not_found");
}

#[test]
fn everybody_keeps_to_their_role_unit_and_locality() {
    let app = nominated();
    let body = claim();
    app.reporter("phong-kinh-te").get(&kinh_te()).problem(403, "forbidden");
    app.reporter("phong-kinh-te").put(&kinh_te(), body.clone()).if_match("\"1\"").problem(403, "forbidden");
    app.head("phong-kinh-te")
        .post(&format!("{}/verify", kinh_te()), json!({}))
        .if_match("\"1\"")
        .problem(403, "forbidden");
    app.chair().post(&format!("{}/hold", kinh_te()), json!({"reason": "a", "source": "b"})).problem(403, "forbidden");
    app.head("phong-vhxh").get(&kinh_te()).problem(404, "not_found");
    app.head("phong-vhxh").put(&kinh_te(), body).if_match("\"1\"").problem(404, "not_found");
    app.elsewhere.agency().get(&kinh_te()).problem(404, "not_found");
    app.elsewhere
        .agency()
        .post(&format!("{}/verify", kinh_te()), json!({}))
        .if_match("\"1\"")
        .problem(404, "not_found");
    app.agency().post(&format!("{}/verify", kinh_te()), json!({})).problem(428, "precondition_required");
    app.agency().post(&format!("{}/verify", dossier("tap-the", "thon-1")), json!({})).problem(404, "not_found");
}

#[test]
fn of_two_nominations_at_once_one_is_made() {
    let app = TestApp::start();
    app.emulation();
    let head = app.head("phong-kinh-te");
    let tries: Vec<_> = (0..4)
        .map(|_| head.put(&kinh_te(), claim()).if_none_match_any())
        .map(|request| thread::spawn(move || request.send().status()))
        .collect();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort();
    assert_eq!(answered, [201, 412, 412, 412]);
}

#[test]
fn every_act_keeps_the_dossier_as_it_stood() {
    let app = nominated();
    app.head("phong-kinh-te").put(&kinh_te(), json!({"achievement": "Viết lại"})).if_match("\"1\"").ok();
    app.agency().act_on(&kinh_te(), "verify", json!({})).is(200);
    let kept = |version: i32, achievement: &str, state: &str| {
        app.count(&format!(
            "SELECT 1 FROM nomination_events WHERE version = {version}
               AND dossier @> '{{\"achievement\": \"{achievement}\", \"state\": \"{state}\"}}'"
        ))
    };
    assert_eq!(kept(1, "Giải quyết đúng hạn", "nominated"), 1);
    assert_eq!(kept(2, "Viết lại", "nominated"), 1);
    assert_eq!(kept(3, "Viết lại", "verified"), 1);
}
