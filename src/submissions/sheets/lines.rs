//! The lines of a form or an export: one value each, in the columns of an import. PURE.

use super::about::FormWords;
use crate::{
    exact::Decimal,
    movements::plan::{Field, Indicator},
    quantity::Quantity,
    submissions::{
        import::{Column, STATES, level_word},
        value::{Value, ValueState},
    },
    tables::cells::guarded,
};

/// One value of a unit, said or to be said.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    pub period: String,
    pub unit: String,
    pub unit_name: String,
    pub indicator: String,
    pub indicator_name: String,
    pub field: Option<String>,
    pub value: Option<Value>,
    /// What a form says of it.
    pub about: FormWords,
}

/// What a cell of a line holds.
#[derive(Debug, Clone, PartialEq)]
pub enum CellContent {
    Blank,
    Text(String),
    Count(i64),
    Decimal(Decimal),
}

impl CellContent {
    pub fn text(text: Option<&str>) -> Self {
        text.map_or(Self::Blank, |text| Self::Text(guarded(text)))
    }

    fn count(count: Option<i64>) -> Self {
        count.map_or(Self::Blank, Self::Count)
    }

    fn quantity(number: Option<Quantity>) -> Self {
        let Some(number) = number else { return Self::Blank };
        let whole = number.units_at(0).and_then(|units| i64::try_from(units).ok());
        let decimal = || number.to_string().parse().map_or(Self::Blank, Self::Decimal);
        whole.map_or_else(decimal, Self::Count)
    }

    /// As a table writes it. Three decimals could be thousands, so a fourth says that they are not.
    pub fn written(&self) -> String {
        match self {
            Self::Blank => String::new(),
            Self::Text(text) => text.clone(),
            Self::Count(count) => count.to_string(),
            Self::Decimal(decimal) => {
                let text = decimal.to_string();
                let three = text.split_once('.').is_some_and(|(_, part)| part.len() == 3);
                if three { format!("{text}0") } else { text }
            }
        }
    }
}

fn state(state: ValueState) -> &'static str {
    STATES.iter().find(|(known, _)| *known == state).map_or("", |(_, words)| words)
}

impl Line {
    pub fn cell(&self, column: Column) -> CellContent {
        let value = self.value.as_ref();
        let count = |of: fn(&Value) -> Option<i64>| CellContent::count(value.and_then(of));
        let quantity = |of: fn(&Value) -> Option<Quantity>| CellContent::quantity(value.and_then(of));
        match column {
            Column::Period => CellContent::text(Some(&self.period)),
            Column::Unit => CellContent::text(Some(&self.unit)),
            Column::Indicator => CellContent::text(Some(&self.indicator)),
            Column::Field => CellContent::text(self.field.as_deref()),
            Column::State => CellContent::text(value.map(|value| state(value.state))),
            Column::Numerator => quantity(|value| value.numerator),
            Column::Denominator => quantity(|value| value.denominator),
            Column::Count => quantity(|value| value.count),
            Column::Level => CellContent::text(value.and_then(|value| value.level.as_deref()).map(level_word)),
            Column::Value => value.and_then(|value| value.value).map_or(CellContent::Blank, CellContent::Decimal),
            Column::Rank => count(|value| value.rank),
            Column::Population => count(|value| value.population),
            Column::Estimated => CellContent::text(value.filter(|value| value.estimated).map(|_| "x")),
            Column::Explanation => CellContent::text(value.and_then(|value| value.explanation.as_deref())),
        }
    }
}

/// Where a line belongs: period, unit and the unit's name.
pub type Place<'a> = (&'a str, &'a str, &'a str);

fn line((period, unit, unit_name): Place, indicator: &str, field: Option<String>) -> Line {
    Line {
        period: period.to_owned(),
        unit: unit.to_owned(),
        unit_name: unit_name.to_owned(),
        indicator: indicator.to_owned(),
        indicator_name: String::new(),
        field,
        value: None,
        about: FormWords::default(),
    }
}

/// The lines of what a unit said.
pub fn said(place: Place, values: &[Value], known: &[Indicator]) -> Vec<Line> {
    let line = |value: &Value| {
        let indicator = known.iter().find(|indicator| indicator.code == value.indicator);
        Line {
            indicator_name: indicator.map(|indicator| indicator.name.vi.clone()).unwrap_or_default(),
            value: Some(value.clone()),
            ..line(place, &value.indicator, value.field.clone())
        }
    };
    values.iter().map(line).collect()
}

/// The lines of a form: what the unit said, and what it owes and has not said yet; `before` is what it said of the last
/// period.
pub fn form(
    place: Place,
    (values, before): (&[Value], &[Value]),
    owed: &[&Indicator],
    (known, fields): (&[Indicator], &[Field]),
) -> Vec<Line> {
    let mut lines = Vec::new();
    for indicator in owed {
        let mine: Vec<Value> = values.iter().filter(|value| value.indicator == indicator.code).cloned().collect();
        let mut of_it = said(place, &mine, known);
        let whole = mine.iter().any(|value| value.field.is_none());
        let codes: Vec<Option<String>> = match indicator.fields.as_slice() {
            [] => vec![None],
            fields => fields.iter().map(|field| Some(field.code.clone())).collect(),
        };
        let open = codes.into_iter().filter(|field| !whole && !mine.iter().any(|value| value.field == *field));
        of_it.extend(
            open.map(|field| Line { indicator_name: indicator.name.vi.clone(), ..line(place, &indicator.code, field) }),
        );
        for line in &mut of_it {
            let same = |value: &&Value| value.indicator == indicator.code && value.field == line.field;
            line.about = FormWords::of(indicator, (line.field.as_deref(), fields), before.iter().find(same));
        }
        lines.append(&mut of_it);
    }
    lines
}
