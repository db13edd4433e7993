//! The pool of connections: reads, snapshots, transactions, and what a server must be set to.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use anyhow::Context;
use diesel_async::{AnsiTransactionManager, AsyncConnection, SimpleAsyncConnection, TransactionManager};
use secrecy::SecretString;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::Instant,
};

use super::{
    connection::{Conn, SESSION},
    connections::{self, Connections, PoolStatus},
    embedded,
    failure::{LockedOut, is_english},
    probe::{DURABLE, Probe, setting},
};
use crate::{finding::Finding, problem::Error};

/// How long a request waits for a free connection before it answers 503.
const WAIT: Duration = Duration::from_secs(2);

/// While locks are waited for in vain, who has waited this long for a connection waits only a moment for a lock too.
const WAIT_AMONG_LOCKS: Duration = Duration::from_millis(20);
const BEGIN: &str = "BEGIN";
const HURRY: &str = "SET LOCAL lock_timeout = '100ms'";

/// How long one lock that was waited for in vain stands for more.
const LOCKED_FOR: Duration = Duration::from_secs(2);

/// The pool of connections. Cloning shares it.
#[derive(Clone)]
pub struct Db {
    connections: Arc<Connections>,
    /// Transactions at one time: some connections stay for reads, which wait for no row's lock.
    writers: Arc<Semaphore>,
    locks: Locks,
    probe: Probe,
    /// The embedded server; it stops with its last user.
    _server: Option<Arc<embedded::Server>>,
}

/// A connection, until it is dropped.
struct Taken {
    conn: connections::Taken,
    /// It was waited for while locks are held.
    hurried: bool,
    _writer: Option<OwnedSemaphorePermit>,
}

impl Deref for Taken {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        &self.conn
    }
}

impl DerefMut for Taken {
    fn deref_mut(&mut self) -> &mut Conn {
        &mut self.conn
    }
}

/// When a lock was last waited for in vain, in milliseconds from `start`.
#[derive(Clone)]
struct Locks {
    start: Instant,
    last: Arc<AtomicU64>,
}

impl Locks {
    fn watch<T>(&self, done: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &done
            && LockedOut::is_why(error)
        {
            self.last.store(self.start.elapsed().as_millis() as u64, Ordering::Relaxed);
        }
        done
    }

    fn are_held(&self) -> bool {
        let since = self.start.elapsed().as_millis() as u64 - self.last.load(Ordering::Relaxed);
        self.last.load(Ordering::Relaxed) > 0 && u128::from(since) < LOCKED_FOR.as_millis()
    }
}

impl Db {
    /// A pool on `url`; connections are opened when first needed.
    pub fn connect(url: &SecretString, connections: usize, server: Option<Arc<embedded::Server>>) -> Self {
        let writers = connections.saturating_sub((connections / 4).max(1)).max(1);
        Self {
            connections: Connections::new(url, connections),
            writers: Arc::new(Semaphore::new(writers)),
            locks: Locks { start: Instant::now(), last: Arc::default() },
            probe: Probe::of(url),
            _server: server,
        }
    }

    async fn take(&self, writes: bool) -> Result<Taken, Error> {
        let asked = Instant::now();
        let taken = async {
            let writer = match writes {
                true => Some(self.writers.clone().acquire_owned().await.map_err(Error::internal)?),
                false => None,
            };
            let conn = self.connections.take().await.map_err(Error::busy)?;
            Ok::<_, Error>(Taken { conn, hurried: false, _writer: writer })
        };
        let taken = tokio::time::timeout(WAIT, taken).await;
        let mut taken = taken.map_err(|_| Error::busy("no free database connection"))??;
        taken.hurried = asked.elapsed() > WAIT_AMONG_LOCKS && self.locks.are_held();
        Ok(taken)
    }

    /// A connection in a transaction.
    async fn begin(&self, writes: bool, sql: &str) -> Result<Taken, Error> {
        let mut conn = self.take(writes).await?;
        AnsiTransactionManager::begin_transaction_sql(&mut *conn, sql).await?;
        if conn.hurried {
            conn.batch_execute(HURRY).await?;
        }
        Ok(conn)
    }

    /// A connection for reading: each statement sees what was committed before it.
    pub async fn read<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let mut conn = self.take(false).await?;
        if !conn.hurried {
            return self.locks.watch(work(&mut conn).await);
        }
        // In a transaction, so that the setting ends with it.
        AnsiTransactionManager::begin_transaction_sql(&mut *conn, BEGIN).await?;
        conn.batch_execute(HURRY).await?;
        let found = self.locks.watch(work(&mut conn).await);
        match found.is_ok() {
            true => AnsiTransactionManager::commit_transaction(&mut *conn).await?,
            false => drop(AnsiTransactionManager::rollback_transaction(&mut *conn).await),
        }
        found
    }

    /// A read of several statements that all see the database as of the first one: for answers that combine many rows.
    /// It costs two round trips more than [`Db::read`].
    pub async fn snapshot<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        let mut conn = self.begin(false, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let found = work(&mut conn).await;
        // Nothing was written: a rollback ends it as well as a commit, and also after a statement that failed. One that
        // fails itself leaves a broken connection, which the pool drops.
        AnsiTransactionManager::rollback_transaction(&mut *conn).await.ok();
        self.locks.watch(found)
    }

    /// A transaction: all of `work`, or nothing of it.
    pub async fn tx<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        self.tx_begun(BEGIN, work).await
    }

    /// A transaction whose statements all see the database as of the first one. It fails where another has changed meanwhile
    /// what it changes: for work that is tried again.
    pub async fn tx_of_snapshot<T>(&self, work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>) -> Result<T, Error> {
        self.tx_begun("BEGIN ISOLATION LEVEL REPEATABLE READ", work).await
    }

    async fn tx_begun<T>(
        &self,
        begin: &str,
        work: impl AsyncFnOnce(&mut Conn) -> Result<T, Error>,
    ) -> Result<T, Error> {
        type Manager = <Conn as AsyncConnection>::TransactionManager;
        let mut conn = self.begin(true, begin).await?;
        match self.locks.watch(work(&mut conn).await) {
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
        let mut conn = self.begin(true, BEGIN).await?;
        let tried = self.locks.watch(work(&mut conn).await);
        Manager::rollback_transaction(&mut *conn).await?;
        tried
    }

    /// What of the database does not serve.
    pub async fn findings(&self) -> Vec<Finding> {
        self.probe.findings().await
    }

    /// How the pool is used at present.
    pub fn status(&self) -> PoolStatus {
        self.connections.status()
    }

    /// Refuses a server that may lose acknowledged writes, or whose messages are not in English.
    pub async fn check_durability(&self) -> anyhow::Result<()> {
        let silent = "Postgres does not answer; start it or check DATABASE_URL";
        let mut conn = tokio::time::timeout(WAIT, self.connections.take()).await.context(silent)?.context(silent)?;
        // The session has a setting of its own: the server's is what others would commit by.
        conn.batch_execute("RESET synchronous_commit").await?;
        for name in DURABLE {
            let value = setting(&mut conn, name).await.map_err(anyhow::Error::msg)?;
            anyhow::ensure!(
                value != "off",
                "Postgres runs with {name} = off and may lose acknowledged reports; set it on"
            );
        }
        let messages = setting(&mut conn, "lc_messages").await.map_err(anyhow::Error::msg)?;
        anyhow::ensure!(
            is_english(&messages),
            "Postgres runs with lc_messages = {messages} and its passing failures would not be known by their words; \
             set it to C"
        );
        conn.batch_execute(SESSION).await?;
        self.probe.expect_durable().await;
        Ok(())
    }
}
