//! Which roles and scopes may be granted, where, for which days, and who confirms them. PURE.

use chrono::{DateTime, Months, NaiveDate, TimeDelta, Utc};
use validator::ValidationError;

use crate::{
    db::{AccountId, LocalityId},
    finding::Finding,
    http::{Role, Scope},
    text::unaccented,
};

/// City roles apply above localities, unit roles to a unit, all others to the whole locality.
pub fn check_place(role: Role, locality: Option<LocalityId>, unit: Option<&str>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if role.is_of_city() != locality.is_none() {
        findings.push(Finding::new("/role", "role_of_elsewhere"));
    }
    if role.is_of_unit() && unit.is_none() {
        findings.push(Finding::new("/unit", "unit_needed"));
    }
    if !role.is_of_unit() && unit.is_some() {
        findings.push(Finding::new("/unit", "unit_unneeded"));
    }
    findings
}

/// A role cannot begin before its grant.
pub fn check_days(from: NaiveDate, to: Option<NaiveDate>, today: NaiveDate) -> Vec<Finding> {
    let past = (from < today).then(|| Finding::new("/valid_from", "day_past"));
    let reversed = to.is_some_and(|to| to < from).then(|| Finding::new("/valid_to", "days_reversed"));
    past.into_iter().chain(reversed).collect()
}

/// How long what an administrator requests can be confirmed.
pub const CONFIRMED_WITHIN: TimeDelta = TimeDelta::days(1);
/// How long a one-time code is valid.
pub const VALID: TimeDelta = TimeDelta::days(1);

/// What one administrator requests and a second one confirms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// None for the command line.
    pub by: Option<AccountId>,
    pub beneficiary: AccountId,
    /// None if it needs no confirmation.
    pub confirm_until: Option<DateTime<Utc>>,
    pub confirmed: bool,
    pub ended: bool,
}

/// The code of the error, if this account cannot confirm the request now.
pub fn check_confirmation(request: &Request, confirmer: AccountId, now: DateTime<Utc>) -> Option<&'static str> {
    match request.confirm_until {
        None => Some("nothing_to_confirm"),
        Some(_) if request.confirmed || request.ended => Some("nothing_to_confirm"),
        Some(_) if request.beneficiary == confirmer => Some("own_account"),
        Some(_) if request.by == Some(confirmer) => Some("second_person_needed"),
        Some(until) if until <= now => Some("confirmation_expired"),
        Some(_) => None,
    }
}

/// How an account can be logged in to, as far as administrators could know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Knowledge {
    /// One administrator alone issued the code that the password stems from.
    pub of_password: bool,
    pub has_password: bool,
    /// Whether a second administrator confirmed the code that is open; none, where there is no such code.
    pub code_confirmed: Option<bool>,
}

/// Whether one administrator alone could know how to log in: by the password, or by a code that nobody confirmed.
pub fn is_exposed(known: Knowledge) -> bool {
    known.of_password || !known.has_password && known.code_confirmed == Some(false)
}

/// Whether a code can still set a password: one that nobody confirmed is worth nothing for an account that decides or
/// administers.
pub fn opens(confirmed: bool, needs_confirmation: bool, privileged: bool) -> bool {
    confirmed || !needs_confirmation && !privileged
}

/// A delegation lasts a year at most.
pub fn check_term(from: NaiveDate, to: NaiveDate) -> Option<Finding> {
    let longest = from.checked_add_months(Months::new(12)).unwrap_or(NaiveDate::MAX);
    (to > longest).then(|| Finding::new("/valid_to", "term_too_long").with("day", longest))
}

/// A holder delegates their own roles except administration: a delegate could appoint permanently.
pub fn check_lent(role: Role, held: bool) -> Vec<Finding> {
    let missing = (!held).then(|| Finding::new("/role", "role_not_held"));
    let administers = [Role::LocalityAdmin, Role::CityAdmin].contains(&role);
    missing.into_iter().chain(administers.then(|| Finding::new("/role", "role_not_lent"))).collect()
}

/// Rankings and events belong to the whole locality; reports are submitted within one.
pub fn check_scopes(scopes: &[Scope], locality: Option<LocalityId>, of_unit: bool) -> Option<Finding> {
    let writes = [Scope::SubmissionsDraft, Scope::SubmissionsSubmit];
    let too_wide = of_unit && [Scope::RankingsRead, Scope::EventsRead].iter().any(|scope| scopes.contains(scope));
    let too_high = locality.is_none() && scopes.iter().any(|scope| writes.contains(scope));
    (too_wide || too_high).then(|| Finding::new("/scopes", "scope_of_elsewhere"))
}

/// Paths beside `/accounts/{username}`: an account of such a name could not be asked for.
const RESERVED: [&str; 2] = ["codes", "import"];

/// For `validator`.
pub fn username(text: &str) -> Result<(), ValidationError> {
    username_fault(text).map_or(Ok(()), |code| Err(ValidationError::new(code)))
}

/// Lower-case letters, digits and `._-`, 3 to 63 of them, the first a letter or digit.
pub fn username_fault(text: &str) -> Option<&'static str> {
    if RESERVED.contains(&text) {
        return Some("code_reserved");
    }
    let mut bytes = text.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let rest = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    let fits = (3..=63).contains(&text.len()) && first && rest;
    (!fits).then_some("username_malformed")
}

/// Longest part of a username that is taken from an external issuer's name.
const FITTED: usize = 50;

/// A username from an external issuer's name, such as a mail address or a name with diacritics: without diacritics, other
/// characters as hyphens.
pub fn fitted(name: &str) -> String {
    let fits = |c: char| if c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c) { c } else { '-' };
    let plain: String = unaccented(name).chars().map(fits).collect();
    let begun = plain.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let short: String = begun.chars().take(FITTED).collect();
    if username(&short).is_ok() { short } else { format!("user-{short}").trim_end_matches('-').to_owned() }
}
