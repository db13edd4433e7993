//! The clock. The service uses the system's; tests and the dated sample data set the time themselves.

use std::sync::{Arc, RwLock};

use chrono::{DateTime, NaiveDate, SubsecRound, TimeDelta, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;

/// A clock whose hands may be set. Cloning shares the hands.
#[derive(Debug, Clone, Default)]
pub struct Clock(Option<Arc<RwLock<DateTime<Utc>>>>);

impl Clock {
    /// The system's time.
    pub fn system() -> Self {
        Self(None)
    }

    /// A clock that stays at `at` until it is set again.
    pub fn standing_at(at: DateTime<Utc>) -> Self {
        Self(Some(Arc::new(RwLock::new(at))))
    }

    pub fn now(&self) -> DateTime<Utc> {
        match &self.0 {
            // What the database keeps: an instant reads alike before and after it was stored.
            None => Utc::now().trunc_subsecs(6),
            // A poisoned lock still holds a whole instant.
            Some(hands) => *hands.read().unwrap_or_else(|poisoned| poisoned.into_inner()),
        }
    }

    /// Sets the hands of a standing clock; the system's clock cannot be set.
    pub fn set(&self, at: DateTime<Utc>) {
        if let Some(hands) = &self.0 {
            *hands.write().unwrap_or_else(|poisoned| poisoned.into_inner()) = at;
        }
    }

    pub fn advance(&self, by: TimeDelta) {
        self.set(self.now() + by);
    }
}

/// The day in Việt Nam on which an instant falls.
pub fn day(at: DateTime<Utc>) -> NaiveDate {
    at.with_timezone(&Ho_Chi_Minh).date_naive()
}
