//! Words about people go when their time is over; the records and the chain stay.

use serde_json::json;
use thidua::db::{
    AccountId, LocalityId,
    audit_log::{self, Entry},
    redaction::{self, Whose},
};
use uuid::Uuid;

use crate::support::{TestApp, wait};

fn home() -> LocalityId {
    Uuid::parse_str("00000000-0000-7000-8000-000000010210").unwrap().into()
}

fn redact(app: &TestApp, subjects: &[String], accounts: &[AccountId]) -> usize {
    redact_all(app, &Whose { subjects, accounts, ..Whose::default() })
}

fn redact_all(app: &TestApp, whose: &Whose) -> usize {
    let entry = Entry::of_command_line(Some(home()), "", "people".into(), app.clock.now());
    let whose = Whose { pseudonym: "người đã ẩn danh", ..*whose };
    wait(app.service().db.tx(async |conn| redaction::redact(conn, entry, &whose).await)).unwrap()
}

fn an() -> (TestApp, String) {
    let app = TestApp::start();
    let an = app.somebody("Trần Văn An", Some("phong-kinh-te"));
    app.somebody("Lê Thị Bình", Some("phong-kinh-te"));
    let renamed = json!({"name": "Trần Văn Ân", "kind": "official"});
    app.admin().patch(&format!("/people/{an}"), renamed).if_match("\"1\"").ok();
    app.chain();
    (app, format!("people/{an}"))
}

#[test]
fn a_persons_words_go_and_the_chain_holds() {
    let (app, an) = an();
    let head = app.auditor().get("/audit/head").ok();
    assert_eq!(redact(&app, std::slice::from_ref(&an), &[]), 2);
    assert_eq!(app.records("t.changes::text LIKE '%Trần Văn%'"), 0);
    assert_eq!(app.records("t.changes::text LIKE '%Lê Thị Bình%'"), 1, "nobody else's words went");
    let found = app.auditor().get(&format!("/audit?subject={an}&action=patch_person")).ok();
    let name = json!({"pointer": "/name", "from": null, "to": null});
    assert!(found["items"][0]["changes"].as_array().unwrap().contains(&name), "what changed stays: {found}");
    // Before the redaction is chained, and after.
    for _ in 0..2 {
        let verdict = app.verified(Some(head.json()));
        assert_eq!((&verdict["holds"], &verdict["redacted"]), (&json!(true), &json!(2)), "{verdict}");
        app.chain();
    }
    assert_eq!(redact(&app, &[an], &[]), 2, "again");
    app.chain();
    assert_eq!(app.verified(Some(head.json()))["holds"], true);
}

#[test]
fn an_accounts_name_goes_and_what_it_did_stays() {
    let (app, _) = an();
    let id = app.auditor().get("/audit?actor=admin.10210").ok()["items"][0]["account"].clone();
    let account: AccountId = serde_json::from_value(id).unwrap();
    assert_eq!(redact(&app, &[], &[account]), 3);
    let found = app.auditor().get("/audit?action=patch_person").ok();
    assert_eq!(found["items"][0]["actor"], "người đã ẩn danh");
    assert_eq!(app.records("t.actor = 'admin.10210'"), 0);
    assert_eq!(app.records("t.changes::text LIKE '%Trần Văn%'"), 2);
    assert_eq!(app.verified(None)["holds"], true);
}

#[test]
fn words_forged_beside_a_redaction_are_found() {
    let (app, an) = an();
    redact(&app, &[an], &[]);
    app.chain();
    app.sql(
        "UPDATE audit_texts SET actor = 'ai khác' WHERE record_id = (SELECT record_id FROM audit_chain WHERE seq = 2)",
    );
    let verdict = app.verified(None);
    assert_eq!((&verdict["holds"], &verdict["faults"][0]["kind"]), (&json!(false), &json!("text_edited")), "{verdict}");
}

#[test]
fn a_log_of_many_pages_is_redacted_to_its_end() {
    let app = TestApp::start();
    let (service, now) = (app.service(), app.clock.now());
    // More records than two pages hold; every third is about somebody else.
    let write = async |conn: &mut thidua::db::Conn| {
        for n in 0..1100 {
            let subject = if n % 3 == 0 { format!("people/{n}") } else { "people/an".into() };
            let after = Some(json!({"name": if n % 3 == 0 { "Lê Thị Bình" } else { "Trần Văn An" }, "n": n}));
            let entry = Entry { after, ..Entry::of_command_line(Some(home()), "patch_person", subject, now) };
            audit_log::insert(conn, &entry).await?;
        }
        Ok(())
    };
    wait(service.db.tx(write)).unwrap();
    app.chain();
    let named = "t.changes::text LIKE '%Trần Văn An%'";
    let of_an = app.records(named);
    assert_eq!((of_an, app.records("true")), (733, 1100));
    let by_thing = redact(&app, &["people/an".to_owned()], &[]);
    assert_eq!((by_thing, app.records(named)), (733, 0));
    let verdict = app.verified(None);
    assert_eq!((&verdict["holds"], &verdict["redacted"]), (&json!(true), &json!(733)), "{verdict}");
    let by_word = redact_all(&app, &Whose { mentions: &["Lê Thị Bình".to_owned()], ..Whose::default() });
    assert_eq!((by_word, app.records("t.changes::text LIKE '%Bình%'")), (367, 0));
    app.chain();
    let verdict = app.verified(None);
    assert_eq!((&verdict["holds"], &verdict["redacted"]), (&json!(true), &json!(1100)), "{verdict}");
    assert_eq!(app.records("r.action = 'redact_audit_texts'"), 2, "one record for each redaction");
}
