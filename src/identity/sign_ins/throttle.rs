//! Throttling of failed logins. PURE.
//!
//! Failures from unknown addresses block only unknown addresses: from an address that the account has logged in from
//! before, only failures from there count, so that nobody can lock an account permanently.

use chrono::TimeDelta;

/// Time in which failures count.
pub const WINDOW: TimeDelta = TimeDelta::minutes(10);
/// Maximum failures of one account.
const OF_ACCOUNT: i64 = 10;
/// Maximum failures from one address, over all accounts; an office may share an address.
const OF_ADDRESS: i64 = 100;

/// Failures within the [`WINDOW`].
pub struct Failures {
    /// Whether the account has logged in from this address before.
    pub known: bool,
    /// Of this account, from this address.
    pub from_here: i64,
    /// Of this account, from all addresses that it has not logged in from before.
    pub from_strangers: i64,
    /// From this address, of any account.
    pub of_address: i64,
}

/// Whether another attempt is allowed.
pub fn lets(failures: &Failures) -> bool {
    let of_account = if failures.known { failures.from_here } else { failures.from_strangers };
    of_account < OF_ACCOUNT && (failures.known || failures.of_address < OF_ADDRESS)
}
