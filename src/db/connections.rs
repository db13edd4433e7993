//! The connections of an instance. A connection is driven by the runtime that opened it, and each worker of the server is
//! one, with one thread: were it used from another, every statement would wake both. So a request takes one that its own
//! runtime opened, where there is one or may be one more.

use std::{
    ops::{Deref, DerefMut},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use diesel::ConnectionResult;
use diesel_async::pooled_connection::PoolableConnection;
use secrecy::{ExposeSecret, SecretString};
use tokio::{
    runtime::{Handle, Id},
    sync::{OwnedSemaphorePermit, Semaphore},
};

use super::connection::{Conn, establish};

pub struct Connections {
    url: SecretString,
    most: usize,
    free: Arc<Semaphore>,
    waiting: AtomicUsize,
    /// Those that nobody uses, each with the runtime that opened it.
    idle: Mutex<Vec<(Id, Conn)>>,
}

/// Connections of the pool, and requests that wait for one.
#[derive(Debug, Clone, Copy)]
pub struct PoolStatus {
    pub most: usize,
    pub open: usize,
    pub idle: usize,
    pub waiting: usize,
}

/// A connection, until it is dropped.
pub struct Taken {
    /// None only while it is dropped.
    conn: Option<Conn>,
    home: Id,
    all: Arc<Connections>,
    _permit: OwnedSemaphorePermit,
}

impl Connections {
    /// At most so many; they are opened when first needed.
    pub fn new(url: &SecretString, most: usize) -> Arc<Self> {
        let (free, waiting, idle) = (Arc::new(Semaphore::new(most)), AtomicUsize::new(0), Mutex::default());
        Arc::new(Self { url: url.clone(), most, free, waiting, idle })
    }

    /// A connection, once one is free.
    pub async fn take(self: &Arc<Self>) -> ConnectionResult<Taken> {
        let permit = {
            let _waiting = Waiting::of(&self.waiting);
            let permit = self.free.clone().acquire_owned().await;
            permit.unwrap_or_else(|_| unreachable!("nobody closes the semaphore"))
        };
        let here = Handle::current().id();
        let (home, conn) = match self.idle_for(here) {
            Some(found) => found,
            None => (here, establish(self.url.expose_secret()).await?),
        };
        Ok(Taken { conn: Some(conn), home, all: self.clone(), _permit: permit })
    }

    /// An idle connection of this runtime, or another's if no further one may be opened.
    fn idle_for(&self, here: Id) -> Option<(Id, Conn)> {
        let mut idle = self.idle();
        loop {
            let own = idle.iter().rposition(|(home, _)| *home == here);
            let another = (idle.len() + self.used() > self.most).then(|| idle.len().checked_sub(1)).flatten();
            let mut found = idle.swap_remove(own.or(another)?);
            if !found.1.is_broken() {
                return Some(found);
            }
        }
    }

    /// Those that are in use, or about to be.
    fn used(&self) -> usize {
        self.most - self.free.available_permits()
    }

    pub fn status(&self) -> PoolStatus {
        let (idle, waiting) = (self.idle().len(), self.waiting.load(Ordering::Relaxed));
        PoolStatus { most: self.most, open: idle + self.used(), idle, waiting }
    }

    /// A poisoned lock still holds whole connections.
    fn idle(&self) -> MutexGuard<'_, Vec<(Id, Conn)>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Deref for Taken {
    type Target = Conn;

    fn deref(&self) -> &Conn {
        let Some(conn) = &self.conn else { unreachable!("only drop takes it") };
        conn
    }
}

impl DerefMut for Taken {
    fn deref_mut(&mut self) -> &mut Conn {
        let Some(conn) = &mut self.conn else { unreachable!("only drop takes it") };
        conn
    }
}

/// A request that is given up leaves its transaction open. Among the idle ones it would hold its locks until somebody
/// needs that connection: it is closed at once.
impl Drop for Taken {
    fn drop(&mut self) {
        if let Some(mut conn) = self.conn.take()
            && !conn.is_broken()
        {
            self.all.idle().push((self.home, conn));
        }
    }
}

/// Counted while it waits, also if it is given up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn of(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
