//! A matrix of figures: every indicator by unit or by period, each figure as a cell with the numbers that a table shows.
//! PURE.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::{
    figure::{Covers, Figure},
    verdict::Verdict,
};
use crate::quantity::Quantity;

/// A column of a matrix: a unit or a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgressColumn {
    /// Code of the unit or the period.
    pub part: String,
    pub part_name: String,
    /// Plan version that judges the column.
    pub plan_version: i32,
}

/// One figure of a matrix. Everything else about it is in the breakdown of its indicator.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ProgressCell {
    /// Code of the column.
    pub part: String,
    /// The displayed figure: percent for a ratio, the number for a count or a rank; null for a level.
    pub value: Option<String>,
    pub numerator: Option<Quantity>,
    pub denominator: Option<Quantity>,
    /// The worst level reported.
    pub level: Option<String>,
    pub verdict: Verdict,
    pub missing_to_target: Option<Quantity>,
    pub estimated: bool,
    /// First and last day that the figure covers, where these are not the column's: it is reported less often.
    pub covers: Option<Covers>,
    /// Coverage: slots (owing unit × reporting period), and those of them with a complete answer.
    pub expected: u64,
    pub reported: u64,
}

impl ProgressCell {
    /// `own` are the days of the column.
    pub fn of(part: &str, figure: &Figure, own: Option<Covers>) -> Self {
        Self {
            covers: figure.covers.filter(|covers| Some(*covers) != own),
            part: part.to_owned(),
            value: figure.whole.value.clone(),
            numerator: figure.whole.numerator,
            denominator: figure.whole.denominator,
            level: figure.whole.level.clone(),
            verdict: figure.whole.verdict,
            missing_to_target: figure.whole.missing_to_target,
            estimated: figure.whole.estimated,
            expected: figure.coverage.expected,
            reported: figure.coverage.reported,
        }
    }
}

/// The columns that some rows have, each once. `named` gives their names in the order of the rows; the first is taken,
/// because the indicators of the plan in force come first and know a unit by its newest name.
pub fn columns<'a>(named: impl IntoIterator<Item = (&'a str, &'a str)>, plan_version: i32) -> Vec<ProgressColumn> {
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (part, name) in named {
        names.entry(part).or_insert(name);
    }
    let column =
        |(part, name): (&str, &str)| ProgressColumn { part: part.to_owned(), part_name: name.to_owned(), plan_version };
    names.into_iter().map(column).collect()
}
