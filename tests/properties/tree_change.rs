//! A change of the tree, judged in memory: as the stored tree would be, and only where something differs.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, LazyLock},
};

use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value, json};
use thidua::{
    db::{LocalityId, MovementId, Recall, UnitId},
    finding::Finding,
    movements::{
        Movement, Period, State,
        launch::{check_change, check_launched},
        periods,
        versions::{Version, Versions},
    },
    submissions::{ReportedIndicator, affected, orphaned_reports},
    units::{History, Node, TreeChange, newly_broken},
};
use uuid::Uuid;

const UNITS: usize = 6;
const KINDS: [&str; 3] = ["division", "hamlet", "other"];
const INDICATORS: [&str; 2] = ["TONG", "CHUNG"];
/// Days after the first, on which the periods close.
const CUTOFFS: [i64; 5] = [10, 25, 40, 60, 80];

fn id(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn day(n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 7, 1).unwrap() + TimeDelta::days(n)
}

/// The rows of a unit: first day, last day, what it goes into.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Unit(i64, Option<i64>, Option<usize>);

/// The rows of a state: kind and the unit above.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Authority(usize, Option<usize>);

/// What is stored, row by row.
#[derive(Debug, Clone, Default)]
struct Stored {
    units: BTreeMap<usize, Unit>,
    states: BTreeMap<(usize, i64), Authority>,
}

impl Stored {
    fn history(&self) -> History {
        self.states.iter().map(|((n, from), held)| node(*n, self.units[n], (*from, *held))).collect()
    }
}

fn node(n: usize, Unit(from, to, into): Unit, (at, Authority(kind, parent)): (i64, Authority)) -> (NaiveDate, Node) {
    let node = Node {
        id: id(n),
        code: format!("u{n}"),
        name: format!("Đơn vị {n}, {at}"),
        kind: KINDS[kind].into(),
        parent: parent.map(id),
        valid_from: day(from),
        valid_to: to.map(day),
        successor: into.map(id),
        absorbed: Vec::new(),
    };
    (day(at), node)
}

fn any_unit(n: usize) -> impl Strategy<Value = (Unit, BTreeMap<i64, Authority>)> {
    let held =
        move || (0..KINDS.len(), option::of(0..n.max(1))).prop_map(move |(k, p)| Authority(k, p.filter(|p| *p < n)));
    let ends = option::of((0..60i64, option::of(0..n.max(1))));
    (0..30i64, ends, held(), prop::collection::btree_map(1..60i64, held(), 0..3)).prop_map(
        move |(from, ends, first, later)| {
            let mut states: BTreeMap<_, _> = later.into_iter().map(|(after, held)| (from + after, held)).collect();
            states.insert(from, first);
            let into = ends.and_then(|(_, into)| into).filter(|into| *into < n);
            (Unit(from, ends.map(|(days, _)| from + days), into), states)
        },
    )
}

/// Some of the units as stored, and what a change writes of any of them: the unit's row and some states.
type Change = Vec<(usize, Unit, BTreeMap<i64, Authority>)>;

fn any_change() -> impl Strategy<Value = (Stored, Change)> {
    let stored = (0..UNITS).map(|n| option::weighted(0.8, any_unit(n))).collect::<Vec<_>>();
    let changed =
        vec((0..UNITS).prop_flat_map(|n| any_unit(n).prop_map(move |(unit, states)| (n, unit, states))), 1..3);
    (stored, changed).prop_map(|(units, change)| {
        let mut stored = Stored::default();
        for (n, (unit, states)) in units.into_iter().enumerate().filter_map(|(n, unit)| Some((n, unit?))) {
            stored.units.insert(n, unit);
            stored.states.extend(states.into_iter().map(|(from, held)| ((n, from), held)));
        }
        (stored, change)
    })
}

/// The change in memory, and the rows once it is written.
fn changed(stored: &Stored, change: &Change) -> (TreeChange, Stored) {
    let mut after = stored.clone();
    for (n, unit, states) in change {
        after.units.insert(*n, *unit);
        after.states.extend(states.iter().map(|(from, held)| ((*n, *from), *held)));
    }
    let states =
        change.iter().flat_map(|(n, unit, states)| states.iter().map(|(at, held)| node(*n, *unit, (*at, *held))));
    (TreeChange::of(stored.history(), states), after)
}

fn version(number: i32, from: i64, reported_by: [Value; 2]) -> Arc<Version> {
    let mut plan: Value = serde_json::from_str(include_str!("../../plans/hong-van-2025-h2.json")).unwrap();
    let mut indicators = plan["indicators"].take();
    let list = indicators.as_array_mut().unwrap();
    list.truncate(INDICATORS.len());
    for (n, by) in reported_by.into_iter().enumerate() {
        list[n]["code"] = json!(INDICATORS[n]);
        list[n]["over_units"] = json!(["sum", "locality"][n]);
        list[n]["reported_by"] = by;
    }
    plan["indicators"] = indicators;
    let (plan, created_at) = (serde_json::from_value(plan).unwrap(), DateTime::UNIX_EPOCH);
    Arc::new(Version { number, effective_from: day(from), reason: None, created_at, plan })
}

fn movement(state: State) -> (Movement, Vec<Period>) {
    static VERSIONS: LazyLock<[Arc<Version>; 2]> = LazyLock::new(|| {
        let first = version(1, 0, [json!(["division", "unit:u3"]), json!(["unit:u2"])]);
        [first, version(2, 50, [json!(["division", "hamlet"]), json!(["unit:u1", "other"])])]
    });
    let [first, second] = VERSIONS.clone();
    let mut versions = Versions::new(first);
    versions.push(second);
    let movement = Movement {
        locality: LocalityId::nil(),
        recall: Recall::nothing(LocalityId::nil()),
        id: MovementId::nil(),
        code: "phong-trao".into(),
        state,
        launched_at: Some(DateTime::UNIX_EPOCH),
        closed_at: None,
        concluded_at: None,
        version: 1,
        plan_version: 2,
        versions,
    };
    let window = |n: i64| periods::PeriodDates {
        code: format!("ky-{n}"),
        starts_on: day(n - 9),
        cutoff_on: day(n),
        due_at: DateTime::UNIX_EPOCH,
    };
    (movement, CUTOFFS.into_iter().map(window).map(Period::open).collect())
}

fn any_reports() -> impl Strategy<Value = Vec<ReportedIndicator>> {
    let report = (0..CUTOFFS.len(), 0..UNITS, 0..INDICATORS.len());
    prop::collection::btree_set(report, 0..40).prop_map(|reports| {
        let report = |(period, unit, indicator): (usize, usize, usize)| ReportedIndicator {
            movement: MovementId::nil(),
            period: format!("ky-{}", CUTOFFS[period]),
            unit: id(unit),
            indicator: INDICATORS[indicator].into(),
        };
        reports.into_iter().map(report).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn a_change_in_memory_is_what_would_be_stored((stored, change) in any_change()) {
        let (change, after) = changed(&stored, &change);
        let after = after.history();
        for at in (0..130).map(day) {
            prop_assert!(change.after.on(at).iter().eq(after.on(at).iter()));
            prop_assert!(change.after.ever_registered(at).iter().eq(after.ever_registered(at).iter()));
        }
        prop_assert_eq!(change.after.fault(), after.fault());
    }

    /// Whether a unit is there, its kind, the unit above and those that it goes on for: where one differs, the unit is told,
    /// and no other.
    #[test]
    fn every_unit_that_counts_differently_is_found((stored, change) in any_change()) {
        let (change, after) = changed(&stored, &change);
        let (before, after) = (stored.history(), after.history());
        for at in (0..130).map(day) {
            let (before, after) = (before.on(at), after.on(at));
            let slot = |node: &Node| (node.kind.clone(), node.parent, node.absorbed.clone());
            let differs = |n: &UnitId| before.by_id(*n).map(slot) != after.by_id(*n).map(slot);
            let expected: BTreeSet<_> = (0..UNITS).map(id).filter(differs).collect();
            let found = change.units_that_differ(at);
            prop_assert_eq!(&found, &expected);
            for n in (0..UNITS).map(id).filter(|n| before.resolve_successor(*n) != after.resolve_successor(*n)) {
                // What goes into another from now on changes that one, where it is there.
                let others = [&before, &after].map(|tree| tree.by_id(tree.resolve_successor(n)));
                prop_assert!(others.into_iter().flatten().all(|other| found.contains(&other.id)));
            }
        }
    }

    /// What a change breaks, judged where units differ, is what the whole tree breaks afterwards and did not before.
    #[test]
    fn nothing_is_missed_where_no_unit_differs((stored, change) in any_change()) {
        let (change, after) = changed(&stored, &change);
        let (movement, periods) = movement(State::Launched);
        let cutoffs: Vec<NaiveDate> = CUTOFFS.map(day).into();
        let whole = |tree: &Stored| check_launched(&movement, &cutoffs, &tree.history());
        prop_assert_eq!(check_change(&movement, &periods, &change), newly_broken(&whole(&stored), whole(&after)));
    }

    #[test]
    fn no_tree_of_a_concluded_movement_changes((stored, change) in any_change()) {
        let (change, after) = changed(&stored, &change);
        let (movement, periods) = movement(State::Concluded);
        let tree = |stored: &Stored, at: i64| {
            let tree = stored.history().on(day(at));
            tree.iter().map(|n| (n.id, n.kind.clone(), n.parent, n.absorbed.clone())).collect::<Vec<_>>()
        };
        let changed = CUTOFFS.into_iter().filter(|at| tree(&stored, *at) != tree(&after, *at));
        let told = changed.map(|at| {
            Finding::new("", "tree_concluded").with("day", day(at)).with("movement", &movement.code)
        });
        prop_assert_eq!(check_change(&movement, &periods, &change), told.collect::<Vec<_>>());
    }

    /// The reports of units that differ, for the periods on whose cut-off they do, are all that need to be looked at.
    #[test]
    fn no_report_is_orphaned_where_no_unit_differs((stored, change) in any_change(), said in any_reports()) {
        let (change, after) = changed(&stored, &change);
        let (movement, periods) = movement(State::Launched);
        let said: Vec<ReportedIndicator> =
            said.into_iter().filter(|said| stored.units.keys().any(|n| id(*n) == said.unit)).collect();
        let whole = |tree: &Stored| orphaned_reports(&movement, &periods, &tree.history(), &said);
        let expected = newly_broken(&whole(&stored), whole(&after));
        let (affected, units) = affected(&periods, &change);
        let read: Vec<ReportedIndicator> = said.iter().filter(|said| units.contains(&said.unit)).cloned().collect();
        let some = |tree| orphaned_reports(&movement, affected.iter().copied(), tree, &read);
        prop_assert_eq!(newly_broken(&some(&change.before), some(&change.after)), expected);
    }
}
