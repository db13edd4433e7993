//! Concerns: raised by units, consolidated by the agency, decided by the chair, replied to; each unit sees its own.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Answer, MOVEMENT, TestApp};

fn path() -> String {
    format!("{MOVEMENT}/concerns")
}

fn scanner(unit: &str) -> Value {
    json!({"unit": unit, "kind": "difficulty", "title": "Máy quét hỏng", "text": "Hồ sơ số hóa chậm"})
}

/// Raised by the unit's reporter; where it stands.
fn raised(app: &TestApp, unit: &str) -> String {
    let made = app.reporter(unit).post(&path(), scanner(unit)).created();
    made.header("location").unwrap().trim_start_matches("/api/v1").to_owned()
}

fn id(path: &str) -> &str {
    path.rsplit('/').next().unwrap()
}

fn consolidated(app: &TestApp, one: &str, with: &[&str]) -> Answer {
    let body =
        json!({"text": "Các đơn vị thiếu máy quét", "with": with.iter().map(|path| id(path)).collect::<Vec<_>>()});
    app.agency().act_on(one, "consolidate", body).is(200)
}

fn decision() -> Value {
    json!({"outcome": "accepted", "text": "Trang bị 02 máy quét"})
}

fn acts(answer: &Answer) -> Vec<String> {
    let acts = answer["acts"].as_array().unwrap();
    acts.iter().map(|act| act["action"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_unit_raises_the_agency_sums_up_the_chair_decides_and_the_unit_reads_the_reply() {
    let app = TestApp::start();
    app.emulation();
    let mut new = scanner("phong-kinh-te");
    (new["indicator"], new["period"]) = (json!("HS"), json!("2025-09"));
    let made = app.reporter("phong-kinh-te").post(&path(), new).created();
    assert_eq!((&made["state"], &made["unit_name"]), (&json!("raised"), &json!("Phòng Kinh tế")));
    assert_eq!((&made["indicator"], &made["period"]), (&json!("HS"), &json!("2025-09")));
    assert_eq!((&made["allowed_actions"], &made["summary"], &made["reply"]), (&json!([]), &json!(null), &json!(null)));
    let one = made.header("location").unwrap().to_owned();
    assert_eq!(app.agency().get(&one).ok()["allowed_actions"], json!(["consolidate"]));

    let summed = app.agency().act_on(&one, "consolidate", json!({"text": "Thiếu máy quét"})).is(200);
    assert_eq!((&summed["state"], &summed["summary"]["text"]), (&json!("consolidated"), &json!("Thiếu máy quét")));
    assert_eq!(app.chair().get(&one).ok()["allowed_actions"], json!(["decide"]));
    let decided = app.chair().act_on(&one, "decide", decision()).is(200);
    assert_eq!((&decided["state"], &decided["decision"]["outcome"]), (&json!("decided"), &json!("accepted")));
    let replied = app.agency().act_on(&one, "reply", json!({"text": "Nhận máy tại Văn phòng"})).is(200);
    assert_eq!((&replied["state"], &replied["allowed_actions"]), (&json!("replied"), &json!([])));

    let read = app.head("phong-kinh-te").get(&one).ok();
    assert_eq!(read["reply"]["text"], "Nhận máy tại Văn phòng");
    assert_eq!(read["decision"]["text"], "Trang bị 02 máy quét");
    assert_eq!((&read["title"], &read["text"]), (&json!("Máy quét hỏng"), &json!("Hồ sơ số hóa chậm")));
    assert_eq!(acts(&read), ["raise", "consolidate", "decide", "reply"]);
    assert_eq!((&read["summary"], &read["acts"][1]["text"]), (&json!(null), &json!(null)), "it may tell of others");
    assert_eq!(read["acts"][0]["actor"], "reporter.phong-kinh-te.10210");
}

#[test]
fn several_stand_in_one_summary_and_each_keeps_its_own_words_and_trace() {
    let app = TestApp::start();
    app.emulation();
    let (a, b, c) = (raised(&app, "phong-kinh-te"), raised(&app, "phong-vhxh"), raised(&app, "van-phong"));
    let summed = consolidated(&app, &a, &[&b]);
    assert_eq!(summed["summary"]["concerns"], json!([id(&a), id(&b)]));
    assert_eq!(app.agency().get(&b).ok()["summary"], summed["summary"]);
    // Made anew with a third: what stood together stays together, and the former words stay in the acts' rows.
    let anew = json!({"text": "Ba đơn vị thiếu máy quét", "with": [id(&b)]});
    let anew = app.agency().act_on(&c, "consolidate", anew).is(200);
    assert_eq!(anew["summary"]["concerns"], json!([id(&a), id(&b), id(&c)]));
    app.chair().act_on(&b, "decide", decision()).is(200);
    for one in [&a, &b, &c] {
        let seen = app.chair().get(one).ok();
        assert_eq!((&seen["state"], &seen["decision"]["text"]), (&json!("decided"), &json!("Trang bị 02 máy quét")));
        assert_eq!(seen["summary"]["text"], "Ba đơn vị thiếu máy quét");
    }
    app.chair().act_on(&a, "decide", decision()).problem(409, "concern_state");
    app.agency().act_on(&c, "reply", json!({"text": "Đã có máy"})).is(200);
    assert_eq!(app.reporter("phong-kinh-te").get(&a).ok()["reply"]["text"], "Đã có máy");
    assert_eq!(acts(&app.agency().get(&a).ok()), ["raise", "consolidate", "consolidate", "decide", "reply"]);
    assert_eq!(app.agency().get(&a).ok()["acts"][1]["text"], "Các đơn vị thiếu máy quét");
    assert_eq!(acts(&app.agency().get(&c).ok()), ["raise", "consolidate", "decide", "reply"]);
}

#[test]
fn no_step_is_skipped_or_repeated() {
    let app = TestApp::start();
    app.emulation();
    let one = raised(&app, "phong-kinh-te");
    let reply = json!({"text": "Đã có máy"});
    let refused = app.chair().act_on(&one, "decide", decision()).problem(409, "concern_state");
    assert_eq!(refused["state"], "raised");
    app.agency().act_on(&one, "reply", reply.clone()).problem(409, "concern_state");
    consolidated(&app, &one, &[]);
    app.agency().act_on(&one, "reply", reply.clone()).problem(409, "concern_state");
    app.chair().act_on(&one, "decide", decision()).is(200);
    app.agency().act_on(&one, "consolidate", json!({"text": "Lại"})).problem(409, "concern_state");
    app.agency().act_on(&one, "reply", reply.clone()).is(200);
    app.agency().act_on(&one, "reply", reply).problem(409, "concern_state");
}

#[test]
fn everything_wrong_is_said_at_once() {
    let app = TestApp::start();
    app.emulation();
    let reporter = app.reporter("phong-kinh-te");
    let wrong = json!({"unit": "khong-co", "kind": "proposal", "title": " ", "text": "", "indicator": "KHONG", "period": "2020-01"});
    reporter
        .post(&path(), wrong)
        .problem(422, "content_invalid")
        .finding("/title", "length_out_of_range")
        .finding("/text", "length_out_of_range")
        .finding("/unit", "unit_unknown")
        .finding("/indicator", "value_indicator_unknown")
        .finding("/period", "period_unknown");
    reporter.post(&path(), scanner("van-phong")).problem(422, "content_invalid").finding("/unit", "unit_out_of_reach");
    let one = raised(&app, "phong-kinh-te");
    let decided = raised(&app, "phong-vhxh");
    consolidated(&app, &decided, &[]);
    app.chair().act_on(&decided, "decide", decision()).is(200);
    let nobody = "0197a000-0000-7000-8000-000000000000";
    let with = json!({"text": "", "with": [nobody, id(&one), id(&decided)]});
    app.agency()
        .act_on(&one, "consolidate", with)
        .problem(422, "content_invalid")
        .finding("/text", "length_out_of_range")
        .finding("/with/0", "concern_unknown")
        .finding("/with/1", "concern_twice")
        .finding("/with/2", "concern_decided");
    assert_eq!(app.agency().get(&one).ok()["state"], "raised", "nothing of it was done");
}

#[test]
fn roles_raise_consolidate_and_decide_each_their_own() {
    let app = TestApp::start();
    app.emulation();
    for who in [app.agency(), app.chair(), app.auditor(), app.admin()] {
        who.post(&path(), scanner("phong-kinh-te")).problem(403, "forbidden");
    }
    let one = raised(&app, "phong-kinh-te");
    let head = app.head("phong-kinh-te");
    let text = json!({"text": "Tự tổng hợp"});
    for who in [&head, &app.chair()] {
        who.post(&format!("{one}/consolidate"), text.clone()).if_match("\"1\"").problem(403, "forbidden");
        who.post(&format!("{one}/reply"), text.clone()).if_match("\"1\"").problem(403, "forbidden");
    }
    for who in [&head, &app.agency()] {
        who.post(&format!("{one}/decide"), decision()).if_match("\"1\"").problem(403, "forbidden");
    }
    app.agency().post(&format!("{one}/consolidate"), text.clone()).problem(428, "precondition_required");
    app.agency().post(&format!("{one}/consolidate"), text).if_match("\"9\"").problem(412, "precondition_failed");
}

#[test]
fn another_unit_and_another_locality_know_of_none() {
    let app = TestApp::start();
    app.emulation();
    let (one, below) = (raised(&app, "phong-vhxh"), raised(&app, "to-so-hoa"));
    let other = app.head("van-phong");
    other.get(&one).problem(404, "not_found");
    other.post(&format!("{one}/decide"), decision()).if_match("\"1\"").problem(404, "not_found");
    let neighbour = app.elsewhere.agency();
    neighbour.get(&one).problem(404, "not_found");
    neighbour.get(&path()).problem(404, "not_found");
    neighbour.post(&format!("{one}/consolidate"), json!({"text": "x"})).if_match("\"1\"").problem(404, "not_found");
    let seen = |who: &crate::support::Client, query: &str| {
        who.get(&format!("{}{query}", path())).ok()["items"].as_array().unwrap().len()
    };
    assert_eq!(seen(&app.agency(), ""), 2);
    assert_eq!(seen(&app.agency(), "?unit=to-so-hoa"), 1);
    assert_eq!(seen(&app.agency(), "?state=consolidated"), 0);
    assert_eq!((seen(&app.head("phong-vhxh"), ""), seen(&app.head("to-so-hoa"), ""), seen(&other, "")), (2, 1, 0));
    other.get(&format!("{}?unit=phong-vhxh", path())).problem(404, "not_found");
    app.head("to-so-hoa").get(&below).ok();
    let page = app.agency().get(&format!("{}?limit=1", path())).ok();
    let next = format!("{}?limit=1&cursor={}", path(), page["next_cursor"].as_str().unwrap());
    assert_eq!(app.agency().get(&next).ok()["items"][0]["id"], id(&one));
}

#[test]
fn a_movement_that_is_not_under_way_takes_none() {
    let app = TestApp::start();
    let plan: Value = serde_json::from_str(include_str!("support/awards-plan.json")).unwrap();
    app.agency().post("/movements", plan).created();
    app.reporter("phong-kinh-te").post(&path(), scanner("phong-kinh-te")).problem(409, "movement_state");
}

#[test]
fn the_same_key_raises_once() {
    let app = TestApp::start();
    app.emulation();
    let ask = || app.reporter("thon-1").post(&path(), scanner("thon-1")).key("k-1").created();
    assert_eq!(ask()["id"], ask()["id"]);
    assert_eq!(app.count("SELECT 1 FROM concerns"), 1);
}

#[test]
fn of_many_acts_on_one_summary_at_once_one_stands() {
    let app = TestApp::start();
    app.emulation();
    let (a, b) = (raised(&app, "phong-kinh-te"), raised(&app, "phong-vhxh"));
    // Both are to take the other in: one does, and the other has changed meanwhile.
    let both = [(&a, &b), (&b, &a)].map(|(one, other)| {
        let body = json!({"text": "Thiếu máy quét", "with": [id(other)]});
        app.agency().post(&format!("{one}/consolidate"), body).if_match("\"1\"")
    });
    let mut answered = both.map(|request| thread::spawn(move || request.send().status())).map(|t| t.join().unwrap());
    answered.sort();
    assert_eq!(answered, [200, 412]);
    let decide = |outcome: &str, one: &str| {
        let body = json!({"outcome": outcome, "text": "Quyết định"});
        app.chair().post(&format!("{one}/decide"), body).if_match("\"2\"")
    };
    let tries = [decide("accepted", &a), decide("rejected", &b), decide("referred", &a), decide("rejected", &a)];
    let tries = tries.map(|request| thread::spawn(move || request.send().status()));
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort();
    assert_eq!(answered, [200, 412, 412, 412]);
    assert_eq!(app.count("SELECT 1 FROM concern_acts WHERE action = 'decide'"), 2, "one decision, on both");
    assert_eq!(app.count("SELECT DISTINCT outcome FROM concern_acts WHERE action = 'decide'"), 1);
}
