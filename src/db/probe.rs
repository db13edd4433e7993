//! Whether the database serves: asked on a connection of its own, which nobody else can occupy.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use diesel::{QueryableByName, sql_types::Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Mutex;

use super::{connection::establish, statement};
use crate::{finding::Finding, problem::Error};

/// How long an answer may take.
const ANSWER_MOST: Duration = Duration::from_secs(2);

/// How often free space is tried.
const SPACE_EVERY: Duration = Duration::from_secs(5);

/// Spills a sort to the disk of the tables. Nothing is changed, and nothing is logged.
const TRY_SPACE: &str = "SET work_mem = '64kB'; \
     SELECT count(*) FROM (SELECT repeat(md5(n::text), 4) AS line FROM generate_series(1, 4000) n ORDER BY 1 OFFSET 1) l";

/// Settings without which an acknowledged write may be lost.
pub const DURABLE: [&str; 3] = ["fsync", "full_page_writes", "synchronous_commit"];

/// The connection and what is known by it. Clones share it.
#[derive(Clone)]
pub struct Probe {
    url: SecretString,
    held: Arc<Mutex<Held>>,
}

#[derive(Default)]
struct Held {
    conn: Option<AsyncPgConnection>,
    /// When there was space.
    space_at: Option<Instant>,
    /// Whether the server was durable at the start, and so must remain.
    durable: bool,
}

#[derive(QueryableByName)]
struct Setting {
    #[diesel(sql_type = Text)]
    setting: String,
}

/// A setting of the server.
pub async fn setting(conn: &mut AsyncPgConnection, name: &str) -> Result<String, Error> {
    let read = statement("SELECT current_setting($1) AS setting").bind::<Text, _>(name);
    Ok(read.get_result::<Setting>(conn).await?.setting)
}

impl Probe {
    pub fn of(url: &SecretString) -> Self {
        Self { url: url.clone(), held: Arc::default() }
    }

    /// From now on a server that is not durable is not ready.
    pub async fn expect_durable(&self) {
        self.held.lock().await.durable = true;
    }

    /// What of the database does not serve.
    pub async fn findings(&self) -> Vec<Finding> {
        let mut held = self.held.lock().await;
        // A connection that failed or was too slow is not used again.
        let mut conn = held.conn.take();
        let asked = async {
            let was_open = conn.is_some();
            match held.ask(&mut conn, &self.url).await {
                // It may have ended with a server that is back.
                Err(finding) if was_open && finding.code == "database_unavailable" => {
                    conn = None;
                    held.ask(&mut conn, &self.url).await
                }
                asked => asked,
            }
        };
        match tokio::time::timeout(ANSWER_MOST, asked).await {
            Ok(Ok(())) => {
                held.conn = conn;
                Vec::new()
            }
            Ok(Err(finding)) => vec![finding],
            Err(_) => vec![Finding::new("/database", "database_unavailable")],
        }
    }
}

impl Held {
    async fn ask(&mut self, conn: &mut Option<AsyncPgConnection>, url: &SecretString) -> Result<(), Finding> {
        let unavailable = || Finding::new("/database", "database_unavailable");
        if conn.is_none() {
            *conn = Some(establish(url.expose_secret()).await.map_err(|_| unavailable())?);
        }
        let conn = conn.as_mut().ok_or_else(unavailable)?;
        for name in DURABLE {
            let value = setting(conn, name).await.map_err(|_| unavailable())?;
            if self.durable && value == "off" {
                tracing::error!(name, "Postgres may lose acknowledged writes");
                return Err(Finding::new("/durability", "durability_off").with("name", name));
            }
        }
        if self.space_at.is_none_or(|at| at.elapsed() > SPACE_EVERY) {
            self.space_at = None;
            conn.batch_execute(TRY_SPACE).await.map_err(|error| match Error::from(error) {
                full @ Error::StorageFull(_) => Finding::new("/storage", full.code()),
                _ => unavailable(),
            })?;
            self.space_at = Some(Instant::now());
        }
        Ok(())
    }
}
