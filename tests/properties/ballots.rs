//! The vote of a council on one criterion, through any history of ballots, recusals taken back or not, joins, leaves, closes
//! and runs: what is ever shown of a secret one never tells a single ballot by its difference.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use thidua::{
    assessments::{Bench, Cast, Disclosure, Vote},
    db::AccountId,
};

/// Who may ever come; the first four sit from the beginning.
const PEOPLE: u8 = 6;

#[derive(Debug, Clone, Copy)]
enum Event {
    Votes(u8),
    Recused(u8),
    /// A record was corrected.
    Judges(u8),
    Joins(u8),
    /// Their role has ended.
    Leaves(u8),
    Closed,
    ClosedWithoutQuorum,
    Replaced,
    Run,
}

fn any_event() -> impl Strategy<Value = Event> {
    let one = 0..PEOPLE;
    prop_oneof![
        8 => one.clone().prop_map(Event::Votes),
        2 => one.clone().prop_map(Event::Recused),
        2 => one.clone().prop_map(Event::Judges),
        1 => one.clone().prop_map(Event::Joins),
        1 => one.prop_map(Event::Leaves),
        1 => Just(Event::Closed),
        1 => Just(Event::ClosedWithoutQuorum),
        1 => Just(Event::Replaced),
        1 => Just(Event::Run),
    ]
}

fn histories() -> impl Strategy<Value = Vec<Event>> {
    proptest::collection::vec(any_event(), 1..60)
}

fn member(n: u8) -> AccountId {
    AccountId::from(uuid::Uuid::from_u128(u128::from(n) + 1))
}

/// What is on record.
#[derive(Clone)]
struct Council {
    secret: bool,
    /// How many ballots the plan asks for.
    least: usize,
    ever: BTreeSet<AccountId>,
    sitting: BTreeSet<AccountId>,
    recused: BTreeSet<AccountId>,
    closed: bool,
    cast: Vec<Cast>,
    disclosures: Vec<Disclosure>,
}

impl Council {
    fn new(secret: bool) -> Self {
        let sitting: BTreeSet<AccountId> = (0..4).map(member).collect();
        let (ever, recused) = (sitting.clone(), BTreeSet::new());
        Self { secret, least: 1, ever, sitting, recused, closed: false, cast: vec![], disclosures: vec![] }
    }

    fn vote(&self) -> Vote {
        let bench = Bench {
            secret: self.secret,
            ever: self.ever.len(),
            council: self.ever.clone(),
            least: self.least,
            entitled: self.sitting.difference(&self.recused).copied().collect(),
            recused: self.recused.clone(),
            closed: self.closed,
        };
        Vote::of(bench, self.disclosures.last(), self.cast.iter().copied())
    }

    fn happens(&mut self, event: Event) {
        match event {
            Event::Votes(n) => self.votes(member(n)),
            Event::Recused(n) => drop(self.recused.insert(member(n))),
            Event::Judges(n) => drop(self.recused.remove(&member(n))),
            // Accounts and roles know no ballots: the next act or run decides.
            Event::Joins(n) => {
                self.ever.insert(member(n));
                self.sitting.insert(member(n));
                return;
            }
            Event::Leaves(n) => {
                self.sitting.remove(&member(n));
                return;
            }
            Event::Closed => self.closed = true,
            Event::ClosedWithoutQuorum | Event::Run => {}
            Event::Replaced => self.closed = false,
        }
        self.disclosures.extend(self.vote().due());
    }

    fn votes(&mut self, who: AccountId) {
        let vote = self.vote();
        if self.sitting.contains(&who) && vote.refusal(who).is_none() {
            let version = self.cast.iter().filter(|one| one.member == who).count() as i32 + 1;
            self.cast.push(Cast { member: who, round: vote.round(), version });
        }
    }

    /// The ballots that anybody may add up.
    fn shown(&self) -> Option<BTreeMap<AccountId, i32>> {
        let vote = self.vote();
        vote.is_disclosed().then(|| vote.counting().clone())
    }
}

proptest! {
    #[test]
    fn nothing_is_disclosed_that_cannot_count_however_small_the_council_began(
        history in histories(), secret: bool, begins in 0..4_u8, least in 1..5_usize,
    ) {
        let mut council = Council::new(secret);
        council.sitting = (0..begins).map(member).collect();
        council.ever = council.sitting.clone();
        council.least = least;
        for event in history {
            let before = council.disclosures.len();
            council.happens(event);
            for new in &council.disclosures[before..] {
                prop_assert!(new.members.len() >= least, "{event:?}");
                prop_assert_eq!(new.council.as_ref(), Some(&council.ever), "who was shut out is kept");
            }
        }
    }

    #[test]
    fn two_sums_of_a_secret_vote_that_differ_have_no_ballot_in_common(history in histories()) {
        let mut council = Council::new(true);
        let mut seen: BTreeSet<Vec<(AccountId, i32)>> = BTreeSet::new();
        for event in history {
            council.happens(event);
            let Some(shown) = council.shown() else { continue };
            prop_assert!(shown.len() >= 3, "whoever cast one of two knows the other: {event:?}");
            prop_assert!(shown.keys().all(|who| !council.recused.contains(who)));
            seen.insert(shown.into_iter().collect());
        }
        let all: Vec<_> = seen.into_iter().collect();
        for (i, one) in all.iter().enumerate() {
            prop_assert!(all[..i].iter().flatten().all(|ballot| !one.contains(ballot)), "everybody voted anew in between");
        }
    }

    #[test]
    fn what_is_disclosed_and_stands_never_changes(history in histories()) {
        let mut council = Council::new(true);
        let mut by_round = BTreeMap::new();
        for event in history {
            let before = council.clone();
            council.happens(event);
            let Some(shown) = council.shown() else { continue };
            let first = by_round.entry(council.vote().round()).or_insert_with(|| shown.clone()).clone();
            prop_assert_eq!(&first, &shown, "whatever came in between");
            prop_assert_eq!(council.vote().due(), None);
            if before.shown().is_some() {
                prop_assert_eq!(&before.cast, &council.cast, "no ballot is taken");
            }
        }
    }

    #[test]
    fn nobody_is_shown_a_secret_ballot_before_all_are(history in histories()) {
        let mut council = Council::new(true);
        for event in history {
            council.happens(event);
            let vote = council.vote();
            prop_assert!((0..PEOPLE).all(|n| vote.is_shown_to(member(n)) == vote.is_disclosed()));
            prop_assert_eq!(vote.is_anew(), !council.disclosures.is_empty() && !vote.is_disclosed());
        }
    }

    #[test]
    fn a_vote_always_comes_to_its_end(history in histories(), secret: bool) {
        let mut council = Council::new(secret);
        history.into_iter().for_each(|event| council.happens(event));
        for event in [Event::Replaced, Event::Joins(0), Event::Joins(1), Event::Joins(2)] {
            council.happens(event);
        }
        (0..3).for_each(|n| council.happens(Event::Judges(n)));
        (0..PEOPLE).for_each(|n| council.happens(Event::Votes(n)));
        council.happens(Event::Run);
        prop_assert!(council.shown().is_some(), "three may vote, and everybody who may has");
        prop_assert_eq!(council.vote().awaited().count(), 0);
    }

    #[test]
    fn an_open_vote_stays_disclosed_and_counts_whoever_may_judge(history in histories()) {
        let mut council = Council::new(false);
        for event in history {
            let before = council.shown().is_some();
            council.happens(event);
            prop_assert!(!before || council.shown().is_some());
            let voted: BTreeSet<AccountId> = council.cast.iter().map(|one| one.member).collect();
            let counting: BTreeSet<AccountId> = council.vote().counting().keys().copied().collect();
            let judge: BTreeSet<AccountId> = voted.difference(&council.recused).copied().collect();
            prop_assert_eq!(counting, judge);
            for n in (0..PEOPLE).map(member).filter(|n| council.sitting.contains(n) && !council.vote().has_voted(*n)) {
                prop_assert!(council.shown().is_some() || !council.vote().is_shown_to(n), "who has not voted sees nothing");
            }
        }
    }
}
