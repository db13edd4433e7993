//! Permits for work that takes much memory or a core: a few run at a time, the others wait, and after a while answer 503.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{Error, Result};

/// How long a request waits for a permit.
const WAIT: Duration = Duration::from_secs(5);
/// `Retry-After` in seconds.
const RETRY_AFTER: u32 = 5;

/// Permits for one kind of work. Clones share them.
#[derive(Debug, Clone)]
pub struct Permits {
    places: Arc<Semaphore>,
    most: usize,
}

/// A permit; dropping the last clone returns it.
#[derive(Debug, Clone)]
pub struct Permit {
    _place: Arc<OwnedSemaphorePermit>,
}

impl Permits {
    /// With this number of permits.
    pub fn new(most: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(most)), most }
    }

    /// As many as there are cores, two at least: what is small passes what is large.
    pub fn of_cores() -> Self {
        Self::new(std::thread::available_parallelism().map_or(2, |cores| cores.get().max(2)))
    }

    pub fn most(&self) -> usize {
        self.most
    }

    /// How many are taken at present.
    pub fn taken(&self) -> usize {
        self.most.saturating_sub(self.places.available_permits())
    }

    /// A permit, or 503 after a while.
    pub async fn take(&self) -> Result<Permit> {
        let busy = || Error::of("turns_taken").with("retry_after", RETRY_AFTER);
        tokio::time::timeout(WAIT, self.wait()).await.map_err(|_| busy())?
    }

    /// Does work away from the threads that answer requests, when its turn comes. A request that is gone leaves its place to
    /// the work until that ends.
    pub async fn aside<T: Send + 'static>(&self, work: impl FnOnce() -> Result<T> + Send + 'static) -> Result<T> {
        let turn = self.take().await?;
        let done = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            work()
        });
        done.await.map_err(Error::internal)?
    }

    /// A permit, without a time limit.
    pub async fn wait(&self) -> Result<Permit> {
        let place = self.places.clone().acquire_owned().await.map_err(Error::internal)?;
        Ok(Permit { _place: Arc::new(place) })
    }
}
