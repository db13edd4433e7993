//! Which accounts may get a code together with others. PURE.

use std::collections::{BTreeMap, BTreeSet};

use crate::finding::Finding;

/// What matters of an account that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Enrolled {
    /// The caller's.
    pub own: bool,
    pub disabled: bool,
    pub has_password: bool,
}

/// What is wrong with a list of usernames; `known` are those of the locality.
pub fn unfit(usernames: &[String], known: &BTreeMap<String, Enrolled>) -> Vec<Finding> {
    let (mut named, mut findings) = (BTreeSet::new(), Vec::new());
    for (at, username) in usernames.iter().enumerate() {
        let code = match known.get(username) {
            _ if !named.insert(username) => "account_twice",
            Some(account) if account.own => "own_account",
            Some(account) if account.has_password && !account.disabled => "account_has_password",
            Some(account) if !account.disabled => continue,
            _ => "account_unknown",
        };
        findings.push(Finding::new(format!("/accounts/{at}"), code).with("account", username));
    }
    findings
}
