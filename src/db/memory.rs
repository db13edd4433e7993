//! What hardly changes, held in memory: the units of a locality, its movements with plans and periods, its calendar. Each
//! is held under the generation of its locality. Every write that changes any of it renews the generation in its
//! transaction ([`renew_generation`]), and every request reads the generation with its caller: so what is taken from
//! memory is what is committed, on every instance, without a lease or a timer.
//!
//! A transaction that relies on what it takes from memory reads the generation [again](Recall::again): after its locks, and
//! in a snapshot first.

use std::{
    any::{Any, TypeId},
    fmt,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use chrono::NaiveDate;
use diesel::{prelude::*, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use quick_cache::{Weighter, sync::Cache};
use uuid::Uuid;

use super::{Conn, LocalityId, statement};
use crate::problem::Result;

/// Most bytes held, as they weigh themselves.
const BYTES_MOST: u64 = 24 * 1024 * 1024;
/// Roughly how many things that is.
const THINGS: usize = 4096;

/// Something that can be held.
pub trait Holdable: Send + Sync + 'static {
    /// Its bytes, roughly.
    fn weight(&self) -> usize;
}

impl<T: Holdable> Holdable for Vec<T> {
    fn weight(&self) -> usize {
        self.iter().map(Holdable::weight).sum()
    }
}

/// Which thing of its type a locality has.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Of {
    Locality,
    Code(String),
    Id(Uuid),
    Version(Uuid, i32),
    Day(NaiveDate),
}

type Key = (LocalityId, Uuid, TypeId, Of);

#[derive(Clone)]
struct Held {
    thing: Arc<dyn Any + Send + Sync>,
    weight: usize,
}

#[derive(Clone)]
struct Weight;

impl Weighter<Key, Held> for Weight {
    fn weight(&self, _: &Key, held: &Held) -> u64 {
        // The key and what keeps it in order weigh something too.
        held.weight as u64 + 256
    }
}

/// The memory of an instance. Cloning shares it. The least used is let go first, and so is what no generation names any
/// more.
#[derive(Clone)]
pub struct Memory(Arc<Cache<Key, Held, Weight>>);

impl Default for Memory {
    fn default() -> Self {
        Self(Arc::new(Cache::with_weighter(THINGS, BYTES_MOST, Weight)))
    }
}

/// What a caller may take from memory: what a locality had in one generation. Once the caller has renewed it, nothing: what
/// they see from then on is not committed.
#[derive(Clone)]
#[must_use = "what is recalled after a lock is what stays"]
pub struct Recall {
    pub locality: LocalityId,
    generation: Uuid,
    /// Also of its clones.
    renewed: Arc<AtomicBool>,
    memory: Memory,
}

impl fmt::Debug for Recall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recall").field("locality", &self.locality).finish_non_exhaustive()
    }
}

impl Recall {
    /// Of a generation that was read; none where the locality has no row of it.
    pub fn of(memory: &Memory, locality: LocalityId, generation: Option<Uuid>) -> Self {
        let generation = generation.unwrap_or(locality.into());
        Self { locality, generation, renewed: Arc::default(), memory: memory.clone() }
    }

    /// Remembers nothing.
    pub fn nothing(locality: LocalityId) -> Self {
        Self { renewed: Arc::new(true.into()), ..Self::of(&Memory::default(), locality, None) }
    }

    /// Of the generation as it is committed.
    pub async fn read(conn: &mut Conn, memory: &Memory, locality: LocalityId) -> Result<Self> {
        Self::of(memory, locality, None).again(conn).await
    }

    /// What may be taken is of this generation.
    pub fn generation(&self) -> Uuid {
        self.generation
    }

    /// The same of a generation that was read later.
    pub fn in_generation(&self, generation: Option<Uuid>) -> Self {
        Self { generation: generation.unwrap_or(self.locality.into()), ..self.clone() }
    }

    /// The same of the generation as it is committed now.
    pub async fn again(&self, conn: &mut Conn) -> Result<Self> {
        const READ: &str = "SELECT generation FROM generations WHERE locality = $1";
        #[derive(QueryableByName)]
        struct Row {
            #[diesel(sql_type = SqlUuid)]
            generation: Uuid,
        }
        let read = statement(READ).bind::<SqlUuid, _>(self.locality);
        let found = read.get_result::<Row>(conn).await.optional()?;
        Ok(self.in_generation(found.map(|row| row.generation)))
    }

    /// A thing from memory, or as it is loaded; then it is held, unless the generation has changed meanwhile.
    pub async fn take<T: Holdable>(
        &self,
        conn: &mut Conn,
        of: Of,
        load: impl AsyncFnOnce(&mut Conn) -> Result<T>,
    ) -> Result<Arc<T>> {
        let key = (self.locality, self.generation, TypeId::of::<T>(), of);
        if let Some(thing) = self.held(&key) {
            return Ok(thing);
        }
        let thing = Arc::new(load(conn).await?);
        if self.again(conn).await?.generation == self.generation {
            self.hold(key, &thing);
        }
        Ok(thing)
    }

    /// The same of a thing that never changes once it is committed: no generation ends it.
    pub async fn take_unchanging<T: Holdable>(
        &self,
        conn: &mut Conn,
        of: Of,
        load: impl AsyncFnOnce(&mut Conn) -> Result<T>,
    ) -> Result<Arc<T>> {
        let key = (self.locality, Uuid::nil(), TypeId::of::<T>(), of);
        if let Some(thing) = self.held(&key) {
            return Ok(thing);
        }
        let thing = Arc::new(load(conn).await?);
        self.hold(key, &thing);
        Ok(thing)
    }

    /// What was kept, whatever the generation.
    pub fn look<T: Holdable>(&self, of: Of) -> Option<Arc<T>> {
        self.held(&(self.locality, Uuid::nil(), TypeId::of::<T>(), of))
    }

    /// Keeps a thing whose holder knows whether it is still good, instead of the one before.
    pub fn keep<T: Holdable>(&self, of: Of, thing: T) {
        self.hold((self.locality, Uuid::nil(), TypeId::of::<T>(), of), &Arc::new(thing));
    }

    fn has_renewed(&self) -> bool {
        AtomicBool::load(&self.renewed, Ordering::Relaxed)
    }

    fn held<T: Holdable>(&self, key: &Key) -> Option<Arc<T>> {
        self.memory.0.get(key).filter(|_| !self.has_renewed())?.thing.downcast().ok()
    }

    fn hold<T: Holdable>(&self, key: Key, thing: &Arc<T>) {
        if !self.has_renewed() {
            self.memory.0.insert(key, Held { weight: thing.weight(), thing: thing.clone() });
        }
    }
}

/// From now on what was held of the locality counts no more. In the transaction of every write that changes its units,
/// plans, movements, periods or calendar, after its locks: others who renew it wait until the transaction ends.
pub async fn renew_generation(conn: &mut Conn, recall: &Recall) -> Result<()> {
    const RENEW: &str = "INSERT INTO generations (locality, generation) VALUES ($1, gen_random_uuid())
        ON CONFLICT (locality) DO UPDATE SET generation = excluded.generation";
    recall.renewed.store(true, Ordering::Relaxed);
    statement(RENEW).bind::<SqlUuid, _>(recall.locality).execute(conn).await?;
    Ok(())
}
