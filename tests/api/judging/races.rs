//! Votes at once: with each other, with a close, a run, a hold, a conclusion.

use std::thread;

use serde_json::json;

use super::{ballot, close, council, count, kinh_te, member, model, names, opened, read};
use crate::support::{MOVEMENT, TestApp};

#[test]
fn nine_ballots_at_once_are_nine_ballots() {
    let app = council(json!({}), 9);
    let tries: Vec<_> = (1..=9)
        .map(|n| ballot(&member(&app, n), &kinh_te(), &format!("{}", 20 + n)))
        .map(|request| thread::spawn(move || request.send().status()))
        .collect();
    tries.into_iter().for_each(|one| assert_eq!(one.join().unwrap(), 201));
    let column = read(&app.agency(), &kinh_te());
    assert_eq!((&column["cast"], &column["open"], &column["mean"]), (&json!(9), &json!(0), &json!("25.00")));
}

#[test]
fn of_two_ballots_of_one_member_at_once_one_is_cast() {
    let app = council(json!({}), 2);
    ballot(&member(&app, 2), &kinh_te(), "20").created();
    let at_once = |bodies: [serde_json::Value; 2], tag: Option<&'static str>| {
        let one = member(&app, 1);
        let tries = bodies.map(|body| {
            let request = one.put(&model(&kinh_te()), body);
            let request = match tag {
                Some(tag) => request.if_match(tag),
                None => request.if_none_match_any(),
            };
            thread::spawn(move || request.send().status())
        });
        let mut answered = tries.map(|one| one.join().unwrap());
        answered.sort();
        answered
    };
    assert_eq!(at_once([json!({"points": "10"}), json!({"points": "11"})], None), [201, 412]);
    let anew = |points: &str| json!({"points": points, "reason": "Đọc lại"});
    assert_eq!(at_once([anew("12"), anew("13")], Some("\"1\"")), [200, 412]);
}

#[test]
fn a_ballot_that_waits_for_a_close_comes_after_it() {
    let app = council(json!({"ballot": "secret"}), 2);
    let session = opened(&app, names(1..=2), vec![], vec![]);
    app.agency().put(&format!("{session}/votes/phong-kinh-te"), count(2, 0, 2)).if_none_match_any().created();
    let mut behind = app.session();
    behind.run("SELECT 1 FROM council_sessions FOR UPDATE");
    let closing = behind.holds_up(close(&app, &session));
    let late = app.sends_until(
        ballot(&member(&app, 1), &kinh_te(), "20"),
        "wait_event_type = 'Lock' AND wait_event = 'advisory'",
    );
    behind.commit();
    closing.join().unwrap().is(200);
    late.join().unwrap().problem(409, "council_closed");
    assert_eq!(app.count("SELECT 1 FROM assessments WHERE stage = 'council'"), 0);
}

#[test]
fn a_ballot_that_is_cast_while_an_official_run_is_made_is_not_in_it() {
    let app = council(json!({}), 2);
    ballot(&member(&app, 1), &kinh_te(), "20").created();
    let mut behind = app.session();
    // The ballot waits in its transaction until the run is made.
    behind.run("LOCK TABLE assessments IN SHARE MODE");
    let waiting = behind.holds_up(ballot(&member(&app, 2), &kinh_te(), "30"));
    let runs = format!("{MOVEMENT}/awards/tap-the/rankings");
    let run = app.agency().post(&runs, json!({"mode": "official"})).created();
    behind.commit();
    waiting.join().unwrap().is(201);
    assert_eq!(run["ineligible"][0]["reasons"][0]["code"], "dossier_incomplete");
    assert_eq!(app.chair().get(run.header("location").unwrap()).ok().json(), run.json(), "what it froze stays");
    assert_eq!(app.agency().post(&runs, json!({"mode": "official"})).created()["entries"][0]["rank"], 1);
}

#[test]
fn a_ballot_counts_while_a_hold_falls_and_none_after_the_movement_is_concluded() {
    let app = council(json!({}), 2);
    let hold = json!({"reason": "Đơn thư", "source": "Thanh tra"});
    let tag = app.agency().get(&kinh_te()).ok().etag();
    let falls = app.agency().post(&format!("{}/hold", kinh_te()), hold).if_match(&tag);
    let votes = ballot(&member(&app, 1), &kinh_te(), "20");
    let both = [falls, votes].map(|request| thread::spawn(move || request.send().status()));
    assert_eq!(both.map(|one| one.join().unwrap()), [200, 201]);
    app.chair().act_on(MOVEMENT, "close", json!({})).is(200);
    conclude_holds_up(&app);
}

fn conclude_holds_up(app: &TestApp) {
    let mut behind = app.session();
    behind.run("SELECT 1 FROM movements FOR UPDATE");
    let late = behind.holds_up(ballot(&member(app, 2), &kinh_te(), "20"));
    behind.run("UPDATE movements SET state = 'concluded', concluded_at = now()");
    behind.commit();
    late.join().unwrap().problem(409, "movement_state");
}
