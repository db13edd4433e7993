//! Where in a table each row was read: its line, and the cells of its members. PURE.

use std::collections::BTreeMap;

use super::headings::{Headings, Table, address, name};
use crate::finding::Finding;

/// The places of rows in a table.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Spots {
    /// The members' columns, counted from 0.
    pub columns: BTreeMap<&'static str, usize>,
    /// Where values stand side by side, the members' columns of each of them.
    sides: Vec<Side>,
    /// The line and the side of each row, in the order of their numbers, from 1; none, where a row's number is its line.
    pub values: Vec<(usize, usize)>,
}

#[derive(Debug, Clone, PartialEq)]
struct Side {
    columns: BTreeMap<&'static str, usize>,
    /// Addresses of cells that say something for every line.
    given: BTreeMap<&'static str, String>,
    /// The column of a value whose headings do not say what it is.
    bare: Option<usize>,
}

impl Spots {
    pub fn of<R: Table>(sides: &[Headings<R>]) -> Self {
        let side = |headings: &Headings<R>| Side {
            columns: headings.columns(),
            given: headings.given.iter().map(|(column, _, address)| (name::<R>(*column), address.clone())).collect(),
            bare: headings.at.last().filter(|_| headings.bare).map(|(_, place)| *place),
        };
        let sides: Vec<Side> = sides.iter().map(side).collect();
        let columns = sides.first().map(|side| side.columns.clone()).unwrap_or_default();
        Self { columns, sides, values: Vec::new() }
    }

    /// The line of a row, as people count them.
    pub fn line(&self, number: usize) -> usize {
        number.checked_sub(1).and_then(|at| self.values.get(at)).map_or(number, |(line, _)| *line)
    }

    /// Where the member is that a finding points to, `C7`; none, where the rows are of no table.
    pub fn cell(&self, finding: &Finding, number: usize) -> Option<String> {
        let member = finding.pointer.strip_prefix('/')?.split('/').next()?;
        let at = number.checked_sub(1).and_then(|at| self.values.get(at)).map_or(0, |(_, side)| *side);
        let side = self.sides.get(at)?;
        let own = || side.columns.get(member).copied().or(side.bare).map(|column| address(column, self.line(number)));
        side.given.get(member).cloned().or_else(own)
    }
}
