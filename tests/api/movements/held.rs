//! What is done in a movement holds it: nothing is decided in one that is being concluded, and who changes a movement
//! holds nobody up that only names it.

use serde_json::{Value, json};

use crate::support::{Answer, Client, MOVEMENT, Request, TestApp, dossier};

/// An act by its name, and how it is asked for as things stand.
type Act<'a> = (&'a str, Box<dyn Fn() -> Request + 'a>);

fn act<'a>(name: &'a str, request: impl Fn() -> Request + 'a) -> Act<'a> {
    (name, Box::new(request))
}

/// An act on the version of a thing that stands.
fn on(who: Client, path: &str, act: &str, body: Value) -> Request {
    let tag = who.get(path).ok().etag();
    who.post(&format!("{path}/{act}"), body).if_match(&tag)
}

fn emulation() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    app
}

/// What answers to a request that came while somebody set the movement's state.
fn while_it_becomes(app: &TestApp, state: &str, request: Request) -> Answer {
    let mut session = app.session();
    session.run("SELECT 1 FROM movements WHERE code = 'thi-dua' FOR NO KEY UPDATE");
    session.run(&format!("UPDATE movements SET state = '{state}' WHERE code = 'thi-dua'"));
    let sent = session.holds_up(request);
    session.commit();
    sent.join().expect("an answer")
}

/// Each act waits for who concludes the movement, and is then refused; it waits for who closes it, and is then done.
fn are_held(app: &TestApp, acts: &[Act]) {
    for (name, request) in acts {
        app.sql("UPDATE movements SET state = 'closed' WHERE code = 'thi-dua'");
        let late = while_it_becomes(app, "concluded", request());
        assert_eq!(
            (late["code"].as_str(), late["state"].as_str()),
            (Some("movement_state"), Some("concluded")),
            "{name}"
        );
    }
    for (name, request) in acts {
        app.sql("UPDATE movements SET state = 'launched' WHERE code = 'thi-dua'");
        let done = while_it_becomes(app, "closed", request());
        assert!([200, 201].contains(&done.status()), "{name}: {done}");
    }
}

/// Where that stands which a request makes.
fn made(request: Request) -> String {
    request.created().header("location").expect("a place").to_owned()
}

#[test]
fn no_concern_is_raised_or_dealt_with_in_a_movement_that_is_being_concluded() {
    let app = emulation();
    let new = json!({"unit": "thon-1", "kind": "difficulty", "title": "Máy quét hỏng", "text": "Hồ sơ chậm"});
    let raise = || app.reporter("thon-1").post(&format!("{MOVEMENT}/concerns"), new.clone());
    let one = &made(raise());
    let decision = json!({"outcome": "accepted", "text": "Trang bị"});
    are_held(
        &app,
        &[
            act("raise", raise),
            act("consolidate", || on(app.agency(), one, "consolidate", json!({"text": "Thiếu máy quét"}))),
            act("decide", || on(app.chair(), one, "decide", decision.clone())),
            act("reply", || on(app.agency(), one, "reply", json!({"text": "Nhận máy ngày 10/10"}))),
        ],
    );
}

#[test]
fn no_activity_is_told_in_a_movement_that_is_being_concluded() {
    let app = emulation();
    let told = json!({"kind": "broadcast", "title": "Phát thanh", "held_on": "2025-09-05"});
    let with = |member: &str, value: &str| {
        let mut told = told.clone();
        told[member] = json!(value);
        told
    };
    let record = || app.reporter("thon-1").post(&format!("{MOVEMENT}/activities"), with("unit", "thon-1"));
    let one = &made(record());
    are_held(
        &app,
        &[
            act("record", record),
            act("correct", || on(app.head("thon-1"), one, "correct", with("reason", "Ghi nhầm"))),
            act("withdraw", || on(app.head("thon-1"), one, "withdraw", json!({"reason": "Ghi hai lần"}))),
        ],
    );
}

#[test]
fn no_initiative_is_proposed_or_decided_in_a_movement_that_is_being_concluded() {
    let app = emulation();
    let idea = json!({"title": "Trả kết quả tại nhà", "summary": "Mới", "owners": [{"unit": "phong-kinh-te"}]});
    let propose = || app.agency().post(&format!("{MOVEMENT}/initiatives"), idea.clone());
    let [one, same, other] = &[made(propose()), made(propose()), made(propose())];
    let decide = |path: &str, act: &str, body: Value| on(app.agency(), path, act, body);
    let mark = json!({"of": one.rsplit('/').next(), "reason": "Cùng một mô hình"});
    let office = json!({"unit": "van-phong", "used_from": "2025-09-01"});
    let mistake = json!({"unit": "van-phong", "reason": "Ghi nhầm"});
    are_held(
        &app,
        &[
            act("propose", propose),
            act("recognise", || on(app.agency_2(), one, "recognise", json!({"level": "commune"}))),
            act("replicate", || decide(one, "replicate", office.clone())),
            act("withdraw a replication", || decide(one, "withdraw-replication", mistake.clone())),
            act("mark a duplicate", || decide(same, "mark-duplicate", mark.clone())),
            act("reject", || decide(other, "reject", json!({"reason": "Không mới"}))),
        ],
    );
}

#[test]
fn no_nomination_moves_and_no_score_is_given_in_a_movement_that_is_being_concluded() {
    let app = emulation();
    let nominate = |award: &str, candidate: &str, unit: &str| {
        app.head(unit).put(&dossier(award, candidate), json!({"achievement": "Tốt"})).if_none_match_any()
    };
    let person = app.somebody("Nguyễn Thị Hòa", Some("phong-kinh-te"));
    let [one, office, hoa] =
        &[dossier("tap-the", "phong-kinh-te"), dossier("tap-the", "van-phong"), dossier("ca-nhan", &person)];
    nominate("tap-the", "phong-kinh-te", "phong-kinh-te").created();
    nominate("tap-the", "van-phong", "van-phong").created();
    nominate("ca-nhan", &person, "phong-kinh-te").created();
    let agency = |path: &str, act: &str, body: Value| on(app.agency(), path, act, body);
    let claim = json!({"achievement": "Tốt hơn", "self_scores": {"mo-hinh": "30"}});
    let gate = format!("{one}/assessments/doan-ket");
    are_held(
        &app,
        &[
            act("nominate", || nominate("tap-the", "phong-vhxh", "phong-vhxh")),
            act("nominate anew", || {
                let tag = app.agency().get(one).ok().etag();
                app.head("phong-kinh-te").put(one, claim.clone()).if_match(&tag)
            }),
            act("assess", || app.agency().put(&gate, json!({"passed": true})).if_none_match_any()),
            act("adopt the self-scores", || app.agency().post(&format!("{one}/assessments/adopt"), json!({}))),
            act("hold", || agency(one, "hold", json!({"reason": "Đơn thư", "source": "Thanh tra"}))),
            act("release", || agency(one, "release", json!({}))),
            act("verify", || agency(one, "verify", json!({}))),
            act("reject", || agency(office, "reject", json!({"reason": "Đã khen thưởng"}))),
            act("withdraw", || on(app.head("phong-kinh-te"), hoa, "withdraw", json!({}))),
        ],
    );
}

#[test]
fn no_award_is_ranked_in_a_movement_that_is_being_concluded() {
    let app = emulation();
    let rank = |mode: &'static str| {
        let app = &app;
        move || app.agency().post(&format!("{MOVEMENT}/awards/tap-the/rankings"), json!({"mode": mode}))
    };
    are_held(&app, &[act("rank", rank("official"))]);
    app.sql("UPDATE movements SET state = 'launched' WHERE code = 'thi-dua'");
    let mut session = app.session();
    session.run("SELECT 1 FROM movements WHERE code = 'thi-dua' FOR NO KEY UPDATE");
    rank("preview")().created();
    session.commit();
}

#[test]
fn a_movement_ends_no_earlier_than_the_acts_that_its_end_waited_for() {
    let app = emulation();
    let tag = app.chair().get(MOVEMENT).ok().etag();
    let mut session = app.session();
    session.run("SELECT 1 FROM movements WHERE code = 'thi-dua' FOR SHARE");
    let closing = session.holds_up(app.chair().post(&format!("{MOVEMENT}/close"), json!({})).if_match(&tag));
    app.at("2025-09-10T02:00:07Z");
    session.commit();
    assert_eq!(closing.join().expect("an answer")["closed_at"], "2025-09-10T02:00:07Z");
}

#[test]
fn no_import_is_taken_on_in_a_movement_that_is_being_closed() {
    let app = emulation();
    let value = json!({"period": "2025-09", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported",
                       "numerator": 9, "denominator": 10});
    let import = app.head("phong-kinh-te").post(&format!("{MOVEMENT}/submissions/import"), json!([value]));
    let late = while_it_becomes(&app, "closed", import.header("Prefer", "respond-async"));
    assert_eq!(late.problem(409, "movement_state")["state"], "closed");
}

#[test]
fn what_only_names_a_movement_does_not_wait_for_who_changes_it() {
    let app = emulation();
    let mut session = app.session();
    session.run("SELECT 1 FROM periods WHERE code = '2025-09' FOR UPDATE");
    let periods = app.agency().get(&format!("{MOVEMENT}/periods")).ok();
    let tag = periods["items"].as_array().unwrap().iter().find(|period| period["code"] == "2025-09").unwrap()["etag"]
        .as_str()
        .unwrap()
        .to_owned();
    let close = app.agency().post(&format!("{MOVEMENT}/periods/2025-09/close"), json!({})).if_match(&tag);
    // It holds the movement, and waits for the period.
    let closing = session.holds_up(close);
    app.sql(
        "INSERT INTO concerns (locality_id, id, movement_id, unit_id, kind, title, text, state, raised_by, raised_at,
                               version)
         SELECT m.locality_id, gen_random_uuid(), m.id, u.id, 'difficulty', 'Máy quét', 'Hỏng', 'raised', a.id, now(), 1
         FROM movements m JOIN units u ON u.locality_id = m.locality_id AND u.code = 'thon-1'
             JOIN accounts a ON a.username = 'agency.10210'
         WHERE m.code = 'thi-dua'",
    );
    assert_eq!(app.count("SELECT 1 FROM concerns"), 1);
    assert!(!closing.is_finished(), "the movement is held meanwhile");
    session.commit();
    assert_eq!(closing.join().unwrap().status(), 200);
}
