//! The schema that a program finds, and the database role that it has.

use std::process;

use secrecy::ExposeSecret;

use super::{Database, create_admin, get, listen, log_in, logged, on, said};
use crate::embedded::{Home, until};

const SERVE: [&str; 3] = ["serve", "--bind", "127.0.0.1:0"];
const UNMIGRATED: [&str; 4] = ["serve", "--no-migrate", "--bind", "127.0.0.1:0"];

/// The documented grants, for a role of this test alone.
fn grants(role: &str) -> String {
    include_str!("../../../deploy/grants.sql").replace("thidua_service", role)
}

#[test]
fn the_document_and_the_file_grant_the_same() {
    let (document, file) = (include_str!("../../../docs/audit.md"), include_str!("../../../deploy/grants.sql"));
    let granted = document.split("```sql\n").nth(1).and_then(|rest| rest.split("```").next()).expect("the grants");
    assert!(file.ends_with(granted), "{granted}");
}

#[test]
fn the_documented_role_runs_the_service() {
    let (home, database) = (Home::new(), Database::create());
    create_admin(&home, &database);
    let role = format!("serving_{}", process::id());
    database.sql(&grants(&role));
    let url = database.url.expose_secret().replace("user=thidua", &format!("user={role}"));
    for arguments in [&UNMIGRATED[..], &SERVE[..]] {
        let mut serve = home.command(arguments);
        serve.env("DATABASE_URL", &url);
        let service = Home::start(serve);
        assert_eq!(get(&format!("{}/health/ready", service.url), None).0, 200);
        let token = log_in(&service);
        let head = || get(&format!("{}/api/v1/audit/head", service.url), Some(&token)).1;
        until("what the role writes is chained", || head().contains("\"unchained\":0"));
    }
    database.sql(
        "DELETE FROM __diesel_schema_migrations WHERE version = (SELECT max(version) FROM __diesel_schema_migrations)",
    );
    let refused = |arguments: &[&str]| said(&home.command(arguments).env("DATABASE_URL", &url).output().unwrap());
    for (arguments, words) in [(&UNMIGRATED[..], "lacks 1 migrations"), (&SERVE[..], "owner of the tables")] {
        let (code, text) = refused(arguments);
        assert_eq!(code, Some(3), "{text}");
        assert!(text.contains(words) && text.contains("thidua migrate"), "{text}");
    }
    database.sql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_newer_schema_is_refused() {
    let (home, database) = (Home::new(), Database::create());
    database.sql("INSERT INTO __diesel_schema_migrations (version) VALUES ('20991231000001')");
    for arguments in [&SERVE[..], &UNMIGRATED[..], &["migrate"], &["audit", "verify"]] {
        let (code, text) = said(&on(&home, &database, arguments).output().unwrap());
        assert_eq!(code, Some(3), "{text}");
        assert!(text.contains("newer thidua") && text.contains("20991231000001"), "{text}");
    }
}

#[test]
fn the_service_says_which_database_it_works_on() {
    let (home, database) = (Home::new(), Database::create());
    let mut serve = on(&home, &database, &SERVE);
    serve.env("RUST_LOG", "info");
    let (_service, log) = listen(serve);
    logged(&log, "works on database=\"database operate_");
}
