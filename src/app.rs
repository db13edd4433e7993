//! What handlers and jobs share.

use std::sync::Arc;

use crate::{
    auth::{ExternalIssuers, Hasher, Issuer, Sealer},
    clock::Clock,
    config::Config,
    db::{Db, Memory},
    http::Permits,
};

#[derive(Clone)]
pub struct App {
    pub db: Db,
    pub memory: Memory,
    pub clock: Clock,
    pub config: Arc<Config>,
    pub issuer: Issuer,
    pub sealer: Sealer,
    pub external: ExternalIssuers,
    pub hasher: Hasher,
    /// Imports take much memory: a few at a time.
    pub imports: Permits,
    /// A ranking of many is made, sealed and read away from the threads that answer requests: as many as there are cores.
    pub rankings: Permits,
    /// Drawing other weights takes a core for a while: one at a time, in turns.
    pub draws: Permits,
    /// LibreOffice takes a core and much memory: one at a time.
    pub pages: Permits,
}
