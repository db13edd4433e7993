//! Totals that are kept come to what the reports do: over every run of leaves, whatever was approved in between, in worlds
//! of units that move, end and merge.

use std::{collections::BTreeMap, sync::Arc};

use proptest::{collection::vec, option, prelude::*};
use serde_json::json;
use thidua::{
    db::UnitId,
    movements::plan::Indicator,
    progress::{Counts, Leaf, Part, Report, Scope, Slot, Stated, Sum, parts, slots, tally, tally_of_parts},
    submissions::Value,
    units::Tree,
};

use super::{
    fixtures::{entry, indicator, two_fields},
    worlds::{LEAVES, UNITS, World, any_world, id, leaves},
};

type Reports = BTreeMap<(UnitId, usize), Vec<Value>>;

/// What a unit says of two fields in a leaf: one may be missing, or nothing arise.
fn any_report() -> impl Strategy<Value = Option<Vec<Value>>> {
    let field = |code: &'static str| {
        let number = (0..50i64, 1..50i64, any::<bool>());
        prop_oneof![
            4 => number.prop_map(move |(more, less, estimated)| json!({
                "field": code, "state": "reported", "numerator": more, "denominator": more + less, "estimated": estimated,
            })),
            1 => Just(json!({"field": code, "state": "none_arose"})),
            1 => Just(json!({"field": code, "state": "not_applicable"})),
            1 => Just(json!({"field": code, "state": "absent"})),
        ]
    };
    let said = (field("tnmt"), field("khac")).prop_map(|(one, other)| entry("", 0, &[one, other]).report);
    option::weighted(0.7, said.prop_filter_map("a report", |report| Some(report?.2)))
}

fn any_reports() -> impl Strategy<Value = Reports> {
    vec(vec(any_report(), LEAVES), UNITS).prop_map(|units| {
        let of_unit = |(n, leaves): (usize, Vec<Option<Vec<Value>>>)| {
            leaves.into_iter().enumerate().filter_map(move |(leaf, said)| Some(((id(n), leaf), said?)))
        };
        units.into_iter().enumerate().flat_map(of_unit).collect()
    })
}

/// Which unit's report of which leaf was approved anew, and what it says now.
fn any_changes() -> impl Strategy<Value = Vec<(usize, usize, Option<Vec<Value>>)>> {
    vec((0..UNITS, 0..LEAVES, any_report()), 0..8)
}

fn span_of<'a>(leaves: &'a [Leaf], trees: &'a [Arc<Tree>], indicator: &'a Indicator) -> Vec<Stated<'a, 'a>> {
    leaves.iter().zip(trees).map(|(leaf, tree)| (leaf, &**tree, Some((indicator, &[][..])))).collect()
}

fn said(reports: &Reports, leaf: usize, unit: UnitId) -> Option<Report<'_>> {
    Some(Report { approved: true, late: leaf == 1, values: reports.get(&(unit, leaf))? })
}

fn trees(world: &World, leaves: &[Leaf]) -> Vec<Arc<Tree>> {
    let history = world.history();
    leaves.iter().map(|leaf| history.on(leaf.cutoff_on)).collect()
}

fn any_indicator() -> impl Strategy<Value = Indicator> {
    prop_oneof![
        Just(two_fields(json!({}))),
        Just(two_fields(json!({"over_time": "last"}))),
        Just(indicator(json!({"over_time": "last"}))),
        Just(indicator(json!({}))),
    ]
}

/// Sums and counts of a run of leaves, from the slots.
fn counted(span: &[Stated], indicator: &Indicator, reports: &Reports, first: usize) -> (Vec<Sum>, Counts) {
    let slots: Vec<Slot> = slots(span, Scope::Locality, |leaf, unit| said(reports, first + leaf, unit));
    let tally = tally(indicator, span[span.len() - 1].0.cutoff_on, &slots);
    (tally.sums, tally.counts)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1_000) })]

    #[test]
    fn kept_totals_are_what_the_reports_come_to(
        world in any_world(), before in any_reports(), changes in any_changes(), indicator in any_indicator(),
    ) {
        let leaves = leaves();
        let trees = trees(&world, &leaves);
        let span = span_of(&leaves, &trees, &indicator);
        let parts_of = |reports: &Reports, only| parts(&indicator, &span, only, |leaf, unit| said(reports, leaf, unit));
        let (mut kept, mut reports) = (parts_of(&before, None), before);
        for (unit, leaf, now) in changes {
            let less = parts_of(&reports, Some(id(unit)));
            match now {
                Some(now) => drop(reports.insert((id(unit), leaf), now)),
                None => drop(reports.remove(&(id(unit), leaf))),
            }
            let more = parts_of(&reports, Some(id(unit)));
            for (own, (less, more)) in kept.iter_mut().zip(less.iter().zip(&more)) {
                own.take_out(less);
                own.merge(more);
            }
        }
        prop_assert_eq!(&kept, &parts_of(&reports, None), "changed and counted anew");
        let written: Vec<Part> = serde_json::from_str(&serde_json::to_string(&kept).unwrap()).unwrap();
        prop_assert_eq!(&written, &kept, "as it is stored");
        for (first, last) in (0..LEAVES).flat_map(|first| (first..LEAVES).map(move |last| (first, last))) {
            let tally = tally_of_parts(&indicator, last, kept[first..=last].iter());
            let expected = counted(&span[first..=last], &indicator, &reports, first);
            prop_assert_eq!((tally.sums, tally.counts), expected, "from {} to {}", first, last);
        }
    }

    #[test]
    fn the_parts_of_units_add_up_to_the_part_of_all(
        world in any_world(), reports in any_reports(), indicator in any_indicator(),
    ) {
        let leaves = leaves();
        let trees = trees(&world, &leaves);
        let span = span_of(&leaves, &trees, &indicator);
        let parts_of = |only| parts(&indicator, &span, only, |leaf, unit| said(&reports, leaf, unit));
        let mut sum = vec![Part::default(); LEAVES];
        for unit in 0..UNITS {
            sum.iter_mut().zip(parts_of(Some(id(unit)))).for_each(|(sum, part)| sum.merge(&part));
        }
        prop_assert_eq!(sum, parts_of(None));
    }
}
