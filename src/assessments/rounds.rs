//! The vote on one criterion of one candidate: when its ballots are disclosed, whose count, and when everybody votes anew.
//! What is shown follows from disclosures that stand on record, never from who sits or is recused at the moment of a read:
//! whoever can change that could show the figure with and without one member. PURE.

use std::collections::{BTreeMap, BTreeSet};

use crate::db::AccountId;

/// Of fewer ballots each would be known to whoever cast another.
const FEWEST: usize = 3;

/// A ballot, without what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cast {
    pub member: AccountId,
    /// From 1.
    pub round: i32,
    /// Which of the member's own.
    pub version: i32,
}

/// The ballots of a round were disclosed: decided once, and on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disclosure {
    pub round: i32,
    /// Whose ballots counted.
    pub members: BTreeSet<AccountId>,
    /// Everybody who was of the council by then, recused or not; none of a disclosure from before this was kept.
    pub council: Option<BTreeSet<AccountId>>,
}

/// The council before one candidate.
#[derive(Debug, Clone, Default)]
pub struct Bench {
    /// Whether no ballot has a name.
    pub secret: bool,
    /// How many are or ever were of the council.
    pub ever: usize,
    /// Everybody who has been of the council since the movement began.
    pub council: BTreeSet<AccountId>,
    /// How many ballots the plan asks for, or none counts.
    pub least: usize,
    /// Members who sit and are not recused.
    pub entitled: BTreeSet<AccountId>,
    /// Members who do not judge the candidate, whether they sit or not.
    pub recused: BTreeSet<AccountId>,
    /// The council has closed a session with quorum on the candidate, and none replaces it.
    pub closed: bool,
}

#[derive(Debug, Clone)]
pub struct Vote {
    bench: Bench,
    round: i32,
    state: State,
    /// The newest ballot of each member that counts in the round, or will when it is disclosed.
    counting: BTreeMap<AccountId, i32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Hidden,
    Disclosed,
    /// Hidden again: a member whose ballot the newest disclosure counts is recused.
    Anew,
}

impl Vote {
    /// From the newest disclosure and all ballots, of whichever round. Of an open vote, whose ballots have names, a
    /// disclosure stands whatever comes; the ballot of a recused member just does not count.
    pub fn of(bench: Bench, newest: Option<&Disclosure>, cast: impl IntoIterator<Item = Cast>) -> Self {
        let (round, state) = match newest {
            None => (1, State::Hidden),
            Some(on) if bench.secret && !on.members.is_disjoint(&bench.recused) => (on.round + 1, State::Anew),
            Some(on) => (on.round, State::Disclosed),
        };
        let settled = newest.filter(|_| bench.secret && state == State::Disclosed);
        let counts = |member: &AccountId| match settled {
            Some(on) => on.members.contains(member),
            None => !bench.recused.contains(member),
        };
        let mut counting = BTreeMap::new();
        for one in cast.into_iter().filter(|one| one.round == round && counts(&one.member)) {
            let newest = counting.entry(one.member).or_insert(one.version);
            *newest = one.version.max(*newest);
        }
        Self { bench, round, state, counting }
    }

    /// The round in which ballots are cast, or were, where they are disclosed.
    pub fn round(&self) -> i32 {
        self.round
    }

    /// Whether nothing is hidden from anybody who judges. A run counts the ballots from then on.
    pub fn is_disclosed(&self) -> bool {
        self.state == State::Disclosed
    }

    /// Whether an earlier disclosure is void, so that everybody votes anew.
    pub fn is_anew(&self) -> bool {
        self.state == State::Anew
    }

    /// By member the version of the ballot that counts, or will when it is disclosed.
    pub fn counting(&self) -> &BTreeMap<AccountId, i32> {
        &self.counting
    }

    /// The disclosure that is due now: there are enough ballots, and everybody who may has voted, or the council has closed
    /// its session. Nothing is disclosed that cannot count: of a secret vote it would shut out who has not voted.
    pub fn due(&self) -> Option<Disclosure> {
        let Bench { secret, ever, council, least, entitled, closed, .. } = &self.bench;
        // Who may vote can be made fewer, who ever sat cannot; an open ballot has its name anyway.
        let seats = if *secret { *ever } else { entitled.len() };
        let enough = self.counting.len() >= FEWEST.min(seats).max(*least).max(1);
        let over = *closed || entitled.iter().all(|member| self.has_voted(*member));
        let due = !self.is_disclosed() && enough && over;
        let members = || self.counting.keys().copied().collect();
        due.then(|| Disclosure { round: self.round, members: members(), council: Some(council.clone()) })
    }

    /// Why no ballot of a member is taken, as a problem's code.
    pub fn refusal(&self, member: AccountId) -> Option<&'static str> {
        match &self.bench {
            bench if bench.recused.contains(&member) => Some("recused"),
            bench if bench.secret && self.is_disclosed() => Some("ballots_disclosed"),
            bench if bench.closed => Some("council_closed"),
            _ => None,
        }
    }

    /// Whether `who` is shown others' ballots. Of an open vote whoever has voted is. Of a secret one nobody is before they
    /// are disclosed: who has voted is known, so that a figure before a ballot and after it would give the ballot away.
    pub fn is_shown_to(&self, who: AccountId) -> bool {
        let voted = || self.bench.entitled.contains(&who) && self.has_voted(who);
        self.is_disclosed() || !self.bench.secret && voted()
    }

    pub fn has_voted(&self, member: AccountId) -> bool {
        self.counting.contains_key(&member)
    }

    /// Members whose ballots are still to come.
    pub fn awaited(&self) -> impl Iterator<Item = AccountId> {
        let over = self.bench.closed || self.bench.secret && self.is_disclosed();
        let open = self.bench.entitled.iter().filter(move |member| !over && !self.has_voted(**member));
        open.copied()
    }

    /// Whether another member's ballot is in, so that a vote of `who` is final.
    pub fn is_final_for(&self, who: AccountId) -> bool {
        self.counting.keys().any(|member| *member != who)
    }
}
