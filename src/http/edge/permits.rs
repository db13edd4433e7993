//! Work that takes much memory is done a few pieces at a time: the others wait for their turn, and before long are told
//! to come back.

use std::{sync::Arc, time::Duration};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::http::{Error, Result};

/// How long a request waits for its turn.
const WAIT: Duration = Duration::from_secs(5);
/// Seconds after which it may ask again.
const RETRY_AFTER: u32 = 5;

/// Turns at one kind of work. Cloning shares them.
#[derive(Debug, Clone)]
pub struct Permits(Arc<Semaphore>);

/// A turn; the last clone that goes gives it back.
#[derive(Debug, Clone)]
pub struct Permit {
    _place: Arc<OwnedSemaphorePermit>,
}

impl Permits {
    /// So many at one time.
    pub fn new(most: usize) -> Self {
        Self(Arc::new(Semaphore::new(most)))
    }

    /// A turn, or 503 after a while.
    pub async fn take(&self) -> Result<Permit> {
        let busy = || Error::of("turns_taken").with("retry_after", RETRY_AFTER);
        tokio::time::timeout(WAIT, self.wait()).await.map_err(|_| busy())?
    }

    /// A turn, however long it takes.
    pub async fn wait(&self) -> Result<Permit> {
        let place = self.0.clone().acquire_owned().await.map_err(Error::internal)?;
        Ok(Permit { _place: Arc::new(place) })
    }
}
