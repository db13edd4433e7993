//! Rows of an import: one value each, whatever the format it came in. PURE.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{
    columns::{BESIDE, COLUMNS, Column, INSTEAD},
    vocabulary,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    submissions::value::{Value, ValueState},
    tables::{Line, Named, Table, cells},
    whole,
};

/// One value of one unit's report for one period. Which figures a reported one has follows from the indicator's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SubmissionRow)]
pub struct Row {
    #[schema(example = "2025-09")]
    pub period: String,
    #[schema(example = "phong-kinh-te")]
    pub unit: String,
    #[schema(example = "CCHC-05")]
    pub indicator: String,
    #[serde(default)]
    pub field: Option<String>,
    pub state: ValueState,
    #[serde(default, deserialize_with = "whole::handed_in")]
    #[schema(maximum = 9007199254740991_i64)]
    pub numerator: Option<i64>,
    #[serde(default, deserialize_with = "whole::handed_in")]
    #[schema(maximum = 9007199254740991_i64)]
    pub denominator: Option<i64>,
    #[serde(default, deserialize_with = "whole::handed_in")]
    #[schema(maximum = 9007199254740991_i64)]
    pub count: Option<i64>,
    #[serde(default)]
    pub level: Option<String>,
    #[serde(default)]
    pub value: Option<Decimal>,
    #[serde(default, deserialize_with = "whole::handed_in")]
    #[schema(maximum = 9007199254740991_i64)]
    pub rank: Option<i64>,
    #[serde(default, deserialize_with = "whole::handed_in")]
    #[schema(maximum = 9007199254740991_i64)]
    pub population: Option<i64>,
    /// Ước thực hiện.
    #[serde(default)]
    pub estimated: bool,
    #[serde(default)]
    pub explanation: Option<String>,
    /// What is wrong with cells or members of it that cannot be read; it is then only refused, with its report.
    #[serde(skip)]
    pub unread: Vec<Finding>,
}

impl Row {
    /// What it says, without the place that it says it of.
    pub fn value(self) -> Value {
        Value {
            indicator: self.indicator,
            field: self.field,
            state: self.state,
            numerator: self.numerator,
            denominator: self.denominator,
            count: self.count,
            level: self.level,
            value: self.value,
            rank: self.rank,
            population: self.population,
            estimated: self.estimated,
            explanation: self.explanation,
            evidence: Vec::new(),
        }
    }
}

/// Columns that say nothing about the value but where it belongs: a form's lines that nobody filled in have just these.
const PLACE: [Column; 4] = [Column::Period, Column::Unit, Column::Indicator, Column::Field];

impl Table for Row {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = &COLUMNS;
    const NEEDED: &'static [Column] = &[Column::Period, Column::Unit, Column::Indicator];
    const BESIDE: &'static [&'static str] = &BESIDE;
    const KEYS: &'static [Column] = Self::NEEDED;
    const INSTEAD: &'static [(Column, &'static str)] = &INSTEAD;

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        let answers = COLUMNS.iter().map(|(column, ..)| *column).filter(|column| !PLACE.contains(column));
        if !answers.clone().any(|column| line.says(column)) && !PLACE.iter().any(|column| line.says(*column)) {
            return None;
        }
        let said = answers.filter(|column| *column != Column::Estimated).any(|column| line.says(column));
        if Self::NEEDED.iter().all(|column| line.says(*column)) && !said {
            return None;
        }
        let row = Self {
            period: line.needed(Column::Period, vocabulary::period),
            unit: line.needed(Column::Unit, cells::text),
            indicator: line.needed(Column::Indicator, cells::text),
            field: line.read(Column::Field, cells::text),
            numerator: line.read(Column::Numerator, cells::count),
            denominator: line.read(Column::Denominator, cells::count),
            count: line.read(Column::Count, cells::count),
            level: line.read(Column::Level, cells::text),
            value: line.read(Column::Value, cells::decimal),
            rank: line.read(Column::Rank, cells::count),
            population: line.read(Column::Population, cells::count),
            estimated: line.read(Column::Estimated, |cell| cells::flag(cell).map(Some)).unwrap_or_default(),
            explanation: line.read(Column::Explanation, cells::prose),
            state: state(&mut line),
            unread: Vec::new(),
        };
        Some(Ok(Self { unread: line.take_findings(), ..row }))
    }

    fn unread(keys: &Json, findings: &[Finding]) -> Option<Self> {
        (!findings.is_empty()).then(|| placed(keys, findings))
    }
}

/// A row of which only the place is known.
fn placed(keys: &Json, findings: &[Finding]) -> Row {
    let key = |name: &str| keys[name].as_str().unwrap_or_default().to_owned();
    Row {
        period: key("period"),
        unit: key("unit"),
        indicator: key("indicator"),
        field: None,
        state: ValueState::Absent,
        numerator: None,
        denominator: None,
        count: None,
        level: None,
        value: None,
        rank: None,
        population: None,
        estimated: false,
        explanation: None,
        unread: findings.to_vec(),
    }
}

/// Figures without a state are reported ones: no other state has figures.
fn state(line: &mut Line<'_, Row>) -> ValueState {
    use Column::{Count, Denominator, Level, Numerator, Population, Rank, State, Value};
    if let Some(state) = line.read(State, vocabulary::state) {
        return state;
    }
    let figures = [Numerator, Denominator, Count, Level, Value, Rank, Population];
    if !figures.iter().any(|column| line.says(*column)) && !line.says(State) {
        line.refuse(State, "cell_missing");
    }
    ValueState::Reported
}
