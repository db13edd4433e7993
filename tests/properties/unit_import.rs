//! Rows of units: put once however often they are sent, in whatever order; the rest stays.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use proptest::{collection::vec, option, prelude::*};
use thidua::{
    db::UnitId,
    units::{
        History, Node,
        import::{Merged, UnitRow, merge},
    },
};
use uuid::Uuid;

fn id(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + TimeDelta::days(n)
}

/// Units 0 to 3, known from the first day on; rows may name 0 to 5.
fn known() -> History {
    let node = |n: usize| Node {
        id: id(n),
        code: format!("u{n}"),
        name: format!("Đơn vị {n}"),
        kind: "division".into(),
        parent: None,
        valid_from: day(0),
        valid_to: None,
        successor: None,
        absorbed: Vec::new(),
    };
    (0..4).map(|n| (day(0), node(n))).collect()
}

/// Rows of distinct units and days; a parent is of a lower number and known.
fn any_rows() -> impl Strategy<Value = Vec<UnitRow>> {
    let row = (0..6usize, 0..40i64, 0..3u8, option::of(0..4usize), option::of(50..90i64));
    vec(row, 0..8).prop_map(|rows| {
        let mut named = BTreeSet::new();
        let rows = rows.into_iter().filter(|(n, from, ..)| named.insert((*n, *from)));
        let row = |(n, from, name, parent, to): (usize, i64, u8, Option<usize>, Option<i64>)| UnitRow {
            code: format!("u{n}"),
            name: format!("Tên {name}"),
            kind: "division".into(),
            parent: Some(parent.filter(|parent| *parent < n).map(|parent| format!("u{parent}"))),
            valid_from: day(from),
            valid_to: to.filter(|_| n >= 4).map(|_| Some(day(95))),
        };
        rows.map(row).collect()
    })
}

fn numbered(rows: &[UnitRow]) -> Vec<(usize, UnitRow)> {
    rows.iter().cloned().enumerate().collect()
}

fn put(known: &History, rows: &[UnitRow]) -> Merged {
    let mut new = 4;
    let made = merge(known, &numbered(rows), || {
        new += 1;
        id(new)
    });
    made.expect("rows that fit")
}

fn after(known: &History, merged: &Merged) -> History {
    let touched: BTreeSet<_> = merged.states.iter().map(|(from, node)| (node.id, *from)).collect();
    let span =
        |node: &Node| merged.states.iter().find(|(_, state)| state.id == node.id).map(|(_, state)| state.clone());
    let stay = known.iter().filter(|(from, node)| !touched.contains(&(node.id, *from))).cloned();
    let stay = stay.map(|(from, node)| match span(&node) {
        Some(state) => (from, Node { valid_from: state.valid_from, valid_to: state.valid_to, ..node }),
        None => (from, node),
    });
    let mut all: Vec<_> = stay.chain(merged.states.iter().cloned()).collect();
    all.sort_by_key(|(from, node)| (node.id, *from));
    all.into_iter().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_same_rows_again_change_nothing(rows in any_rows()) {
        let first = put(&known(), &rows);
        prop_assert_eq!(first.created + first.updated + first.unchanged, rows.len());
        let again = put(&after(&known(), &first), &rows);
        prop_assert_eq!((again.unchanged, again.states.len()), (rows.len(), 0));
    }

    #[test]
    fn every_row_says_how_its_unit_stands_from_its_day_on(rows in any_rows()) {
        let history = after(&known(), &put(&known(), &rows));
        for row in &rows {
            let tree = history.on(row.valid_from);
            let unit = tree.by_code(&row.code).expect("it stands");
            prop_assert_eq!((&unit.name, &unit.kind), (&row.name, &row.kind));
            let parent = unit.parent.and_then(|id| tree.by_id(id)).map(|node| node.code.clone());
            prop_assert_eq!(Some(parent), row.parent.clone());
        }
    }

    #[test]
    fn what_a_row_leaves_out_stays_and_what_it_empties_is_gone(rows in any_rows(), at in 0..60i64, n in 1..4usize) {
        let row = |parent, valid_to| UnitRow {
            code: format!("u{n}"),
            name: "Tên mới".into(),
            kind: "division".into(),
            parent,
            valid_from: day(at),
            valid_to,
        };
        let before = after(&known(), &put(&known(), &rows));
        let ended = after(&before, &put(&before, &[row(Some(Some("u0".into())), Some(Some(day(99))))]));
        let parent = |history: &History| history.on(day(at)).by_code(&format!("u{n}")).map(|unit| (unit.parent, unit.valid_to));
        let left = after(&ended, &put(&ended, &[row(None, None)]));
        prop_assert_eq!(parent(&left), Some((Some(id(0)), Some(day(99)))));
        let emptied = after(&left, &put(&left, &[row(Some(None), Some(None))]));
        prop_assert_eq!(parent(&emptied), Some((None, None)));
    }

    #[test]
    fn what_no_row_names_stays(rows in any_rows(), at in 0..100i64) {
        let (before, history) = (known(), after(&known(), &put(&known(), &rows)));
        let named: BTreeSet<_> = rows.iter().map(|row| row.code.clone()).collect();
        for node in before.on(day(at)).iter().filter(|node| !named.contains(&node.code)) {
            let tree = history.on(day(at));
            prop_assert_eq!(tree.by_id(node.id), Some(node));
        }
    }
}
