//! An answer that is put together from many rows shows one state of the database.

use diesel::{QueryableByName, sql_types::BigInt};
use diesel_async::{RunQueryDsl, SimpleAsyncConnection};
use thidua::db::Conn;

use crate::support::{TestApp, wait};

const ADD: &str = "INSERT INTO accounts (id, username, password_hash, created_at)
     VALUES (gen_random_uuid(), 'new', '', '2025-09-10T02:00:00Z')";

async fn accounts(conn: &mut Conn) -> i64 {
    #[derive(QueryableByName)]
    struct Counted {
        #[diesel(sql_type = BigInt)]
        rows: i64,
    }
    let count = diesel::sql_query("SELECT count(*) AS rows FROM accounts");
    count.get_result::<Counted>(conn).await.expect("a count").rows
}

#[test]
fn a_snapshot_does_not_see_what_is_committed_meanwhile() {
    let app = TestApp::start();
    let db = &app.service().db;
    let seen = db.snapshot(async |conn| {
        let before = accounts(conn).await;
        db.tx(async |other| Ok(other.batch_execute(ADD).await?)).await?;
        Ok([before, accounts(conn).await])
    });
    let [before, after] = wait(seen).expect("two counts");
    assert_eq!(before, after);
    assert_eq!(app.count("SELECT 1 FROM accounts"), before + 1);
}

#[test]
fn a_snapshot_writes_nothing_and_leaves_its_connection_as_it_was() {
    let app = TestApp::start();
    let db = &app.service().db;
    for _ in 0..20 {
        wait(db.snapshot(async |conn| Ok(conn.batch_execute(ADD).await?))).expect_err("it only reads");
    }
    wait(db.tx(async |conn| Ok(conn.batch_execute(ADD).await?))).expect("the connections still write");
    assert_eq!(app.count("SELECT 1 FROM accounts WHERE username = 'new'"), 1);
}
