//! The columns of a sheet, and the rows read from its lines. PURE.

use serde::de::DeserializeOwned;

use super::cells::{self, Cell, Read};
use crate::{finding::Finding, text::folded};

/// A column with its name in the API, its heading, and its other spellings (folded).
pub type Named<C> = (C, &'static str, &'static str, &'static [&'static str]);

/// Definition of a table's rows.
pub trait Table: DeserializeOwned {
    type Column: Copy + PartialEq + 'static;

    /// In the order of forms and exports.
    const COLUMNS: &'static [Named<Self::Column>];
    /// Without these no row means anything.
    const NEEDED: &'static [Self::Column];
    /// Headings of columns to ignore (folded).
    const BESIDE: &'static [&'static str];

    /// The row of a line; none for a blank one.
    fn of_line(line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>>;
}

fn known<R: Table>(heading: &str) -> Option<R::Column> {
    let heading = folded(heading);
    let found = R::COLUMNS
        .iter()
        .find(|(_, name, title, others)| heading == *name || heading == folded(title) || others.contains(&&*heading));
    found.map(|(column, ..)| *column)
}

/// The position of each column.
pub struct Headings<R: Table> {
    at: Vec<(R::Column, usize)>,
}

impl<R: Table> Headings<R> {
    /// Whether a row of cells is one of headings: those that are needed are among them.
    pub fn stand_in(cells: &[Cell]) -> bool {
        let found: Vec<R::Column> = cells.iter().filter_map(title).filter_map(|title| known::<R>(&title)).collect();
        R::NEEDED.iter().all(|column| found.contains(column))
    }

    /// Reads a row of headings; an unknown heading is a finding.
    pub fn of(cells: &[Cell]) -> Result<Self, Vec<Finding>> {
        let (mut at, mut findings): (Vec<(R::Column, usize)>, _) = (Vec::new(), Vec::new());
        for (place, title) in cells.iter().enumerate().filter_map(|(place, cell)| Some((place, title(cell)?))) {
            match known::<R>(&title) {
                Some(column) if at.iter().any(|(other, _)| *other == column) => {
                    findings.push(Finding::new("", "column_twice").with("column", title));
                }
                Some(column) => at.push((column, place)),
                None if R::BESIDE.contains(&&*folded(&title)) => {}
                None => findings.push(Finding::new("", "column_unknown").with("column", title)),
            }
        }
        if !Self::stand_in(cells) {
            findings.push(Finding::new("", "columns_missing").with("columns", needed::<R>()));
        }
        if findings.is_empty() { Ok(Self { at }) } else { Err(findings) }
    }

    /// The row of a line of cells; none for a blank one.
    pub fn row(&self, cells: &[Cell]) -> Option<Result<R, Vec<Finding>>> {
        R::of_line(Line { headings: self, cells, findings: Vec::new() })
    }
}

/// The headings that are needed, as people write them.
pub fn needed<R: Table>() -> String {
    let needed = R::COLUMNS.iter().filter(|(column, ..)| R::NEEDED.contains(column));
    needed.map(|(.., title, _)| *title).collect::<Vec<_>>().join(", ")
}

fn title(cell: &Cell) -> Option<String> {
    cells::text(cell).ok().flatten()
}

/// Whether a line of text looks like a line of headings, with any separator.
pub fn names_columns<R: Table>(line: &str) -> bool {
    let cells: Vec<Cell> =
        line.split(['\t', ';', ',']).map(|heading| Cell::of_text(heading.trim().trim_matches('"'))).collect();
    Headings::<R>::stand_in(&cells)
}

/// A line of cells under its headings, being read.
pub struct Line<'a, R: Table> {
    headings: &'a Headings<R>,
    cells: &'a [Cell],
    findings: Vec<Finding>,
}

impl<R: Table> Line<'_, R> {
    fn cell(&self, column: R::Column) -> &Cell {
        let place = self.headings.at.iter().find(|(known, _)| *known == column).map(|(_, place)| *place);
        place.and_then(|place| self.cells.get(place)).unwrap_or(&Cell::Blank)
    }

    pub fn says(&self, column: R::Column) -> bool {
        !self.cell(column).is_blank()
    }

    /// The cell of a column, where it holds anything and can be read.
    pub fn read<T>(&mut self, column: R::Column, read: impl Fn(&Cell) -> Read<T>) -> Option<T> {
        match read(self.cell(column)) {
            Ok(value) => value,
            Err(code) => {
                self.refuse(column, code);
                None
            }
        }
    }

    pub fn refuse(&mut self, column: R::Column, code: &'static str) {
        let name = R::COLUMNS.iter().find(|(known, ..)| *known == column).map_or("", |(_, name, ..)| name);
        self.findings.push(Finding::new(format!("/{name}"), code));
    }

    /// The same for a required cell.
    pub fn needed<T: Default>(&mut self, column: R::Column, read: impl Fn(&Cell) -> Read<T>) -> T {
        if !self.says(column) {
            self.refuse(column, "cell_missing");
            return T::default();
        }
        self.read(column, read).unwrap_or_default()
    }

    /// The row, or all findings of its cells.
    pub fn done(self, row: R) -> Result<R, Vec<Finding>> {
        if self.findings.is_empty() { Ok(row) } else { Err(self.findings) }
    }
}
