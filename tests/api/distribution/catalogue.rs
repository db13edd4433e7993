//! Keys, triggers and names, as the database has them.

use super::TENANT_TABLES;
use crate::support::TestApp;

/// Tables whose rows are never changed, with a row of each.
const INSERT_ONLY: [(&str, &str); 31] = [
    (
        "assessments",
        "(locality_id, nomination_id, criterion, stage, assessor_id, version, at)
         SELECT gen_random_uuid(), gen_random_uuid(), '', 'council', gen_random_uuid(), 1, now()",
    ),
    (
        "audit_chain",
        "(locality_id, seq, record_id, previous, hash, chained_at)
         SELECT gen_random_uuid(), 1, gen_random_uuid(), '', '', now()",
    ),
    (
        "audit_records",
        "(locality_id, id, account_id, roles, action, subject, names, at, text_digest)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', '', '', '{}', now(), ''",
    ),
    (
        "audit_texts",
        "(locality_id, record_id, salt, actor, changes) SELECT gen_random_uuid(), gen_random_uuid(), '', '', '[]'",
    ),
    (
        "award_acts",
        "(locality_id, decision_id, act, kind, nomination_id, reason, acted_by, acting_for, at)
         SELECT gen_random_uuid(), gen_random_uuid(), 1, 'revocation', gen_random_uuid(), '', gen_random_uuid(), '{}', now()",
    ),
    (
        "award_certificates",
        "(locality_id, id, decision_id, nomination_id, ordinal, version, code, recipient, issued_by, issued_at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1, '', '{}', gen_random_uuid(), now()",
    ),
    (
        "award_consultations",
        "(locality_id, proposal_id, agency, version, name, asked_on, recorded_by, at)
         SELECT gen_random_uuid(), gen_random_uuid(), '', 1, '', now(), gen_random_uuid(), now()",
    ),
    (
        "award_decision_candidates",
        "(locality_id, decision_id, nomination_id)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid()",
    ),
    (
        "award_decisions",
        "(locality_id, id, proposal_id, movement_id, award, signed_as, decided_by, acting_for, decided_at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', 'chair', gen_random_uuid(), '{}', now()",
    ),
    (
        "award_notices",
        "(locality_id, unit_id, decision_id, nomination_id, act, kind, at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 0, 'awarded', now()",
    ),
    (
        "award_objection_answers",
        "(locality_id, objection_id, text, answered_by, at)
         SELECT gen_random_uuid(), gen_random_uuid(), '', gen_random_uuid(), now()",
    ),
    (
        "award_objections",
        "(locality_id, id, proposal_id, text, raised_by, at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', gen_random_uuid(), now()",
    ),
    (
        "award_postings",
        "(locality_id, proposal_id, working_days, posted_on, ends_on, posted_by, at)
         SELECT gen_random_uuid(), gen_random_uuid(), 0, now(), now(), gen_random_uuid(), now()",
    ),
    (
        "award_proposal_candidates",
        "(locality_id, proposal_id, nomination_id, position, rank, awarded)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 1, 1, false",
    ),
    (
        "award_proposal_ends",
        "(locality_id, proposal_id, state, ended_by, acting_for, at)
         SELECT gen_random_uuid(), gen_random_uuid(), 'returned', gen_random_uuid(), '{}', now()",
    ),
    (
        "award_proposals",
        "(locality_id, id, movement_id, award, ranking_id, quota, late, proposed_by, acting_for, proposed_at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', gen_random_uuid(), 1, false, gen_random_uuid(), '{}', now()",
    ),
    (
        "award_publications",
        "(locality_id, decision_id, published_by, acting_for, published_at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '{}', now()",
    ),
    (
        "award_registrations",
        "(locality_id, issuer, paper_type, year, number, dated_on, decision_id, act, registered_by, acting_for, at)
         SELECT gen_random_uuid(), '', '', 2025, 1, now(), gen_random_uuid(), 0, gen_random_uuid(), '{}', now()",
    ),
    (
        "award_signed_chunks",
        "(locality_id, decision_id, version, number, bytes)
         SELECT gen_random_uuid(), gen_random_uuid(), 1, 0, ''",
    ),
    (
        "award_signed_files",
        "(locality_id, decision_id, version, kind, size, sha256, taken_by, acting_for, at)
         SELECT gen_random_uuid(), gen_random_uuid(), 1, 'pdf', 0, '', gen_random_uuid(), '{}', now()",
    ),
    (
        "disclosures",
        "(locality_id, nomination_id, criterion, round, members, at)
         SELECT gen_random_uuid(), gen_random_uuid(), '', 1, '{}', now()",
    ),
    (
        "document_templates",
        "(locality_id, paper, version, wording, changed_by, at)
         SELECT gen_random_uuid(), '', 1, '{}', gen_random_uuid(), now()",
    ),
    (
        "due_changes",
        "(locality_id, movement_id, period, version, former_due_at, due_at, reason, changed_by, changed_at)
         SELECT gen_random_uuid(), gen_random_uuid(), '', 2, now(), now(), '', gen_random_uuid(), now()",
    ),
    ("event_numbers", "(locality_id, seq, event_id) SELECT gen_random_uuid(), 1, gen_random_uuid()"),
    (
        "events",
        "(locality_id, id, type, movement, subject, occurred_at, data)
         SELECT gen_random_uuid(), gen_random_uuid(), '', '', '', now(), '{}'",
    ),
    (
        "evidence",
        "(locality_id, id, movement_id, period, unit_id, link, uploaded_by, uploaded_at)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', gen_random_uuid(), '', gen_random_uuid(), now()",
    ),
    ("evidence_chunks", "(locality_id, evidence_id, number, bytes) SELECT gen_random_uuid(), gen_random_uuid(), 0, ''"),
    (
        "legal_bases",
        "(locality_id, code, version, basis, recorded_by, at)
         SELECT gen_random_uuid(), '', 1, '{}', gen_random_uuid(), now()",
    ),
    (
        "legal_figures",
        "(locality_id, code, valid_from, version, value, source, recorded_by, at)
         SELECT gen_random_uuid(), '', now(), 1, 1, '', gen_random_uuid(), now()",
    ),
    ("proof_keys", "(controller, key, published_at) SELECT 'did:web:thidua.example', 'z', now()"),
    (
        "rankings",
        "(locality_id, id, movement_id, award, mode, state, as_of, late, plan_version, engine, inputs, output, texts, created_by,
          created_at, seal)
         SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), '', 'preview', 'preview', now(), false, 1, 3, '{}',
                '{}', '{}', gen_random_uuid(), now(), '{}'",
    ),
];

/// Of which the state changes, and the texts.
const SEALED: &str = "rankings";
/// The one table of them whose words give way when a person's retention ends.
const REDACTED: &str = "audit_texts";

fn none(app: &TestApp, what: &str, query: &str) {
    let found = app.texts(query);
    assert!(found.is_empty(), "{what}: {}", found.join(", "));
}

#[test]
fn insert_only_tables_refuse_every_change() {
    let app = TestApp::start();
    let rows: String = INSERT_ONLY.iter().map(|(table, row)| format!("INSERT INTO {table} {row};")).collect();
    app.sql(&format!("BEGIN; SET LOCAL session_replication_role = replica; {rows} COMMIT"));
    for (table, row) in INSERT_ONLY {
        let key = row[1..].split(',').next().unwrap();
        let changes = [
            format!("UPDATE {table} SET {key} = {key}"),
            format!("DELETE FROM {table}"),
            format!("TRUNCATE {table} CASCADE"),
        ];
        let changing = |change: &&String| change.starts_with("UPDATE") && [REDACTED, SEALED].contains(&table);
        for change in changes.iter().filter(|change| !changing(change)) {
            let said = app.try_sql(change).expect_err(change);
            assert!(said.contains("is refused"), "{change}: {said}");
        }
    }
    app.sql(&format!("UPDATE {REDACTED} SET actor = ''; UPDATE assessments SET comment = '', reason = ''"));
    let said = app.try_sql(&format!("UPDATE {SEALED} SET output = '[]'")).expect_err("a sealed run is changed");
    assert!(said.contains("is refused"), "{said}");
}

/// `tgtype` has a bit for each: 1 row, 8 DELETE, 16 UPDATE, 32 TRUNCATE.
#[test]
fn what_refuses_a_change_is_asked_for_each_row() {
    let app = TestApp::start();
    let refusing = |bits: i32| {
        app.texts(&format!(
            "SELECT tgrelid::regclass::text AS value FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid
             WHERE proname LIKE 'refuse%' AND tgtype & {bits} = {bits} ORDER BY 1"
        ))
    };
    let all = INSERT_ONLY.map(|(table, _)| table);
    let updated: Vec<&str> = all.into_iter().filter(|table| *table != REDACTED).collect();
    assert_eq!(refusing(1 | 8), all);
    assert_eq!(refusing(1 | 16), updated);
    assert_eq!(refusing(32), all);
    none(
        &app,
        "triggers of a whole statement",
        &format!(
            "SELECT tgname::text AS value FROM pg_trigger
             WHERE tgrelid IN ({TENANT_TABLES}) AND NOT tgisinternal AND tgtype & 1 = 0 AND tgtype & (4 | 8 | 16) <> 0"
        ),
    );
}

#[test]
fn every_key_of_a_locality_starts_with_it() {
    let app = TestApp::start();
    assert!(app.count(TENANT_TABLES) > 30);
    let first = "SELECT attname FROM pg_attribute WHERE attrelid = ";
    none(
        &app,
        "unique indexes and primary keys",
        &format!(
            "SELECT indexrelid::regclass::text AS value FROM pg_index WHERE indrelid IN ({TENANT_TABLES})
             AND indisunique AND ({first} indrelid AND attnum = indkey[0]) <> 'locality_id'"
        ),
    );
    none(
        &app,
        "tables without a primary key",
        &format!(
            "SELECT t.oid::regclass::text AS value FROM ({TENANT_TABLES}) AS t
             WHERE NOT EXISTS (SELECT FROM pg_index WHERE indrelid = t.oid AND indisprimary)"
        ),
    );
    none(
        &app,
        "foreign keys",
        &format!(
            "SELECT conname::text AS value FROM pg_constraint WHERE contype = 'f' AND conrelid IN ({TENANT_TABLES})
             AND (({first} conrelid AND attnum = conkey[1]) <> 'locality_id'
                  OR CASE WHEN confrelid = 'localities'::regclass THEN cardinality(conkey) <> 1
                     ELSE ({first} confrelid AND attnum = confkey[1]) <> 'locality_id' END)"
        ),
    );
}

#[test]
fn shared_tables_refer_to_localities_by_two_keys_alone_which_a_distributor_drops() {
    let app = TestApp::start();
    let keys = app.texts(&format!(
        "SELECT conname::text AS value FROM pg_constraint
         WHERE contype = 'f' AND conrelid NOT IN ({TENANT_TABLES}) AND confrelid IN ({TENANT_TABLES}) ORDER BY 1"
    ));
    assert_eq!(keys, ["clients_unit_fkey", "role_grants_unit_fkey"]);
    let keyed_otherwise = app.texts(&format!(
        "SELECT relname::text AS value FROM pg_class JOIN pg_attribute ON attrelid = pg_class.oid
         WHERE relkind = 'r' AND attname = 'locality_id' AND pg_class.oid NOT IN ({TENANT_TABLES}) ORDER BY 1"
    ));
    assert_eq!(keyed_otherwise, ["accounts", "clients", "role_grants"]);
}

/// A shard's constraint bears the shard's number behind its name, of which Postgres keeps 63 bytes.
#[test]
fn names_have_room_for_the_number_of_a_shard() {
    let app = TestApp::start();
    none(
        &app,
        "names that are too long, or end in a number of their own",
        "SELECT name AS value FROM (SELECT conname::text AS name FROM pg_constraint
             WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
             UNION SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace) AS named
         WHERE length(name) > 50 OR name ~ '_[0-9]+$'",
    );
}
