//! The organisation tree of one day. PURE.
//!
//! A merge moves nothing: what names a unit that has been merged by the tree's day is read as naming its successor. So
//! what is added later follows, and a merge taken back leaves everything where it was.

use std::{
    collections::{BTreeMap, BTreeSet},
    iter::successors,
    sync::{Arc, Mutex, PoisonError},
};

use chrono::NaiveDate;

use crate::{
    db::UnitId,
    finding::Finding,
    text::{agrees, folded},
};

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
    /// Codes of the units that have been merged into it: what a plan asks of them it asks of this one.
    pub absorbed: Vec<String>,
}

impl Node {
    /// Whether a code names this unit, or one that it goes on for.
    pub fn answers_to(&self, code: &str) -> bool {
        self.code == code || self.absorbed.iter().any(|absorbed| absorbed == code)
    }

    /// Whether it is to figures what another is: a name changes nothing of what a unit reports.
    pub fn counts_as(&self, other: &Self) -> bool {
        let counts = |node: &Self| (node.id, node.parent);
        counts(self) == counts(other) && self.kind == other.kind && self.absorbed == other.absorbed
    }
}

/// Most units above one another.
const DEPTH_MOST: usize = 20;

/// The units valid on one day.
#[derive(Debug, Clone, Default)]
pub struct Tree {
    nodes: BTreeMap<UnitId, Node>,
    /// The successors of the units that had been merged by the day.
    merged: BTreeMap<UnitId, UnitId>,
}

/// Units as they were from a day on, in order of those days.
#[derive(Debug, Default)]
pub struct History {
    states: Vec<(NaiveDate, Node)>,
    made: Mutex<BTreeMap<(Which, NaiveDate), Arc<Tree>>>,
}

/// Which units a tree of a day has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Which {
    Valid,
    Begun,
    All,
}

/// Most trees that a history keeps at hand: those of its periods' cut-off days, and of today.
const MADE_MOST: usize = 24;

impl FromIterator<(NaiveDate, Node)> for History {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, Node)>>(states: I) -> Self {
        Self { states: states.into_iter().collect(), made: Mutex::default() }
    }
}

impl Clone for History {
    fn clone(&self) -> Self {
        self.states.iter().cloned().collect()
    }
}

impl History {
    /// Every state by the day from which it holds; of one unit the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &(NaiveDate, Node)> {
        self.states.iter()
    }

    /// The states of one unit, the oldest first.
    pub fn of_unit(&self, id: UnitId) -> impl DoubleEndedIterator<Item = &(NaiveDate, Node)> {
        self.states.iter().filter(move |(_, node)| node.id == id)
    }

    /// The history with some states put, each in the place of the one of its unit and day. The first and the last day of a
    /// unit, and what it goes into, are those of all its states.
    pub fn with(&self, states: impl IntoIterator<Item = (NaiveDate, Node)>) -> Self {
        let known = self.states.iter().map(|(from, node)| ((node.id, *from), node.clone()));
        let mut all: BTreeMap<(UnitId, NaiveDate), Node> = known.collect();
        for (from, node) in states {
            for (_, state) in all.range_mut((node.id, NaiveDate::MIN)..=(node.id, NaiveDate::MAX)) {
                (state.valid_from, state.valid_to) = (node.valid_from, node.valid_to);
                state.successor = node.successor;
            }
            all.insert((node.id, from), node);
        }
        all.into_iter().map(|((_, from), node)| (from, node)).collect()
    }

    /// The units valid on a day, each as it then was.
    pub fn on(&self, day: NaiveDate) -> Arc<Tree> {
        self.made(Which::Valid, day, || {
            let mut tree = self.begun_by(day);
            tree.nodes.retain(|_, node| node.valid_to.is_none_or(|to| day <= to));
            tree
        })
    }

    /// The units that had begun by a day, those that ended too.
    pub fn registered_by(&self, day: NaiveDate) -> Arc<Tree> {
        self.made(Which::Begun, day, || self.begun_by(day))
    }

    /// Every unit, each as it is on a day or, where it has not begun, as it is to begin: what to name them by.
    pub fn ever_registered(&self, day: NaiveDate) -> Arc<Tree> {
        self.made(Which::All, day, || {
            let mut tree = self.begun_by(day);
            for (_, node) in &self.states {
                tree.nodes.entry(node.id).or_insert_with(|| node.clone());
            }
            tree
        })
    }

    fn made(&self, which: Which, day: NaiveDate, make: impl FnOnce() -> Tree) -> Arc<Tree> {
        // A poisoned lock still guards whole trees.
        let made = || self.made.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(tree) = made().get(&(which, day)) {
            return tree.clone();
        }
        let tree = Arc::new(make());
        let mut made = made();
        if made.len() < MADE_MOST {
            made.insert((which, day), tree.clone());
        }
        tree
    }

    fn begun_by(&self, day: NaiveDate) -> Tree {
        // A later state of the same unit replaces the earlier one.
        let begun = self.states.iter().filter(|(from, node)| *from <= day && node.valid_from <= day);
        let mut tree: Tree = begun.map(|(_, node)| node.clone()).collect();
        let ended = tree.iter().filter(|node| node.valid_to.is_some_and(|to| to < day));
        tree.merged = ended.filter_map(|node| Some((node.id, node.successor?))).collect();
        let stand = |node: &Node| match tree.resolve_successor(node.id) {
            id if id == node.id => node.parent.map(|id| tree.resolve_successor(id)),
            // What is left of it to do is its successor's.
            successor => Some(successor),
        };
        let above: Vec<_> = tree.iter().map(stand).collect();
        tree.nodes.values_mut().zip(above).for_each(|(node, parent)| node.parent = parent);
        let gone: Vec<_> = tree
            .merged
            .keys()
            .filter_map(|id| Some((tree.resolve_successor(*id), tree.by_id(*id)?.code.clone())))
            .collect();
        for (successor, code) in gone {
            tree.nodes.entry(successor).and_modify(|node| node.absorbed.push(code));
        }
        tree
    }

    /// What is wrong with the tree of some day, and the first such day: a unit that lies below itself or too many others,
    /// or one that goes into another which is not there.
    pub fn fault(&self) -> Option<(&'static str, NaiveDate)> {
        let ends = |node: &Node| node.successor.and(node.valid_to)?.succ_opt();
        let merged = self.states.iter().filter_map(|(_, node)| Some((ends(node)?, node.id)));
        let begun = self.states.iter().map(|(from, node)| *from.max(&node.valid_from));
        let days: BTreeSet<NaiveDate> = begun.chain(merged.clone().map(|(day, _)| day)).collect();
        days.into_iter().find_map(|day| {
            let tree = self.on(day);
            let turns = |node: &Node| node.parent.is_some_and(|parent| tree.would_turn(node.id, parent));
            let lost = |id: UnitId| tree.by_id(tree.resolve_successor(id)).is_none();
            let code = match () {
                () if tree.iter().any(turns) => "unit_cycle",
                () if tree.iter().any(|node| tree.ancestors(node.id).count() > DEPTH_MOST) => "tree_too_deep",
                () if merged.clone().any(|(on, id)| on == day && lost(id)) => "successor_absent",
                () => return None,
            };
            Some((code, day))
        })
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
    pub fn resolve_successor(&self, id: UnitId) -> UnitId {
        let chain = successors(Some(id), |id| self.merged.get(id).copied());
        chain.take(self.merged.len() + 1).last().unwrap_or(id)
    }

    /// The units with those that have been merged into them: whoever belongs to one of these belongs to one of the former.
    pub fn with_merged(&self, units: &[UnitId]) -> Vec<UnitId> {
        let (stand, merged) = (units.iter().filter(|id| !self.merged.contains_key(id)), self.merged.keys());
        stand.chain(merged.filter(|id| units.contains(&self.resolve_successor(**id)))).copied().collect()
    }

    /// The unit of a code, or else of a name, case and diacritics apart; a name that two units bear names none.
    pub fn named(&self, pointer: &str, text: &str) -> Result<&Node, Finding> {
        let code = text.trim().to_lowercase();
        if let Some(unit) = self.by_code(&code) {
            return Ok(unit);
        }
        let name = folded(text);
        let alike: Vec<&Node> =
            self.nodes.values().filter(|node| folded(&node.name) == name && agrees(text, &node.name)).collect();
        match alike.as_slice() {
            [only] => Ok(only),
            [] => Err(Finding::new(pointer, "unit_unknown").with("unit", text)),
            several => {
                let codes: Vec<&str> = several.iter().map(|node| node.code.as_str()).collect();
                Err(Finding::new(pointer, "unit_named_alike").with("unit", text).with("codes", codes.join(", ")))
            }
        }
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

    /// A unit's id and those of the units above it; its own also where the tree lacks it.
    pub fn line_of(&self, id: UnitId) -> Vec<UnitId> {
        std::iter::once(id).chain(self.ancestors(id).skip(1).map(|node| node.id)).collect()
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
