//! The rows read from a file. PURE.

use std::collections::BTreeMap;

use super::{
    asides::{Aside, aside},
    cells::Cell,
    headings::{Headings, Table, address},
};
use crate::finding::Finding;

/// Most rows of one file.
pub const ROWS_MOST: usize = 100_000;

/// Each row by the sender's number, with its content or its findings.
#[derive(Debug, PartialEq)]
pub struct Reading<R> {
    pub rows: Vec<(usize, R)>,
    pub refused: Vec<(usize, Vec<Finding>)>,
    /// Rows that something is to be said of that is no fault, each with the code of it.
    pub notices: Vec<(usize, &'static str)>,
    /// The members' columns in a table, counted from 0.
    pub columns: BTreeMap<&'static str, usize>,
    /// Whether the signatures below the rows have begun.
    signed: bool,
}

impl<R> Default for Reading<R> {
    fn default() -> Self {
        let (rows, refused, notices) = (Vec::new(), Vec::new(), Vec::new());
        Self { rows, refused, notices, columns: BTreeMap::new(), signed: false }
    }
}

impl<R> Reading<R> {
    pub fn received(&self) -> usize {
        self.rows.len() + self.refused.len()
    }

    /// Takes a row in; too many are a fault of the whole file.
    pub fn take(&mut self, number: usize, row: Result<R, Vec<Finding>>) -> Result<(), Vec<Finding>> {
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

impl<R: Table> Reading<R> {
    /// Whether a line is no row: a total, a signature, the numbers of the columns, a prepared line that nobody filled in.
    /// What it is is noted, where it says anything.
    pub fn passes_over(&mut self, headings: &Headings<R>, number: usize, cells: &[Cell]) -> bool {
        let found = aside(headings, cells, self.signed);
        self.signed |= found == Some(Aside::Signature);
        self.notices.extend(found.and_then(Aside::code).map(|code| (number, code)));
        found.is_some()
    }
}

/// Where the member is that a finding points to, `C7`; none, where the rows are of no table.
pub fn cell_of(columns: &BTreeMap<&'static str, usize>, finding: &Finding, row: usize) -> Option<String> {
    let member = finding.pointer.strip_prefix('/')?.split('/').next()?;
    columns.get(member).map(|column| address(*column, row))
}
