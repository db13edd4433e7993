//! Values that stand side by side, by what their headings name: an indicator, and below it a field, a part of a ratio or
//! nothing. What fits several is refused with all of them. PURE.

use std::collections::{BTreeSet, HashMap};

use super::{
    bare::Bare,
    names::PlanNames,
    rows::{FIGURE_MISSING, Row},
};
use crate::{
    finding::Finding,
    movements::plan::{Indicator, IndicatorKind},
    text::{folded, is_measured_alike},
};

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
            (Some(found), _) => part = Some(found),
            (None, _) => row.field = Some(said),
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
        let whole = |words: &str| folded(words) == folded(said);
        found.extend(parts(indicator, whole));
        if found.is_empty() {
            found.extend(parts(indicator, |words| is_measured_alike(said, words)));
        }
    }
    if found.len() > 1 {
        let codes: Vec<&str> = found.iter().map(Lower::code).collect();
        return Err(Finding::new("/field", "name_fits_several").with("name", said).with("codes", codes.join(", ")));
    }
    Ok(found.pop_first())
}

/// The parts of an indicator whose words in the plan fit.
fn parts(indicator: &Indicator, fits: impl Fn(&str) -> bool) -> Vec<Lower> {
    let parts = [(&indicator.numerator, Lower::Numerator), (&indicator.denominator, Lower::Denominator)];
    let named = parts.into_iter().filter(|(words, _)| {
        let words = words.iter().flat_map(|words| [Some(&words.vi), words.en.as_ref()]).flatten();
        words.into_iter().any(|words| fits(words))
    });
    named.map(|(_, part)| part).collect()
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
        (Some(Lower::Numerator), _) => row.numerator = read(row, count.map_err(|code| refused("/numerator", code))),
        (Some(_), _) => row.denominator = read(row, count.map_err(|code| refused("/denominator", code))),
        (None, IndicatorKind::Count) => row.count = read(row, count.map_err(|code| refused("/count", code))),
        (None, IndicatorKind::Level) => row.level = read(row, level.map_err(|code| refused("/level", code))),
        (None, IndicatorKind::Index) => row.value = read(row, value.map_err(|code| refused("/value", code))),
        (None, IndicatorKind::Ratio) => return Err(refused("/numerator", "figure_without_parts")),
        (None, IndicatorKind::Rank) => return Err(refused("/rank", "rank_without_parts")),
    }
    Ok(())
}

/// A cell that cannot be read is told with what stands beside it of the same value.
fn read<T>(row: &mut Row, cell: Result<Option<T>, Finding>) -> Option<T> {
    cell.unwrap_or_else(|finding| {
        row.unread.push(finding);
        None
    })
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

/// The rows of one report, where what stands in one line of one value is one row; `line` tells the line of a row.
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
            Some(at) if fits(&whole[at].1, &row) => join(&mut whole[at].1, row),
            _ => {
                places.insert(place, whole.len());
                whole.push((number, row));
            }
        }
    }
    whole
}

/// Whether two rows say nothing twice, and not that there is a figure and that there is none.
fn fits(first: &Row, other: &Row) -> bool {
    let (said, also) = (members(first), members(other));
    let one_state = first.state == other.state || is_beside(first) || is_beside(other);
    one_state && said.is_disjoint(&also)
}

/// The members that a row says, or was to say in cells that cannot be read.
fn members(row: &Row) -> BTreeSet<&str> {
    let said = [
        ("numerator", row.numerator.is_some()),
        ("denominator", row.denominator.is_some()),
        ("count", row.count.is_some()),
        ("level", row.level.is_some()),
        ("value", row.value.is_some()),
        ("rank", row.rank.is_some()),
        ("population", row.population.is_some()),
        ("explanation", row.explanation.is_some()),
    ];
    let said = said.into_iter().filter(|(_, says)| *says).map(|(member, _)| member);
    said.chain(row.unread.iter().map(|finding| finding.pointer.trim_start_matches('/'))).collect()
}

/// Whether a row has only what stands beside a figure.
fn is_beside(row: &Row) -> bool {
    row.unread.iter().any(|finding| finding.code == FIGURE_MISSING)
}

fn join(first: &mut Row, other: Row) {
    let states = [(is_beside(first), first.state), (is_beside(&other), other.state)];
    first.state = states.iter().find(|(beside, _)| !beside).map_or(first.state, |(_, state)| *state);
    first.unread.extend(other.unread);
    first.unread.retain(|finding| finding.code != FIGURE_MISSING);
    first.numerator = first.numerator.or(other.numerator);
    first.denominator = first.denominator.or(other.denominator);
    first.count = first.count.or(other.count);
    first.level = first.level.take().or(other.level);
    first.value = first.value.take().or(other.value);
    first.rank = first.rank.or(other.rank);
    first.population = first.population.or(other.population);
    first.explanation = first.explanation.take().or(other.explanation);
    first.estimated |= other.estimated;
}
