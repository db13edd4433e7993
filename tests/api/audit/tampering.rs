//! The tables refuse what is not an insert; and whoever gets past them is found out.

use serde_json::{Value, json};

use crate::support::TestApp;

/// A log of a few records, chained, with its head kept elsewhere.
fn logged() -> (TestApp, Value) {
    let app = TestApp::start();
    for n in 0..8 {
        app.somebody(&format!("Trần Văn {n}"), None);
    }
    app.admin().patch("/units/thon-1", json!({"name": "Thôn Một"})).if_match("\"1\"").ok();
    app.chain();
    let head = app.auditor().get("/audit/head").ok().json().clone();
    (app, head)
}

#[test]
fn the_log_is_insert_only() {
    let (app, _) = logged();
    let refused = |statement: &str| {
        let run = |statement: String| app.try_sql(&statement).expect_err(&statement);
        let said = run(statement.to_owned());
        assert!(said.contains("the audit log is kept as it was written"), "{statement}: {said}");
    };
    for table in ["audit_records", "audit_chain"] {
        refused(&format!("UPDATE {table} SET locality_id = locality_id"));
        refused(&format!("DELETE FROM {table}"));
        refused(&format!("TRUNCATE {table}"));
    }
    refused("DELETE FROM audit_texts");
    refused("TRUNCATE audit_texts");
}

/// Every column of every table, rows taken away, added and exchanged; `$n` is a link's number.
const MUTATIONS: [&str; 32] = [
    "UPDATE audit_records SET locality_id = gen_random_uuid() WHERE id = $id",
    "UPDATE audit_records SET id = gen_random_uuid() WHERE id = $id",
    "UPDATE audit_records SET account_id = gen_random_uuid() WHERE id = $id",
    "UPDATE audit_records SET roles = array_append(roles, 'chair') WHERE id = $id",
    "UPDATE audit_records SET action = 'get_unit' WHERE id = $id",
    "UPDATE audit_records SET subject = subject || 'x' WHERE id = $id",
    "UPDATE audit_records SET names = '{people/1}' WHERE id = $id",
    "UPDATE audit_records SET request_id = NULL WHERE id = $id",
    "UPDATE audit_records SET at = at - interval '1 microsecond' WHERE id = $id",
    "UPDATE audit_records SET before_digest = sha256('x') WHERE id = $id",
    "UPDATE audit_records SET after_digest = NULL WHERE id = $id",
    "UPDATE audit_records SET text_digest = sha256('x') WHERE id = $id",
    "UPDATE audit_texts SET locality_id = gen_random_uuid() WHERE record_id = $id",
    "UPDATE audit_texts SET record_id = gen_random_uuid() WHERE record_id = $id",
    "UPDATE audit_texts SET salt = '0' WHERE record_id = $id",
    "UPDATE audit_texts SET actor = 'ai.khac' WHERE record_id = $id",
    "UPDATE audit_texts SET reason = 'Lý do khác' WHERE record_id = $id",
    "UPDATE audit_texts SET changes = jsonb_set(changes, '{0,to}', '100') WHERE record_id = $id",
    "UPDATE audit_chain SET locality_id = gen_random_uuid() WHERE record_id = $id",
    "UPDATE audit_chain SET seq = seq + 1000 WHERE record_id = $id",
    "UPDATE audit_chain SET record_id = gen_random_uuid() WHERE record_id = $id",
    "UPDATE audit_chain SET previous = sha256('x') WHERE record_id = $id",
    "UPDATE audit_chain SET hash = sha256('x') WHERE record_id = $id",
    "UPDATE audit_chain SET chained_at = chained_at + interval '1 microsecond' WHERE record_id = $id",
    "DELETE FROM audit_records WHERE id = $id",
    "DELETE FROM audit_texts WHERE record_id = $id",
    "DELETE FROM audit_chain WHERE record_id = $id",
    // The tail from here on, without a trace.
    "DELETE FROM audit_texts WHERE record_id IN (SELECT record_id FROM audit_chain WHERE seq >= $n);
     DELETE FROM audit_records WHERE id IN (SELECT record_id FROM audit_chain WHERE seq >= $n);
     DELETE FROM audit_chain WHERE seq >= $n",
    // Two links change places.
    "UPDATE audit_chain SET seq = -1 WHERE seq = $n; UPDATE audit_chain SET seq = $n WHERE seq = 1 + $n % 9;
     UPDATE audit_chain SET seq = 1 + $n % 9 WHERE seq = -1",
    // A link, a record, words that nobody wrote.
    "UPDATE audit_chain SET seq = seq + 100 WHERE seq >= $n; UPDATE audit_chain SET seq = seq - 99 WHERE seq >= 100;
     INSERT INTO audit_chain SELECT locality_id, $n, gen_random_uuid(), previous, sha256('x'), chained_at
         FROM audit_chain WHERE record_id = $id",
    "INSERT INTO audit_records SELECT (r).* FROM (
         SELECT jsonb_populate_record(r, jsonb_build_object('id', gen_random_uuid())) AS r
         FROM audit_records r WHERE id = $id) AS forged",
    "INSERT INTO audit_texts SELECT locality_id, gen_random_uuid(), salt, actor, reason, changes
         FROM audit_texts WHERE record_id = $id",
];

const TABLES: [&str; 3] = ["audit_records", "audit_texts", "audit_chain"];

#[test]
fn whatever_is_done_behind_the_tables_triggers_is_found() {
    let (app, head) = logged();
    let past = |statements: &str| {
        app.sql(&format!("BEGIN; SET LOCAL session_replication_role = replica; {statements}; COMMIT"));
    };
    TABLES.iter().for_each(|table| app.sql(&format!("CREATE TABLE kept_{table} AS TABLE {table}")));
    let restored = TABLES.map(|table| format!("DELETE FROM {table}; INSERT INTO {table} TABLE kept_{table}")).join(";");
    let (mut done, mut missed) = (0, Vec::new());
    for n in 1..=9 {
        for mutation in MUTATIONS {
            let id = format!("(SELECT record_id FROM kept_audit_chain WHERE seq = {n})");
            past(&mutation.replace("$id", &id).replace("$n", &n.to_string()));
            done += 1;
            if app.verified(Some(&head))["holds"] == true {
                missed.push(format!("{n}: {mutation}"));
            }
            past(&restored);
        }
        assert_eq!(app.verified(Some(&head))["holds"], true, "restored");
    }
    println!("{done} mutations, {} missed", missed.len());
    assert!(missed.is_empty(), "{missed:#?}");
}

#[test]
fn a_tail_cut_off_is_found_by_an_older_head_only() {
    let (app, head) = logged();
    app.sql(
        "BEGIN; SET LOCAL session_replication_role = replica;
         DELETE FROM audit_texts WHERE record_id IN (SELECT record_id FROM audit_chain WHERE seq > 5);
         DELETE FROM audit_records WHERE id IN (SELECT record_id FROM audit_chain WHERE seq > 5);
         DELETE FROM audit_chain WHERE seq > 5; COMMIT",
    );
    assert_eq!(app.verified(None)["holds"], true);
    let verdict = app.verified(Some(&head));
    assert_eq!(verdict["faults"], json!([{"seq": 9, "record": null, "kind": "truncated"}]), "{verdict}");
}

/// The grants that docs/audit.md gives to a role of the service that owns nothing.
#[test]
fn the_documented_grants_let_the_service_insert_and_nothing_more() {
    let (app, _) = logged();
    let (document, role) = (include_str!("../../../docs/audit.md"), format!("service_{}", std::process::id()));
    let grants = document.split("```sql").nth(1).and_then(|rest| rest.split("```").next()).expect("the grants");
    let grants = grants.replace("thidua_service", &role).replace("LOGIN", "NOLOGIN");
    app.sql(&grants);
    let as_service = |statement: &str| app.try_sql(&format!("BEGIN; SET LOCAL ROLE {role}; {statement}; ROLLBACK"));
    as_service("INSERT INTO audit_records SELECT * FROM audit_records LIMIT 0").unwrap();
    as_service("UPDATE audit_texts SET salt = salt").unwrap();
    as_service("DELETE FROM audit_pending").unwrap();
    for table in TABLES {
        for statement in [format!("DELETE FROM {table}"), format!("TRUNCATE {table}")] {
            assert!(as_service(&statement).unwrap_err().contains("permission denied"), "{statement}");
        }
    }
    for table in ["audit_records", "audit_chain"] {
        let statement = format!("UPDATE {table} SET locality_id = locality_id");
        assert!(as_service(&statement).unwrap_err().contains("permission denied"), "{statement}");
        let statement = format!("ALTER TABLE {table} DISABLE TRIGGER ALL");
        assert!(as_service(&statement).unwrap_err().contains("must be owner"), "{statement}");
    }
    app.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}
