//! A connection of a test beside those of the service: what it locks stays locked until the test lets go.

use std::thread::{self, JoinHandle};

use diesel::{QueryableByName, sql_types::Integer};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use secrecy::ExposeSecret;

use super::{Answer, Request, TestApp, wait};

pub struct Session<'a> {
    app: &'a TestApp,
    conn: AsyncPgConnection,
    /// The server's number of it.
    pid: i32,
}

impl TestApp {
    /// A session of the test's own, with a transaction begun.
    pub fn session(&self) -> Session<'_> {
        #[derive(QueryableByName)]
        struct Own {
            #[diesel(sql_type = Integer)]
            pid: i32,
        }
        // Under an address of its own, its statements are none of the service's.
        let url = format!("{} application_name=session", self.database_url().expose_secret());
        let (conn, own) = wait(async {
            let mut conn = AsyncPgConnection::establish(&url).await.expect("Postgres answers");
            conn.batch_execute("BEGIN").await.expect("a transaction");
            let own = diesel::sql_query("SELECT pg_backend_pid() AS pid");
            let own: Own = own.get_result(&mut conn).await.expect("a number");
            (conn, own)
        });
        Session { app: self, conn, pid: own.pid }
    }
}

impl Session<'_> {
    pub fn run(&mut self, sql: &str) {
        wait(self.conn.batch_execute(sql)).unwrap_or_else(|error| panic!("{sql}: {error}"));
    }

    /// Sends a request that must wait for this session: it is on its way, and waits.
    #[track_caller]
    pub fn holds_up(&self, request: Request) -> JoinHandle<Answer> {
        let blocked = format!("{} = ANY(pg_blocking_pids(pid))", self.pid);
        self.app.sends_until(request, &blocked)
    }

    /// Ends the transaction; who waited for it goes on.
    pub fn commit(mut self) {
        self.run("COMMIT");
    }
}

impl TestApp {
    /// Sends a request that must come to wait as the condition on `pg_stat_activity` says.
    #[track_caller]
    pub fn sends_until(&self, request: Request, waits: &str) -> JoinHandle<Answer> {
        let sent = thread::spawn(move || request.send());
        let query = format!("SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND {waits}");
        while self.count(&query) == 0 {
            assert!(!sent.is_finished(), "it waits for nobody: {}", sent.join().expect("an answer"));
        }
        sent
    }
}
