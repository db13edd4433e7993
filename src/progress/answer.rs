//! The answer of one slot (owing unit × leaf): the values of its report as one of four states per field. PURE.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::{
    exact::Decimal,
    movements::{
        periods::{PeriodDates, Window},
        plan::{Indicator, IndicatorKind},
    },
    quantity::Quantity,
    submissions::{Value, ValueState},
};

/// A reporting period inside the span; both days included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leaf {
    pub code: String,
    pub starts_on: NaiveDate,
    pub cutoff_on: NaiveDate,
}

impl Leaf {
    pub fn of(period: &PeriodDates) -> Self {
        Self { code: period.code.clone(), starts_on: period.starts_on, cutoff_on: period.cutoff_on }
    }

    pub fn window(&self) -> Window {
        Window { starts_on: self.starts_on, cutoff_on: self.cutoff_on }
    }
}

/// One owing unit × leaf, of a unit within the scope on the leaf's cut-off day or on the span's last one.
#[derive(Debug, Clone, Copy)]
pub struct Slot<'a> {
    /// The unit's code; across localities made unique by its locality's code.
    pub unit: &'a str,
    pub unit_name: &'a str,
    pub leaf: &'a Leaf,
    /// Whether the unit was within the scope on the leaf's cut-off day: its flow and its report count there.
    pub covered: bool,
    /// Whether the unit is within the scope on the span's last cut-off day: its stock counts there, wherever the unit
    /// stood when it reported it. The stock of an ended unit is its successor's to report.
    pub current: bool,
    /// The report that counts on the chosen basis as of the chosen instant.
    pub report: Option<Report<'a>>,
}

#[derive(Debug, Clone, Copy)]
pub struct Report<'a> {
    pub approved: bool,
    pub late: bool,
    /// The values of the report; those of other indicators are passed over.
    pub values: &'a [Value],
}

/// One field of one slot. A reported value without the members its kind needs, or with a level the plan does not
/// know, counts as absent: it is then listed as missing, and never taken for zero.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    Absent,
    NotApplicable,
    NoneArose,
    Reported { amount: Amount, estimated: bool },
}

/// In units of the indicator's decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Amount {
    Ratio { numerator: i128, denominator: i128 },
    Count(i128),
    Given(Given),
}

/// A figure that cannot be added to another; ordered as its numbers are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Given {
    /// The level's position from 0.
    Level(usize),
    Index(Decimal),
    Rank {
        rank: i64,
        population: i64,
    },
}

/// The slot's answer to each field in the plan's order, or its one answer to an indicator without fields.
pub(super) fn answers(indicator: &Indicator, report: Option<Report>) -> Vec<Answer> {
    let values = report.map_or(&[][..], |report| report.values);
    let mine = values.iter().filter(|value| value.indicator == indicator.code);
    if indicator.fields.is_empty() {
        return vec![answer(indicator, mine, None)];
    }
    indicator.fields.iter().map(|field| answer(indicator, mine.clone(), Some(&field.code))).collect()
}

/// With fields only the fields have numbers, but one answer may state for all of them that nothing arose or the
/// indicator does not apply.
pub(super) fn said<'a>(mut values: impl Iterator<Item = &'a Value> + Clone, field: Option<&str>) -> Option<&'a Value> {
    let own = values.clone().find(|value| value.field.as_deref() == field);
    let for_all = || {
        let answers_all = |state| matches!(state, ValueState::NoneArose | ValueState::NotApplicable);
        values.find(|value| value.field.is_none() && answers_all(value.state))
    };
    own.or_else(for_all)
}

fn answer<'a>(indicator: &Indicator, values: impl Iterator<Item = &'a Value> + Clone, field: Option<&str>) -> Answer {
    let Some(value) = said(values, field) else {
        return Answer::Absent;
    };
    match value.state {
        ValueState::Absent => Answer::Absent,
        ValueState::NotApplicable => Answer::NotApplicable,
        ValueState::NoneArose => Answer::NoneArose,
        ValueState::Reported => amount(indicator, value)
            .map_or(Answer::Absent, |amount| Answer::Reported { amount, estimated: value.estimated }),
    }
}

fn amount(indicator: &Indicator, value: &Value) -> Option<Amount> {
    let units = |number: Option<Quantity>| number?.units_at(indicator.decimals());
    Some(match indicator.kind {
        IndicatorKind::Ratio => {
            // A denominator of 0 is refused at the door: it is `none_arose`.
            let denominator = units(value.denominator).filter(|d| *d > 0)?;
            Amount::Ratio { numerator: units(value.numerator)?, denominator }
        }
        IndicatorKind::Count => Amount::Count(units(value.count)?),
        IndicatorKind::Level => {
            let level = value.level.as_ref()?;
            Amount::Given(Given::Level(indicator.levels.iter().position(|known| known == level)?))
        }
        IndicatorKind::Index => Amount::Given(Given::Index(value.value?)),
        IndicatorKind::Rank => Amount::Given(Given::Rank { rank: value.rank?, population: value.population? }),
    })
}
