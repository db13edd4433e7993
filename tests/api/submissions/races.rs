//! Many at once: one wins, the others are told, nothing is lost.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use secrecy::ExposeSecret;
use serde_json::json;

use crate::support::{Answer, MOVEMENT, Request, TestApp, wait};

/// A transaction of somebody else, open until it is told to end.
pub struct Other(AsyncPgConnection);

impl Other {
    pub fn begin(app: &TestApp, statements: &str) -> Self {
        wait(async {
            let mut conn = AsyncPgConnection::establish(app.database_url().expose_secret()).await.unwrap();
            conn.batch_execute(&format!("SET application_name = 'test'; BEGIN; {statements}")).await.unwrap();
            Self(conn)
        })
    }

    pub fn commit(mut self) {
        wait(self.0.batch_execute("COMMIT")).unwrap();
    }
}

/// Returns once so many statements wait for locks of others.
pub fn until_waiting(app: &TestApp, statements: i64) {
    let waiting = "SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let begun = Instant::now();
    while app.count(waiting) < statements {
        assert!(begun.elapsed() < Duration::from_secs(60), "fewer than {statements} wait");
    }
}

/// Sends all at once; one that is told to come back does.
pub fn at_once(requests: Vec<Request>) -> Vec<Answer> {
    let insist = |request: Request| loop {
        let answer = request.clone().send();
        if answer.status() != 503 {
            return answer;
        }
    };
    thread::scope(|scope| {
        let sent: Vec<_> = requests.into_iter().map(|request| scope.spawn(move || insist(request))).collect();
        sent.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

fn count(answers: &[Answer], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status() == status).count()
}

#[test]
fn of_100_drafts_on_one_tag_one_is_taken() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    let reporter = app.reporter("thon-1");
    let put = |n: usize| {
        let report = movement.report("thon-1").with("narrative", json!(n.to_string()));
        reporter.put(&place.path, report.0).if_match("\"1\"")
    };
    let answers = at_once((0..100).map(put).collect());
    assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 99));
    let won = answers.iter().find(|answer| answer.status() == 200).unwrap();
    let shown = place.get();
    assert_eq!((shown.etag().as_str(), &shown["narrative"]), ("\"2\"", &won["narrative"]));
}

#[test]
fn of_20_who_make_the_draft_one_does() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    let put = app.reporter("thon-1").put(&place.path, movement.report("thon-1").0).if_none_match_any();
    let answers = at_once(vec![put; 20]);
    assert_eq!((count(&answers, 201), count(&answers, 412)), (1, 19));
    assert_eq!(app.count("SELECT 1 FROM submissions"), 1);
}

#[test]
fn of_100_submits_one_hands_in() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    let submit = app.head("thon-1").post(&format!("{}/submit", place.path), json!({})).if_match("\"1\"");
    let answers = at_once(vec![submit; 100]);
    assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 99));
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), 1);
    assert_eq!(app.count("SELECT 1 FROM submission_events"), 1);
    assert_eq!(app.records("r.action = 'submit_submission'"), 1);
}

#[test]
fn of_100_approvals_by_two_officials_one_counts() {
    let app = TestApp::start();
    let movement = app.hong_van();
    let place = movement.at("2025-07", "thon-1");
    place.draft(&movement.report("thon-1")).is(201);
    place.submit();
    let officials = [app.agency(), app.agency_2()];
    let approve = |n: usize| officials[n % 2].post(&format!("{}/approve", place.path), json!({})).if_match("\"2\"");
    let many = |n: usize| {
        let item = json!({"period": "2025-07", "unit": "thon-1", "etag": "\"2\""});
        officials[n % 2].post(&format!("{}/submissions/approvals", movement.path), json!({"items": [item]}))
    };
    let answers = at_once((0..50).map(approve).chain((0..50).map(many)).collect());
    let (one, of_many) = answers.split_at(50);
    let counted = of_many.iter().filter(|answer| answer["approved"] == 1).count();
    assert_eq!(count(one, 200) + counted, 1);
    assert_eq!((count(one, 200) + count(one, 412), count(of_many, 207)), (50, 50));
    assert_eq!(app.count("SELECT 1 FROM submission_events WHERE action = 'approve'"), 1);
    assert_eq!((&place.get()["state"], place.etag().as_str()), (&json!("approved"), "\"3\""));
}

#[test]
fn an_approval_and_a_withdrawal_do_not_both_happen() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for unit in ["thon-1", "thon-2", "mat-tran", "hoi-phu-nu", "phong-vhxh", "phong-kinh-te"] {
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit)).is(201);
        place.submit();
        let approve = app.agency().post(&format!("{}/approve", place.path), json!({})).if_match("\"2\"");
        let withdraw = app.head(unit).post(&format!("{}/withdraw", place.path), json!({})).if_match("\"2\"");
        let answers = at_once(vec![approve, withdraw]);
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 1));
        let came_to = if answers[0].status() == 200 { "approved" } else { "draft" };
        assert_eq!(place.get()["state"], came_to);
    }
    assert_eq!(app.count("SELECT 1 FROM submission_events WHERE action <> 'submit'"), 6);
}

#[test]
fn of_two_officials_one_approves() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for unit in ["thon-1", "thon-2", "mat-tran", "hoi-phu-nu"] {
        let place = movement.at("2025-07", unit);
        place.draft(&movement.report(unit)).is(201);
        place.submit();
        let approve =
            |who: crate::support::Client| who.post(&format!("{}/approve", place.path), json!({})).if_match("\"2\"");
        let answers = at_once(vec![approve(app.agency()), approve(app.agency_2())]);
        assert_eq!((count(&answers, 200), count(&answers, 412)), (1, 1));
    }
    assert_eq!(app.count("SELECT 1 FROM submission_events WHERE action = 'approve'"), 4);
}

#[test]
fn a_submit_and_a_withdrawal_of_the_period_do_not_pass_each_other() {
    let app = TestApp::start();
    let movement = app.hong_van();
    for unit in ["thon-1", "thon-2", "mat-tran"] {
        movement.at("2025-07", unit).draft(&movement.report(unit)).is(201);
    }
    let submits = ["thon-1", "thon-2", "mat-tran"].map(|unit| {
        let place = movement.at("2025-07", unit);
        app.head(unit).post(&format!("{}/submit", place.path), json!({})).if_match("\"1\"")
    });
    let close = app.chair().post(&format!("{}/close", movement.path), json!({})).if_match("\"2\"");
    let answers = at_once(submits.into_iter().chain([close]).collect());
    answers[3].status().eq(&200).then_some(()).expect("the movement closes");
    for answer in &answers[..3] {
        assert!([200, 409].contains(&answer.status()), "{answer}");
    }
    assert_eq!(app.count("SELECT 1 FROM submission_revisions"), count(&answers[..3], 200) as i64);
}

#[test]
fn a_hand_in_and_the_end_of_its_unit_do_not_pass_each_other() {
    for _ in 0..8 {
        let app = TestApp::start();
        app.emulation();
        app.at("2025-09-20T02:00:00Z");
        let place = format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te");
        let value =
            json!({"indicator": "HS", "state": "reported", "numerator": 9, "denominator": 10, "estimated": true});
        let drafted = app.head("phong-kinh-te").put(&place, json!({"values": [value]})).if_none_match_any().created();
        let submit = app.head("phong-kinh-te").post(&format!("{place}/submit"), json!({})).if_match(&drafted.etag());
        let end = app.admin().patch("/units/phong-kinh-te", json!({"valid_to": "2025-09-30"})).if_match("\"1\"");
        let (one, other) = (thread::spawn(move || submit.send().status()), thread::spawn(move || end.send().status()));
        let both = (one.join().unwrap(), other.join().unwrap());
        assert!([(200, 422), (404, 200)].contains(&both), "{both:?}");
    }
}
