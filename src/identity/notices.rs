//! What comes next for an account: who confirms what, and in which order a role and a one-time code are given. PURE.

use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Asia::Ho_Chi_Minh;
use uuid::Uuid;

use crate::{days::told, finding::Finding};

/// How the holder of an account gets in, as far as the service knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Entry {
    /// With a password.
    Password,
    /// With a code that has still to be redeemed. One that a second administrator confirmed, or has to confirm, survives
    /// a role that decides or administers.
    Code { survives: bool },
    /// With the first half of a code that the role's confirmation completes.
    FirstHalf,
    /// With both halves of a code, the second of which the role's confirmation shows.
    SecondHalf { until: DateTime<Utc> },
    /// Neither, until somebody issues a code.
    Nothing,
}

/// A role that was given.
#[derive(Debug, Clone, Copy)]
pub struct Given<'a> {
    pub grant: Uuid,
    pub account: &'a str,
    /// Until when a second administrator confirms it; none, where it holds.
    pub waits_until: Option<DateTime<Utc>>,
    /// Whether the role decides or administers.
    pub privileged: bool,
    pub entry: Entry,
}

/// With an instant until which something is to be done, in the time of Việt Nam.
fn until(finding: Finding, at: DateTime<Utc>) -> Finding {
    let until = at.with_timezone(&Ho_Chi_Minh).to_rfc3339_opts(SecondsFormat::Secs, false);
    finding.with("until", until).with("until_vi", told(at))
}

/// What comes next after a role was given.
pub fn of_grant(given: Given<'_>) -> Vec<Finding> {
    let about = |pointer, code| Finding::warning(pointer, code).with("account", given.account);
    let waits = given.waits_until.map(|at| until(about("/confirm_until", "role_waits").with("grant", given.grant), at));
    let entry = match given.entry {
        Entry::Password | Entry::Code { survives: true } => None,
        Entry::Code { survives: false } => given.privileged.then(|| about("/account", "code_void")),
        Entry::FirstHalf => Some(about("/one_time_code", "code_with_role")),
        Entry::SecondHalf { until } => Some(of_second_half("/one_time_code", given.account, until)),
        Entry::Nothing => Some(about("/account", "code_needed")),
    };
    waits.into_iter().chain(entry).collect()
}

/// What comes next after a code was issued.
pub fn of_code(account: &str, valid_until: DateTime<Utc>, confirmation_needed: bool) -> Finding {
    let code = if confirmation_needed { "code_waits" } else { "code_before_role" };
    until(Finding::warning("/code", code).with("account", account), valid_until)
}

/// What comes next after a code was confirmed.
pub fn of_second_half(pointer: &'static str, account: &str, valid_until: DateTime<Utc>) -> Finding {
    until(Finding::warning(pointer, "code_joined").with("account", account), valid_until)
}
