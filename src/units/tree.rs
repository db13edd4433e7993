//! The organisation tree of one day. PURE.
//!
//! A merge moves nothing: whatever names a unit that has gone into another by the tree's day stands with that one, so that
//! what is added to it later follows, and a merge taken back leaves everything where it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::successors,
};

use chrono::NaiveDate;

use crate::db::UnitId;

/// A unit as it stood on the tree's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    pub id: UnitId,
    pub code: String,
    pub name: String,
    pub kind: String,
    pub parent: Option<UnitId>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    /// What it was merged into, once it has ended.
    pub successor: Option<UnitId>,
}

/// The units valid on one day.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: BTreeMap<UnitId, Node>,
    /// The successors of the units that had been merged by the day.
    merged: BTreeMap<UnitId, UnitId>,
}

/// Units as they were from a day on, in order of those days.
#[derive(Debug, Clone, Default)]
pub struct History(Vec<(NaiveDate, Node)>);

impl FromIterator<(NaiveDate, Node)> for History {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, Node)>>(states: I) -> Self {
        Self(states.into_iter().collect())
    }
}

impl History {
    /// The units valid on a day, each as it then was.
    pub fn on(&self, day: NaiveDate) -> Tree {
        let mut tree = self.begun_by(day);
        tree.nodes.retain(|_, node| node.valid_to.is_none_or(|to| day <= to));
        tree
    }

    /// The units that had begun by a day, those that ended too.
    pub fn begun_by(&self, day: NaiveDate) -> Tree {
        // A later state of the same unit replaces the earlier one.
        let begun = self.0.iter().filter(|(from, node)| *from <= day && node.valid_from <= day);
        let mut tree: Tree = begun.map(|(_, node)| node.clone()).collect();
        let ended = tree.iter().filter(|node| node.valid_to.is_some_and(|to| to < day));
        tree.merged = ended.filter_map(|node| Some((node.id, node.successor?))).collect();
        let above: Vec<_> = tree.iter().map(|node| node.parent.map(|id| tree.stands_with(id))).collect();
        tree.nodes.values_mut().zip(above).for_each(|(node, parent)| node.parent = parent);
        tree
    }

    /// Every unit, each as it is on a day or, where it has not begun, as it is to begin: what to name them by.
    pub fn all(&self, day: NaiveDate) -> Tree {
        let mut tree = self.begun_by(day);
        for (_, node) in &self.0 {
            tree.nodes.entry(node.id).or_insert_with(|| node.clone());
        }
        tree
    }

    /// The first day on which some unit lies below itself, if there is one.
    pub fn turns_on(&self) -> Option<NaiveDate> {
        let merged = self.0.iter().filter(|(_, node)| node.successor.is_some());
        let merged = merged.filter_map(|(_, node)| node.valid_to?.succ_opt());
        let days: BTreeSet<NaiveDate> =
            self.0.iter().map(|(from, node)| *from.max(&node.valid_from)).chain(merged).collect();
        let turns = |day: &NaiveDate| {
            let tree = self.on(*day);
            tree.iter().any(|node| node.parent.is_some_and(|parent| tree.would_turn(node.id, parent)))
        };
        days.into_iter().find(turns)
    }
}

impl FromIterator<Node> for Tree {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        Self { nodes: nodes.into_iter().map(|node| (node.id, node)).collect(), merged: BTreeMap::new() }
    }
}

impl Tree {
    pub fn by_id(&self, id: UnitId) -> Option<&Node> {
        self.nodes.get(&id)
    }

    /// The unit itself, or where it has been merged the one that it went into, and so on.
    pub fn stands_with(&self, id: UnitId) -> UnitId {
        let chain = successors(Some(id), |id| self.merged.get(id).copied());
        chain.take(self.merged.len() + 1).last().unwrap_or(id)
    }

    /// The units with those that have been merged into them: whoever belongs to one of the latter belongs to one of them.
    pub fn with_merged(&self, units: &[UnitId]) -> Vec<UnitId> {
        let merged = self.merged.keys().filter(|id| units.contains(&self.stands_with(**id)));
        units.iter().chain(merged).copied().collect()
    }

    pub fn by_code(&self, code: &str) -> Option<&Node> {
        self.nodes.values().find(|node| node.code == code)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.nodes.values()
    }

    /// The unit itself, its parent, and so on up. Ends even where the data hold a cycle.
    pub fn ancestors(&self, id: UnitId) -> impl Iterator<Item = &Node> {
        let up = |node: &&Node| node.parent.and_then(|parent| self.by_id(parent));
        successors(self.by_id(id), up).take(self.nodes.len())
    }

    /// Whether `id` would lie below itself, were it put under `parent`.
    pub fn would_turn(&self, id: UnitId, parent: UnitId) -> bool {
        parent == id || self.is_within(parent, id)
    }

    /// Whether `id` is `top` or lies below it.
    pub fn is_within(&self, id: UnitId, top: UnitId) -> bool {
        self.ancestors(id).any(|node| node.id == top)
    }

    /// The tops themselves and everything below them.
    pub fn below(&self, tops: &[UnitId]) -> Vec<UnitId> {
        self.nodes.keys().filter(|id| tops.iter().any(|top| self.is_within(**id, *top))).copied().collect()
    }

    /// The tops that lie below no other of them, each once.
    pub fn highest(&self, tops: &[UnitId]) -> Vec<UnitId> {
        let lower = |id| self.ancestors(id).skip(1).any(|upper| tops.contains(&upper.id));
        let highest: BTreeSet<UnitId> = tops.iter().copied().filter(|id| !lower(*id)).collect();
        highest.into_iter().collect()
    }

    /// Units directly below `parent` (at the top, for none), by code. Where the unit above has ended, a unit stands at
    /// the top: nothing that exists is left out of the tree.
    pub fn children(&self, parent: Option<UnitId>) -> Vec<&Node> {
        let above = |node: &Node| node.parent.filter(|id| self.nodes.contains_key(id));
        let mut children: Vec<&Node> = self.nodes.values().filter(|node| above(node) == parent).collect();
        children.sort_by(|a, b| a.code.cmp(&b.code));
        children
    }
}
