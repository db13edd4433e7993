//! The rows read from a file. PURE.

use std::collections::BTreeMap;

use super::{
    across::Layout,
    asides::{Aside, aside},
    cells::Cell,
    headings::Table,
    spots::Spots,
};
use crate::finding::Finding;

/// Most rows of one file.
pub const ROWS_MOST: usize = 100_000;
/// Most columns of a sheet.
pub const COLUMNS_MOST: usize = 512;

/// Each row by the sender's number, with its content or its findings.
#[derive(Debug, PartialEq)]
pub struct Reading<R> {
    pub rows: Vec<(usize, R)>,
    pub refused: Vec<(usize, Vec<Finding>)>,
    /// Rows that something is to be said of that is no fault, each with the code of it.
    pub notices: Vec<(usize, &'static str)>,
    /// Rows that say where a value belongs and no value, each with what it belongs to.
    pub blanks: Vec<(usize, String)>,
    pub spots: Spots,
    /// Columns that hold something and are not read, with their headings.
    unread: BTreeMap<usize, String>,
    /// Whether the signatures below the rows have begun.
    signed: bool,
}

impl<R> Default for Reading<R> {
    fn default() -> Self {
        let (rows, refused, notices, blanks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { rows, refused, notices, blanks, spots: Spots::default(), unread: BTreeMap::new(), signed: false }
    }
}

impl<R> Reading<R> {
    pub fn at(spots: Spots) -> Self {
        Self { spots, ..Self::default() }
    }

    pub fn received(&self) -> usize {
        self.rows.len() + self.refused.len()
    }

    /// The headings of columns that hold something and are not read, from the left.
    pub fn unread_columns(&self) -> Vec<String> {
        self.unread.values().cloned().collect()
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
    /// Takes a line below headings: its row, or where values stand side by side one row for each of them, numbered one
    /// after another. Whether it says anything.
    pub fn line(&mut self, layout: &Layout<R>, number: usize, cells: &[Cell]) -> Result<bool, Vec<Finding>> {
        let mut says = false;
        // A short line costs as much as it holds: sides stand in the order of their columns.
        let within = layout.sides.iter().take_while(|side| side.from < cells.len().max(1));
        for (at, side) in within.enumerate() {
            let Some(row) = side.row(number, cells) else {
                self.blanks.extend(side.blank(cells).filter(|_| !layout.across).map(|said| (number, said)));
                continue;
            };
            says = true;
            if layout.across {
                self.spots.values.push((number, at));
                self.take(self.spots.values.len(), row)?;
            } else {
                self.take(number, row)?;
            }
        }
        if says {
            let holds =
                |(place, _): &&(usize, String)| !matches!(cells.get(*place), None | Some(Cell::Blank | Cell::Error));
            self.unread.extend(layout.beside.iter().filter(holds).cloned());
        }
        Ok(says)
    }

    /// Whether a line is no row: a total, a signature, the numbers of the columns, a prepared line that nobody filled in.
    /// What it is is noted, where it says anything.
    pub fn passes_over(&mut self, layout: &Layout<R>, number: usize, cells: &[Cell]) -> bool {
        let found = aside(&layout.sides, cells, self.signed);
        self.signed |= found == Some(Aside::Signature);
        self.notices.extend(found.and_then(Aside::code).map(|code| (number, code)));
        found.is_some()
    }
}
