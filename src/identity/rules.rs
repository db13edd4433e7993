//! Which roles and scopes may be granted, where, and for which days. PURE.

use chrono::NaiveDate;
use validator::ValidationError;

use crate::{
    db::LocalityId,
    finding::Finding,
    http::{Role, Scope},
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

/// Lower-case letters, digits and `._-`, 3 to 63 of them, the first a letter or digit.
pub fn username(text: &str) -> Result<(), ValidationError> {
    let mut bytes = text.bytes();
    let first = bytes.next().is_some_and(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let rest = bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-".contains(&b));
    let fits = (3..=63).contains(&text.len()) && first && rest;
    fits.then_some(()).ok_or_else(|| ValidationError::new("username_malformed"))
}
