//! The schema, brought up to date at start. An advisory lock lets several instances start at once. A schema that is up
//! to date is only read, so that a role that owns nothing can start the service.

use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

use anyhow::{Context, bail, ensure};
use diesel::{
    ConnectionResult, QueryableByName,
    migration::MigrationSource,
    pg::Pg,
    sql_types::{Bool, Text},
};
use diesel_async::{AsyncMigrationHarness, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};
use secrecy::{ExposeSecret, SecretString};

use super::{connection::connect, failure::is_full, locks};

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

/// Refuses a schema that is not up to date, and changes nothing.
pub async fn check(url: &SecretString) -> anyhow::Result<()> {
    let pending = pending(&mut reach(url).await?).await?;
    match pending.as_slice().first() {
        None => Ok(()),
        Some(first) => bail!(
            "the schema lacks {} migrations, the first is {first}; run as the owner of the tables: thidua migrate",
            pending.len()
        ),
    }
}

/// A connection, from a server that may still be starting (or be going down for another to start).
async fn reach(url: &SecretString) -> anyhow::Result<AsyncPgConnection> {
    let deadline = Instant::now() + START_MOST;
    let reached: ConnectionResult<_> = loop {
        match connect(url.expose_secret()).await {
            Err(error) if !is_full(&error.to_string()) && Instant::now() < deadline => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            reached => break reached,
        }
    };
    reached.map_err(|error| {
        let cure = match is_full(&error.to_string()) {
            true => "the disk of Postgres is full; free some space and start again",
            false => "cannot reach Postgres; start it or check DATABASE_URL",
        };
        anyhow::Error::from(error).context(cure)
    })
}

async fn run(url: &SecretString) -> anyhow::Result<()> {
    let mut conn = reach(url).await?;
    if pending(&mut conn).await?.is_empty() {
        tracing::debug!("the schema is up to date");
        return Ok(());
    }
    conn.batch_execute(&format!("SELECT pg_advisory_lock({})", locks::MIGRATIONS)).await?;
    let mut harness = AsyncMigrationHarness::new(conn);
    let done = tokio::task::block_in_place(move || {
        harness.run_pending_migrations(MIGRATIONS).map(|done| done.len()).map_err(|e| anyhow::anyhow!("{e}"))
    })
    .context("the schema cannot be brought up to date; thidua migrate runs as the owner of the tables")?;
    tracing::info!(done, "the schema was brought up to date");
    Ok(())
}

/// The versions that the schema lacks. A schema with versions of its own is of a newer program: what this one would
/// write there is unknown, so that it is refused.
async fn pending(conn: &mut AsyncPgConnection) -> anyhow::Result<Vec<String>> {
    let applied = applied(conn).await.context("the schema's version cannot be read")?;
    let known = MigrationSource::<Pg>::migrations(&MIGRATIONS).map_err(|e| anyhow::anyhow!("{e}"))?;
    let mut known: Vec<String> = known.iter().map(|migration| migration.name().version().to_string()).collect();
    let newer = applied.iter().rfind(|version| !known.contains(version));
    ensure!(
        newer.is_none(),
        "the schema is of a newer thidua: this one does not know its migration {}; run that thidua, or restore the \
         backup from before the upgrade",
        newer.map_or("", String::as_str)
    );
    known.retain(|version| !applied.contains(version));
    Ok(known)
}

async fn applied(conn: &mut AsyncPgConnection) -> diesel::QueryResult<BTreeSet<String>> {
    #[derive(QueryableByName)]
    struct Made {
        #[diesel(sql_type = Bool)]
        made: bool,
    }
    #[derive(QueryableByName)]
    struct Applied {
        #[diesel(sql_type = Text)]
        version: String,
    }
    let made = diesel::sql_query("SELECT to_regclass('__diesel_schema_migrations') IS NOT NULL AS made");
    if !made.get_result::<Made>(conn).await?.made {
        return Ok(BTreeSet::new());
    }
    let applied =
        diesel::sql_query("SELECT version::text FROM __diesel_schema_migrations").load::<Applied>(conn).await?;
    Ok(applied.into_iter().map(|row| row.version).collect())
}
