//! Rows of an import: one value each, whatever the format it came in. PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    cells::{self, Cell, Read},
    columns::{Column, Headings, name},
};
use crate::{
    exact::Decimal,
    finding::Finding,
    submissions::value::{Value, ValueState},
};

/// Most rows of one import.
pub const ROWS_MOST: usize = 100_000;

/// One value of one unit's report for one period. Which figures a reported one has follows from the indicator's kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SubmissionRow")]
pub struct Row {
    #[schemars(example = "2025-09")]
    pub period: String,
    #[schemars(example = "phong-kinh-te")]
    pub unit: String,
    #[schemars(example = "CCHC-05")]
    pub indicator: String,
    #[serde(default)]
    pub field: Option<String>,
    pub state: ValueState,
    #[serde(default)]
    pub numerator: Option<i64>,
    #[serde(default)]
    pub denominator: Option<i64>,
    #[serde(default)]
    pub count: Option<i64>,
    #[serde(default)]
    pub level: Option<String>,
    #[serde(default)]
    pub value: Option<Decimal>,
    #[serde(default)]
    pub rank: Option<i64>,
    #[serde(default)]
    pub population: Option<i64>,
    /// Ước thực hiện.
    #[serde(default)]
    pub estimated: bool,
    #[serde(default)]
    pub explanation: Option<String>,
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

/// What was read of a file: each row by its number as the sender counts, with its value or with what is wrong.
#[derive(Debug, Default, PartialEq)]
pub struct Reading {
    pub rows: Vec<(usize, Row)>,
    pub refused: Vec<(usize, Vec<Finding>)>,
}

impl Reading {
    pub fn received(&self) -> usize {
        self.rows.len() + self.refused.len()
    }

    /// Takes a row in; too many are a fault of the whole file.
    pub fn take(&mut self, number: usize, row: Result<Row, Vec<Finding>>) -> Result<(), Vec<Finding>> {
        if self.received() == ROWS_MOST {
            return Err(vec![Finding::new("", "rows_too_many").with("most", ROWS_MOST)]);
        }
        match row {
            Ok(row) => self.rows.push((number, row)),
            Err(findings) => self.refused.push((number, findings)),
        }
        Ok(())
    }
}

/// Columns that say nothing about the value but where it belongs: a form's lines that nobody filled in have just these.
const PLACE: [Column; 4] = [Column::Period, Column::Unit, Column::Indicator, Column::Field];

/// The row of a sheet; none where it says nothing.
pub fn of_cells(headings: &Headings, cells: &[Cell]) -> Option<Result<Row, Vec<Finding>>> {
    let says = |column: &Column| !headings.cell(cells, *column).is_blank();
    let answers = super::columns::COLUMNS.iter().map(|(column, ..)| *column).filter(|column| !PLACE.contains(column));
    if !answers.clone().any(|column| says(&column)) && PLACE.iter().all(|column| !says(column)) {
        return None;
    }
    let said = answers.filter(|column| *column != Column::Estimated).any(|column| says(&column));
    let placed = [Column::Period, Column::Unit, Column::Indicator].iter().all(says);
    if placed && !said {
        return None;
    }
    Some(Reader { headings, cells, findings: Vec::new() }.row())
}

struct Reader<'a> {
    headings: &'a Headings,
    cells: &'a [Cell],
    findings: Vec<Finding>,
}

impl Reader<'_> {
    fn row(mut self) -> Result<Row, Vec<Finding>> {
        let row = Row {
            period: self.needed(Column::Period, cells::period),
            unit: self.needed(Column::Unit, cells::text),
            indicator: self.needed(Column::Indicator, cells::text),
            field: self.read(Column::Field, cells::text),
            numerator: self.read(Column::Numerator, cells::count),
            denominator: self.read(Column::Denominator, cells::count),
            count: self.read(Column::Count, cells::count),
            level: self.read(Column::Level, cells::text),
            value: self.read(Column::Value, cells::decimal),
            rank: self.read(Column::Rank, cells::count),
            population: self.read(Column::Population, cells::count),
            estimated: self.read(Column::Estimated, |cell| cells::flag(cell).map(Some)).unwrap_or_default(),
            explanation: self.read(Column::Explanation, cells::text),
            state: self.state(),
        };
        if self.findings.is_empty() { Ok(row) } else { Err(self.findings) }
    }

    fn read<T>(&mut self, column: Column, read: impl Fn(&Cell) -> Read<T>) -> Option<T> {
        match read(self.headings.cell(self.cells, column)) {
            Ok(value) => value,
            Err(code) => {
                self.refuse(column, code);
                None
            }
        }
    }

    fn refuse(&mut self, column: Column, code: &'static str) {
        self.findings.push(Finding::new(format!("/{}", name(column)), code));
    }

    fn needed(&mut self, column: Column, read: impl Fn(&Cell) -> Read<String>) -> String {
        if self.headings.cell(self.cells, column).is_blank() {
            self.refuse(column, "cell_missing");
            return String::new();
        }
        self.read(column, read).unwrap_or_default()
    }

    /// Figures without a state are reported ones: no other state has figures.
    fn state(&mut self) -> ValueState {
        use Column::{Count, Denominator, Level, Numerator, Population, Rank, State, Value};
        if let Some(state) = self.read(State, cells::state) {
            return state;
        }
        let figures = [Numerator, Denominator, Count, Level, Value, Rank, Population];
        let figures = figures.iter().any(|column| !self.headings.cell(self.cells, *column).is_blank());
        if !figures && self.headings.cell(self.cells, State).is_blank() {
            self.refuse(State, "cell_missing");
        }
        ValueState::Reported
    }
}
