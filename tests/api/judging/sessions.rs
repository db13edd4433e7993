//! Sessions: the roll, votes at the exact edge, the count minutes, close, and the session that replaces another.

use rstest::rstest;
use serde_json::{Value, json};

use super::{ballot, close, council, count, kinh_te, member, names, opened, sessions, vhxh};
use crate::support::{Answer, MOVEMENT, TestApp};

fn votes(session: &str, unit: &str) -> String {
    format!("{session}/votes/{unit}")
}

fn first(answer: &Answer) -> &Value {
    &answer["count_minutes"][0]
}

/// A session of nine with these present, in which so many voted for Phòng Kinh tế; whether it passed.
fn passed(over: Value, present: usize, in_favour: u32) -> Value {
    let app = council(over, 9);
    let session = opened(&app, names(1..=present), vec![], names(present + 1..=9));
    let counted = count(present as u32, 0, in_favour);
    app.agency().put(&votes(&session, "phong-kinh-te"), counted).if_none_match_any().created();
    first(&close(&app, &session).ok())["passed"].clone()
}

#[rstest]
#[case::two_thirds_of_nine("2/3", "all", 9, 6, true)]
#[case::one_vote_less("2/3", "all", 9, 5, false)]
#[case::nine_tenths_of_nine_is_all("9/10", "all", 9, 9, true)]
#[case::eight_of_nine_are_less("9/10", "all", 9, 8, false)]
#[case::four_fifths("4/5", "all", 9, 8, true)]
#[case::four_fifths_less_one("4/5", "all", 9, 7, false)]
#[case::absent_members_count_among_all("2/3", "all", 7, 5, false)]
#[case::and_not_among_those_present("2/3", "present", 7, 5, true)]
#[case::half_is_not_more_than_half(">1/2", "present", 6, 3, false)]
#[case::more_than_half(">1/2", "present", 6, 4, true)]
fn a_share_is_reached_at_its_exact_edge(
    #[case] pass: &str,
    #[case] of: &str,
    #[case] present: usize,
    #[case] in_favour: u32,
    #[case] expected: bool,
) {
    let over = json!({"ballot": "secret", "pass": pass, "of": of});
    assert_eq!(passed(over, present, in_favour), json!(expected));
}

#[test]
fn without_a_quorum_nobody_passes() {
    let over = || json!({"ballot": "secret", "of": "present"});
    assert_eq!(passed(over(), 6, 6), json!(true), "six of nine are two thirds");
    assert_eq!(passed(over(), 5, 5), json!(false));
}

#[test]
fn the_roll_has_every_member_once() {
    let app = council(json!({}), 3);
    let body = |present: Vec<String>, written: Vec<String>| json!({"held_on": "2025-09-10", "present": present, "written": written});
    let refused = app.agency().post(&sessions(), body(names([1, 2, 2, 7]), names([3]))).problem(422, "content_invalid");
    assert!(refused.text().contains("vào ngày họp 2025-09-10"), "{refused}");
    refused
        .finding("/present/2", "member_twice")
        .finding("/present/3", "member_unknown")
        .finding("/written", "written_votes_refused");
    let refused =
        app.agency().post(&sessions(), json!({"held_on": "2025-09-11", "present": []})).problem(422, "content_invalid");
    refused.finding("", "members_missing").finding("/held_on", "day_future");
    let other =
        json!({"held_on": "2025-09-10", "present": names(1..=3), "replaces": "0197a3b0-0000-7000-8000-000000000000"});
    app.agency().post(&sessions(), other).problem(422, "content_invalid").finding("/replaces", "session_unknown");
    app.agency().post(&sessions(), body(names(1..=3), vec![])).created();
    app.agency().post(&sessions(), body(names(1..=3), vec![])).problem(409, "session_open");
    app.chair().post(&sessions(), body(names(1..=3), vec![])).problem(403, "forbidden");
}

#[test]
fn count_minutes_add_up_or_are_refused_whole() {
    let app = council(json!({"ballot": "secret"}), 3);
    let session = opened(&app, names(1..=3), vec![], vec![]);
    let path = votes(&session, "phong-kinh-te");
    let put = |body: Value| app.agency().put(&path, body).if_none_match_any();
    let wrong = json!({"count": {"issued": 4, "returned": 3, "valid": 2, "invalid": 0, "for": 1, "against": 2}});
    let refused = put(wrong).problem(422, "content_invalid");
    let told = |i: usize| refused["errors"][i]["message"].as_str().unwrap();
    assert!(told(0).contains("số phiếu phát ra (issued) là 4"), "{refused}");
    assert!(told(1).contains("số phiếu hợp lệ (valid) cộng số phiếu không hợp lệ (invalid) là 2"), "{refused}");
    refused
        .finding("/count/issued", "count_too_many")
        .finding("/count/returned", "count_differs")
        .finding("/count/valid", "count_differs");
    put(json!({"votes": {"hd-1.10210": "for"}}))
        .problem(422, "content_invalid")
        .finding("/count", "votes_missing")
        .finding("/votes", "votes_foreign");
    let counted = put(count(3, 1, 2)).created();
    assert_eq!(first(&counted)["count"]["invalid"], 1);
    assert_eq!((&first(&counted)["votes"], &first(&counted)["passed"]), (&json!(null), &json!(null)));
    app.agency().put(&path, count(3, 0, 3)).if_match("\"2\"").problem(412, "precondition_failed");
    let again = app.agency().put(&path, count(3, 0, 3)).if_match("\"1\"").ok();
    assert_eq!((first(&again)["count"]["for"].clone(), again.etag()), (json!(3), "\"2\"".into()));
    assert_eq!(app.count("SELECT 1 FROM council_votes"), 2, "both counts stand");
    let unverified = crate::support::dossier("tap-the", "phong-vhxh");
    let claim = json!({"achievement": "Tốt", "group": "don-vi"});
    app.head("phong-vhxh").put(&unverified, claim).if_none_match_any().created();
    let early = app.agency().put(&votes(&session, "phong-vhxh"), count(3, 0, 3)).if_none_match_any();
    early.problem(409, "nomination_state");
    let nobody = app.agency().put(&votes(&session, "van-phong"), count(3, 0, 3)).if_none_match_any();
    nobody.problem(404, "not_found");
}

#[test]
fn an_open_vote_is_by_member_and_who_is_recused_or_absent_has_none() {
    let app = council(json!({}), 4);
    member(&app, 3).post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"})).created();
    let session = opened(&app, names([1, 2, 3]), vec![], names([4]));
    let path = votes(&session, "phong-kinh-te");
    let put = |body: Value| app.agency().put(&path, body).if_none_match_any();
    put(json!({"votes": {"hd-3.10210": "for", "hd-4.10210": "for", "la.10210": "for"}}))
        .problem(422, "content_invalid")
        .finding("/votes/hd-3.10210", "voter_recused")
        .finding("/votes/hd-4.10210", "voter_absent")
        .finding("/votes/la.10210", "member_unknown");
    let counted = put(json!({"votes": {"hd-1.10210": "for", "hd-2.10210": "for"}})).created();
    let one = first(&counted);
    assert_eq!(
        (&one["voters"], &one["base"], &one["count"]["for"], &one["count"]["issued"]),
        (&json!(2), &json!(3), &json!(2), &json!(2))
    );
    assert_eq!(one["recused"], json!([{"member": "hd-3.10210", "ground": "declared"}]));
    assert_eq!(one["votes"][0], json!({"member": "hd-1.10210", "vote": "for"}));
    assert_eq!(first(&close(&app, &session).ok())["passed"], true, "two of three");
}

#[test]
fn a_recusal_after_the_count_asks_for_another() {
    let app = council(json!({"ballot": "secret"}), 3);
    let session = opened(&app, names(1..=3), vec![], vec![]);
    close(&app, &session).problem(409, "session_without_votes");
    let path = votes(&session, "phong-kinh-te");
    app.agency().put(&path, count(3, 0, 3)).if_none_match_any().created();
    member(&app, 1).post(&format!("{}/recusals", kinh_te()), json!({"reason": "Người nhà"})).created();
    close(&app, &session).problem(409, "recusals_changed");
    app.agency().put(&path, count(3, 0, 3)).if_match("\"1\"").problem(422, "content_invalid");
    app.agency().put(&path, count(2, 0, 2)).if_match("\"1\"").ok();
    let closed = close(&app, &session).ok();
    assert_eq!((&first(&closed)["base"], &first(&closed)["passed"]), (&json!(2), &json!(true)));
}

#[test]
fn nothing_is_added_to_a_closed_session_and_a_new_one_that_names_it_corrects_it() {
    let app = council(json!({"ballot": "secret"}), 3);
    ballot(&member(&app, 1), &kinh_te(), "30").created();
    let session = opened(&app, names(1..=3), vec![], vec![]);
    let path = votes(&session, "phong-kinh-te");
    app.agency().put(&path, count(3, 0, 1)).if_none_match_any().created();
    let closed = close(&app, &session).ok();
    assert_eq!((&closed["state"], &closed["allowed_actions"]), (&json!("closed"), &json!([])));
    close(&app, &session).problem(409, "session_closed");
    app.agency().put(&path, count(3, 0, 3)).if_match("\"1\"").problem(409, "session_closed");
    ballot(&member(&app, 2), &kinh_te(), "30").problem(409, "council_closed");
    assert_eq!(super::read(&app.agency(), &kinh_te())["mean"], Value::Null, "one ballot alone would name who cast it");
    // Another round is for other candidates.
    let other = opened(&app, names(1..=3), vec![], vec![]);
    app.agency().put(&votes(&other, "phong-kinh-te"), count(3, 0, 3)).if_none_match_any().problem(409, "voted_already");
    app.appraised_dossier("phong-vhxh", "20");
    app.agency().put(&votes(&other, "phong-vhxh"), count(3, 0, 3)).if_none_match_any().created();
    close(&app, &other).ok();
    let correct = json!({"held_on": "2025-09-15", "present": names(1..=3), "replaces": closed["id"]});
    let correction = app.agency().post(&sessions(), correct.clone()).created();
    let path = correction.header("location").unwrap();
    ballot(&member(&app, 2), &kinh_te(), "20").created();
    app.agency().put(&votes(path, "phong-kinh-te"), count(3, 0, 3)).if_none_match_any().created();
    let corrected = close(&app, path).ok();
    assert_eq!((&corrected["replaces"], &first(&corrected)["passed"]), (&closed["id"], &json!(true)));
    assert_eq!(app.chair().get(&session).ok()["replaced_by"], corrected["id"]);
    assert_eq!(first(&app.chair().get(&session).ok())["passed"], false, "what was closed stays");
    app.agency().post(&sessions(), correct).problem(409, "session_replaced");
    let states: Vec<_> = app.auditor().get(&sessions()).ok()["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].clone())
        .collect();
    assert_eq!(states, ["closed", "closed", "closed"]);
    ballot(&member(&app, 2), &vhxh(), "20").problem(409, "council_closed");
    let told = app.agency().get("/events?after=0&type=council.session_closed").ok();
    assert_eq!(told["items"].as_array().unwrap().len(), 3);
}

#[test]
fn sessions_are_read_by_those_who_judge_at_home() {
    let app = council(json!({}), 2);
    let session = opened(&app, names(1..=2), vec![], vec![]);
    for who in [app.chair(), app.auditor(), member(&app, 1)] {
        assert_eq!(
            who.get(&session).ok()["minutes"]["quorum"],
            json!({"share": "2/3", "present": 2, "members": 2, "reached": true})
        );
    }
    app.head("phong-kinh-te").get(&session).problem(403, "forbidden");
    app.elsewhere.agency().get(&session).problem(404, "not_found");
    app.agency().get(&format!("{MOVEMENT}/awards/khong-co/sessions")).problem(404, "not_found");
    let vote = json!({"votes": {"hd-1.10210": "for"}});
    member(&app, 1).put(&votes(&session, "phong-kinh-te"), vote).if_none_match_any().problem(403, "forbidden");
}

fn ended(app: &TestApp) {
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    app.chair().act_on(MOVEMENT, "conclude", json!({})).is(200);
}

#[test]
fn a_concluded_movement_has_no_more_votes_and_no_more_ballots() {
    let app = council(json!({"ballot": "secret"}), 2);
    let session = opened(&app, names(1..=2), vec![], vec![]);
    app.agency().put(&votes(&session, "phong-kinh-te"), count(2, 0, 2)).if_none_match_any().created();
    ended(&app);
    close(&app, &session).problem(409, "movement_state");
    app.agency()
        .put(&votes(&session, "phong-kinh-te"), count(2, 0, 2))
        .if_match("\"1\"")
        .problem(409, "movement_state");
    ballot(&member(&app, 1), &kinh_te(), "20").problem(409, "movement_state");
    assert_eq!(app.chair().get(&session).ok()["allowed_actions"], json!([]));
}
