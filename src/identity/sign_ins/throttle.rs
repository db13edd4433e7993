//! Throttling of failed logins. PURE.
//!
//! Failures from unknown addresses block only unknown addresses: from an address that the account has logged in from
//! before, only failures from there count, so that nobody can lock an account permanently.

use chrono::{DateTime, TimeDelta, Utc};

/// Time in which failures count.
pub const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Maximum failures of one account.
pub const OF_ACCOUNT: i64 = 10;
/// Maximum failures from one address, over all accounts; an office may share an address.
pub const OF_ADDRESS: i64 = 100;

/// The failures within the [`WINDOW`] that use up a maximum: each the newest but as many as are allowed beside it.
pub struct Failures {
    /// The tenth newest of this account: from this address if the account has logged in from it before, else from all
    /// addresses that it has not.
    pub of_account: Option<DateTime<Utc>>,
    /// The hundredth newest from this address, of any account; none if the account has logged in from it before.
    pub of_address: Option<DateTime<Utc>>,
}

/// Seconds until another attempt is allowed; none if it is allowed now.
pub fn wait(failures: &Failures, now: DateTime<Utc>) -> Option<i64> {
    let last = failures.of_account.max(failures.of_address)?;
    let left = last + WINDOW - now;
    (left > TimeDelta::zero()).then(|| (left.num_milliseconds() + 999) / 1000)
}
