//! A database that breaks, is full or holds a lock in the middle of a request: the request is answered 503 soon, other
//! requests go on, and readiness names the part.

use std::{
    thread,
    time::{Duration, Instant},
};

use diesel_async::{AsyncConnection, AsyncPgConnection, SimpleAsyncConnection};
use rstest::rstest;
use secrecy::ExposeSecret;
use serde_json::json;

use crate::{
    embedded::until,
    support::{Request, TestApp, wait},
};

fn post(app: &TestApp) -> Request {
    app.admin().post("/people", json!({"name": "Trần Văn An", "kind": "official"}))
}

/// From now on whoever adds a person runs this first.
fn before_people(app: &TestApp, statement: &str) {
    app.sql(&format!(
        "CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {statement}; RETURN NEW; END $$;
         CREATE TRIGGER fails BEFORE INSERT ON people FOR EACH ROW EXECUTE FUNCTION fails()"
    ));
}

#[rstest]
#[case::killed("pg_terminate_backend")]
#[case::cancelled("pg_cancel_backend")]
fn a_statement_that_is_ended_from_outside_is_503(#[case] ends: &str) {
    let app = TestApp::start();
    before_people(&app, "PERFORM pg_sleep(30)");
    let asked = thread::spawn({
        let post = post(&app);
        move || post.send()
    });
    let sleeping = "datname = current_database() AND wait_event = 'PgSleep'";
    until("it is in the middle of the statement", || {
        app.count(&format!("SELECT 1 FROM pg_stat_activity WHERE {sleeping}")) == 1
    });
    app.sql(&format!("SELECT {ends}(pid) FROM pg_stat_activity WHERE {sleeping}"));
    let broken = asked.join().unwrap().problem(503, "busy");
    assert_eq!(broken.header("retry-after"), Some("1"));
    app.sql("DROP TRIGGER fails ON people");
    post(&app).created();
}

#[rstest]
#[case::table("could not extend file \"base/1/2\": No space left on device")]
#[case::part_of_a_page("could not extend file \"base/1/2\": wrote only 4096 of 8192 bytes at block 7")]
#[case::temporary("could not write to file \"base/pgsql_tmp/pgsql_tmp1.0\": No space left on device")]
#[case::connection("could not write init file")]
#[case::quota("could not write to file \"base/1/2\": Disk quota exceeded")]
fn a_full_disk_is_503_with_its_cure(#[case] said: &str) {
    let app = TestApp::start();
    before_people(&app, &format!("RAISE EXCEPTION USING ERRCODE = '53100', MESSAGE = '{said}'"));
    let full = post(&app).lang("en").problem(503, "storage_full");
    assert_eq!(full.header("retry-after"), Some("30"));
    assert!(full["detail"].as_str().unwrap().contains("free space"), "{full}");
    app.sql("DROP TRIGGER fails ON people");
    post(&app).created();
}

#[test]
fn a_locked_table_holds_up_nobody_else() {
    let app = TestApp::start();
    let mut other = wait(AsyncPgConnection::establish(app.database_url().expose_secret())).unwrap();
    wait(other.batch_execute("BEGIN; LOCK TABLE people, person_versions IN ACCESS EXCLUSIVE MODE")).unwrap();
    app.anon().get("/health/ready").ok();
    let (admin, agency, started) = (app.admin(), app.agency(), Instant::now());
    let locked = |n: usize| match n % 2 {
        0 => admin.post("/people", json!({"name": "Trần Văn An", "kind": "official"})),
        _ => admin.get("/people"),
    };
    thread::scope(|scope| {
        let ask = |n| {
            let asked = Instant::now();
            locked(n).problem(503, "busy");
            asked.elapsed()
        };
        let waiting: Vec<_> = (0..64).map(|n| scope.spawn(move || ask(n))).collect();
        // The first have waited in vain; more come all the time.
        while started.elapsed() < Duration::from_secs(4) {
            let asked = Instant::now();
            app.anon().get("/health/ready").ok();
            let ready = asked.elapsed();
            agency.get("/units/phong-kinh-te").ok();
            println!("ready in {ready:?}, an unrelated read in {:?}", asked.elapsed() - ready);
            locked(started.elapsed().as_millis() as usize).problem(503, "busy");
        }
        let waited = waiting.into_iter().map(|thread| thread.join().unwrap()).max().unwrap();
        println!("the longest wait: {waited:?}");
        assert!(waited < Duration::from_millis(2500), "{waited:?}");
    });
    wait(other.batch_execute("COMMIT")).unwrap();
    until("it is open again", || post(&app).send().status() == 201);
}

#[test]
fn readiness_names_the_part_that_is_not_ready() {
    let app = TestApp::start();
    app.anon().get("/health/ready").ok();
    let url = app.database_url().expose_secret();
    let (server, name) = url.rsplit_once("dbname=").unwrap();
    let mut other = wait(AsyncPgConnection::establish(&format!("{server}dbname=postgres"))).unwrap();
    let mut allow = |allowed: bool| {
        let ends = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname";
        wait(other.batch_execute(&format!("ALTER DATABASE {name} ALLOW_CONNECTIONS {allowed}"))).unwrap();
        wait(other.batch_execute(&format!("{ends} = '{name}'"))).unwrap();
    };
    allow(false);
    let not_ready = app.anon().get("/health/ready").problem(503, "not_ready");
    not_ready.finding("/database", "database_unavailable");
    allow(true);
    app.anon().get("/health/ready").ok();
}

#[test]
fn a_session_commits_safely_whatever_the_server_is_set_to() {
    let app = TestApp::start();
    let set = |value: &str| {
        app.sql(&format!(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = {value}', current_database()); END $$"
        ));
    };
    for (server, session) in [("off", "on"), ("on", "on"), ("local", "local"), ("remote_apply", "remote_apply")] {
        set(server);
        let db = thidua::db::Db::connect(app.database_url(), 2, None);
        let run = async |conn: &mut thidua::db::Conn| {
            let check = format!("SELECT 1 / (current_setting('synchronous_commit') = '{session}')::int");
            Ok(conn.batch_execute(&check).await?)
        };
        wait(db.read(run)).unwrap_or_else(|error| panic!("{server}: {error}"));
    }
}
