//! Rows of units put into what is known of them: what is new, what changes, and what cannot be. PURE.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use chrono::NaiveDate;

use super::rows::UnitRow;
use crate::{
    db::UnitId,
    finding::Finding,
    units::{
        rules::{check_code, is_code},
        tree::{History, Node, Tree},
    },
};

const NAME_MOST: usize = 200;

/// What rows come to.
#[derive(Debug, Default, PartialEq)]
pub struct Merged {
    /// Rows of units that were not known.
    pub created: usize,
    pub updated: usize,
    pub unchanged: usize,
    /// The states to be stored, by the day from which they hold.
    pub states: Vec<(NaiveDate, Node)>,
}

/// Puts rows in place, each by its number; `new` makes the ids of units that are not known. All rows, or what is wrong
/// with those that cannot be. That nothing stands below itself is for the tree to say.
pub fn merge(
    known: &History,
    rows: &[(usize, UnitRow)],
    mut new: impl FnMut() -> UnitId,
) -> Result<Merged, Vec<(usize, Vec<Finding>)>> {
    let mut ids: BTreeMap<String, UnitId> =
        known.ever_registered(NaiveDate::MAX).iter().map(|node| (node.code.clone(), node.id)).collect();
    let before: BTreeSet<UnitId> = ids.values().copied().collect();
    for (_, row) in rows {
        ids.entry(row.code.clone()).or_insert_with(&mut new);
    }
    let mut register = Register(known.iter().map(|(from, node)| ((node.id, *from), node.clone())).collect());
    let (mut merged, mut changed) = (Merged::default(), BTreeSet::new());
    let mut in_order: Vec<&UnitRow> = rows.iter().map(|(_, row)| row).collect();
    in_order.sort_by_key(|row| row.valid_from);
    for row in in_order {
        let id = ids[&row.code];
        let parent = row.parent.as_ref().map(|parent| parent.as_ref().and_then(|code| ids.get(code).copied()));
        let changes = register.put(id, row, parent);
        match (before.contains(&id), changes) {
            (false, _) => merged.created += 1,
            (true, true) => merged.updated += 1,
            (true, false) => merged.unchanged += 1,
        }
        changed.extend(changes.then_some((id, row.valid_from)));
    }
    let refused = check(rows, &ids, &register);
    if !refused.is_empty() {
        return Err(refused);
    }
    merged.states = changed.into_iter().filter_map(|at| Some((at.1, register.0.remove(&at)?))).collect();
    Ok(merged)
}

/// Units by the days from which their states hold. The first and the last day of a unit are those of all its states.
struct Register(BTreeMap<(UnitId, NaiveDate), Node>);

impl Register {
    fn of(&self, id: UnitId) -> impl DoubleEndedIterator<Item = (NaiveDate, &Node)> {
        self.0.range((id, NaiveDate::MIN)..=(id, NaiveDate::MAX)).map(|((_, from), node)| (*from, node))
    }

    /// Puts what a row says; false where it stands so already. A parent that the row does not say is the one of its day.
    fn put(&mut self, id: UnitId, row: &UnitRow, parent: Option<Option<UnitId>>) -> bool {
        let held = self.of(id).rev().find(|(from, _)| *from <= row.valid_from);
        let (known, from) = (self.of(id).next_back().map(|(_, node)| node), row.valid_from);
        let valid_to = row.valid_to.unwrap_or(known.and_then(|node| node.valid_to));
        let stands = held.map(|(_, node)| node).or(self.of(id).next().map(|(_, node)| node));
        let node = Node {
            id,
            code: row.code.clone(),
            name: row.name.clone(),
            kind: row.kind.clone(),
            parent: parent.unwrap_or(stands.and_then(|node| node.parent)),
            valid_from: known.map_or(from, |node| node.valid_from.min(from)),
            valid_to,
            // Who does not end has no successor.
            successor: known.and_then(|node| node.successor).filter(|_| valid_to.is_some()),
            absorbed: Vec::new(),
        };
        if held.is_some_and(|(_, held)| *held == node) {
            return false;
        }
        let (valid_from, valid_to, successor) = (node.valid_from, node.valid_to, node.successor);
        self.0.insert((id, from), node);
        for (_, state) in self.0.range_mut((id, NaiveDate::MIN)..=(id, NaiveDate::MAX)) {
            (state.valid_from, state.valid_to, state.successor) = (valid_from, valid_to, successor);
        }
        true
    }
}

fn check(rows: &[(usize, UnitRow)], ids: &BTreeMap<String, UnitId>, register: &Register) -> Vec<(usize, Vec<Finding>)> {
    let history: History = register.0.iter().map(|((_, from), node)| (*from, node.clone())).collect();
    let days: BTreeSet<NaiveDate> = rows.iter().map(|(_, row)| row.valid_from).collect();
    let days: BTreeMap<NaiveDate, Arc<Tree>> = days.into_iter().map(|day| (day, history.on(day))).collect();
    let (mut named, mut ends, mut refused) = (BTreeSet::new(), BTreeMap::new(), Vec::new());
    for (number, row) in rows {
        let mut found = check_row(row, ids, &days[&row.valid_from]);
        if !named.insert((&row.code, row.valid_from)) {
            found.push(Finding::new("", "named_twice"));
        }
        if row.valid_to.is_some_and(|to| *ends.entry(&row.code).or_insert(to) != to) {
            found.push(Finding::new("/valid_to", "ends_differ"));
        }
        let unit = register.0.get(&(ids[&row.code], row.valid_from));
        if unit.is_some_and(|unit| unit.valid_to.is_some_and(|to| to < unit.valid_from)) {
            found.push(Finding::new("/valid_to", "days_reversed"));
        }
        if !found.is_empty() {
            refused.push((*number, found));
        }
    }
    refused
}

/// What is wrong with a row, in the tree of its day.
fn check_row(row: &UnitRow, ids: &BTreeMap<String, UnitId>, day: &Tree) -> Vec<Finding> {
    let above = |code: &String| match ids.get(code).and_then(|id| day.by_id(*id)) {
        Some(above) if above.code != row.code => None,
        Some(_) => Some(Finding::new("/parent", "unit_cycle").with("day", row.valid_from)),
        None => Some(Finding::new("/parent", "unit_unknown").with("unit", code)),
    };
    let blank = row.name.chars().all(char::is_whitespace).then(|| Finding::new("/name", "text_blank"));
    let found = [
        check_code("/code", &row.code),
        blank.or_else(|| Finding::length("/name", &row.name, 1, NAME_MOST)),
        (!is_code(&row.kind)).then(|| Finding::new("/kind", "code_malformed")),
        row.parent.as_ref().and_then(Option::as_ref).and_then(above),
    ];
    found.into_iter().flatten().collect()
}
