//! Which units took an initiative over, as the agency records it.

use std::thread;

use serde_json::json;

use super::{idea, path};
use crate::support::TestApp;

fn made(app: &TestApp) -> String {
    let made = app.agency().post(&path(), idea(json!([{"unit": "phong-kinh-te"}]))).created();
    made.header("location").unwrap().to_owned()
}

fn recognised(app: &TestApp) -> String {
    let one = made(app);
    app.agency_2().act_on(&one, "recognise", json!({"level": "commune"})).is(200);
    one
}

fn office() -> serde_json::Value {
    json!({"unit": "van-phong", "used_from": "2025-09-01", "note": "Cho hồ sơ đất đai"})
}

#[test]
fn a_recognised_initiative_is_replicated_and_a_mistake_is_withdrawn() {
    let app = TestApp::start();
    app.emulation();
    let one = recognised(&app);
    app.agency().act_on(&one, "replicate", office()).is(200);
    app.agency().act_on(&one, "replicate", json!({"unit": "thon-1", "used_from": "2025-09-02"})).is(200);
    let seen = app.head("phong-kinh-te").get(&one).ok();
    let used = json!([
        {"unit": "van-phong", "unit_name": "Văn phòng HĐND và UBND", "used_from": "2025-09-01", "note": "Cho hồ sơ đất đai"},
        {"unit": "thon-1", "unit_name": "Thôn 1", "used_from": "2025-09-02", "note": null}
    ]);
    assert_eq!(seen["replicated_to"], used);
    let gone = json!({"unit": "van-phong", "reason": "Ghi nhầm đơn vị"});
    let left = app.agency().act_on(&one, "withdraw-replication", gone.clone()).is(200);
    assert_eq!(left["replicated_to"], json!([used[1]]));
    assert_eq!(left["allowed_actions"], json!(["mark_duplicate", "replicate", "withdraw_replication"]));
    let again = app.agency().act_on(&one, "withdraw-replication", gone).problem(422, "content_invalid");
    again.finding("/unit", "replication_unknown");
    app.agency().act_on(&one, "replicate", office()).is(200);
    assert_eq!(app.count("SELECT 1 FROM initiative_replications"), 3, "what was withdrawn is kept");
}

#[test]
fn what_cannot_be_replicated_is_refused() {
    let app = TestApp::start();
    app.emulation();
    let proposed = made(&app);
    app.agency().act_on(&proposed, "replicate", office()).problem(409, "initiative_state");
    let one = recognised(&app);
    app.agency().act_on(&one, "replicate", office()).is(200);
    let refused = |unit: &str, day: &str| {
        let body = json!({"unit": unit, "used_from": day, "note": " "});
        app.agency()
            .act_on(&one, "replicate", body)
            .problem(422, "content_invalid")
            .finding("/note", "length_out_of_range")
    };
    refused("khong-co", "2025-09-11").finding("/unit", "unit_unknown").finding("/used_from", "day_future");
    refused("phong-kinh-te", "2025-09-01").finding("/unit", "replication_to_owner");
    refused("van-phong", "2025-09-01").finding("/unit", "replication_stands");
    for (who, status, code) in [
        (app.chair(), 403, "forbidden"),
        (app.head("van-phong"), 404, "not_found"),
        (app.elsewhere.agency(), 404, "not_found"),
    ] {
        for act in ["replicate", "withdraw-replication"] {
            let body = if act == "replicate" { office() } else { json!({"unit": "van-phong", "reason": "Nhầm"}) };
            who.post(&format!("{one}/{act}"), body).if_match("\"3\"").problem(status, code);
        }
    }
    app.agency().post(&format!("{one}/replicate"), office()).problem(428, "precondition_required");
}

#[test]
fn of_two_records_at_once_one_stands() {
    let app = TestApp::start();
    app.emulation();
    let one = recognised(&app);
    let tries = [office(), office()].map(|body| {
        let request = app.agency().post(&format!("{one}/replicate"), body).if_match("\"2\"");
        thread::spawn(move || request.send().status())
    });
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort();
    assert_eq!(answered, [200, 412]);
    assert_eq!(app.count("SELECT 1 FROM initiative_replications"), 1);
}
