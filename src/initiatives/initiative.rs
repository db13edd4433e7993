//! An initiative with its owners, its original if it is a duplicate, and its replications. PURE.

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::rules::State;
use crate::{
    db::{InitiativeId, MovementId, UnitId},
    people::Party,
};

/// An initiative in its current state.
#[derive(Clone, Serialize)]
pub struct Initiative {
    pub id: InitiativeId,
    pub movement: MovementId,
    pub title: String,
    pub summary: String,
    pub state: State,
    pub level: Option<String>,
    pub reason: Option<String>,
    pub duplicate: Option<Duplicate>,
    /// In the order they were named.
    pub owners: Vec<Party>,
    /// In the order they were recorded.
    pub replicated_to: Vec<Replication>,
    pub proposed_at: DateTime<Utc>,
    pub decided_at: Option<DateTime<Utc>>,
    pub version: i32,
}

/// A recognised initiative, for rankings and for indicators that count initiatives.
#[derive(Debug, Clone)]
pub struct Recognised {
    pub id: InitiativeId,
    pub title: String,
    pub level: String,
    pub owners: Vec<Party>,
    pub decided_at: DateTime<Utc>,
}

/// The original of a duplicate.
#[derive(Clone, Serialize)]
pub struct Duplicate {
    pub of: InitiativeId,
    pub reason: String,
    pub at: DateTime<Utc>,
}

/// A unit that replicates it.
#[derive(Clone, Serialize)]
pub struct Replication {
    pub unit: UnitId,
    pub used_from: NaiveDate,
    pub note: Option<String>,
}
