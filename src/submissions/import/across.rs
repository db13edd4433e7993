//! Values that stand side by side, by what their headings name: an indicator, and below it a field, a part of a ratio or
//! nothing. What fits several is refused with all of them. PURE.

use std::collections::{BTreeSet, HashMap};

use super::{names::PlanNames, rows::Row, vocabulary};
use crate::{
    exact::Decimal,
    finding::Finding,
    movements::plan::{Indicator, IndicatorKind},
    submissions::value::ValueState,
    tables::cells::{self, Cell, Refusal},
    text::folded,
};

/// A cell in every meaning that it may have, until its indicator is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bare {
    /// What it says instead of a figure.
    pub state: Option<ValueState>,
    count: Result<Option<i64>, Refusal>,
    value: Result<Option<Decimal>, Refusal>,
    level: Result<Option<String>, Refusal>,
    content: String,
}

impl Bare {
    pub fn of(cell: &Cell) -> Self {
        Self {
            state: vocabulary::state(cell).ok().flatten(),
            count: cells::count(cell),
            value: cells::decimal(cell),
            level: cells::text(cell),
            content: cell.quoted(),
        }
    }
}

/// What the lower of two headings may mean.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Lower {
    Field(String),
    Numerator,
    Denominator,
    Indicator(String),
}

impl Lower {
    fn code(&self) -> &str {
        match self {
            Self::Field(code) | Self::Indicator(code) => code,
            Self::Numerator => "numerator",
            Self::Denominator => "denominator",
        }
    }
}

/// Puts codes in place of a row's headings, and its bare cell where its indicator has it.
pub fn name(names: &PlanNames, indicators: &[Indicator], row: &mut Row) -> Result<(), Finding> {
    let upper = names.heading(&row.indicator)?;
    let known = upper.as_ref().and_then(|code| indicators.iter().find(|indicator| indicator.code == *code));
    let mut part = None;
    if let Some(said) = row.field.take() {
        match (lower(names, known, &said)?, known) {
            (Some(Lower::Field(code)), _) => row.field = Some(code),
            (Some(Lower::Indicator(code)), _) => {
                row.indicator = code;
                return row.bare.take().map_or(Ok(()), |bare| put(indicators, row, bare, None));
            }
            (Some(found), _) if row.bare.is_some() => part = Some(found),
            _ => row.field = Some(said),
        }
    }
    if let Some(code) = upper {
        row.indicator = code;
    }
    row.bare.take().map_or(Ok(()), |bare| put(indicators, row, bare, part))
}

fn lower(names: &PlanNames, upper: Option<&Indicator>, said: &str) -> Result<Option<Lower>, Finding> {
    let mut found: BTreeSet<Lower> = names.heading(said)?.map(Lower::Indicator).into_iter().collect();
    if let Some(indicator) = upper {
        let code = names.field(&indicator.code, said.to_owned())?;
        if indicator.fields.iter().any(|field| field.code == code) {
            found.insert(Lower::Field(code));
        }
        for (words, part) in [(&indicator.numerator, Lower::Numerator), (&indicator.denominator, Lower::Denominator)] {
            let words = words.iter().flat_map(|words| [Some(&words.vi), words.en.as_ref()]).flatten();
            if words.map(|words| folded(words)).any(|words| words == folded(said)) {
                found.insert(part);
            }
        }
    }
    if found.len() > 1 {
        let codes: Vec<&str> = found.iter().map(Lower::code).collect();
        return Err(Finding::new("/field", "name_fits_several").with("name", said).with("codes", codes.join(", ")));
    }
    Ok(found.pop_first())
}

/// Puts a cell where its heading says, or its indicator's kind.
fn put(indicators: &[Indicator], row: &mut Row, bare: Bare, part: Option<Lower>) -> Result<(), Finding> {
    let Bare { count, value, level, content, .. } = bare;
    let refused = |pointer: &str, code| Finding::new(pointer, code).with("content", content.clone());
    if count == Err("cell_says_nothing") {
        row.unread.push(refused(figure(row, indicators, &part), "cell_says_nothing"));
        return Ok(());
    }
    let Some(indicator) = indicators.iter().find(|indicator| indicator.code == row.indicator) else { return Ok(()) };
    match (part, indicator.kind) {
        (Some(Lower::Numerator), _) => row.numerator = count.map_err(|code| refused("/numerator", code))?,
        (Some(_), _) => row.denominator = count.map_err(|code| refused("/denominator", code))?,
        (None, IndicatorKind::Count) => row.count = count.map_err(|code| refused("/count", code))?,
        (None, IndicatorKind::Level) => row.level = level.map_err(|code| refused("/level", code))?,
        (None, IndicatorKind::Index) => row.value = value.map_err(|code| refused("/value", code))?,
        (None, IndicatorKind::Ratio) => return Err(refused("/numerator", "figure_without_parts")),
        (None, IndicatorKind::Rank) => return Err(refused("/rank", "rank_without_parts")),
    }
    Ok(())
}

/// Where the figure of an indicator stands in a row.
fn figure(row: &Row, indicators: &[Indicator], part: &Option<Lower>) -> &'static str {
    let kind = indicators.iter().find(|indicator| indicator.code == row.indicator).map(|indicator| indicator.kind);
    match (part, kind) {
        (Some(Lower::Denominator), _) => "/denominator",
        (None, Some(IndicatorKind::Count)) => "/count",
        (None, Some(IndicatorKind::Level)) => "/level",
        (None, Some(IndicatorKind::Index)) => "/value",
        (None, Some(IndicatorKind::Rank)) => "/rank",
        _ => "/numerator",
    }
}

/// The rows of one report, where parts of one value that stand in one line are one row; `line` tells the line of a row.
pub fn joined(rows: Vec<(usize, Row)>, line: impl Fn(usize) -> usize) -> Vec<(usize, Row)> {
    let mut whole: Vec<(usize, Row)> = Vec::with_capacity(rows.len());
    let mut places: HashMap<(usize, String, Option<String>), usize> = HashMap::new();
    for (number, row) in rows {
        if !row.across {
            whole.push((number, row));
            continue;
        }
        let place = (line(number), row.indicator.clone(), row.field.clone());
        match places.get(&place).copied() {
            Some(at) if fits(&whole[at].1, &row) => {
                let first = &mut whole[at].1;
                first.numerator = first.numerator.or(row.numerator);
                first.denominator = first.denominator.or(row.denominator);
            }
            _ => {
                places.insert(place, whole.len());
                whole.push((number, row));
            }
        }
    }
    whole
}

/// Whether one row has just the numerator and the other just the denominator.
fn fits(first: &Row, other: &Row) -> bool {
    let parts = |row: &Row| (row.numerator.is_some(), row.denominator.is_some());
    matches!((parts(first), parts(other)), ((true, false), (false, true)) | ((false, true), (true, false)))
}
