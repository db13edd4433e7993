//! The organisation tree: any day told as it was, subtrees that fit together, and an end even to a cycle.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use proptest::{collection::vec, option, prelude::*};
use thidua::{
    db::UnitId,
    units::{History, Node, Tree},
};
use uuid::Uuid;

const UNITS: usize = 8;

fn id(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + TimeDelta::days(n)
}

/// A unit: first day, last day, and states by the day they begin (name, parent).
#[derive(Debug, Clone)]
struct Life {
    from: i64,
    to: Option<i64>,
    states: BTreeMap<i64, (u8, Option<usize>)>,
}

impl Life {
    fn node(&self, n: usize, (name, parent): (u8, Option<usize>)) -> Node {
        Node {
            id: id(n),
            code: format!("u{n}"),
            name: format!("Đơn vị {name}"),
            kind: "division".into(),
            parent: parent.map(id),
            valid_from: day(self.from),
            valid_to: self.to.map(day),
        }
    }

    /// The state that holds on a day, while the unit stands.
    fn on(&self, n: usize, at: i64) -> Option<Node> {
        let stands = self.from <= at && self.to.is_none_or(|to| at <= to);
        let (_, state) = self.states.range(..=at).next_back().filter(|_| stands)?;
        Some(self.node(n, *state))
    }
}

/// Units 0..8, each below one of a lower number or, where `cycles`, below any other.
fn any_lives(cycles: bool) -> impl Strategy<Value = Vec<Life>> {
    let life = move |n: usize| {
        let most = if cycles { UNITS } else { n };
        let parent = option::of(0..most.max(1)).prop_map(move |parent| parent.filter(|p| *p < most && *p != n));
        let states = prop::collection::btree_map(1..100i64, (any::<u8>(), parent.clone()), 0..4);
        (0..60i64, option::of(0..60i64), states, (any::<u8>(), parent)).prop_map(|(from, lasts, later, first)| {
            let mut states: BTreeMap<_, _> = later.into_iter().map(|(after, state)| (from + after, state)).collect();
            states.insert(from, first);
            Life { from, to: lasts.map(|days| from + days), states }
        })
    };
    (0..UNITS).map(life).collect::<Vec<_>>()
}

fn history(lives: &[Life]) -> History {
    let states = lives
        .iter()
        .enumerate()
        .flat_map(|(n, life)| life.states.iter().map(move |(from, state)| (day(*from), life.node(n, *state))));
    states.collect()
}

fn all(tree: &Tree) -> BTreeSet<UnitId> {
    tree.iter().map(|node| node.id).collect()
}

/// The units at and below `top`, walked from above.
fn walk(tree: &Tree, top: Option<UnitId>, seen: &mut Vec<UnitId>) {
    for child in tree.children(top) {
        seen.push(child.id);
        walk(tree, Some(child.id), seen);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_day_is_told_as_it_was(lives in any_lives(true), at in 0..200i64) {
        let tree = history(&lives).on(day(at));
        for (n, life) in lives.iter().enumerate() {
            prop_assert_eq!(tree.by_id(id(n)).cloned(), life.on(n, at));
        }
        let register = all(&history(&lives).begun_by(day(at)));
        let begun: BTreeSet<_> = (0..UNITS).filter(|n| lives[*n].from <= at).map(id).collect();
        prop_assert_eq!(register, begun);
    }

    #[test]
    fn later_states_do_not_change_what_was(lives in any_lives(true), at in 0..100i64, later in 1..100i64) {
        let mut changed = lives.clone();
        for life in &mut changed {
            life.states.insert(life.from.max(at) + later, (0, None));
        }
        let (before, after) = (history(&lives).on(day(at)), history(&changed).on(day(at)));
        prop_assert!(before.iter().eq(after.iter()));
    }

    #[test]
    fn a_walk_from_the_top_meets_every_unit_once(lives in any_lives(false), at in 0..100i64) {
        let tree = history(&lives).on(day(at));
        let mut seen = Vec::new();
        walk(&tree, None, &mut seen);
        prop_assert_eq!(seen.len(), seen.iter().collect::<BTreeSet<_>>().len());
        prop_assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), all(&tree));
    }

    #[test]
    fn what_is_below_is_what_has_it_above(lives in any_lives(true), at in 0..100i64, tops in vec(0..UNITS, 0..4)) {
        let tree = history(&lives).on(day(at));
        let tops: Vec<UnitId> = tops.into_iter().map(id).collect();
        let below: BTreeSet<_> = tree.below(&tops).into_iter().collect();
        let has_above = |node: &&Node| tree.ancestors(node.id).any(|upper| tops.contains(&upper.id));
        let expected: BTreeSet<_> = tree.iter().filter(has_above).map(|node| node.id).collect();
        prop_assert_eq!(below, expected);
    }

    #[test]
    fn the_highest_hold_all_and_none_holds_another(lives in any_lives(false), at in 0..100i64, tops in vec(0..UNITS, 0..5)) {
        let tree = history(&lives).on(day(at));
        let tops: Vec<UnitId> = tops.into_iter().map(id).collect();
        let highest = tree.highest(&tops);
        prop_assert_eq!(tree.below(&highest), tree.below(&tops));
        for (i, one) in highest.iter().enumerate() {
            let others = highest.iter().enumerate().filter(|(j, _)| *j != i);
            prop_assert!(others.map(|(_, other)| other).all(|other| !tree.is_within(*one, *other) && one != other));
        }
    }

    #[test]
    fn no_cycle_holds_anybody_for_ever(lives in any_lives(true), at in 0..200i64) {
        let tree = history(&lives).on(day(at));
        for node in tree.iter() {
            prop_assert!(tree.ancestors(node.id).count() <= UNITS);
        }
    }
}
