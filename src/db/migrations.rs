//! The schema, brought up to date at start. An advisory lock lets several instances start at once.

use std::time::{Duration, Instant};

use anyhow::Context;
use diesel::ConnectionResult;
use diesel_async::{AsyncConnection, AsyncMigrationHarness, AsyncPgConnection, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};

use super::locks;

const MIGRATIONS: EmbeddedMigrations = embed_migrations!();
/// How long a server may take to come up.
const START_MOST: Duration = Duration::from_secs(5);

/// Runs what is pending.
pub async fn migrate(url: &SecretString) -> anyhow::Result<()> {
    let url = url.clone();
    // The harness blocks, which the service's own single-threaded runtime does not allow: it gets one of its own.
    tokio::task::spawn_blocking(move || {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        runtime.block_on(run(&url))
    })
    .await?
}

/// A connection, from a server that may still be starting (or be going down for another to start).
async fn reach(url: &SecretString) -> ConnectionResult<AsyncPgConnection> {
    let deadline = Instant::now() + START_MOST;
    loop {
        match AsyncPgConnection::establish(url.expose_secret()).await {
            Err(_) if Instant::now() < deadline => tokio::time::sleep(Duration::from_millis(20)).await,
            reached => return reached,
        }
    }
}

async fn run(url: &SecretString) -> anyhow::Result<()> {
    let mut conn = reach(url).await.context("cannot reach Postgres; start it or check DATABASE_URL")?;
    conn.batch_execute(&format!("SELECT pg_advisory_lock({})", locks::MIGRATIONS)).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let done = tokio::task::block_in_place(move || {
        harness.run_pending_migrations(MIGRATIONS).map(|done| done.len()).map_err(|e| anyhow::anyhow!("{e}"))
    })
    .context("the schema cannot be brought up to date")?;
    tracing::info!(done, "the schema is up to date");
    Ok(())
}
