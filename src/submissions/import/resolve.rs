//! Rows by the codes of what they name: period and unit within the caller's reach, indicator, field and level within the
//! plan of the period.

use std::collections::{BTreeMap, HashMap};

use super::{
    across,
    names::{Names, PlanNames},
    rows::Row,
};
use crate::{
    finding::Finding,
    movements::plan::{BlankMeans, Indicator, Plan},
    submissions::{position::ReportPosition, positions::ReportPositions, value::ValueState},
    tables::cells::quoted,
};

/// Period and unit, by their codes; empty, where a row does not say it.
pub type Place = (String, String);

/// The rows by what they are about.
#[derive(Default)]
pub struct Groups {
    pub rows: BTreeMap<Place, Vec<(usize, Row)>>,
    /// Rows that cannot be read.
    pub refused: Vec<(usize, Vec<Finding>)>,
    /// The numbers of these, by what is known of their places.
    unread: HashMap<Place, Vec<usize>>,
}

impl Groups {
    /// Sorts rows; `refused` are those of which nothing is known.
    pub fn of(rows: Vec<(usize, Row)>, refused: Vec<(usize, Vec<Finding>)>, positions: &ReportPositions) -> Self {
        let nowhere = refused.iter().map(|(number, _)| *number).collect();
        let mut groups = Self { refused, unread: HashMap::from([(Place::default(), nowhere)]), ..Self::default() };
        let mut places = Places::of(positions);
        for (number, mut row) in rows {
            let mut findings = std::mem::take(&mut row.unread);
            // What a cell means that says there is nothing, the plan knows, and what stands beside it of the same value.
            let across = row.across;
            let waits = |finding: &Finding| {
                finding.code == SAYS_NOTHING || across && !matches!(&*finding.pointer, "/period" | "/unit")
            };
            match places.name(&mut row) {
                Ok(()) if findings.iter().all(waits) => {
                    row.unread = findings;
                    groups.rows.entry((row.period.clone(), row.unit.clone())).or_default().push((number, row));
                    continue;
                }
                Ok(()) => {}
                Err(finding) => findings.push(finding),
            }
            let place = (row.period, row.unit);
            if !place.0.is_empty() && !place.1.is_empty() {
                groups.rows.entry(place.clone()).or_default();
            }
            groups.refused.push((number, findings));
            groups.unread.entry(place).or_default().push(number);
        }
        groups
    }

    /// The rows that cannot be read and are, or may be, of this place.
    pub fn unread(&self, (period, unit): &Place) -> Vec<usize> {
        let [all, of_period, of_unit] =
            [("", ""), (period, ""), ("", unit)].map(|(period, unit)| (period.to_owned(), unit.to_owned()));
        let places = [&all, &of_period, &of_unit, &(period.clone(), unit.clone())];
        places.into_iter().filter_map(|place| self.unread.get(place)).flatten().copied().collect()
    }
}

/// The names of periods and units, looked up where a code is not written as it is.
struct Places<'a> {
    positions: &'a ReportPositions<'a>,
    periods: Names,
    units: HashMap<String, Names>,
}

impl<'a> Places<'a> {
    fn of(positions: &'a ReportPositions<'a>) -> Self {
        let mut periods = Names::default();
        positions.periods().for_each(|code| periods.add(code, []));
        Self { positions, periods, units: HashMap::new() }
    }

    /// Puts codes in place of what the row names; a unit whose name fits several is taken out of it.
    fn name(&mut self, row: &mut Row) -> Result<(), Finding> {
        row.period = self.periods.code("period", std::mem::take(&mut row.period))?;
        if self.positions.find(&row.period, &row.unit).is_ok() {
            return Ok(());
        }
        let names = self.units.entry(row.period.clone()).or_insert_with(|| {
            let mut names = Names::default();
            self.positions.units(&row.period).for_each(|unit| names.add(&unit.code, [unit.name.as_str()]));
            names
        });
        row.unit = names.code("unit", std::mem::take(&mut row.unit))?;
        Ok(())
    }
}

/// What is said of a period or unit that there is not; a name may be near to one that there is.
pub fn not_found<'a>(pointer: &str, said: &str, known: impl IntoIterator<Item = &'a str>) -> Finding {
    let finding = Finding::new(pointer, "row_not_found").with("content", quoted(said));
    finding.suggesting(said, known)
}

/// Rows without a value of indicators for which the plan says what it means that somebody writes there is nothing: a
/// blank cell does not say it.
pub fn meaningful_blanks(plan: &Plan, blanks: &[(usize, String)]) -> Vec<(usize, &'static str)> {
    if blanks.is_empty() {
        return Vec::new();
    }
    let names = PlanNames::of(&plan.indicators, &plan.fields);
    let means = |said: &str| {
        let code = names.indicator(said.to_owned()).ok();
        let indicator = plan.indicators.iter().find(|indicator| Some(&indicator.code) == code.as_ref());
        indicator.is_some_and(|indicator| indicator.blank_means.is_some())
    };
    blanks.iter().filter(|(_, said)| means(said)).map(|(number, _)| (*number, "row_blank")).collect()
}

/// The code of a cell that says there is nothing.
const SAYS_NOTHING: &str = "cell_says_nothing";

/// The rows that can be read: where a cell says there is nothing, the plan may say that nothing arose.
pub fn readable(
    indicators: &[Indicator],
    rows: Vec<(usize, Row)>,
    refused: &mut Vec<(usize, Vec<Finding>)>,
) -> Vec<(usize, Row)> {
    let mut readable = Vec::with_capacity(rows.len());
    for (number, mut row) in rows {
        if means_none_arose(indicators, &row) {
            (row.state, row.unread) = (ValueState::NoneArose, Vec::new());
        }
        match row.unread.is_empty() {
            true => readable.push((number, row)),
            false => refused.push((number, row.unread)),
        }
    }
    readable
}

/// Whether the plan says that nothing arose where a cell says there is nothing, and the row says nothing else.
fn means_none_arose(indicators: &[Indicator], row: &Row) -> bool {
    let says_nothing = !row.unread.is_empty() && row.unread.iter().all(|finding| finding.code == SAYS_NOTHING);
    let indicator = indicators.iter().find(|indicator| indicator.code == row.indicator);
    let figures = [row.numerator, row.denominator, row.count];
    let others = [row.rank.is_some(), row.population.is_some(), row.value.is_some(), row.level.is_some()];
    let says_more = figures.iter().any(Option::is_some) || others.contains(&true);
    says_nothing
        && !says_more
        && indicator.is_some_and(|indicator| indicator.blank_means == Some(BlankMeans::NoneArose))
}

/// Cells with decimals of indicators that are counted in whole numbers cannot be read.
pub fn refuse_parts(indicators: &[Indicator], row: &mut Row, is_cell: impl Fn(&Finding) -> bool) {
    if indicators.iter().any(|indicator| indicator.code == row.indicator && indicator.decimals() > 0) {
        return;
    }
    let figures =
        [("/numerator", &mut row.numerator), ("/denominator", &mut row.denominator), ("/count", &mut row.count)];
    for (pointer, figure) in figures {
        let Some(part) = figure.filter(|figure| figure.decimals() > 0) else { continue };
        let finding = Finding::new(pointer, "cell_not_whole").with("content", part);
        if is_cell(&finding) {
            row.unread.push(finding);
            *figure = None;
        }
    }
}

/// The names in the plans, by period.
#[derive(Default)]
pub struct Plans(HashMap<String, PlanNames>);

impl Plans {
    /// Puts codes in place of what the rows name in their plan; a row with a name that fits several is refused.
    pub fn name(
        &mut self,
        position: &ReportPosition,
        rows: Vec<(usize, Row)>,
        refused: &mut Vec<(usize, Vec<Finding>)>,
    ) -> Vec<(usize, Row)> {
        let mut named = Vec::with_capacity(rows.len());
        for (number, mut row) in rows {
            match self.name_one(position, &mut row) {
                Ok(()) => named.push((number, row)),
                Err(finding) => refused.push((number, [row.unread, vec![finding]].concat())),
            }
        }
        named
    }

    fn name_one(&mut self, position: &ReportPosition, row: &mut Row) -> Result<(), Finding> {
        let indicator = position.indicators().iter().find(|indicator| indicator.code == row.indicator);
        let is_plain = !row.across
            && indicator.is_some_and(|indicator| {
                row.field.as_ref().is_none_or(|said| indicator.fields.iter().any(|field| field.code == *said))
                    && row.level.as_ref().is_none_or(|said| indicator.levels.contains(said))
            });
        if is_plain {
            return Ok(());
        }
        let names = self
            .0
            .entry(position.period.dates.code.clone())
            .or_insert_with(|| PlanNames::of(position.indicators(), position.fields()));
        if row.across {
            across::name(names, position.indicators(), row)?;
        }
        row.indicator = names.indicator(std::mem::take(&mut row.indicator))?;
        row.field = row.field.take().map(|said| names.field(&row.indicator, said)).transpose()?;
        row.level = row.level.take().map(|said| names.level(&row.indicator, said)).transpose()?;
        Ok(())
    }
}
