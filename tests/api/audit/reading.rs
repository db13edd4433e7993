//! Whoever is shown why a candidate is held leaves a record, or is shown nothing.

use serde_json::json;

use crate::support::{MOVEMENT, TestApp, dossier};

fn held() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    let claim = json!({"achievement": "Đúng hạn", "group": "don-vi"});
    for unit in ["phong-kinh-te", "phong-vhxh"] {
        app.head(unit).put(&dossier("tap-the", unit), claim.clone()).if_none_match_any().created();
    }
    let hold = json!({"reason": "Có đơn khiếu nại", "source": "Công văn 1"});
    app.agency().post(&format!("{}/hold", kinh_te()), hold).if_match("\"1\"").ok();
    app
}

fn kinh_te() -> String {
    dossier("tap-the", "phong-kinh-te")
}

fn readings(app: &TestApp) -> i64 {
    app.records("r.action = 'read_hold'")
}

#[test]
fn a_hold_that_is_read_is_recorded() {
    let app = held();
    app.council_member().get(&kinh_te()).ok();
    assert_eq!(readings(&app), 1);
    app.council_member().get(&dossier("tap-the", "phong-vhxh")).ok();
    app.head("phong-kinh-te").get(&kinh_te()).ok();
    assert_eq!(readings(&app), 1, "nothing was shown");
    app.agency().get(&format!("{MOVEMENT}/awards/tap-the/nominations")).ok();
    assert_eq!(readings(&app), 2, "one record a request");
    let asked = format!("/audit?action=read_hold&subject={}", &kinh_te()[1..]);
    let found = app.auditor().get(&asked).ok();
    let readers: Vec<_> = found["items"].as_array().unwrap().iter().map(|record| &record["actor"]).collect();
    assert_eq!(readers, ["agency.10210", "council.10210"], "by the dossier, however it was read");
    assert_eq!(found["items"][0]["names"], json!([&kinh_te()[1..]]));
}

#[test]
fn a_reading_that_cannot_be_recorded_shows_nothing() {
    let app = held();
    app.sql("ALTER TABLE audit_texts ADD CONSTRAINT audit_texts_broken_check CHECK (false) NOT VALID");
    for path in [kinh_te(), format!("{MOVEMENT}/awards/tap-the/nominations")] {
        let answer = app.auditor().get(&path).send_unchecked();
        assert!(answer.status() == 500 && !answer.text().contains("khiếu nại"), "{answer}");
    }
    app.head("phong-kinh-te").get(&kinh_te()).ok();
}

#[test]
fn the_log_itself_shows_a_hold_to_those_who_judge_only() {
    let app = held();
    let asked = "/audit?action=hold_nomination";
    let city = app.city_viewer().of_locality("10210").get(asked).ok();
    assert!(!city.text().contains("khiếu nại") && !city.text().contains("Công văn"), "{city}");
    assert_eq!(city["items"][0]["reason"], json!(null));
    assert_eq!(readings(&app), 0);
    let auditor = app.auditor().get(asked).ok();
    assert_eq!(auditor["items"][0]["reason"], "Có đơn khiếu nại");
    assert_eq!(readings(&app), 1);
}

#[test]
fn a_write_shows_no_hold_whether_it_is_done_or_tried_out() {
    let app = held();
    let verify = format!("{}/verify?dry_run=true", kinh_te());
    let tried = app.agency().post(&verify, json!({})).if_match("\"2\"").ok();
    assert_eq!((&tried["held"], &tried["hold"]), (&json!(true), &json!(null)));
}
