//! Certificates, publication, and the acts that alone change what was published.

use std::{collections::BTreeSet, thread};

use serde_json::{Value, json};
use thidua::http::Role;

use super::{certified, hold, proposals, propose, published, ranked, registered};
use crate::support::{MOVEMENT, TestApp, pdf};

fn award(app: &TestApp) -> Value {
    app.head("thon-1").get(&format!("{MOVEMENT}/awards/tap-the")).ok()["results"].clone()
}

fn certificates(app: &TestApp, decision: &str) -> Vec<Value> {
    app.agency().get(&format!("{decision}/certificates")).ok()["items"].as_array().unwrap().clone()
}

#[test]
fn certificates_have_the_ordinals_of_the_decision_and_codes_that_nobody_guesses() {
    let (app, run) = ranked();
    let decision = registered(&app, &run, 20);
    app.chair().post(&format!("{decision}/publish"), json!({"reason": "Gấp"})).problem(409, "certificates_missing");
    let made = app.agency().post(&format!("{decision}/certificates"), json!({})).ok();
    let items = made["items"].as_array().unwrap();
    let ordinals: Vec<_> = items.iter().map(|one| one["ordinal"].clone()).collect();
    assert_eq!(ordinals, [1, 2]);
    let codes: BTreeSet<&str> = items.iter().map(|one| one["code"].as_str().unwrap()).collect();
    assert!(codes.len() == 2 && codes.iter().all(|code| code.len() == 24));
    assert_eq!(
        (&items[0]["recipient"], &items[0]["state"]),
        (
            &json!({"name": "Phòng Kinh tế", "position": null, "unit": null, "achievement": "Thành tích"}),
            &json!("valid")
        )
    );
    app.agency().post(&format!("{decision}/certificates"), json!({})).problem(409, "certificates_issued");
    assert_eq!(certificates(&app, &decision), *items);
    app.head("thon-1").get(&format!("{decision}/certificates")).problem(403, "forbidden");
}

#[test]
fn of_two_issues_at_once_one_is_made() {
    let (app, run) = ranked();
    let decision = registered(&app, &run, 20);
    let tries = [app.agency(), app.agency_2()].map(|who| {
        let request = who.post(&format!("{decision}/certificates"), json!({}));
        thread::spawn(move || request.send().status())
    });
    let mut answered = tries.map(|one| one.join().unwrap());
    answered.sort_unstable();
    assert_eq!(answered, [200, 409]);
    assert_eq!(app.count("SELECT 1 FROM award_certificates"), 2);
}

#[test]
fn published_results_appear_and_the_units_are_told() {
    let (app, run) = ranked();
    assert_eq!(award(&app), json!(null));
    let decision = certified(&app, &run, 20);
    assert_eq!(award(&app), json!(null), "nothing is seen before the publication");
    app.chair()
        .post(&format!("{decision}/publish"), json!({}))
        .problem(422, "content_invalid")
        .finding("/reason", "signed_file_missing");
    let file = app.agency().put(&format!("{decision}/signed-file"), json!({})).body("application/pdf", pdf("1"));
    file.created();
    app.agency().post(&format!("{decision}/publish"), json!({})).problem(409, "registration_own");
    let done = app.chair().post(&format!("{decision}/publish"), json!({})).ok();
    assert_eq!((&done["state"], &done["publication"]["published_by"]), (&json!("published"), &json!("chair.10210")));
    app.chair().post(&format!("{decision}/publish"), json!({})).problem(409, "decision_published");
    let results = award(&app);
    assert_eq!(results.as_array().unwrap().len(), 2);
    let first = &results[0];
    assert_eq!(
        (&first["state"], &first["name"], &first["symbol"], &first["ordinal"], &first["candidate"]),
        (&json!("valid"), &json!("Phòng Kinh tế"), &json!("20/QĐ-UBND"), &json!(1), &json!("phong-kinh-te"))
    );
    let told = |unit: &str| {
        let notices = app.head(unit).get("/award-notices").ok()["items"].clone();
        notices.as_array().unwrap().iter().map(|one| one["kind"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(
        (told("phong-kinh-te"), told("van-phong"), told("thon-1")),
        (vec![json!("awarded")], vec![json!("not_awarded")], vec![])
    );
    let event = app.agency().get("/events?after=0&type=award.published").ok()["items"][0]["data"].clone();
    assert_eq!((&event["awarded"], &event["units"][0]), (&json!(2), &json!("mat-tran")));
}

#[test]
fn a_hold_after_the_decision_stops_the_publication_until_it_is_released_or_the_award_revoked() {
    let (app, run) = ranked();
    let decision = certified(&app, &run, 20);
    hold(&app, "phong-vhxh");
    let publish = || app.chair().post(&format!("{decision}/publish"), json!({"reason": "Chưa quét"}));
    publish().problem(409, "candidates_barred");
    let revoke = json!({"candidate": "phong-vhxh", "reason": "Đang xác minh", "number": 21, "date": "2025-09-10"});
    app.chair().post(&format!("{decision}/revoke"), revoke).ok();
    publish().ok();
    let states: Vec<_> = award(&app).as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["valid", "revoked"]);
    assert_eq!(app.agency().get("/events?after=0&type=award.revoked").ok()["items"], json!([]), "nobody knew of it");
}

#[test]
fn a_revoked_award_stays_on_record() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let revoke = |candidate: &str, number: u32, date: &str| {
        let body = json!({"candidate": candidate, "reason": "Kê khai gian dối", "number": number, "date": date});
        app.chair().post(&format!("{decision}/revoke"), body)
    };
    revoke("van-phong", 0, "2025-09-09")
        .problem(422, "content_invalid")
        .finding("/candidate", "candidate_not_accepted")
        .finding("/number", "number_out_of_range")
        .finding("/date", "act_before_decision");
    revoke("phong-vhxh", 20, "2025-09-10").problem(409, "number_taken");
    assert_eq!(app.count("SELECT 1 FROM award_acts"), 0, "nothing of what was refused is kept");
    let done = revoke("phong-vhxh", 21, "2025-09-10").ok();
    assert_eq!(
        (&done["acts"][0]["kind"], &done["acts"][0]["registration"]["symbol"]),
        (&json!("revocation"), &json!("21/QĐ-UBND"))
    );
    assert_eq!(done["candidates"][1]["revoked"], true);
    revoke("phong-vhxh", 22, "2025-09-10").problem(409, "award_revoked");
    assert_eq!(certificates(&app, &decision)[1]["state"], "revoked");
    assert_eq!(award(&app)[1]["state"], "revoked");
    let notices = app.head("phong-vhxh").get("/award-notices").ok();
    assert_eq!(notices["items"].as_array().unwrap().len(), 2);
    assert_eq!(app.agency().get("/events?after=0&type=award.revoked").ok()["items"][0]["data"]["award"], "tap-the");
    app.agency()
        .post(
            &format!("{decision}/revoke"),
            json!({"candidate": "phong-kinh-te", "reason": "x", "number": 3, "date": "2025-09-10"}),
        )
        .problem(403, "forbidden");
    // Who lost it may be proposed again.
    let more = json!({"quota_reason": "Thay người bị thu hồi", "reasons": {"van-phong": "Đứng kế tiếp", "phong-vhxh": "Bị thu hồi"}});
    propose(&app, &run, &["van-phong"], more).created();
    assert_eq!(app.agency().get(&proposals()).ok()["items"].as_array().unwrap().len(), 2);
}

#[test]
fn a_misspelt_name_is_corrected_by_an_act_and_the_certificate_replaced() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let correct = |text: &str, number: u32| {
        let body = json!({"candidate": "phong-kinh-te", "member": "name", "text": text, "reason": "Viết sai tên",
            "number": number, "date": "2025-09-10"});
        app.chair().post(&format!("{decision}/correct"), body)
    };
    correct("Phòng Kinh tế", 21).problem(422, "content_invalid").finding("/text", "correction_needless");
    let done = correct("Phòng Kinh tế và Hạ tầng", 21).ok();
    assert_eq!(
        (&done["acts"][0]["member"], &done["acts"][0]["text"]),
        (&json!("name"), &json!("Phòng Kinh tế và Hạ tầng"))
    );
    assert_eq!(award(&app)[0]["name"], "Phòng Kinh tế và Hạ tầng");
    let former = certificates(&app, &decision)[0].clone();
    assert_eq!(former["recipient"]["name"], "Phòng Kinh tế", "what was printed stays");
    let replace = |id: &Value| {
        app.agency().post(&format!("/certificates/{}/replace", id.as_str().unwrap()), json!({"reason": "Viết sai tên"}))
    };
    let new = replace(&former["id"]).created();
    assert_eq!(
        (&new["recipient"]["name"], &new["replaces"], &new["ordinal"]),
        (&json!("Phòng Kinh tế và Hạ tầng"), &former["id"], &json!(1))
    );
    assert_ne!(new["code"], former["code"]);
    replace(&former["id"]).problem(409, "certificate_replaced");
    let states: Vec<_> = certificates(&app, &decision).iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, ["replaced", "valid", "valid"]);
    let revoke = json!({"candidate": "phong-kinh-te", "reason": "Gian dối", "number": 22, "date": "2025-09-10"});
    app.chair().post(&format!("{decision}/revoke"), revoke).ok();
    replace(&new["id"]).problem(409, "award_revoked");
    correct("Tên khác", 23).problem(409, "award_revoked");
    app.elsewhere
        .agency()
        .post(&format!("/certificates/{}/replace", new["id"].as_str().unwrap()), json!({"reason": "x"}))
        .problem(404, "not_found");
}

#[test]
fn who_proposed_neither_revokes_nor_corrects() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let both = app.account("agency", Role::Chair, None);
    let revoke = json!({"candidate": "phong-kinh-te", "reason": "Gian dối", "number": 22, "date": "2025-09-10"});
    both.post(&format!("{decision}/revoke"), revoke).problem(409, "proposal_own");
}

#[test]
fn a_paper_that_came_late_is_taken_in_once() {
    let (app, run) = ranked();
    let decision = published(&app, &run, 20);
    let put =
        |bytes: Vec<u8>| app.agency().put(&format!("{decision}/signed-file"), json!({})).body("application/pdf", bytes);
    put(pdf("1")).created();
    put(pdf("2")).problem(409, "decision_published");
}

/// Where the dossier of a unit stands in a second movement alike.
fn elsewhere(app: &TestApp, unit: &str) -> String {
    let mut plan: Value = serde_json::from_str(include_str!("../support/awards-plan.json")).unwrap();
    plan["code"] = json!("thi-dua-2");
    plan["groups"][0]["kinds"] = json!(["division", "front"]);
    let made = app.agency().post("/movements", plan).created();
    app.chair().post("/movements/thi-dua-2/launch", json!({})).if_match(&made.etag()).ok();
    format!("/movements/thi-dua-2/awards/tap-the/nominations/{unit}")
}

#[test]
fn an_initiative_is_free_again_once_it_is_published_that_its_dossier_got_nothing() {
    let app = TestApp::start();
    let (app, run) = super::ranked_on(
        app,
        |_| (),
        |app| {
            for unit in ["phong-kinh-te", "mat-tran"] {
                let idea =
                    json!({"title": format!("Mô hình {unit}"), "summary": "Tóm tắt", "owners": [{"unit": unit}]});
                let idea = app.agency().post(&format!("{MOVEMENT}/initiatives"), idea).created();
                app.agency_2().act_on(super::path(&idea).as_str(), "recognise", json!({"level": "commune"})).is(200);
            }
        },
    );
    let ideas = app.agency().get(&format!("{MOVEMENT}/initiatives")).ok();
    let of = |unit: &str| {
        let found = ideas["items"].as_array().unwrap().iter().find(|one| one["owners"][0]["code"] == unit);
        found.unwrap()["id"].clone()
    };
    let dossier = elsewhere(&app, "mat-tran");
    let dossier = |unit: &str| dossier.replace("mat-tran", unit);
    let claim = |unit: &str| {
        app.head(unit).put(&dossier(unit), json!({"achievement": "Tốt", "initiatives": [of(unit)]})).if_none_match_any()
    };
    claim("mat-tran").problem(422, "content_invalid").finding("/initiatives/0", "initiative_used");
    published(&app, &run, 20);
    claim("mat-tran").created();
    claim("phong-kinh-te").problem(422, "content_invalid").finding("/initiatives/0", "initiative_used");
    app.head("phong-kinh-te")
        .put(&dossier("phong-kinh-te"), json!({"achievement": "Tốt"}))
        .if_none_match_any()
        .created();
    let beside = |unit: &str| app.agency().get(&dossier(unit)).ok()["also_nominated"][0]["awarded"].clone();
    assert_eq!((beside("phong-kinh-te"), beside("mat-tran")), (json!(true), json!(false)));
}
