//! Activities of propaganda: recorded by units, corrected with the former words kept, withdrawn with a reason.

use std::thread;

use serde_json::{Value, json};

use crate::support::{Client, MOVEMENT, Part, TestApp, pdf};

fn path() -> String {
    format!("{MOVEMENT}/activities")
}

fn broadcast(unit: &str) -> Value {
    json!({"unit": unit, "kind": "broadcast", "title": "Phát thanh về hồ sơ trực tuyến", "held_on": "2025-09-05",
           "place": "Đài truyền thanh xã", "participants": 120, "description": "Hai buổi"})
}

fn correction(held_on: &str) -> Value {
    json!({"reason": "Ghi nhầm ngày", "kind": "broadcast", "title": "Phát thanh", "held_on": held_on})
}

fn recorded(app: &TestApp, unit: &str, held_on: &str) -> String {
    let mut new = broadcast(unit);
    new["held_on"] = json!(held_on);
    app.reporter(unit).post(&path(), new).created().header("location").unwrap().to_owned()
}

#[test]
fn a_unit_records_what_it_held_with_its_documents() {
    let app = TestApp::start();
    app.emulation();
    let place = format!("{MOVEMENT}/submissions/2025-10/phong-kinh-te");
    let head = app.head("phong-kinh-te");
    let evidence = head.upload(&place, &[Part::file("bai-viet.pdf", pdf("12"))]).created()["id"].clone();
    let mut new = broadcast("phong-kinh-te");
    new["evidence"] = json!([evidence]);
    let made = app.reporter("phong-kinh-te").post(&path(), new.clone()).created();
    assert_eq!((&made["state"], &made["unit_name"]), (&json!("recorded"), &json!("Phòng Kinh tế")));
    assert_eq!((&made["participants"], &made["evidence"]), (&json!(120), &json!([evidence])));
    assert_eq!(made["allowed_actions"], json!(["correct", "withdraw"]));
    assert_eq!(app.auditor().get(made.header("location").unwrap()).ok()["allowed_actions"], json!([]));
    new["unit"] = json!("van-phong");
    let of_another = app.agency().post(&path(), new.clone()).problem(422, "content_invalid");
    of_another.finding("/evidence/0", "activity_evidence_unknown");
    app.agency().post(&path(), broadcast("van-phong")).created();
}

#[test]
fn a_correction_is_a_new_version_and_the_former_one_stays_readable() {
    let app = TestApp::start();
    app.emulation();
    let one = recorded(&app, "phong-kinh-te", "2025-09-05");
    let head = app.head("phong-kinh-te");
    let mut wrong = correction("2025-09-06");
    wrong["reason"] = json!(" ");
    head.act_on(&one, "correct", wrong).problem(422, "content_invalid").finding("/reason", "length_out_of_range");
    let corrected = head.act_on(&one, "correct", correction("2025-09-06")).is(200);
    assert_eq!((&corrected["held_on"], &corrected["place"]), (&json!("2025-09-06"), &json!(null)), "told anew, whole");
    assert_eq!((&corrected["version"], corrected.etag().as_str()), (&json!(2), "\"2\""));
    let withdrawn = head.act_on(&one, "withdraw", json!({"reason": "Đã ghi hai lần"})).is(200);
    assert_eq!((&withdrawn["state"], &withdrawn["allowed_actions"]), (&json!("withdrawn"), &json!([])));
    let versions = app.auditor().get(&format!("{one}/versions")).ok();
    let told = |n: usize, member: &str| versions["items"][n][member].clone();
    assert_eq!([told(0, "action"), told(1, "action"), told(2, "action")], ["record", "correct", "withdraw"]);
    assert_eq!((told(0, "held_on"), told(0, "place")), (json!("2025-09-05"), json!("Đài truyền thanh xã")));
    assert_eq!((told(1, "held_on"), told(1, "reason")), (json!("2025-09-06"), json!("Ghi nhầm ngày")));
    assert_eq!((told(2, "reason"), told(2, "actor")), (json!("Đã ghi hai lần"), json!("head.phong-kinh-te.10210")));
    let late = head.act_on(&one, "correct", correction("2025-09-07")).problem(409, "activity_state");
    assert_eq!(late["state"], "withdrawn");
    head.act_on(&one, "withdraw", json!({"reason": "Lại"})).problem(409, "activity_state");
}

#[test]
fn lists_go_by_unit_kind_day_and_state() {
    let app = TestApp::start();
    app.emulation();
    let august = recorded(&app, "phong-vhxh", "2025-08-20");
    recorded(&app, "to-so-hoa", "2025-09-01");
    let mut training = broadcast("van-phong");
    training["kind"] = json!("training");
    app.reporter("van-phong").post(&path(), training).created();
    app.agency().act_on(&august, "withdraw", json!({"reason": "Nhầm"})).is(200);
    let seen =
        |who: &Client, query: &str| who.get(&format!("{}?{query}", path())).ok()["items"].as_array().unwrap().len();
    let agency = app.agency();
    assert_eq!((seen(&agency, ""), seen(&agency, "unit=phong-vhxh"), seen(&agency, "unit=to-so-hoa")), (3, 2, 1));
    assert_eq!((seen(&agency, "kind=training"), seen(&agency, "state=recorded")), (1, 2));
    assert_eq!(
        (
            seen(&agency, "from=2025-09-01"),
            seen(&agency, "to=2025-09-01"),
            seen(&agency, "from=2025-09-01&to=2025-09-01")
        ),
        (2, 2, 1)
    );
    assert_eq!((seen(&app.head("phong-vhxh"), ""), seen(&app.head("van-phong"), "")), (2, 1));
    app.head("van-phong").get(&format!("{}?unit=phong-vhxh", path())).problem(404, "not_found");
    let page = agency.get(&format!("{}?limit=2", path())).ok();
    assert_eq!(seen(&agency, &format!("limit=2&cursor={}", page["next_cursor"].as_str().unwrap())), 1);
}

#[test]
fn what_cannot_have_been_is_refused() {
    let app = TestApp::start();
    app.emulation();
    let reporter = app.reporter("phong-kinh-te");
    let mut new = broadcast("khong-co");
    new["title"] = json!(" ");
    new["evidence"] = json!(["0197a000-0000-7000-8000-000000000000"]);
    new["held_on"] = json!("2025-09-11");
    let all = reporter.post(&path(), new.clone()).problem(422, "content_invalid");
    all.finding("/title", "length_out_of_range").finding("/held_on", "day_future").finding("/unit", "unit_unknown");
    (new["unit"], new["held_on"]) = (json!("van-phong"), json!("2025-06-30"));
    let all = reporter.post(&path(), new).problem(422, "content_invalid");
    all.finding("/held_on", "day_outside_span").finding("/unit", "unit_out_of_reach");
    let mut negative = broadcast("phong-kinh-te");
    negative["participants"] = json!(-1);
    reporter.post(&path(), negative).problem(400, "body_invalid");
}

#[test]
fn only_the_unit_and_the_agency_tell_and_others_know_of_none() {
    let app = TestApp::start();
    app.emulation();
    let one = recorded(&app, "phong-kinh-te", "2025-09-05");
    for who in [app.chair(), app.auditor(), app.admin()] {
        who.post(&path(), broadcast("phong-kinh-te")).problem(403, "forbidden");
        who.post(&format!("{one}/correct"), correction("2025-09-06")).if_match("\"1\"").problem(403, "forbidden");
    }
    for who in [app.head("van-phong"), app.elsewhere.agency()] {
        who.get(&one).problem(404, "not_found");
        who.get(&format!("{one}/versions")).problem(404, "not_found");
        who.post(&format!("{one}/withdraw"), json!({"reason": "x"})).if_match("\"1\"").problem(404, "not_found");
    }
    app.agency().post(&format!("{one}/correct"), correction("2025-09-06")).problem(428, "precondition_required");
    let stale = app.agency().post(&format!("{one}/correct"), correction("2025-09-06")).if_match("\"9\"");
    stale.problem(412, "precondition_failed");
}

#[test]
fn of_two_corrections_at_once_one_stands_and_a_key_records_once() {
    let app = TestApp::start();
    app.emulation();
    let one = recorded(&app, "phong-kinh-te", "2025-09-05");
    let tries = ["2025-09-06", "2025-09-07"].map(|held_on| {
        let request = app.agency().post(&format!("{one}/correct"), correction(held_on)).if_match("\"1\"");
        thread::spawn(move || request.send().status())
    });
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort();
    assert_eq!(answered, [200, 412]);
    assert_eq!(app.count("SELECT 1 FROM activity_versions"), 2);
    let ask = || app.reporter("thon-1").post(&path(), broadcast("thon-1")).key("k-1").created();
    assert_eq!(ask()["id"], ask()["id"]);
}

#[test]
fn participants_are_counted_as_far_as_the_document_says() {
    let app = TestApp::start();
    app.emulation();
    let head = app.head("thon-1");
    let record = |participants: i64| {
        let told = json!({"unit": "thon-1", "kind": "meeting", "title": "Họp", "held_on": "2025-09-05",
            "participants": participants});
        head.post(&format!("{MOVEMENT}/activities"), told).send_unchecked()
    };
    assert_eq!(record(2_147_483_647).is(201)["participants"], 2_147_483_647);
    for wrong in [2_147_483_648, 4_294_967_295] {
        record(wrong).problem(422, "content_invalid").finding("/participants", "number_out_of_range");
    }
    for wrong in [4_294_967_296, -1] {
        record(wrong).problem(400, "body_invalid").finding("/participants", "wrong_type");
    }
}
