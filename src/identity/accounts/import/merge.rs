//! Rows of accounts put beside the accounts and roles that there are: what is made, what is given, and what cannot be.
//! PURE.

use std::collections::{BTreeMap, BTreeSet};

use super::rows::AccountRow;
use crate::{
    db::{AccountId, LocalityId, UnitId},
    finding::Finding,
    http::Role,
    identity::rules::{check_place, username_fault},
    text::is_visible,
    units::Tree,
};

const NAME_MOST: usize = 120;

/// An account that bears a username of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownAccount {
    pub id: AccountId,
    pub display_name: Option<String>,
    /// A person's account of the same locality.
    pub here: bool,
    /// The caller's.
    pub own: bool,
    pub roles: BTreeSet<(Role, Option<UnitId>)>,
}

/// What is done to one account.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Deed {
    /// The account, where it is known.
    pub known: Option<AccountId>,
    pub display_name: Option<String>,
    pub roles: BTreeSet<(Role, Option<UnitId>)>,
}

/// What rows come to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Merged {
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// By username; what changes nothing is not among them.
    pub deeds: BTreeMap<String, Deed>,
}

/// All rows, or what is wrong with those that cannot be.
pub fn merge(
    known: &BTreeMap<String, KnownAccount>,
    tree: &Tree,
    locality: LocalityId,
    rows: &[(usize, AccountRow)],
) -> Result<Merged, Vec<(usize, Vec<Finding>)>> {
    let (mut merged, mut refused) = (Merged::default(), Vec::new());
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (number, row) in rows {
        let held = known.get(&row.username);
        let mut findings = check(row, held);
        let role = placed(row, tree, locality, &mut findings);
        if let Some(name) = row.display_name.as_deref()
            && *names.entry(&row.username).or_insert(name) != name
        {
            findings.push(Finding::new("/display_name", "names_differ").with("account", &row.username));
        }
        if role.is_some() && held.is_some_and(|held| held.own) {
            findings.push(Finding::new("/username", "own_account"));
        }
        if !findings.is_empty() {
            refused.push((*number, findings));
            continue;
        }
        merged.take(row, held, role);
    }
    if refused.is_empty() { Ok(merged) } else { Err(refused) }
}

impl Merged {
    fn take(&mut self, row: &AccountRow, held: Option<&KnownAccount>, role: Option<(Role, Option<UnitId>)>) {
        let name =
            row.display_name.clone().filter(|name| held.is_none_or(|held| held.display_name.as_ref() != Some(name)));
        let role = role.filter(|role| held.is_none_or(|held| !held.roles.contains(role)));
        match held {
            None if !self.deeds.contains_key(&row.username) => self.created += 1,
            _ if name.is_none() && role.is_none() => self.unchanged += 1,
            _ => self.updated += 1,
        }
        if held.is_some() && name.is_none() && role.is_none() {
            return;
        }
        let deed = self.deeds.entry(row.username.clone()).or_default();
        deed.known = held.map(|held| held.id);
        deed.display_name = name.or(deed.display_name.take());
        deed.roles.extend(role);
    }
}

fn check(row: &AccountRow, held: Option<&KnownAccount>) -> Vec<Finding> {
    let malformed = username_fault(&row.username).map(|code| Finding::new("/username", code));
    let taken = held.is_some_and(|held| !held.here).then(|| Finding::new("/username", "username_taken"));
    let name = row.display_name.as_ref().and_then(|name| {
        let blank = (!name.chars().any(is_visible)).then(|| Finding::new("/display_name", "text_blank"));
        blank.or_else(|| Finding::length("/display_name", name, 1, NAME_MOST))
    });
    [malformed, taken, name].into_iter().flatten().collect()
}

/// The role of a row in its place.
fn placed(
    row: &AccountRow,
    tree: &Tree,
    locality: LocalityId,
    findings: &mut Vec<Finding>,
) -> Option<(Role, Option<UnitId>)> {
    let role = row.role().map_err(|finding| findings.push(finding)).ok()?;
    let Some(role) = role else {
        findings.extend(row.unit.is_some().then(|| Finding::new("/role", "cell_missing")));
        return None;
    };
    findings.extend(check_place(role, Some(locality), row.unit.as_deref()));
    let unit = match &row.unit {
        None => None,
        Some(named) => Some(tree.named("/unit", named).map_err(|finding| findings.push(finding)).ok()?.id),
    };
    Some((role, unit))
}
