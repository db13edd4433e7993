//! `scripts/distribute.sql`, and the door by which the tests run on what it makes.

use super::TENANT_TABLES;
use crate::support::{
    TestApp,
    db::{Database, fingerprint},
};

/// The functions of the engine, which only note what they are asked for.
const STUBS: &str = "CREATE TABLE asked (place bigint GENERATED ALWAYS AS IDENTITY, what text, relation regclass);
     CREATE FUNCTION create_distributed_table(relation regclass, key text) RETURNS void LANGUAGE sql
         AS $$ INSERT INTO asked (what, relation) SELECT key, relation $$;
     CREATE FUNCTION create_reference_table(relation regclass) RETURNS void LANGUAGE sql
         AS $$ INSERT INTO asked (what, relation) SELECT 'everywhere', relation $$;";

#[test]
fn the_script_distributes_the_tables_of_localities_parents_first() {
    let app = TestApp::start();
    app.sql(STUBS);
    app.sql(include_str!("../../../scripts/distribute.sql"));
    let asked = |what: &str| {
        app.texts(&format!("SELECT relation::text AS value FROM asked WHERE what = '{what}' ORDER BY relation::text"))
    };
    let tenant = format!("SELECT oid::regclass::text AS value FROM ({TENANT_TABLES}) AS t ORDER BY 1");
    assert_eq!(asked("locality_id"), app.texts(&tenant));
    assert_eq!(asked("everywhere"), ["localities"]);
    let too_early = app.texts(
        "SELECT conname::text AS value FROM pg_constraint
             JOIN asked child ON child.relation = conrelid JOIN asked parent ON parent.relation = confrelid
         WHERE contype = 'f' AND child.place < parent.place",
    );
    assert!(too_early.is_empty(), "{}", too_early.join(", "));
    let across = format!(
        "SELECT FROM pg_constraint
         WHERE contype = 'f' AND conrelid NOT IN ({TENANT_TABLES}) AND confrelid IN ({TENANT_TABLES})"
    );
    assert_eq!(app.count(&across), 0);
}

#[test]
fn the_tests_run_on_what_a_file_of_sql_makes_of_the_schema() {
    let more = "ALTER TABLE units ADD COLUMN shard integer NOT NULL DEFAULT 7";
    let app = TestApp::on(Database::filled(more));
    assert!(app.count("SELECT FROM units WHERE shard = 7") > 0, "the fixture comes after it");
    app.admin().get("/units").ok();
    assert_ne!(fingerprint(more), fingerprint(""), "another template");
}
