//! Operations whose locks are held by somebody for long: once some requests have waited in vain, the others of the
//! locality are answered 503 at once instead of waiting too, so that connections stay free for what touches nothing
//! locked. Now and then one request tries.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use crate::{
    db::{LocalityId, LockedOut},
    http::{Error, Result},
};

/// How many requests wait in vain, each soon after the last, before others are turned away. Fewer wait for one report.
const MANY: u32 = 4;
/// How long one request that waited in vain stands for more.
const SOON: Duration = Duration::from_secs(2);
/// How often one request tries meanwhile.
const TRY_EVERY: Duration = Duration::from_millis(500);

/// An operation in a locality.
pub type Key = (String, Option<LocalityId>);

#[derive(Default)]
pub struct Stuck(Mutex<HashMap<Key, Waits>>);

/// Requests that waited in vain.
struct Waits {
    count: u32,
    last: Instant,
    tried: Instant,
}

impl Stuck {
    /// Lets a request pass, or turns it away.
    pub fn pass(&self, key: &Key) -> Result<()> {
        let (mut all, now) = (self.all(), Instant::now());
        let Some(waits) = all.get_mut(key) else { return Ok(()) };
        if waits.count < MANY || now - waits.last > SOON || now - waits.tried > TRY_EVERY {
            waits.tried = now;
            return Ok(());
        }
        Err(Error::busy("others wait for the same locks"))
    }

    /// Takes note of how a request ended.
    pub fn note(&self, key: Key, error: Option<&Error>) {
        let (mut all, now) = (self.all(), Instant::now());
        match error {
            Some(error) if LockedOut::is_why(error) => {
                let waits = all.entry(key).or_insert(Waits { count: 0, last: now, tried: now });
                waits.count = if now - waits.last > SOON { 1 } else { waits.count + 1 };
                waits.last = now;
            }
            Some(Error::Busy(_)) => {}
            _ => drop(all.remove(&key)),
        }
    }

    /// A poisoned lock still holds a whole state.
    fn all(&self) -> MutexGuard<'_, HashMap<Key, Waits>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
