//! The rows read from a file. PURE.

use crate::finding::Finding;

/// Most rows of one file.
pub const ROWS_MOST: usize = 100_000;

/// Each row by the sender's number, with its content or its findings.
#[derive(Debug, PartialEq)]
pub struct Reading<R> {
    pub rows: Vec<(usize, R)>,
    pub refused: Vec<(usize, Vec<Finding>)>,
}

impl<R> Default for Reading<R> {
    fn default() -> Self {
        Self { rows: Vec::new(), refused: Vec::new() }
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
