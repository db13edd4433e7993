//! Whether two initiatives may be duplicates: a hint for people, who decide. PURE.

use std::collections::BTreeSet;

use crate::{people::Party, text::folded};

/// The compared parts of an initiative.
#[derive(Debug, Clone, Copy)]
pub struct Told<'a> {
    pub title: &'a str,
    pub owners: &'a [Party],
}

impl Told<'_> {
    pub fn shares_owner(&self, other: &Told) -> bool {
        self.owners.iter().any(|owner| other.owners.contains(owner))
    }
}

/// Half of all words of the two titles, without case and diacritics, are in both; with a common owner, a third.
pub fn are_similar(one: &Told, other: &Told) -> bool {
    let (a, b) = (folded(one.title), folded(other.title));
    let (a, b): (BTreeSet<&str>, BTreeSet<&str>) = (a.split_whitespace().collect(), b.split_whitespace().collect());
    let (shared, all) = (a.intersection(&b).count(), a.union(&b).count());
    let needed = if one.shares_owner(other) { 3 } else { 2 };
    shared > 0 && shared * needed >= all
}
