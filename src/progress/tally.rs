//! Counting: the slots of one indicator summed by field, before anything is judged. The four states of a value stay
//! apart, and what is absent adds nothing anywhere but to what is missing. PURE.
//!
//! Tallies of different units (and, where the indicator sums over time, of different leaves) add up to the tally of
//! all of them: totals may be kept and merged instead of raw values.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use chrono::NaiveDate;
use num_traits::Zero;
use serde::{Deserialize, Serialize};

pub use super::answer::Given;
use super::answer::{Amount, Answer, Report, Slot, answers};
use crate::movements::plan::{Indicator, IndicatorKind, OverTime};

/// What the slots of one indicator come to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally<'a> {
    /// One for each field in the plan's order; a single one for an indicator without fields.
    pub sums: Vec<Sum>,
    pub counts: Counts,
    pub missing: BTreeSet<Place<'a>>,
    pub stale: BTreeSet<Place<'a>>,
}

/// The sum of one field.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Sum {
    /// How many answers of each state went in.
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub reported: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub none_arose: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub not_applicable: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub absent: u64,
    /// Σ numerators, or Σ counts: in units of the indicator's decimals, as the denominator.
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub numerator: i128,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub denominator: i128,
    /// What cannot be added: how often each level, index or rank was given.
    #[serde(with = "pairs", skip_serializing_if = "BTreeMap::is_empty")]
    pub given: BTreeMap<Given, u64>,
    /// How many of those reported are estimates.
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub estimated: u64,
}

/// Slots by what became of them; `reported` and all after it count slots answered in full.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub expected: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub reported: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub approved: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub late: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub none_arose: u64,
    #[serde(skip_serializing_if = "Zero::is_zero")]
    pub not_applicable: u64,
}

/// One slot named: the order is that of the lists shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place<'a> {
    pub unit: &'a str,
    pub cutoff_on: NaiveDate,
    pub period: &'a str,
    pub unit_name: &'a str,
}

/// Counts the slots of one indicator. `last_day` is the cut-off of the span's last leaf, against which stocks are
/// stale. Each unit × leaf must come once.
pub fn tally<'a>(indicator: &Indicator, last_day: NaiveDate, slots: &[Slot<'a>]) -> Tally<'a> {
    let mut tally = Tally { sums: vec![Sum::default(); indicator.fields.len().max(1)], ..Tally::default() };
    let (stock, mut current) = (takes_last(indicator), Vec::new());
    for slot in slots {
        let answers = answers(indicator, slot.report);
        if slot.covered {
            tally.cover(slot, &answers);
        }
        if stock && slot.current {
            current.push((slot, answers));
        } else if !stock && slot.covered {
            tally.sums.iter_mut().zip(&answers).for_each(|(sum, answer)| sum.add(answer));
        }
    }
    current.sort_by_key(|(slot, _)| (slot.unit, Reverse(slot.leaf.cutoff_on)));
    for unit in current.chunk_by(|(a, _), (b, _)| a.unit == b.unit) {
        tally.add_newest(unit, last_day);
    }
    tally
}

/// Levels, indices and ranks cannot be added: the newest counts, for every operator of the plan.
pub(super) fn takes_last(indicator: &Indicator) -> bool {
    indicator.over_time == OverTime::Last || !matches!(indicator.kind, IndicatorKind::Ratio | IndicatorKind::Count)
}

impl<'a> Tally<'a> {
    /// The tally of a count by the service itself; None where no plan of the leaves states it.
    pub fn counted(count: Option<u64>) -> Self {
        let sum = match count {
            Some(count) => Sum { reported: 1, numerator: count.into(), ..Sum::default() },
            None => Sum::default(),
        };
        Self { sums: vec![sum], ..Self::default() }
    }

    /// Takes in the tally of other slots of the same indicator. The default tally is empty: start a fold from it.
    pub fn merge(&mut self, other: Tally<'a>) {
        let fields = self.sums.len().max(other.sums.len());
        self.sums.resize_with(fields, Sum::default);
        self.sums.iter_mut().zip(&other.sums).for_each(|(sum, more)| sum.merge(more));
        self.counts.merge(other.counts);
        self.missing.extend(other.missing);
        self.stale.extend(other.stale);
    }

    /// Enters one slot into the coverage.
    fn cover(&mut self, slot: &Slot<'a>, answers: &[Answer]) {
        if !self.counts.cover(slot.report, answers) {
            self.missing.insert(Place::of(slot));
        }
    }

    /// Of one unit's slots, newest first, each field's first answer; numerator and denominator so share a leaf.
    fn add_newest(&mut self, unit: &[(&Slot<'a>, Vec<Answer>)], last_day: NaiveDate) {
        for (field, sum) in self.sums.iter_mut().enumerate() {
            match unit.iter().find(|(_, answers)| answers[field] != Answer::Absent) {
                None => sum.absent += 1,
                Some((slot, answers)) => {
                    sum.add(&answers[field]);
                    if slot.leaf.cutoff_on < last_day {
                        self.stale.insert(Place::of(slot));
                    }
                }
            }
        }
    }
}

impl Sum {
    pub(super) fn add(&mut self, answer: &Answer) {
        match answer {
            Answer::Absent => self.absent += 1,
            Answer::NotApplicable => self.not_applicable += 1,
            Answer::NoneArose => self.none_arose += 1,
            Answer::Reported { amount, estimated } => {
                self.reported += 1;
                self.estimated += u64::from(*estimated);
                match *amount {
                    Amount::Ratio { numerator, denominator } => {
                        self.numerator += numerator;
                        self.denominator += denominator;
                    }
                    Amount::Count(count) => self.numerator += count,
                    Amount::Given(given) => *self.given.entry(given).or_default() += 1,
                }
            }
        }
    }

    /// Takes in another sum: of other slots, or of another field for the pool.
    pub fn merge(&mut self, other: &Sum) {
        self.reported += other.reported;
        self.none_arose += other.none_arose;
        self.not_applicable += other.not_applicable;
        self.absent += other.absent;
        self.numerator += other.numerator;
        self.denominator += other.denominator;
        self.estimated += other.estimated;
        for (given, times) in &other.given {
            *self.given.entry(*given).or_default() += times;
        }
    }

    /// Takes out what was merged before.
    pub(super) fn take_out(&mut self, other: &Sum) {
        self.reported -= other.reported;
        self.none_arose -= other.none_arose;
        self.not_applicable -= other.not_applicable;
        self.absent -= other.absent;
        self.numerator -= other.numerator;
        self.denominator -= other.denominator;
        self.estimated -= other.estimated;
        for (given, times) in &other.given {
            *self.given.entry(*given).or_default() -= times;
        }
        self.given.retain(|_, times| *times > 0);
    }

    /// How many answers went in that say something.
    pub(super) fn answered(&self) -> u64 {
        self.reported + self.none_arose + self.not_applicable
    }
}

/// A map whose keys are no texts, as pairs.
mod pairs {
    use std::collections::BTreeMap;

    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::Given;

    pub fn serialize<S: Serializer>(map: &BTreeMap<Given, u64>, serializer: S) -> Result<S::Ok, S::Error> {
        map.iter().collect::<Vec<_>>().serialize(serializer)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<Given, u64>, D::Error> {
        Ok(Vec::deserialize(deserializer)?.into_iter().collect())
    }
}

impl Counts {
    /// Enters one slot; false where it is missing. With fields, it is until every field is answered.
    pub(super) fn cover(&mut self, report: Option<Report>, answers: &[Answer]) -> bool {
        self.expected += 1;
        let Some(report) = report.filter(|_| !answers.contains(&Answer::Absent)) else { return false };
        self.reported += 1;
        self.approved += u64::from(report.approved);
        self.late += u64::from(report.late);
        if answers.iter().all(|answer| *answer == Answer::NotApplicable) {
            self.not_applicable += 1;
        } else if !answers.iter().any(|answer| matches!(answer, Answer::Reported { .. })) {
            self.none_arose += 1;
        }
        true
    }

    pub(super) fn merge(&mut self, other: Counts) {
        self.expected += other.expected;
        self.reported += other.reported;
        self.approved += other.approved;
        self.late += other.late;
        self.none_arose += other.none_arose;
        self.not_applicable += other.not_applicable;
    }

    pub(super) fn take_out(&mut self, other: Counts) {
        self.expected -= other.expected;
        self.reported -= other.reported;
        self.approved -= other.approved;
        self.late -= other.late;
        self.none_arose -= other.none_arose;
        self.not_applicable -= other.not_applicable;
    }
}

impl<'a> Place<'a> {
    fn of(slot: &Slot<'a>) -> Self {
        let (period, cutoff_on) = (slot.leaf.code.as_str(), slot.leaf.cutoff_on);
        Self { unit: slot.unit, cutoff_on, period, unit_name: slot.unit_name }
    }
}
