//! Proposals: three lists, a reason for each difference, ends.

use serde_json::{Value, json};
use thidua::http::Role;

use super::{hold, path, proposals, propose, proposed, ranked, ranked_of, run};
use crate::support::{Answer, MOVEMENT, TestApp, dossier};

fn candidate<'a>(proposal: &'a Answer, unit: &str) -> &'a Value {
    proposal["candidates"].as_array().unwrap().iter().find(|one| one["candidate"]["code"] == unit).unwrap()
}

#[test]
fn what_the_ranking_advises_needs_no_reason() {
    let (app, run) = ranked();
    let made = propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({})).created();
    assert_eq!((&made["state"], &made["late"], &made["quota"]), (&json!("open"), &json!(false), &json!(2)));
    assert_eq!(made["proposed_by"], "agency.10210");
    let first = candidate(&made, "phong-kinh-te");
    assert_eq!(
        (&first["rank"], &first["standing"], &first["selected"], &first["passed"], &first["bar"]),
        (&json!(1), &json!("within_quota"), &json!(1), &json!(null), &json!(null))
    );
    let fourth = candidate(&made, "mat-tran");
    assert_eq!((&fourth["rank"], &fourth["selected"], &fourth["differences"]), (&json!(3), &json!(null), &json!([])));
    assert_eq!(app.chair().get(&path(&made)).ok()["candidates"], made["candidates"]);
    let listed = app.auditor().get(&proposals()).ok();
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["decision"]), (&made["id"], &json!(null)));
    let told = app.agency().get("/events?after=0&type=award.proposed").ok();
    assert_eq!(told["items"][0]["data"], json!({"award": "tap-the", "proposal": made["id"], "late": false}));
}

#[test]
fn each_difference_lacks_its_reason_at_once() {
    let (app, run) = ranked();
    let refused = propose(&app, &run, &["van-phong"], json!({})).problem(422, "content_invalid");
    let refused = refused
        .finding("/reasons/phong-kinh-te", "difference_unexplained")
        .finding("/reasons/phong-vhxh", "difference_unexplained")
        .finding("/reasons/van-phong", "difference_unexplained")
        .finding("/quota_reason", "quota_unexplained");
    assert_eq!(refused["errors"].as_array().unwrap().len(), 4);
    assert!(refused["errors"][0]["message"].as_str().unwrap().contains("Phòng"), "{refused}");
    let reasons = json!({"phong-kinh-te": "Đã được tặng cờ", "phong-vhxh": "Xin rút", "van-phong": "Mô hình mới"});
    let whole = json!({"reasons": reasons, "quota_reason": "Chỉ một tập thể xứng đáng"});
    let made = propose(&app, &run, &["van-phong"], whole).created();
    assert_eq!(candidate(&made, "van-phong")["differences"], json!(["above_ranking"]));
    assert_eq!(candidate(&made, "phong-vhxh")["differences"], json!(["passed_over"]));
    assert_eq!(candidate(&made, "phong-vhxh")["reason"], "Xin rút");
}

#[test]
fn beyond_the_quota_only_where_the_plan_lets_it() {
    let three = ["phong-kinh-te", "phong-vhxh", "van-phong"];
    let reasons = json!({"reasons": {"van-phong": "Kết quả cao"}, "quota_reason": "Ba tập thể đều xuất sắc"});
    let (app, run) = ranked();
    propose(&app, &run, &three, json!({"reasons": reasons["reasons"]}))
        .problem(422, "content_invalid")
        .finding("/quota_reason", "quota_unexplained");
    propose(&app, &run, &three, reasons.clone()).created();
    let (app, run) = ranked_of(|plan| plan["awards"][0]["beyond_quota"] = json!("never"));
    propose(&app, &run, &three, reasons).problem(422, "content_invalid").finding("/selected", "quota_exceeded");
}

#[test]
fn who_is_tied_at_the_line_has_a_reason_chosen_or_not() {
    let (app, run) = ranked_of(|plan| plan["awards"][0]["quota"] = json!(3));
    let three = ["phong-kinh-te", "phong-vhxh", "mat-tran"];
    propose(&app, &run, &three, json!({}))
        .problem(422, "content_invalid")
        .finding("/reasons/mat-tran", "difference_unexplained")
        .finding("/reasons/van-phong", "difference_unexplained");
    let reasons = json!({"mat-tran": "Trực tiếp ở thôn", "van-phong": "Đã được khen kỳ trước"});
    let made = propose(&app, &run, &three, json!({"reasons": reasons})).created();
    assert_eq!(candidate(&made, "mat-tran")["differences"], json!(["tied"]));
}

#[test]
fn the_councils_list_stands_beside_the_others() {
    let council =
        json!({"quorum": "1/2", "pass": ">1/2", "of": "all", "ballot": "secret", "combine": "mean", "min_ballots": 1});
    let (app, run) = ranked_of(|plan| plan["awards"][0]["council"] = council);
    app.council_member();
    let session = json!({"held_on": "2025-09-10", "present": ["council.10210"]});
    let session = path(&app.agency().post(&format!("{MOVEMENT}/awards/tap-the/sessions"), session).created());
    for (unit, votes) in [("phong-kinh-te", 1), ("phong-vhxh", 0), ("van-phong", 1)] {
        let count = json!({"issued": 1, "returned": 1, "valid": 1, "invalid": 0, "for": votes, "against": 1 - votes});
        let put = app.agency().put(&format!("{session}/votes/{unit}"), json!({"count": count}));
        put.if_none_match_any().created();
    }
    app.agency().post(&format!("{session}/close"), json!({})).ok();
    let two = ["phong-kinh-te", "phong-vhxh"];
    propose(&app, &run, &two, json!({}))
        .problem(422, "content_invalid")
        .finding("/reasons/phong-vhxh", "difference_unexplained")
        .finding("/reasons/van-phong", "difference_unexplained");
    let reasons = json!({"reasons": {"phong-vhxh": "Đứng thứ hai", "van-phong": "Ngoài số lượng"}});
    let made = propose(&app, &run, &two, reasons).created();
    assert_eq!(candidate(&made, "phong-vhxh")["differences"], json!(["not_passed"]));
    assert_eq!(candidate(&made, "van-phong")["differences"], json!(["passed_not_selected"]));
    assert_eq!(
        (&candidate(&made, "phong-kinh-te")["passed"], &candidate(&made, "mat-tran")["passed"]),
        (&json!(true), &json!(null))
    );
}

#[test]
fn after_the_plans_day_only_with_a_reason() {
    let (app, run) = ranked();
    propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({"late_reason": "Chờ họp"}))
        .problem(422, "content_invalid")
        .finding("/late_reason", "late_reason_needless");
    app.at("2025-12-15T02:00:00Z");
    propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({}))
        .problem(422, "content_invalid")
        .finding("/late_reason", "late_reason_missing");
    let made = propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({"late_reason": "Chờ họp"})).created();
    assert_eq!((&made["late"], &made["late_reason"]), (&json!(true), &json!("Chờ họp")));
}

#[test]
fn only_of_the_newest_official_run_of_the_award() {
    let (app, former) = ranked();
    let newest = run(&app);
    let two = ["phong-kinh-te", "phong-vhxh"];
    let preview =
        app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    for run in [former.as_str(), preview["id"].as_str().unwrap()] {
        propose(&app, run, &two, json!({})).problem(422, "content_invalid").finding("/ranking", "ranking_not_official");
    }
    propose(&app, "0197a3b0-0000-7000-8000-000000000000", &two, json!({}))
        .problem(422, "content_invalid")
        .finding("/ranking", "ranking_unknown");
    propose(&app, &newest, &["phong-kinh-te", "phong-kinh-te", "thon-1"], json!({"reasons": {"thon-1": "Lý do"}}))
        .problem(422, "content_invalid")
        .finding("/selected/1", "candidate_chosen_twice")
        .finding("/selected/2", "candidate_not_ranked")
        .finding("/reasons/thon-1", "candidate_not_ranked");
}

#[test]
fn nobody_on_hold_or_under_discipline_is_proposed() {
    let (app, run) = ranked();
    hold(&app, "phong-vhxh");
    let two = ["phong-kinh-te", "phong-vhxh"];
    propose(&app, &run, &two, json!({})).problem(422, "content_invalid").finding("/selected/1", "candidate_held");
    app.agency().act_on(&dossier("tap-the", "phong-vhxh"), "release", json!({})).is(200);
    app.sql(
        "UPDATE nominations SET facts = '{\"achievement_from\": {\"day\": \"2026-03-01\", \"source\": \"Quyết định 1\"}}'
         WHERE unit_id = (SELECT id FROM units WHERE code = 'phong-vhxh' AND locality_id = nominations.locality_id)",
    );
    propose(&app, &run, &two, json!({}))
        .problem(422, "content_invalid")
        .finding("/selected/1", "candidate_disciplined");
}

#[test]
fn one_proposal_is_open_at_a_time_and_ends_once() {
    let (app, run) = ranked();
    let first = proposed(&app, &run);
    propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({})).problem(409, "proposal_open");
    let why = || json!({"reason": "Sửa danh sách"});
    app.agency_2().post(&format!("{first}/withdraw"), why()).problem(409, "proposal_not_own");
    app.agency().post(&format!("{first}/withdraw"), json!({"reason": " "})).problem(422, "content_invalid");
    let withdrawn = app.agency().post(&format!("{first}/withdraw"), why()).ok();
    assert_eq!((&withdrawn["state"], &withdrawn["end"]["reason"]), (&json!("withdrawn"), &json!("Sửa danh sách")));
    assert_eq!(withdrawn["allowed_actions"], json!([]));
    app.chair().post(&format!("{first}/return"), why()).problem(409, "proposal_state");
    let second = proposed(&app, &run);
    let returned = app.chair().post(&format!("{second}/return"), why()).ok();
    assert_eq!((&returned["state"], &returned["end"]["by"]), (&json!("returned"), &json!("chair.10210")));
    app.agency().post(&format!("{second}/withdraw"), why()).problem(409, "proposal_state");
    let states: Vec<Value> = app.agency().get(&proposals()).ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["returned", "withdrawn"]);
    let told = app.agency().get("/events?after=0&type=proposal.ended").ok();
    assert_eq!(told["items"].as_array().unwrap().len(), 2);
}

#[test]
fn who_proposed_does_not_return_it_as_the_chair() {
    let (app, run) = ranked();
    let both = app.account("agency", Role::Chair, None);
    let proposal = proposed(&app, &run);
    both.post(&format!("{proposal}/return"), json!({"reason": "Xem lại"})).problem(409, "proposal_own");
}

#[test]
fn proposals_are_read_by_those_who_judge_at_home() {
    let (app, run) = ranked();
    let proposal = proposed(&app, &run);
    for who in [app.chair(), app.auditor(), app.council_member()] {
        who.get(&proposal).ok();
    }
    app.head("phong-kinh-te").get(&proposal).problem(403, "forbidden");
    app.elsewhere.agency().get(&proposal).problem(404, "not_found");
    app.chair().post(&proposals(), json!({"ranking": run, "selected": []})).problem(403, "forbidden");
    app.agency().post(&format!("{proposal}/return"), json!({"reason": "Sai"})).problem(403, "forbidden");
}

#[test]
fn of_two_proposals_at_once_one_is_made() {
    let (app, run) = ranked();
    let tries: Vec<_> = (0..2)
        .map(|_| propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({})))
        .map(|request| std::thread::spawn(move || request.send().status()))
        .collect();
    let mut answered: Vec<u16> = tries.into_iter().map(|one| one.join().unwrap()).collect();
    answered.sort_unstable();
    assert_eq!(answered, [201, 409]);
    assert_eq!(app.count("SELECT 1 FROM award_proposals"), 1);
}

#[test]
fn what_was_proposed_is_kept_and_only_its_texts_may_give_way() {
    let (app, run) = ranked();
    let reasons = json!({"phong-vhxh": "Nêu tên Nguyễn Văn An", "van-phong": "Kết quả cao"});
    propose(&app, &run, &["phong-kinh-te", "van-phong"], json!({"reasons": reasons})).created();
    let refused = app.try_sql("UPDATE award_proposal_candidates SET selected = NULL").expect_err("kept");
    assert!(refused.contains("is refused"), "{refused}");
    app.sql("UPDATE award_proposal_candidates SET reason = 'Nêu tên Công dân' WHERE reason LIKE 'Nêu tên%'");
}

#[test]
fn a_concluded_movement_has_no_new_proposal() {
    let (app, run): (TestApp, String) = ranked();
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
    propose(&app, &run, &["phong-kinh-te", "phong-vhxh"], json!({})).problem(409, "movement_state");
}
