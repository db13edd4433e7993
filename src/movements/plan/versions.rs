//! The versions of a movement's plan, and which of them is in force on a day. PURE.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::Serialize;

use super::Plan;

/// An issued version of a plan; it never changes.
#[derive(Debug, PartialEq, Serialize)]
pub struct Version {
    /// Counted from 1.
    pub number: i32,
    /// The first day on which it is in force.
    pub effective_from: NaiveDate,
    /// Why it was issued; none for the first.
    pub reason: Option<String>,
    pub created_at: DateTime<Utc>,
    pub plan: Plan,
}

/// All versions of a movement's plan: one at the least.
#[derive(Debug, Clone)]
pub struct Versions {
    first: Arc<Version>,
    later: Vec<Arc<Version>>,
}

impl Versions {
    pub fn new(first: Arc<Version>) -> Self {
        Self { first, later: Vec::new() }
    }

    pub fn push(&mut self, version: Arc<Version>) {
        self.later.push(version);
    }

    /// Oldest first.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = &Arc<Version>> {
        std::iter::once(&self.first).chain(&self.later)
    }

    /// What bound somebody since the launch: the version launched, and all that came later.
    pub fn since(&self, launch: DateTime<Utc>) -> impl Iterator<Item = &Arc<Version>> {
        let replaced = self.iter().skip(1).filter(|version| version.created_at < launch).count();
        self.iter().skip(replaced)
    }

    /// Those that had been issued by an instant, the first in any case.
    pub fn issued_by(&self, at: DateTime<Utc>) -> Self {
        let later = self.later.iter().filter(|version| version.created_at <= at).cloned().collect();
        Self { first: self.first.clone(), later }
    }

    pub fn newest(&self) -> &Arc<Version> {
        self.later.last().unwrap_or(&self.first)
    }

    /// The newest that had taken effect by the end of a day; before any had, the first.
    pub fn on(&self, day: NaiveDate) -> &Arc<Version> {
        self.iter().rev().find(|version| version.effective_from <= day).unwrap_or(&self.first)
    }
}
