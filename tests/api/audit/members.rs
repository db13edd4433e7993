//! The log shows who did what to everybody who reads it, and members only to who may read the thing itself.

use rstest::rstest;
use serde_json::{Value, json};

use super::{report, report_path};
use crate::support::{Answer, Client, MOVEMENT, TestApp, dossier};

/// Whoever reads the log.
fn reader(app: &TestApp, who: &str) -> Client {
    match who {
        "chair" => app.chair(),
        "auditor" => app.auditor(),
        "city_viewer" => app.city_viewer().of_locality("10210"),
        _ => app.city_admin().of_locality("10210"),
    }
}

const READERS: [&str; 4] = ["chair", "auditor", "city_viewer", "city_admin"];

/// Something of every kind, changed; each has `SECRET` among its members.
fn everything() -> TestApp {
    let app = TestApp::start();
    app.emulation();
    let person = app.admin().post("/people", json!({"name": "SECRET", "kind": "official"})).created();
    let person = person.header("location").unwrap().to_owned();
    app.admin().patch(&person, json!({"name": "SECRET AN", "kind": "official"})).if_match("\"1\"").ok();
    app.household("SECRET", "thon-1");
    let claim = json!({"achievement": "SECRET", "group": "don-vi", "self_scores": {"mo-hinh": "38.5"}});
    let nomination = dossier("tap-the", "phong-kinh-te");
    app.head("phong-kinh-te").put(&nomination, claim).if_none_match_any().created();
    let gate = json!({"passed": true, "comment": "SECRET"});
    app.agency().put(&format!("{nomination}/assessments/doan-ket"), gate).if_none_match_any().created();
    app.agency().act_on(&nomination, "reject", json!({"reason": "SECRET"})).is(200);
    let concern = json!({"unit": "thon-1", "kind": "difficulty", "title": "SECRET", "text": "SECRET"});
    app.head("thon-1").post(&format!("{MOVEMENT}/concerns"), concern).created();
    app.admin().post("/accounts", json!({"username": "secret"})).created();
    app.admin().post("/role-grants", json!({"account": "secret", "role": "auditor"})).created();
    app.admin().patch("/units/thon-1", json!({"name": "SECRET"})).if_match("\"1\"").ok();
    app
}

fn members(found: &Answer) -> Vec<(&str, bool)> {
    let items = found["items"].as_array().unwrap().iter();
    let told = |record: &Value| record["changes"] != json!([]);
    items.map(|record| (record["action"].as_str().unwrap(), told(record))).collect()
}

#[rstest]
#[case::people("create_person", "/people", true)]
#[case::people("patch_person", "/people", true)]
#[case::households("create_household", "/households", true)]
#[case::dossiers("nominate", "/movements/thi-dua/awards/tap-the/nominations", true)]
#[case::dossiers("reject_nomination", "/movements/thi-dua/awards/tap-the/nominations", true)]
#[case::scores("assess_criterion", "/movements/thi-dua/awards/tap-the/nominations/phong-kinh-te/assessments", true)]
#[case::accounts("create_account", "/accounts", true)]
#[case::grants("create_role_grant", "/role-grants", true)]
#[case::concerns("create_concern", "/movements/thi-dua/concerns", false)]
#[case::units("patch_unit", "/units", false)]
fn what_a_role_may_not_read_at_its_own_address_it_does_not_read_in_the_log(
    #[case] action: &str,
    #[case] address: &str,
    #[case] is_restricted: bool,
) {
    let app = everything();
    let mut refused = 0;
    for who in READERS.map(|who| reader(&app, who)) {
        let may = who.get(address).send().status() == 200;
        let found = who.get(&format!("/audit?action={action}")).ok();
        assert_eq!(members(&found), [(action, may)], "{found}");
        let record = &found["items"][0];
        assert!(record["actor"].is_string() && record["subject"].is_string() && record["after"].is_string());
        if !may {
            refused += 1;
            assert!(!found.text().contains("SECRET"), "{found}");
        }
    }
    assert_eq!(refused > 0, is_restricted);
}

#[test]
fn a_draft_is_in_the_log_for_others_once_it_is_handed_in() {
    let app = TestApp::start();
    app.emulation();
    let (place, head) = (report_path("2025-07"), app.head("phong-kinh-te"));
    head.put(&place, report(98)).if_none_match_any().created();
    let row = json!({"period": "2025-08", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported",
        "numerator": 97, "denominator": 100});
    let both = json!([row, {"period": "2025-07", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported",
        "numerator": 96, "denominator": 100}]);
    head.post(&format!("{MOVEMENT}/submissions/import"), both).ok();
    let told = |who: &Client, action: &str| {
        let found = who.get(&format!("/audit?action={action}")).ok();
        found["items"].as_array().unwrap().iter().map(|record| record["changes"].to_string()).collect::<String>()
    };
    let readers = READERS.map(|who| reader(&app, who));
    for who in &readers {
        assert_eq!((told(who, "draft_submission"), told(who, "import_submissions")), ("[]".into(), "[]".into()));
    }
    head.act_on(&place, "submit", json!({})).is(200);
    for who in &readers {
        assert_eq!(told(who, "draft_submission"), "[]", "98 was overwritten before anything was handed in");
        let imported = told(who, "import_submissions");
        assert!(imported.contains(":96"), "{imported}");
        assert!(!imported.contains(":97") && !imported.contains(":98"), "only what was handed in: {imported}");
    }
    head.act_on(&place, "withdraw", json!({})).is(200);
    app.at("2025-09-11T02:00:00Z");
    head.put(&place, report(95)).if_match("*").ok();
    for who in &readers {
        assert!(!told(who, "draft_submission").contains(":95"), "what is edited since is nobody's business");
    }
}

/// How a report's draft is edited.
#[derive(Debug, Clone, Copy)]
enum Edit {
    Put(i64),
    Import(i64),
    /// The same file, and handed in.
    ImportAndSubmit(i64),
    Act(&'static str),
}

use Edit::{Act, Import, ImportAndSubmit, Put};

#[rstest]
#[case::one_draft(&[Put(98), Act("submit")], "98")]
#[case::overwritten(&[Put(97), Put(98), Act("submit")], "98")]
#[case::overwritten_twice(&[Put(96), Put(97), Put(98), Act("submit")], "98")]
#[case::overwritten_by_a_file(&[Put(97), Import(98), Act("submit")], "98")]
#[case::by_a_file_that_hands_in(&[Put(97), ImportAndSubmit(98)], "98")]
#[case::by_a_file_that_hands_in_what_stands(&[Put(98), ImportAndSubmit(98)], "98")]
#[case::by_a_file_from_one_hand_in_to_the_next(&[Put(97), Act("submit"), Act("withdraw"), Put(96), ImportAndSubmit(98)], "97 98")]
#[case::a_file_overwritten(&[Import(97), Put(98), Act("submit")], "98")]
#[case::being_edited(&[Put(98), Act("submit"), Act("withdraw"), Put(97)], "98")]
#[case::of_each_hand_in_its_own(&[Put(97), Act("submit"), Act("withdraw"), Put(98), Act("submit")], "97 98")]
#[case::returned(&[Put(95), Put(97), Act("submit"), Act("return"), Put(96), Put(98), Act("submit")], "97 98")]
#[case::excused_between(&[Put(97), Act("submit"), Act("return"), Put(98), Act("excuse-lateness"), Act("submit")], "97 98")]
#[case::reopened(&[Put(98), Act("submit"), Act("approve"), Act("reopen"), Put(97)], "98")]
fn of_drafts_the_log_tells_others_only_what_was_handed_in(#[case] edits: &[Edit], #[case] told: &str) {
    let app = TestApp::start();
    app.emulation();
    // Late, so that it can be excused; all at one instant.
    app.at("2025-11-30T02:00:00Z");
    let (place, head) = (report_path("2025-07"), app.head("phong-kinh-te"));
    let import = |numerator: i64, submit: bool| {
        let row = json!({"period": "2025-07", "unit": "phong-kinh-te", "indicator": "HS", "state": "reported",
            "numerator": numerator, "denominator": 100});
        head.post(&format!("{MOVEMENT}/submissions/import?submit={submit}"), json!([row])).ok();
    };
    for edit in edits {
        match *edit {
            Put(numerator) => {
                let put = head.put(&place, report(numerator));
                match head.get(&place).send().header("etag") {
                    None => drop(put.if_none_match_any().created()),
                    Some(tag) => drop(put.if_match(tag).ok()),
                }
            }
            Import(numerator) => import(numerator, false),
            ImportAndSubmit(numerator) => import(numerator, true),
            Act(act @ ("submit" | "withdraw")) => drop(head.act_on(&place, act, json!({})).is(200)),
            Act(act @ "approve") => drop(app.agency().act_on(&place, act, json!({})).is(200)),
            Act(act) => drop(app.agency().act_on(&place, act, json!({"reason": "Có lý do"})).is(200)),
        }
    }
    for who in READERS.map(|who| reader(&app, who)) {
        let log = who.get(&format!("/audit?subject={}", &place[1..])).ok().text();
        let base = who.get(&format!("/audit?subject={}/submissions", &MOVEMENT[1..])).ok().text();
        for numerator in 95..=98 {
            let found = [&log, &base].iter().any(|text| text.contains(&format!(":{numerator}")));
            assert_eq!(found, told.contains(&numerator.to_string()), "{numerator}: {log}");
        }
    }
    assert!(app.agency().get(&place).ok().text().contains("numerator"));
}
