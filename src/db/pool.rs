//! The pool of connections: reads, snapshots, transactions, and what a server must be set to.

use std::{sync::Arc, time::Duration};

use anyhow::Context;
use diesel::{
    QueryableByName,
    result::{ConnectionError, ConnectionResult},
    sql_types::Text,
};
use diesel_async::{
    AnsiTransactionManager, AsyncConnection, AsyncPgConnection, RunQueryDsl, SimpleAsyncConnection, TransactionManager,
    pooled_connection::{
        AsyncDieselConnectionManager, ManagerConfig, RecyclingMethod,
        deadpool::{Object, Pool, PoolError},
    },
};
use futures_util::FutureExt;
use secrecy::{ExposeSecret, SecretString};

use super::{connection::connect, embedded, failure::is_english};
use crate::problem::Error;

/// One connection, inside a read or a transaction.
pub type Conn = AsyncPgConnection;

/// Settings of every session: no statement, lock or idle transaction may block others for long.
const SESSION: &str = "SET statement_timeout = '15s'; SET lock_timeout = '5s'; \
     SET idle_in_transaction_session_timeout = '30s'; SET timezone = 'UTC'";

/// How long a request waits for a free connection before it answers 503.
const WAIT: Duration = Duration::from_secs(2);

/// The pool of connections. Cloning shares it.
#[derive(Clone)]
pub struct Db {
    pool: Pool<AsyncPgConnection>,
    /// The embedded server; it stops with its last user.
    _server: Option<Arc<embedded::Server>>,
}

/// Connections of the pool, and requests that wait for one.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    pub most: usize,
    pub open: usize,
    pub idle: usize,
    pub waiting: usize,
}

impl Db {
    /// A pool on `url`; connections are opened when first needed.
    pub fn connect(
        url: &SecretString,
        connections: usize,
        server: Option<Arc<embedded::Server>>,
    ) -> anyhow::Result<Self> {
        let mut config = ManagerConfig::default();
        config.recycling_method = RecyclingMethod::Fast;
        config.custom_setup = Box::new(|url| establish(url).boxed());
        let manager = AsyncDieselConnectionManager::new_with_config(url.expose_secret(), config);
        let pool = Pool::builder(manager)
            .max_size(connections)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(WAIT))
            .runtime(deadpool::Runtime::Tokio1)
            .build()
            .context("the connection pool cannot be built")?;
        Ok(Self { pool, _server: server })
    }

    async fn get(&self) -> Result<Object<AsyncPgConnection>, Error> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Timeout(_) => Error::busy("no free database connection"),
            other => Error::busy(other),
        })
    }

    /// A connection for reading: each statement sees what was committed before it.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        work(&mut *self.get().await?).await
    }

    /// A read of several statements that all see the database as of the first one: for answers that combine many rows.
    /// It costs two round trips more than [`Db::read`].
    pub async fn snapshot<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        const BEGIN: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let mut conn = self.get().await?;
        AnsiTransactionManager::begin_transaction_sql(&mut *conn, BEGIN).await?;
        let found = work(&mut conn).await;
        // Nothing was written: a rollback ends it as well as a commit, and also after a statement that failed. One that
        // fails itself leaves a broken connection, which the pool drops.
        AnsiTransactionManager::rollback_transaction(&mut *conn).await.ok();
        found
    }

    /// A transaction: all of `work`, or nothing of it.
    pub async fn tx<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        type Manager = <Conn as AsyncConnection>::TransactionManager;
        let mut conn = self.get().await?;
        Manager::begin_transaction(&mut *conn).await?;
        match work(&mut conn).await {
            Ok(done) => {
                Manager::commit_transaction(&mut *conn).await?;
                Ok(done)
            }
            Err(error) => {
                // A rollback that fails leaves a broken connection, which the pool drops; the first error is the news.
                Manager::rollback_transaction(&mut *conn).await.ok();
                Err(error)
            }
        }
    }

    /// A transaction that is always rolled back.
    pub async fn try_out<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        type Manager = <Conn as AsyncConnection>::TransactionManager;
        let mut conn = self.get().await?;
        Manager::begin_transaction(&mut *conn).await?;
        let tried = work(&mut conn).await;
        Manager::rollback_transaction(&mut *conn).await?;
        tried
    }

    /// How the pool is used at present.
    pub fn status(&self) -> PoolStatus {
        let deadpool::Status { max_size, size, available, waiting } = self.pool.status();
        PoolStatus { most: max_size, open: size, idle: available, waiting }
    }

    /// Whether Postgres answers.
    pub async fn ping(&self) -> Result<(), Error> {
        Ok(self.get().await?.batch_execute("SELECT 1").await?)
    }

    /// Refuses a server that may lose acknowledged writes, or whose messages are not in English.
    pub async fn check_durability(&self) -> anyhow::Result<()> {
        #[derive(QueryableByName)]
        struct Setting {
            #[diesel(sql_type = Text)]
            setting: String,
        }
        let mut conn = self.pool.get().await.context("Postgres does not answer; start it or check DATABASE_URL")?;
        let read =
            |name: &'static str| diesel::sql_query("SELECT current_setting($1) AS setting").bind::<Text, _>(name);
        for name in ["fsync", "full_page_writes", "synchronous_commit"] {
            let value: Setting = read(name).get_result(&mut conn).await?;
            anyhow::ensure!(
                value.setting != "off",
                "Postgres runs with {name} = off and may lose acknowledged reports; set it on"
            );
        }
        let messages: Setting = read("lc_messages").get_result(&mut conn).await?;
        anyhow::ensure!(
            is_english(&messages.setting),
            "Postgres runs with lc_messages = {} and its passing failures would not be known by their words; set it to C",
            messages.setting
        );
        Ok(())
    }
}

async fn establish(url: &str) -> ConnectionResult<AsyncPgConnection> {
    let mut conn = connect(url).await?;
    conn.batch_execute(SESSION).await.map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}
