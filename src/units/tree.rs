//! The organisation tree of one day. PURE.

use std::collections::{BTreeMap, BTreeSet};

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
}

/// The units valid on one day.
#[derive(Debug, Clone, Default)]
pub struct Tree(BTreeMap<UnitId, Node>);

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
        let begun = self.begun_by(day);
        begun.0.into_values().filter(|node| node.valid_to.is_none_or(|to| day <= to)).collect()
    }

    /// The units that had begun by a day, those that ended too.
    pub fn begun_by(&self, day: NaiveDate) -> Tree {
        // A later state of the same unit replaces the earlier one.
        let begun = self.0.iter().filter(|(from, node)| *from <= day && node.valid_from <= day);
        begun.map(|(_, node)| node.clone()).collect()
    }
}

impl FromIterator<Node> for Tree {
    fn from_iter<I: IntoIterator<Item = Node>>(nodes: I) -> Self {
        Self(nodes.into_iter().map(|node| (node.id, node)).collect())
    }
}

impl Tree {
    pub fn by_id(&self, id: UnitId) -> Option<&Node> {
        self.0.get(&id)
    }

    pub fn by_code(&self, code: &str) -> Option<&Node> {
        self.0.values().find(|node| node.code == code)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Node> {
        self.0.values()
    }

    /// The unit itself, its parent, and so on up. Ends even where the data hold a cycle.
    pub fn ancestors(&self, id: UnitId) -> impl Iterator<Item = &Node> {
        let up = |node: &&Node| node.parent.and_then(|parent| self.by_id(parent));
        std::iter::successors(self.by_id(id), up).take(self.0.len())
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
        self.0.keys().filter(|id| tops.iter().any(|top| self.is_within(**id, *top))).copied().collect()
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
        let above = |node: &Node| node.parent.filter(|id| self.0.contains_key(id));
        let mut children: Vec<&Node> = self.0.values().filter(|node| above(node) == parent).collect();
        children.sort_by(|a, b| a.code.cmp(&b.code));
        children
    }
}
