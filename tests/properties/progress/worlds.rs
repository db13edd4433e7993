//! Worlds of units that move, end and merge, held against a naive reading of them: who stood where on each cut-off day, and
//! what follows for progress and completeness.

use std::{collections::BTreeMap, sync::Arc};

use chrono::{DateTime, NaiveDate, TimeDelta};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Value as Json, json};
use thidua::{
    db::{LocalityId, MovementId, Recall, UnitId},
    movements::{
        Movement, State,
        periods::PeriodDates,
        plan::Indicator,
        versions::{Version, Versions},
    },
    progress::{Figure, Leaf, Report, Scope, Stated, Verdict, aggregate, slots},
    submissions::{Came, Counts, Value, obligations},
    units::{History, Node, Tree},
};
use uuid::Uuid;

use super::fixtures::{AFTER, entry, indicator, instant, question, target, units};

pub const UNITS: usize = 6;
pub const LEAVES: usize = 4;

#[derive(Debug, Clone)]
pub struct World {
    /// The unit above each unit in each leaf; always an earlier one.
    parents: Vec<Vec<Option<usize>>>,
    /// The leaf in which a unit ends, and the earlier unit that it is merged into.
    ends: Vec<Option<(usize, Option<usize>)>>,
    /// What each unit reported in each leaf.
    pub counts: Vec<Vec<Option<i64>>>,
}

pub fn any_world() -> impl Strategy<Value = World> {
    let parents = vec(vec(option::weighted(0.7, 0..UNITS), UNITS), LEAVES);
    let ends = vec(option::weighted(0.3, (1..=LEAVES, option::of(0..UNITS))), UNITS);
    (parents, ends, vec(vec(option::weighted(0.6, 0..50i64), UNITS), LEAVES)).prop_map(|(parents, ends, counts)| {
        let earlier = |n: usize, of: Option<usize>| of.filter(|of| *of < n);
        let each = |leaf: Vec<Option<usize>>| leaf.into_iter().enumerate().map(|(n, of)| earlier(n, of)).collect();
        let end = |(n, end): (usize, Option<(usize, Option<usize>)>)| end.map(|(leaf, into)| (leaf, earlier(n, into)));
        World {
            parents: parents.into_iter().map(each).collect(),
            ends: ends.into_iter().enumerate().map(end).collect(),
            counts,
        }
    })
}

pub fn id(n: usize) -> UnitId {
    Uuid::from_u128(n as u128 + 1).into()
}

fn day(leaf: usize, n: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 1).unwrap() + TimeDelta::days(leaf as i64 * 30 + n)
}

pub fn leaves() -> Vec<Leaf> {
    let leaf = |n| Leaf { code: format!("ky-{n}"), starts_on: day(n, 0), cutoff_on: day(n, 29) };
    (0..LEAVES).map(leaf).collect()
}

/// The naive reading.
impl World {
    fn stands(&self, n: usize, leaf: usize) -> bool {
        self.ends[n].is_none_or(|(end, _)| leaf < end)
    }

    fn above(&self, n: usize, leaf: usize) -> Option<usize> {
        let mut above = self.parents[leaf][n]?;
        while !self.stands(above, leaf) {
            above = self.ends[above]?.1?;
        }
        Some(above)
    }

    fn within(&self, n: usize, top: Option<usize>, leaf: usize) -> bool {
        let mut up = self.stands(n, leaf).then_some(n);
        match top {
            None => up.is_some(),
            Some(top) => {
                while up.is_some_and(|n| n != top) {
                    up = up.and_then(|n| self.above(n, leaf));
                }
                up.is_some()
            }
        }
    }

    /// The places of a scope: leaf and unit.
    fn places(&self, top: Option<usize>) -> Vec<(usize, usize)> {
        let all = (0..LEAVES).flat_map(|leaf| (0..UNITS).map(move |n| (leaf, n)));
        all.filter(|(leaf, n)| self.within(*n, top, *leaf)).collect()
    }

    fn flow(&self, top: Option<usize>) -> Option<i64> {
        self.places(top).into_iter().filter_map(|(leaf, n)| self.counts[leaf][n]).reduce(|a, b| a + b)
    }

    /// With the units whose figure is older than the last leaf.
    fn stock(&self, top: Option<usize>) -> (Option<i64>, Vec<(String, String)>) {
        let (mut sum, mut stale) = (None, Vec::new());
        for n in (0..UNITS).filter(|n| self.within(*n, top, LEAVES - 1)) {
            if let Some(leaf) = (0..LEAVES).rev().find(|leaf| self.counts[*leaf][n].is_some()) {
                sum = Some(sum.unwrap_or(0) + self.counts[leaf][n].unwrap());
                if leaf < LEAVES - 1 {
                    stale.push((format!("u{n}"), format!("ky-{leaf}")));
                }
            }
        }
        (sum, stale)
    }
}

/// The same as the code takes it.
impl World {
    pub fn history(&self) -> History {
        let states = (0..UNITS).flat_map(|n| (0..LEAVES).map(move |leaf| (n, leaf)));
        let state = |(n, leaf): (usize, usize)| {
            let node = Node {
                id: id(n),
                code: format!("u{n}"),
                name: format!("Đơn vị {n}"),
                kind: "division".into(),
                parent: self.parents[leaf][n].map(id),
                valid_from: day(0, 0),
                valid_to: self.ends[n].map(|(end, _)| day(end, 9)),
                successor: self.ends[n].and_then(|(_, into)| into).map(id),
                absorbed: Vec::new(),
            };
            (day(leaf, 0), node)
        };
        states.map(state).collect()
    }

    fn figure(&self, indicator: &Indicator, scope: Scope) -> Figure {
        let (leaves, history) = (leaves(), self.history());
        let trees: Vec<Arc<Tree>> = leaves.iter().map(|leaf| history.on(leaf.cutoff_on)).collect();
        let span: Vec<Stated> =
            leaves.iter().zip(&trees).map(|(leaf, tree)| (leaf, &**tree, Some((indicator, &[][..])))).collect();
        let values: BTreeMap<(UnitId, String), Vec<Value>> = self.reports().collect();
        let slots = slots(&span, scope, |leaf, unit| {
            let values = values.get(&(unit, leaves[leaf].code.clone()))?;
            Some(Report { approved: true, late: false, values })
        });
        aggregate(&question(indicator, &leaves, AFTER), &slots)
    }

    pub fn reports(&self) -> impl Iterator<Item = ((UnitId, String), Vec<Value>)> {
        let places = (0..LEAVES).flat_map(|leaf| (0..UNITS).map(move |n| (leaf, n)));
        places.filter_map(|(leaf, n)| {
            let count = json!({"state": "reported", "count": self.counts[leaf][n]?});
            let (_, _, values) = entry("", 0, &[count]).report?;
            Some(((id(n), format!("ky-{leaf}")), values))
        })
    }
}

pub fn count_of(over_time: &str) -> Indicator {
    indicator(json!({"kind": "count", "over_time": over_time, "target": target(">=", "10")}))
}

/// The whole locality, and every unit with what lies below it.
fn tops() -> impl Iterator<Item = Option<usize>> {
    std::iter::once(None).chain((0..UNITS).map(Some))
}

fn in_scope<T>(top: Option<usize>, ask: impl FnOnce(Scope) -> T) -> T {
    match top.map(id) {
        None => ask(Scope::Locality),
        Some(top) => ask(Scope::Below(&[top])),
    }
}

fn movement() -> Movement {
    let mut plan: Json = serde_json::from_str(include_str!("../../../plans/hong-van-2025-h2.json")).unwrap();
    let list = plan["indicators"].as_array_mut().unwrap();
    list.truncate(1);
    list[0]["reported_by"] = json!(["division"]);
    let plan = serde_json::from_value(plan).unwrap();
    let created_at = DateTime::UNIX_EPOCH;
    let first = Version { number: 1, effective_from: day(0, 0), reason: None, created_at, plan };
    Movement {
        locality: LocalityId::nil(),
        recall: Recall::nothing(LocalityId::nil()),
        id: MovementId::nil(),
        code: "phong-trao".into(),
        state: State::Launched,
        launched_at: Some(created_at),
        closed_at: None,
        concluded_at: None,
        version: 1,
        plan_version: 1,
        versions: Versions::new(Arc::new(first)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn a_flow_counts_where_its_unit_stood(world in any_world()) {
        for top in tops() {
            let figure = in_scope(top, |scope| world.figure(&count_of("sum"), scope));
            prop_assert_eq!(units(figure.whole.count), world.flow(top).map(i128::from));
            let owed = !world.places(top).is_empty();
            prop_assert_eq!(figure.whole.verdict == Verdict::NotOwed, !owed);
        }
    }

    #[test]
    fn a_stock_stands_where_its_unit_stands_in_the_end(world in any_world()) {
        for top in tops() {
            let figure = in_scope(top, |scope| world.figure(&count_of("last"), scope));
            let (sum, stale) = world.stock(top);
            prop_assert_eq!(units(figure.whole.count), sum.map(i128::from));
            let told: Vec<_> = figure.stale.into_iter().map(|stale| (stale.unit, stale.period)).collect();
            prop_assert_eq!(told, stale);
            let owed = (0..UNITS).any(|n| world.within(n, top, LEAVES - 1));
            prop_assert_eq!(figure.whole.verdict == Verdict::NotOwed, !owed);
        }
    }

    #[test]
    fn the_stocks_of_the_highest_units_add_up_to_the_whole(world in any_world()) {
        let last = LEAVES - 1;
        let highest = (0..UNITS).filter(|n| world.stands(*n, last) && world.above(*n, last).is_none());
        let of = |scope: Scope| units(world.figure(&count_of("last"), scope).whole.count);
        let parts: i128 = highest.filter_map(|n| in_scope(Some(n), of)).sum();
        prop_assert_eq!(parts, of(Scope::Locality).unwrap_or(0));
        let alone: i128 = (0..UNITS).filter_map(|n| of(Scope::Units(&[id(n)]))).sum();
        prop_assert_eq!(alone, parts);
    }

    #[test]
    fn progress_and_completeness_tell_of_the_same_places(world in any_world()) {
        let (movement, history, leaves) = (movement(), world.history(), leaves());
        let period = |leaf: &Leaf| PeriodDates {
            code: leaf.code.clone(), starts_on: leaf.starts_on, cutoff_on: leaf.cutoff_on, due_at: instant(AFTER),
        };
        let periods: Vec<PeriodDates> = leaves.iter().map(period).collect();
        let came = Came { late: false, excused: false, approved: true };
        let came: BTreeMap<_, _> = world.reports().map(|((unit, leaf), _)| ((leaf, unit), came)).collect();
        let all: Vec<&PeriodDates> = periods.iter().collect();
        for top in tops() {
            let within = |then: &Tree, unit: &Node| top.is_none_or(|top| then.is_within(unit.id, id(top)));
            let told = obligations(&movement, &all, &history, &came, instant(AFTER), within);
            let counts = Counts::of(told.iter().map(|obligation| obligation.report));
            let places = world.places(top);
            let reported = places.iter().filter(|(leaf, n)| world.counts[*leaf][*n].is_some()).count();
            prop_assert_eq!((counts.expected as usize, counts.received as usize), (places.len(), reported));
            for over_time in ["sum", "last"] {
                let coverage = in_scope(top, |scope| world.figure(&count_of(over_time), scope)).coverage;
                prop_assert_eq!((coverage.expected as usize, coverage.reported as usize), (places.len(), reported));
            }
        }
    }
}
