//! Who is shown the council's ballots on one criterion of one candidate. PURE.

use std::collections::BTreeSet;

use crate::db::AccountId;

/// Of fewer ballots each would be known to whoever cast another.
const FEWEST: usize = 3;

/// The ballots on one criterion of one candidate, by who may cast one and who has.
#[derive(Debug, Clone, Default)]
pub struct Cast {
    /// Members who sit and are not recused.
    pub entitled: BTreeSet<AccountId>,
    /// Members who have voted and are not recused.
    pub voted: BTreeSet<AccountId>,
    /// Members who do not judge the candidate.
    pub recused: usize,
    /// The council has closed its session on the candidate.
    pub closed: bool,
}

impl Cast {
    /// Whether nothing is hidden from anybody any more: everybody has voted, or nobody can, and there are enough ballots,
    /// however many were recused since. A run counts the ballots from then on, so that no ranking gives away what is hidden.
    pub fn is_disclosed(&self) -> bool {
        let enough = self.voted.len() >= FEWEST.min(self.entitled.len() + self.recused).max(1);
        enough && (self.closed || self.entitled.is_subset(&self.voted))
    }

    /// Whether `who` is shown others' ballots. Of an open vote whoever has voted is. Of a secret one nobody is before all
    /// have: who has voted is known, so that what a figure was before a ballot and after it would give the ballot away.
    pub fn is_shown_to(&self, who: AccountId, secret: bool) -> bool {
        self.is_disclosed() || !secret && self.entitled.contains(&who) && self.voted.contains(&who)
    }

    /// Ballots that are still to come.
    pub fn open(&self) -> usize {
        if self.closed { 0 } else { self.entitled.difference(&self.voted).count() }
    }

    /// Whether another member's ballot is in, so that a vote of `who` is final.
    pub fn is_final_for(&self, who: AccountId) -> bool {
        self.voted.iter().any(|member| *member != who)
    }
}
