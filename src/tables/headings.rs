//! The columns of a sheet, and the rows read from its lines. PURE.

use std::collections::{BTreeMap, HashMap};

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::cells::{self, Cell, Read};
use crate::{
    finding::Finding,
    text::{folded, without_brackets},
};

/// A column with its name in the API, its heading, and its other spellings (folded).
pub type Named<C> = (C, &'static str, &'static str, &'static [&'static str]);

/// A table in which values stand side by side.
pub struct Across<C: 'static> {
    /// What a line is about.
    pub line: C,
    /// What the headings above a column are about, from the top.
    pub above: &'static [C],
    /// What a line may say more of what it is about, in columns of its own.
    pub beside: &'static [C],
    /// What a column may hold whose headings do not say it.
    pub bare: &'static [C],
}

/// Definition of a table's rows.
pub trait Table: DeserializeOwned {
    type Column: Copy + PartialEq + 'static;

    /// In the order of forms and exports.
    const COLUMNS: &'static [Named<Self::Column>];
    /// Without these no row means anything.
    const NEEDED: &'static [Self::Column];
    /// Headings of columns to ignore (folded). Those that hold something are told.
    const BESIDE: &'static [&'static str];
    /// Headings of columns that only repeat what is known, and are ignored without a word (folded).
    const REPEATED: &'static [&'static str] = &[];
    /// Columns that say what a row is about: one that has none of them is no row, and a cell of them that is merged down
    /// counts for each of its rows.
    const KEYS: &'static [Self::Column] = &[];
    /// Columns of what a row says: a line that has any of them is refused where it lacks its keys, never passed over.
    const FIGURES: &'static [Self::Column] = &[];
    /// Headings that stand for a column where it has no heading of its own (folded): names in place of codes.
    const INSTEAD: &'static [(Self::Column, &'static str)] = &[];
    /// Tables of these rows in which values stand side by side.
    const ACROSS: &'static [Across<Self::Column>] = &[];
    /// A column that may be left out, where a title above the headings says it for all rows.
    const TITLED: Option<Self::Column> = None;

    /// What a title says for [`Self::TITLED`]; several, where it may mean several.
    fn titled(_title: &str) -> Vec<String> {
        Vec::new()
    }

    /// The row of a line; none for a blank one.
    fn of_line(line: Line<'_, Self>) -> Option<Result<Self, Vec<Finding>>>;

    /// What a line is about that says where a value belongs and no value.
    fn of_blank(_line: &Line<'_, Self>) -> Option<String> {
        None
    }

    /// What is known of a row of JSON of which some members cannot be read; none, where it is only refused.
    fn unread(_item: &Value, _findings: &[Finding]) -> Option<Self> {
        None
    }
}

/// A heading without case, diacritics and the signs between its words.
fn plain(heading: &str) -> String {
    folded(heading).replace(' ', "")
}

/// What a heading says.
#[derive(Debug, Clone, Copy)]
pub enum Said<C> {
    Column(C),
    /// A column that says nothing to us, or a name where the column has a heading of its own.
    Beside(Option<C>),
    /// A column that only repeats what is known.
    Repeated,
}

/// Headings of the numbers of rows (folded).
const ORDINALS: [&str; 4] = ["stt", "so thu tu", "tt", "no"];

/// Most bytes of a heading.
const HEADING_MOST: usize = 400;

/// All headings that are known, without case, diacritics and the signs between their words.
pub struct Titles<R: Table>(HashMap<String, Said<R::Column>>);

impl<R: Table> Titles<R> {
    pub fn known() -> Self {
        let beside = R::BESIDE.iter().map(|name| (*name, Said::Beside(None)));
        let repeated = R::REPEATED.iter().chain(&ORDINALS).map(|name| (*name, Said::Repeated));
        let instead = R::INSTEAD.iter().map(|(column, name)| (*name, Said::Beside(Some(*column))));
        let columns = R::COLUMNS.iter().flat_map(|(column, name, title, others)| {
            [name, title].into_iter().chain(*others).map(|name| (*name, Said::Column(*column)))
        });
        Self(beside.chain(repeated).chain(instead).chain(columns).map(|(name, said)| (plain(name), said)).collect())
    }

    pub fn find(&self, heading: &str) -> Option<Said<R::Column>> {
        let whole = self.0.get(&plain(heading));
        whole.or_else(|| self.0.get(&plain(&without_brackets(heading)))).copied()
    }

    /// Whether a row of cells is one of headings: those that are needed are among them.
    pub fn stand_in(&self, cells: &[Cell]) -> bool {
        let found = self.columns(cells);
        R::NEEDED.iter().all(|column| found.contains(column))
    }

    /// The same, where a title says the one that is missing.
    pub fn stand_below_title(&self, cells: &[Cell]) -> bool {
        let found = self.columns(cells);
        R::TITLED.is_some() && R::NEEDED.iter().all(|column| Some(*column) == R::TITLED || found.contains(column))
    }

    /// The columns that a row of cells names.
    pub fn columns(&self, cells: &[Cell]) -> Vec<R::Column> {
        let column = |title: String| match self.find(&title)? {
            Said::Column(column) | Said::Beside(Some(column)) => Some(column),
            Said::Beside(None) | Said::Repeated => None,
        };
        cells.iter().filter_map(title).filter_map(column).collect()
    }

    /// What is said where no line has all headings that are needed: with what the line lacks that has most of them.
    pub fn missing(&self, lines: &[(usize, Vec<Cell>)]) -> Finding {
        let finding = Finding::new("", "columns_missing").with("columns", headings_of::<R>(R::NEEDED));
        let lacks = |cells: &[Cell]| -> Vec<R::Column> {
            let found = self.columns(cells);
            let is_lacking = |column: &&R::Column| !found.contains(column) && R::TITLED != Some(**column);
            R::NEEDED.iter().filter(is_lacking).copied().collect()
        };
        // A heading alone is a word like any other.
        let like = lines.iter().filter(|(_, cells)| self.columns(cells).len() > 1);
        let Some((line, cells)) = like.min_by_key(|(_, cells)| lacks(cells).len()) else { return finding };
        let missing = headings_of::<R>(&lacks(cells));
        finding
            .with("line", line)
            .with("missing", &missing)
            .with("advice_vi", format!("Dòng {line} giống dòng tiêu đề nhưng thiếu: {missing}. "))
            .with("advice_en", format!("Row {line} looks like headings and lacks: {missing}. "))
    }

    /// The columns that are not read, with their headings, of the lowest headings from the left.
    pub fn beside(&self, headings: impl IntoIterator<Item = (usize, String)>) -> Vec<(usize, String)> {
        let unread = |(_, title): &(usize, String)| matches!(self.find(title), Some(Said::Beside(None)));
        headings.into_iter().filter(unread).collect()
    }

    /// Reads a row of headings; an unknown heading is a finding.
    pub fn read(&self, cells: &[Cell]) -> Result<Headings<R>, Vec<Finding>> {
        let (mut at, mut findings): (Vec<(R::Column, usize)>, _) = (Vec::new(), Vec::new());
        let mut instead = Vec::new();
        for (place, title) in cells.iter().enumerate().filter_map(|(place, cell)| Some((place, title(cell)?))) {
            match self.find(&title) {
                Some(Said::Column(column)) if at.iter().any(|(other, _)| *other == column) => {
                    findings.push(Finding::new("", "column_twice").with("column", title));
                }
                Some(Said::Column(column)) => at.push((column, place)),
                Some(Said::Repeated) => {}
                Some(Said::Beside(column)) => instead.extend(column.map(|column| (column, place))),
                None => findings.push(unknown::<R>(title)),
            }
        }
        for (column, place) in instead {
            if !at.iter().any(|(other, _)| *other == column) {
                at.push((column, place));
            }
        }
        if !self.stand_in(cells) && !self.stand_below_title(cells) {
            findings.push(self.missing(&[]));
        }
        if findings.is_empty() { Ok(Headings { at, given: Vec::new(), bare: false, from: 0 }) } else { Err(findings) }
    }
}

/// The address of a cell as spreadsheets write it, `C7`: its column is counted from 0, its row from 1.
pub fn address(column: usize, row: usize) -> String {
    let (mut letters, mut rest) = (String::new(), column + 1);
    while rest > 0 {
        letters.insert(0, char::from(b'A' + ((rest - 1) % 26) as u8));
        rest = (rest - 1) / 26;
    }
    format!("{letters}{row}")
}

/// The position of each column.
pub struct Headings<R: Table> {
    pub at: Vec<(R::Column, usize)>,
    /// What cells above say for every line, with their addresses.
    pub given: Vec<(R::Column, Cell, String)>,
    /// A value whose headings do not say what it is: its indicator does.
    pub bare: bool,
    /// The first column of the value, counted from 0.
    pub from: usize,
}

impl<R: Table> Headings<R> {
    /// The row of a line of cells; none for a blank one.
    pub fn row(&self, number: usize, cells: &[Cell]) -> Option<Result<R, Vec<Finding>>> {
        R::of_line(Line { headings: self, number, cells, findings: Vec::new() })
    }

    /// What a line is about that says where a value belongs and no value.
    pub fn blank(&self, cells: &[Cell]) -> Option<String> {
        R::of_blank(&Line { headings: self, number: 0, cells, findings: Vec::new() })
    }

    /// The place of a column.
    pub fn place(&self, column: R::Column) -> Option<usize> {
        self.at.iter().find(|(known, _)| *known == column).map(|(_, place)| *place)
    }

    /// What a line says itself.
    pub fn cell<'a>(&self, cells: &'a [Cell], column: R::Column) -> &'a Cell {
        self.place(column).and_then(|place| cells.get(place)).unwrap_or(&Cell::Blank)
    }

    /// What the cells above say for every line.
    pub fn given(&self, column: R::Column) -> Option<&(R::Column, Cell, String)> {
        self.given.iter().find(|(known, ..)| *known == column)
    }

    /// Whether a column is needed here and nothing above gives it.
    pub fn needs(&self, column: R::Column) -> bool {
        let titled = R::TITLED == Some(column) && self.place(column).is_none();
        R::NEEDED.contains(&column) && !titled && self.given(column).is_none()
    }

    /// The members with the places of their columns.
    pub fn columns(&self) -> BTreeMap<&'static str, usize> {
        self.at.iter().map(|(column, place)| (name::<R>(*column), *place)).collect()
    }
}

pub fn name<R: Table>(column: R::Column) -> &'static str {
    R::COLUMNS.iter().find(|(known, ..)| *known == column).map_or("", |(_, name, ..)| name)
}

/// What is said of a heading that is none, with those that are.
pub fn unknown<R: Table>(heading: String) -> Finding {
    let known: Vec<&str> = R::COLUMNS.iter().map(|(.., title, _)| *title).collect();
    Finding::new("", "column_unknown").with("column", heading).with("known", known.join(", "))
}

/// What is said of a known heading that stands below none which it could belong to.
pub fn unplaced<R: Table>(heading: String, above: R::Column) -> Finding {
    let (vi, en) = (heading_of::<R>(above).trim_start_matches("Mã "), name::<R>(above));
    Finding::new("", "column_unplaced").with("column", heading).with("above_vi", vi).with("above_en", en)
}

/// The heading of a column, as people write it.
fn heading_of<R: Table>(column: R::Column) -> &'static str {
    R::COLUMNS.iter().find(|(known, ..)| *known == column).map_or("", |(.., title, _)| title)
}

/// The headings of columns, as people write them.
fn headings_of<R: Table>(columns: &[R::Column]) -> String {
    columns.iter().map(|column| heading_of::<R>(*column)).collect::<Vec<_>>().join(", ")
}

pub fn title(cell: &Cell) -> Option<String> {
    cells::text(cell).ok().flatten().filter(|title| title.len() <= HEADING_MOST)
}

/// A line of cells under its headings, being read.
pub struct Line<'a, R: Table> {
    headings: &'a Headings<R>,
    /// As people count them.
    number: usize,
    cells: &'a [Cell],
    findings: Vec<Finding>,
}

impl<R: Table> Line<'_, R> {
    pub fn cell(&self, column: R::Column) -> &Cell {
        match self.headings.given(column) {
            Some((_, cell, _)) => cell,
            None => self.headings.cell(self.cells, column),
        }
    }

    /// Whether something else than the line has to say this.
    pub fn needs(&self, column: R::Column) -> bool {
        self.headings.needs(column)
    }

    /// Whether the line is one of a table whose values stand side by side.
    pub fn is_across(&self) -> bool {
        R::ACROSS.iter().any(|across| self.headings.given(across.above[0]).is_some())
    }

    pub fn is_bare(&self) -> bool {
        self.headings.bare
    }

    /// Whether the line has a cell for this.
    pub fn has(&self, column: R::Column) -> bool {
        self.headings.place(column).is_some()
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

    /// Refuses a cell, and says which one it is and what it holds.
    pub fn refuse(&mut self, column: R::Column, code: &'static str) {
        let (mut found, content) = (Finding::new(format!("/{}", name::<R>(column)), code), self.cell(column).quoted());
        if code == "cell_missing" && R::KEYS.contains(&column) {
            found = found.with("advice_vi", ", hoặc trộn ô này với ô phía trên nếu cùng nội dung");
            found = found.with("advice_en", ", or merge it with the cell above where it says the same");
        }
        let above = self.headings.given(column).map(|(.., address)| address.clone());
        let place = above.or_else(|| self.headings.place(column).map(|place| address(place, self.number)));
        self.findings.push(found.with("cell", place.unwrap_or_default()).with("content", content));
    }

    /// The same for a required cell.
    pub fn needed<T: Default>(&mut self, column: R::Column, read: impl Fn(&Cell) -> Read<T>) -> T {
        let found = self.findings.len();
        let value = self.read(column, read);
        if value.is_none() && self.findings.len() == found {
            self.refuse(column, "cell_missing");
        }
        value.unwrap_or_default()
    }

    /// What was found wrong with the cells read.
    pub fn take_findings(&mut self) -> Vec<Finding> {
        std::mem::take(&mut self.findings)
    }

    /// The row, or all findings of its cells.
    pub fn done(self, row: R) -> Result<R, Vec<Finding>> {
        if self.findings.is_empty() { Ok(row) } else { Err(self.findings) }
    }
}
