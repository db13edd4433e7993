//! Rows of people: put once however often they are sent, in whatever order; the rest stays.

use std::collections::BTreeMap;

use proptest::{collection::btree_map, option, prelude::*};
use thidua::{
    db::{PersonId, UnitId},
    people::{Merged, PersonRow, PersonState, merge},
    units::{History, Node, Tree},
};
use uuid::Uuid;

fn unit(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn person(n: usize) -> PersonId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn tree() -> Tree {
    let from = "2025-07-01".parse().unwrap();
    let node = |n: usize| Node {
        id: unit(n),
        code: format!("u{n}"),
        name: format!("Đơn vị {n}"),
        kind: "division".into(),
        parent: None,
        valid_from: from,
        valid_to: None,
        successor: None,
        absorbed: Vec::new(),
    };
    let history: History = (0..3).map(|n| (from, node(n))).collect();
    Tree::clone(&history.on(from))
}

/// People 0 to 3, of two names, each name once in a unit.
fn known() -> Vec<PersonState> {
    let state = |n: usize| PersonState {
        id: person(n),
        name: format!("Người {}", n % 2),
        kind: "official".into(),
        position: Some("Chuyên viên".into()),
        unit: Some(unit(n / 2)),
        begun: true,
    };
    (0..4).map(state).collect()
}

/// The kind and the position that a row says, if it says any.
type Said = (Option<usize>, Option<Option<u8>>);

/// Rows of distinct people, by name and unit.
fn any_rows() -> impl Strategy<Value = Vec<PersonRow>> {
    let said = (option::of(0..2usize), option::of(option::of(0..3u8)));
    btree_map((0..4usize, 0..3usize), said, 0..8).prop_map(|rows: BTreeMap<_, _>| {
        let row = |((name, unit), (kind, position)): ((usize, usize), Said)| PersonRow {
            id: None,
            name: format!("NGƯỜI {name}"),
            kind: kind.map(|kind| ["official", "employee"][kind].to_owned()),
            position: position.map(|position| position.map(|n| format!("Chức vụ {n}"))),
            unit: Some(Some(if name % 2 == 0 { format!("u{unit}") } else { format!("đơn vị {unit}") })),
        };
        rows.into_iter().map(row).collect()
    })
}

fn numbered(rows: &[PersonRow]) -> Vec<(usize, PersonRow)> {
    rows.iter().cloned().enumerate().collect()
}

fn merged(known: &[PersonState], rows: &[PersonRow]) -> Merged {
    let mut made = 100;
    let new = || {
        made += 1;
        person(made)
    };
    merge(known, &tree(), &numbered(rows), new).unwrap()
}

fn after(known: &[PersonState], merged: &Merged) -> Vec<PersonState> {
    let mut states: BTreeMap<PersonId, PersonState> = known.iter().map(|state| (state.id, state.clone())).collect();
    states.extend(merged.changed.iter().map(|state| (state.id, state.clone())));
    states.into_values().collect()
}

/// Without the ids, which a new person gets in the order of the rows.
fn told(states: &[PersonState]) -> Vec<(String, String, Option<String>, Option<UnitId>)> {
    let tell = |state: &PersonState| (state.name.clone(), state.kind.clone(), state.position.clone(), state.unit);
    let mut told: Vec<_> = states.iter().map(tell).collect();
    told.sort();
    told
}

proptest! {
    #[test]
    fn the_same_rows_again_change_nothing(rows in any_rows()) {
        let once = after(&known(), &merged(&known(), &rows));
        let again = merged(&once, &rows);
        prop_assert_eq!((again.created, again.updated, again.unchanged), (0, 0, rows.len()));
        prop_assert!(again.changed.is_empty());
    }

    #[test]
    fn the_order_of_rows_does_not_matter(rows in any_rows(), turn in 0..8usize) {
        let mut turned = rows.clone();
        turned.rotate_left(turn.min(rows.len()));
        let (one, other) = (merged(&known(), &rows), merged(&known(), &turned));
        prop_assert_eq!(told(&after(&known(), &one)), told(&after(&known(), &other)));
    }

    #[test]
    fn every_row_counts_once_and_whom_no_row_names_stays(rows in any_rows()) {
        let merged = merged(&known(), &rows);
        prop_assert_eq!(merged.created + merged.updated + merged.unchanged, rows.len());
        let named = |state: &PersonState| rows.iter().any(|row| {
            row.name.to_lowercase() == state.name.to_lowercase()
        });
        let stays = known().into_iter().filter(|state| !named(state));
        let after = after(&known(), &merged);
        for state in stays {
            prop_assert!(after.contains(&state));
        }
    }

    #[test]
    fn a_row_that_says_nothing_more_leaves_everything(name in 0..2usize, at in 0..2usize) {
        let row = PersonRow { name: format!("người {name}"), unit: Some(Some(format!("u{at}"))), ..PersonRow::default() };
        let merged = merged(&known(), &[row]);
        prop_assert_eq!((merged.unchanged, merged.changed.len()), (1, 0));
    }
}
