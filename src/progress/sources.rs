//! Where a figure comes from: its slots, and which of their answers are in it. PURE.

use std::{cmp::Reverse, collections::BTreeSet};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    answer::{Answer, Slot, answers, said},
    tally::takes_last,
};
use crate::{movements::plan::Indicator, submissions::Value};

/// What became of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProgressSourceState)]
pub enum SourceState {
    /// An answer of it is in the figure.
    Counted,
    /// A stock that its unit answered again later in the span.
    Superseded,
    /// A stock whose unit stands outside of the scope on the span's last day.
    Elsewhere,
    /// Nothing is answered.
    Missing,
}

/// A slot behind a figure.
#[derive(Debug, Clone)]
pub struct Source<'a> {
    pub slot: Slot<'a>,
    pub state: SourceState,
    /// Every field is answered: the coverage has it as reported.
    pub complete: bool,
    /// A stock from a leaf before the span's last one.
    pub stale: bool,
    /// The values that are in the figure.
    pub counted: Vec<&'a Value>,
}

impl<'a> Source<'a> {
    /// Its place in the order.
    pub fn key(&self) -> (NaiveDate, &'a str, &'a str) {
        (self.slot.leaf.cutoff_on, &self.slot.leaf.code, self.slot.unit)
    }
}

/// The slots behind a figure, by leaf and unit. What is neither in the figure nor in its coverage is left out.
pub fn sources<'a>(indicator: &Indicator, last_day: NaiveDate, slots: &[Slot<'a>]) -> Vec<Source<'a>> {
    let stock = takes_last(indicator);
    let mut slots: Vec<(Slot<'a>, Vec<Answer>)> =
        slots.iter().map(|slot| (*slot, answers(indicator, slot.report))).collect();
    slots.sort_by_key(|(slot, _)| Reverse(slot.leaf.cutoff_on));
    // Newest first, a stock is the first answer of each field.
    let mut answered: BTreeSet<(&str, usize)> = BTreeSet::new();
    let mut sources: Vec<Source> = Vec::new();
    for (slot, answers) in slots {
        let mut counted = Vec::new();
        for (field, _) in answers.iter().enumerate().filter(|(_, answer)| **answer != Answer::Absent) {
            let counts = if stock { slot.current && answered.insert((slot.unit, field)) } else { slot.covered };
            let values = slot.report.map_or(&[][..], |report| report.values).iter();
            let own = values.filter(|value| value.indicator == indicator.code);
            let value = said(own, indicator.fields.get(field).map(|field| field.code.as_str()));
            counted.extend(value.filter(|value| counts && !counted.contains(value)));
        }
        let state = match () {
            () if !counted.is_empty() => SourceState::Counted,
            () if answers.iter().all(|answer| *answer == Answer::Absent) => SourceState::Missing,
            () if slot.current => SourceState::Superseded,
            () => SourceState::Elsewhere,
        };
        let stale = stock && !counted.is_empty() && slot.leaf.cutoff_on < last_day;
        let complete = !answers.contains(&Answer::Absent);
        let is_behind = slot.covered || stock && slot.current && state != SourceState::Missing;
        if is_behind {
            sources.push(Source { slot, state, complete, stale, counted });
        }
    }
    sources.sort_by_key(|source| source.key());
    sources
}
