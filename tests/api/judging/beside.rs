//! What the council voted stands beside a run, and a session says what is to be known of its candidates.

use serde_json::{Value, json};

use super::{ballot, close, council, count, kinh_te, member, names, opened, sessions};
use crate::support::{Answer, MOVEMENT};

fn codes(answer: &Answer) -> Vec<&Value> {
    answer["notices"].as_array().unwrap().iter().map(|one| &one["code"]).collect()
}

#[test]
fn a_run_shows_what_the_council_voted_and_a_replaced_session_no_more() {
    let app = council(json!({"ballot": "secret"}), 4);
    (1..=4).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    assert_eq!(run["council"], json!(null));
    let path = run.header("location").unwrap();
    let session = opened(&app, names(1..=4), vec![], vec![]);
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(4, 0, 2)).if_none_match_any().created();
    assert_eq!(app.chair().get(path).ok()["council"], json!(null), "while it is open");
    let closed = close(&app, &session).ok();
    let vote = json!({"session": closed["id"], "held_on": "2025-09-15", "for": 2, "base": 4, "passed": false});
    let shown = app.chair().get(path).ok();
    let mut of_unit = vote.clone();
    of_unit["candidate"] = json!("phong-kinh-te");
    let sentence = "Hội đồng đã bỏ phiếu về 1 hồ sơ: 0 đạt, 1 không đạt.";
    assert_eq!(shown["council"], json!({"passed": 0, "not_passed": 1, "sentence": sentence, "votes": [of_unit]}));
    assert_eq!(shown["seal"], run["seal"], "it is no part of the run");
    let entry = app.chair().get(&format!("{path}/entries/phong-kinh-te")).ok();
    assert_eq!(entry["council"], vote);
    assert_eq!(entry["sentences"].as_array().unwrap().last().unwrap(), "Hội đồng: 2/4 tán thành, không đạt.");

    let held = json!({"held_on": "2025-09-15", "present": names(1..=4), "replaces": closed["id"]});
    let second = app.agency().post(&sessions(), held).created().header("location").unwrap().to_owned();
    assert_eq!(app.chair().get(path).ok()["council"], json!(null), "the candidate is open");
    app.agency().put(&format!("{second}/votes/phong-kinh-te"), count(4, 0, 4)).if_none_match_any().created();
    close(&app, &second).ok();
    let entry = app.chair().get(&format!("{path}/entries/phong-kinh-te")).lang("en").ok();
    assert_eq!(entry["sentences"].as_array().unwrap().last().unwrap(), "Council: 4 of 4 in favour, passed.");
}

#[test]
fn a_session_without_quorum_is_no_vote() {
    let app = council(json!({"ballot": "secret"}), 4);
    (1..=4).for_each(|n| drop(ballot(&member(&app, n), &kinh_te(), "20").created()));
    let session = opened(&app, names([1]), vec![], names([2, 3, 4]));
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(1, 0, 1)).if_none_match_any().created();
    close(&app, &session).ok();
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    assert_eq!(run["council"], json!(null));
}

#[test]
fn a_count_on_who_is_held_or_has_no_ballot_is_told_and_not_refused() {
    let app = council(json!({"ballot": "secret"}), 4);
    app.agency().act_on(&kinh_te(), "hold", json!({"reason": "Đơn thư", "source": "TT"})).is(200);
    let session = opened(&app, names(1..=4), vec![], vec![]);
    let counted = app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(4, 0, 4)).if_none_match_any();
    let counted = counted.created();
    assert_eq!(codes(&counted), ["counted_held", "counted_unscored"]);
    let notice = &counted["notices"][1];
    assert_eq!((&notice["pointer"], &notice["params"]["criteria"]), (&json!("/count_minutes/0"), &json!("mo-hinh")));
    assert_eq!(codes(&close(&app, &session).ok()), ["counted_held", "counted_unscored"]);
    app.agency().act_on(&kinh_te(), "release", json!({"reason": "Đã giải quyết"})).is(200);
    assert_eq!(codes(&app.chair().get(&session).ok()), ["counted_unscored"]);
    let run = app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": "preview"})).created();
    assert_eq!(run["ineligible"][0]["reasons"][0]["code"], "dossier_incomplete", "the code stays what it was");
    let entry = app.chair().get(&format!("{}/entries/phong-kinh-te", run.header("location").unwrap())).ok();
    let why = "Phòng Kinh tế không được xếp hạng: hội đồng chưa chấm đủ phiếu («Mô hình mới»).";
    assert_eq!(entry["sentences"][0], why);
}
