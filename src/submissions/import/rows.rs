//! Rows of an import: one value each, whatever the format it came in. PURE.

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{
    bare::Bare,
    columns::{ACROSS, BESIDE, COLUMNS, Column, INSTEAD, REPEATED},
    vocabulary,
};
use crate::{
    exact::Decimal,
    finding::Finding,
    quantity::{self, Quantity},
    submissions::value::{Value, ValueState},
    tables::{Across, Line, Named, Table, cells},
    text::folded,
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
    #[serde(default, deserialize_with = "quantity::handed_in")]
    pub numerator: Option<Quantity>,
    #[serde(default, deserialize_with = "quantity::handed_in")]
    pub denominator: Option<Quantity>,
    #[serde(default, deserialize_with = "quantity::handed_in")]
    pub count: Option<Quantity>,
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
    /// Its indicator and field are headings, as people write them.
    #[serde(skip)]
    pub across: bool,
    /// A cell below headings that do not say what it holds.
    #[serde(skip)]
    pub bare: Option<Bare>,
}

impl Row {
    /// With the period that is said for the whole file, where nothing in it says another.
    pub fn in_period(&mut self, period: Option<&str>) {
        if !self.period.is_empty() {
            let plain = |text: &str| folded(text).replace(' ', "");
            if let Some(asked) = period.filter(|asked| plain(asked) != plain(&self.period)) {
                let finding = Finding::new("/period", "period_contradicted").with("asked", asked);
                self.unread.push(finding.with("said", &self.period));
            }
            return;
        }
        // No column and no title has it; a blank cell of a column has an address.
        let unsaid = |finding: &Finding| {
            let cell = finding.args.get("cell").is_some_and(|cell| !cell.is_empty());
            finding.pointer == "/period" && finding.code == "cell_missing" && !cell
        };
        let Some(at) = self.unread.iter().position(unsaid) else { return };
        match period {
            Some(period) => {
                self.period = period.to_owned();
                self.unread.remove(at);
            }
            None => self.unread[at] = Finding::new("/period", "period_unsaid"),
        }
    }

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
/// What a reported value has, by its indicator's kind.
const FIGURES: [Column; 7] = {
    use Column::{Count, Denominator, Level, Numerator, Population, Rank, Value};
    [Numerator, Denominator, Count, Level, Value, Rank, Population]
};
/// The code of an explanation without its figure, which may stand in another column of the line.
pub const FIGURE_MISSING: &str = "figure_missing";

impl Table for Row {
    type Column = Column;

    const COLUMNS: &'static [Named<Column>] = &COLUMNS;
    const NEEDED: &'static [Column] = &[Column::Period, Column::Unit, Column::Indicator];
    const BESIDE: &'static [&'static str] = &BESIDE;
    const REPEATED: &'static [&'static str] = &REPEATED;
    const KEYS: &'static [Column] = Self::NEEDED;
    const FIGURES: &'static [Column] = &FIGURES;
    const INSTEAD: &'static [(Column, &'static str)] = &INSTEAD;
    const ACROSS: &'static [Across<Column>] = &ACROSS;
    const TITLED: Option<Column> = Some(Column::Period);

    fn titled(title: &str) -> Vec<String> {
        vocabulary::periods_in(title)
    }

    fn of_line(mut line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>> {
        let answers = COLUMNS.iter().map(|(column, ..)| *column).filter(|column| !PLACE.contains(column));
        if !answers.clone().any(|column| line.says(column)) && !PLACE.iter().any(|column| line.says(*column)) {
            return None;
        }
        let said = answers.filter(|column| *column != Column::Estimated).any(|column| line.says(column));
        let placed = Self::NEEDED.iter().filter(|column| line.needs(**column)).all(|column| line.says(*column));
        if !said && (placed || line.is_across()) {
            return None;
        }
        if line.is_bare() {
            return Some(Ok(bare(line)));
        }
        let place = [
            line.needed(Column::Period, vocabulary::period),
            line.needed(Column::Unit, cells::text),
            line.needed(Column::Indicator, cells::text),
        ];
        let field = line.read(Column::Field, cells::text);
        let instead = state_instead(&line);
        let mut row = Self {
            estimated: line.read(Column::Estimated, |cell| cells::flag(cell).map(Some)).unwrap_or_default(),
            explanation: line.read(Column::Explanation, cells::prose),
            across: line.is_across(),
            state: instead.unwrap_or(ValueState::Reported),
            ..at(place, field)
        };
        if instead.is_none() {
            row.numerator = line.read(Column::Numerator, cells::amount);
            row.denominator = line.read(Column::Denominator, cells::amount);
            row.count = line.read(Column::Count, cells::amount);
            row.level = line.read(Column::Level, cells::text);
            row.value = line.read(Column::Value, cells::decimal);
            row.rank = line.read(Column::Rank, cells::count);
            row.population = line.read(Column::Population, cells::count);
            row.state = state(&mut line);
        }
        Some(Ok(Self { unread: line.take_findings(), ..row }))
    }

    fn of_blank(line: &Line<'_, Self>) -> Option<String> {
        let placed = Self::NEEDED.iter().filter(|column| line.needs(**column)).all(|column| line.says(*column));
        if placed { cells::text(line.cell(Column::Indicator)).ok().flatten() } else { None }
    }

    fn unread(keys: &Json, findings: &[Finding]) -> Option<Self> {
        (!findings.is_empty()).then(|| placed(keys, findings))
    }
}

/// A row of which only the place is known.
fn placed(keys: &Json, findings: &[Finding]) -> Row {
    let key = |name: &str| keys[name].as_str().unwrap_or_default().to_owned();
    Row { unread: findings.to_vec(), ..at([key("period"), key("unit"), key("indicator")], None) }
}

/// A row with a cell below headings that do not say what it holds.
fn bare(mut line: Line<'_, Row>) -> Row {
    let period = line.needed(Column::Period, vocabulary::period);
    let unit = line.needed(Column::Unit, cells::text);
    let indicator = line.needed(Column::Indicator, cells::text);
    let field = line.read(Column::Field, cells::text);
    let said = Bare::of(line.cell(Column::Count));
    let state = said.state.unwrap_or(ValueState::Reported);
    let bare = Some(said).filter(|said| said.state.is_none());
    Row { state, bare, across: true, unread: line.take_findings(), ..at([period, unit, indicator], field) }
}

/// A row that says nothing yet.
fn at([period, unit, indicator]: [String; 3], field: Option<String>) -> Row {
    Row {
        period,
        unit,
        indicator,
        field,
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
        unread: Vec::new(),
        across: false,
        bare: None,
    }
}

/// The state that all figures of a line say in place of figures, where no other cell says one.
fn state_instead(line: &Line<'_, Row>) -> Option<ValueState> {
    let state = |cell| vocabulary::state(cell).ok().flatten().filter(|state| *state != ValueState::Reported);
    let mut said = FIGURES.iter().filter(|column| line.says(**column)).map(|column| state(line.cell(*column)));
    let first = said.next()??;
    (!line.says(Column::State) && said.all(|other| other == Some(first))).then_some(first)
}

/// Figures without a state are reported ones: no other state has figures.
fn state(line: &mut Line<'_, Row>) -> ValueState {
    if let Some(state) = line.read(Column::State, vocabulary::state) {
        return state;
    }
    if !FIGURES.iter().any(|column| line.says(*column)) && !line.says(Column::State) {
        if line.has(Column::State) || !line.says(Column::Explanation) {
            line.refuse(Column::State, "cell_missing");
        } else {
            line.refuse(Column::Explanation, FIGURE_MISSING);
        }
    }
    ValueState::Reported
}
