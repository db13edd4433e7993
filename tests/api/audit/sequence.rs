//! Records are chained in order, by any number of instances, while writers write.

use futures_util::future::{join, join_all};
use serde_json::json;
use thidua::{
    audit::chain_waiting,
    db::{
        LocalityId,
        audit_log::{self, Entry},
    },
};
use uuid::Uuid;

use crate::support::{TestApp, wait};

#[test]
fn records_are_chained_once_and_the_head_tells_how_far() {
    let app = TestApp::start();
    let empty = app.auditor().get("/audit/head").ok();
    assert_eq!((&empty["seq"], &empty["at"], &empty["unchained"]), (&json!(0), &json!(null), &json!(0)));
    app.somebody("Trần Văn An", None);
    app.somebody("Lê Thị Bình", None);
    assert_eq!(app.auditor().get("/audit/head").ok()["unchained"], 2);
    assert_eq!((app.chain(), app.chain()), (2, 0));
    let head = app.auditor().get("/audit/head").ok();
    assert_eq!((&head["seq"], &head["unchained"]), (&json!(2), &json!(0)));
    let verdict = app.verified(Some(head.json()));
    assert_eq!((&verdict["holds"], &verdict["links"]), (&json!(true), &json!(2)));
    assert_eq!(app.elsewhere.auditor().get("/audit/head").ok()["seq"], 0, "each locality has a chain of its own");
}

#[test]
fn a_head_of_somebody_else_or_altered_is_none() {
    let app = TestApp::start();
    app.somebody("Trần Văn An", None);
    app.chain();
    let foreign = app.elsewhere.auditor().get("/audit/head").ok();
    let mut altered = app.auditor().get("/audit/head").ok().json().clone();
    altered["seq"] = json!(0);
    for head in [foreign.json(), &altered] {
        let verdict = app.verified(Some(head));
        assert_eq!((&verdict["holds"], &verdict["faults"][0]["kind"]), (&json!(false), &json!("head_foreign")));
    }
}

#[test]
fn two_hundred_writers_and_three_sequencers_make_no_gap_and_no_fork() {
    const WRITERS: usize = 200;
    const EACH: usize = 5;
    let app = TestApp::start();
    let locality: LocalityId = Uuid::parse_str("00000000-0000-7000-8000-000000010210").unwrap().into();
    let (service, now) = (app.service(), app.clock.now());
    let write = async |n: usize| {
        for turn in 0..EACH {
            let subject = format!("people/{n}");
            let entry = Entry { after: Some(json!({ "n": n, "turn": turn })), ..command(locality, subject, now) };
            service.db.tx(async |conn| audit_log::insert(conn, &entry).await).await.expect("the record is written");
        }
    };
    let sequence = async || {
        let mut chained = 0;
        for _ in 0..60 {
            chained += chain_waiting(service).await.expect("the records are chained");
        }
        chained
    };
    let writers = join_all((0..WRITERS).map(write));
    let (_, chained) = wait(join(writers, join_all([sequence(), sequence(), sequence()])));
    let chained = chained.into_iter().sum::<usize>() + app.chain();
    assert_eq!(chained, WRITERS * EACH, "each record once");
    let verdict = app.verified(None);
    assert_eq!((&verdict["holds"], &verdict["links"]), (&json!(true), &json!(WRITERS * EACH)), "{verdict}");
    assert_eq!(verdict["unchained"], 0);
}

fn command(locality: LocalityId, subject: String, at: chrono::DateTime<chrono::Utc>) -> Entry {
    Entry::of_command_line(Some(locality), "create_person", subject, at)
}

/// A record that commits late is chained late, and never passed over.
#[test]
fn a_slow_writer_is_waited_for_by_nobody_and_not_forgotten() {
    let app = TestApp::start();
    let locality: LocalityId = Uuid::parse_str("00000000-0000-7000-8000-000000010210").unwrap().into();
    let (service, now) = (app.service(), app.clock.now());
    let early = command(locality, "people/1".into(), now);
    let late = command(locality, "people/2".into(), now);
    let slow = service.db.tx(async |conn| {
        audit_log::insert(conn, &early).await?;
        // Meanwhile another writes, commits and is chained.
        service.db.tx(async |conn| audit_log::insert(conn, &late).await).await?;
        assert_eq!(chain_waiting(service).await?, 1);
        Ok(())
    });
    wait(slow).unwrap();
    assert_eq!(app.chain(), 1);
    assert_eq!(app.verified(None)["links"], 2);
}

#[test]
fn a_locality_that_cannot_be_chained_keeps_no_other_waiting() {
    let app = TestApp::start();
    app.somebody("Trần Văn An", None);
    app.elsewhere.somebody("Lê Thị Bình", None);
    let poison = |locality: &str| {
        app.sql(&format!(
            "CREATE OR REPLACE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN IF NEW.locality_id::text LIKE '%{locality}' THEN RAISE EXCEPTION 'poison'; END IF; RETURN NEW; END $$"
        ));
    };
    // Whichever comes first, the other is chained.
    for (poisoned, other) in [("10210", app.elsewhere.auditor()), ("10213", app.auditor())] {
        poison(poisoned);
        app.sql("CREATE OR REPLACE TRIGGER poison BEFORE INSERT ON audit_chain FOR EACH ROW EXECUTE FUNCTION poison()");
        let failed = wait(chain_waiting(app.service())).unwrap_err().to_string();
        assert!(failed.contains("poison"), "{failed}");
        assert_eq!(other.get("/audit/head").ok()["unchained"], 0);
        app.sql("DROP TRIGGER poison ON audit_chain");
        app.chain();
        app.somebody("Trần Văn An", None);
        app.elsewhere.somebody("Lê Thị Bình", None);
    }
}

#[test]
fn a_head_is_taken_whole_or_not_at_all() {
    let app = TestApp::start();
    let head = app.auditor().get("/audit/head").ok().json().clone();
    assert_eq!(head["at"], json!(null));
    app.auditor().post("/audit/verify", json!({ "head": head })).ok();
    for member in ["locality", "seq", "hash", "at", "unchained", "signature", "kid"] {
        let mut part = head.clone();
        part.as_object_mut().unwrap().remove(member);
        let refused = app.auditor().post("/audit/verify", json!({ "head": part }));
        refused.send_unchecked().problem(400, "body_invalid").finding(&format!("/head/{member}"), "missing_field");
    }
}
