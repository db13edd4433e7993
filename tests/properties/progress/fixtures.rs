//! Indicators, leaves and reports to add up, and how to draw them at random.

use chrono::{DateTime, Utc};
use proptest::{collection::vec, prelude::*};
use serde_json::{Value as Json, json};
use thidua::{
    exact::WHOLE_MOST,
    movements::plan::Indicator,
    progress::{Figure, Leaf, Question, Report, Slot, Targets, aggregate},
    quantity::Quantity,
    submissions::Value,
};

/// A ratio of flows against at least 100%, with the members of `changes` put in its place.
pub fn indicator(changes: Json) -> Indicator {
    let mut document = json!({
        "code": "CCHC-05", "section": "II.2", "name": {"vi": "Hồ sơ đúng hạn"}, "kind": "ratio", "unit": "percent",
        "direction": "up", "modality": "strive", "target": target(">=", "100"),
        "over_time": "sum", "over_units": "sum", "reported_by": ["division"]
    });
    for (member, value) in changes.as_object().expect("an object") {
        document[member] = value.clone();
    }
    serde_json::from_value(document).expect("an indicator")
}

pub fn target(comparator: &str, value: &str) -> Json {
    json!({"comparator": comparator, "value": value, "source": "plan"})
}

/// The third quarter of 2025, by months of Nghị định 09/2019/NĐ-CP.
pub fn quarter() -> Vec<Leaf> {
    let leaf = |code: &str, from: &str, to: &str| Leaf {
        code: code.into(),
        starts_on: from.parse().expect("a day"),
        cutoff_on: to.parse().expect("a day"),
    };
    vec![
        leaf("2025-07", "2025-06-15", "2025-07-14"),
        leaf("2025-08", "2025-07-15", "2025-08-14"),
        leaf("2025-09", "2025-08-15", "2025-09-14"),
    ]
}

pub const AFTER: &str = "2025-10-20T02:00:00Z";

pub fn instant(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// A slot that owns what it says.
#[derive(Debug, Clone)]
pub struct Entry {
    pub unit: String,
    /// Which leaf of the span, from 0.
    pub leaf: usize,
    pub current: bool,
    /// Approved, late, values.
    pub report: Option<(bool, bool, Vec<Value>)>,
}

/// An approved report on time; each value lacks only its indicator.
pub fn entry(unit: &str, leaf: usize, values: &[Json]) -> Entry {
    let value = |members: &Json| {
        let mut members = members.clone();
        members["indicator"] = json!("CCHC-05");
        serde_json::from_value(members).expect("a value")
    };
    let report = Some((true, false, values.iter().map(value).collect()));
    Entry { unit: unit.into(), leaf, current: true, report }
}

pub fn unreported(unit: &str, leaf: usize) -> Entry {
    Entry { unit: unit.into(), leaf, current: true, report: None }
}

pub fn slots<'a>(entries: &'a [Entry], leaves: &'a [Leaf]) -> Vec<Slot<'a>> {
    let slot = |entry: &'a Entry| Slot {
        unit: &entry.unit,
        unit_name: &entry.unit,
        leaf: &leaves[entry.leaf],
        covered: true,
        current: entry.current,
        report: entry.report.as_ref().map(|(approved, late, values)| Report {
            approved: *approved,
            late: *late,
            values,
        }),
    };
    entries.iter().map(slot).collect()
}

pub fn figure_at(indicator: &Indicator, entries: &[Entry], as_of: &str) -> Figure {
    let leaves = quarter();
    aggregate(&question(indicator, &leaves, as_of), &slots(entries, &leaves))
}

pub fn figure(indicator: &Indicator, entries: &[Entry]) -> Figure {
    figure_at(indicator, entries, AFTER)
}

pub fn question<'a>(indicator: &'a Indicator, leaves: &'a [Leaf], as_of: &str) -> Question<'a> {
    // A question borrows what it is held against; a test's may stay.
    let targets = Box::leak(Box::new(Targets::stated(indicator, &[])));
    Question { indicator, targets, leaves, as_of: instant(as_of), recognised: None }
}

/// A number without decimals.
pub fn units(number: Option<Quantity>) -> Option<i128> {
    number.and_then(|number| number.units_at(0))
}

pub fn ratio(n: i64, d: i64) -> Json {
    json!({"state": "reported", "numerator": n, "denominator": d})
}

pub fn state(state: &str) -> Json {
    json!({"state": state})
}

pub fn of_field(field: &str, mut value: Json) -> Json {
    value["field"] = json!(field);
    value
}

/// One answer in any of the four states, small numbers and the largest alike.
pub fn any_answer() -> impl Strategy<Value = Json> {
    let pair = prop_oneof![3 => 1..60i64, 1 => 1..=WHOLE_MOST].prop_flat_map(|d| (0..=d, Just(d)));
    prop_oneof![
        5 => (pair, any::<bool>()).prop_map(|((n, d), estimated)| {
            let mut value = ratio(n, d);
            value["estimated"] = json!(estimated);
            value
        }),
        1 => Just(state("none_arose")),
        1 => Just(state("not_applicable")),
        1 => Just(state("absent")),
    ]
}

/// Every slot of four units in the quarter, in any order; values of two fields where `fields`.
pub fn any_entries(fields: bool) -> impl Strategy<Value = Vec<Entry>> {
    let slot = (any_answer(), any_answer(), 0..8u8, any::<bool>(), any::<bool>());
    let gone = vec(prop::bool::weighted(0.8), 4);
    (vec(slot, 12), gone).prop_map(move |(drawn, current)| {
        let entry_of = |(at, (one, other, sent, approved, late)): (usize, (Json, Json, u8, bool, bool))| {
            let unit = format!("u{}", at / 3);
            let values = if fields { vec![of_field("tnmt", one), of_field("khac", other)] } else { vec![one] };
            let mut entry = Entry { current: current[at / 3], ..entry(&unit, at % 3, &values) };
            // One in eight sends nothing at all.
            entry.report = entry.report.filter(|_| sent > 0).map(|(_, _, values)| (approved, late, values));
            entry
        };
        drawn.into_iter().enumerate().map(entry_of).collect()
    })
}

pub fn two_fields(changes: Json) -> Indicator {
    let mut members = json!({"fields": [{"code": "tnmt", "target": target(">=", "99")}, {"code": "khac"}]});
    for (member, value) in changes.as_object().expect("an object") {
        members[member] = value.clone();
    }
    indicator(members)
}
