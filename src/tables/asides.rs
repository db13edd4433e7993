//! Lines of a table that are no rows: totals, signatures, the numbers of the columns, lines prepared by formulas that
//! nobody filled in. PURE.

use super::{
    cells::{Cell, decimal, is_digits, text},
    headings::{Headings, Named, Table},
};
use crate::text::folded;

/// What a line is that is no row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aside {
    Total,
    Signature,
    /// `(1) (2) (3)=(1)/(2)` below the headings.
    ColumnNumbers,
    /// Nothing says what the line is about, but it has figures.
    Unplaced,
    /// All its cells are blank or failed formulas.
    Prepared,
}

impl Aside {
    /// The code of what is said of it.
    pub fn code(self) -> Option<&'static str> {
        match self {
            Self::Total => Some("row_of_total"),
            Self::Signature => Some("row_of_signature"),
            Self::ColumnNumbers => Some("row_of_column_numbers"),
            Self::Unplaced => Some("row_without_place"),
            Self::Prepared => None,
        }
    }
}

/// Most bytes of words that are looked at.
const WORDS_MOST: usize = 200;

/// Words that a line of totals begins with (folded).
const TOTALS: [&str; 6] = ["tong", "cong", "tong cong", "cong tong", "tong so", "total"];
/// Words that begin what stands below a table (folded).
const SIGNATURES: [&str; 18] = [
    "ghi chu",
    "nguoi lap",
    "nguoi tong hop",
    "nguoi bao cao",
    "nguoi ky",
    "lap bieu",
    "thu truong",
    "truong phong",
    "pho truong phong",
    "truong thon",
    "chu tich",
    "pho chu tich",
    "tm uy ban nhan dan",
    "tm ubnd",
    "kt chu tich",
    "noi nhan",
    "ky ten",
    "ky ghi ro ho ten",
];

/// What a line is, where it is no row; `signed` tells that the signatures have begun.
pub fn aside<R: Table>(headings: &Headings<R>, cells: &[Cell], signed: bool) -> Option<Aside> {
    let says = |column: &R::Column| !matches!(headings.cell(cells, *column), Cell::Blank | Cell::Error);
    let mut needed = R::NEEDED.iter().filter(|column| headings.needs(**column));
    if cells.iter().all(Cell::is_blank) {
        return None;
    }
    if cells.iter().all(|cell| matches!(cell, Cell::Blank | Cell::Error)) {
        return Some(Aside::Prepared);
    }
    if R::KEYS.iter().any(|column| is_total(headings.cell(cells, *column))) {
        return Some(Aside::Total);
    }
    if is_remark(cells) {
        return Some(if cells.iter().any(begins_total) { Aside::Total } else { Aside::Signature });
    }
    if needed.all(says) {
        let mut said = cells.iter().filter(|cell| !cell.is_blank());
        return said.all(is_column_number).then_some(Aside::ColumnNumbers);
    }
    if cells.iter().find(|cell| !cell.is_blank()).is_some_and(begins_total) {
        return Some(Aside::Total);
    }
    if is_closing(headings, cells, signed) {
        return Some(Aside::Signature);
    }
    let keyless = !R::KEYS.is_empty() && !R::KEYS.iter().any(says);
    keyless.then(|| if figures(headings, cells) { Aside::Unplaced } else { Aside::Prepared })
}

/// Whether the only words of a line are a total's or what is written below a table.
fn is_remark(cells: &[Cell]) -> bool {
    let mut said = cells.iter().filter(|cell| !cell.is_blank());
    let (Some(only), None) = (said.next(), said.next()) else { return false };
    begins_total(only) || plain(only).is_some_and(|words| is_signature(&words))
}

/// Whether anything that is read stands in the line.
fn figures<R: Table>(headings: &Headings<R>, cells: &[Cell]) -> bool {
    let says = |(column, ..): &Named<R::Column>| !matches!(headings.cell(cells, *column), Cell::Blank | Cell::Error);
    R::COLUMNS.iter().any(says)
        || !headings.given.is_empty() && cells.iter().any(|cell| matches!(cell, Cell::Number(_)))
}

/// The words of a cell, folded, where they are no more than a line has.
fn plain(cell: &Cell) -> Option<String> {
    let text = text(cell).ok().flatten().filter(|text| text.len() <= WORDS_MOST)?;
    Some(folded(&text))
}

/// A total names itself where a code stands.
fn is_total(cell: &Cell) -> bool {
    plain(cell).is_some_and(|said| TOTALS.contains(&&*said))
}

/// Or before everything else, and may go on: «Tổng cộng: 12 hồ sơ».
fn begins_total(cell: &Cell) -> bool {
    let goes_on = |said: String| ["tong cong ", "tong so "].iter().any(|words| said.starts_with(words));
    is_total(cell) || plain(cell).is_some_and(goes_on)
}

/// A line of signatures has no figures, and where codes stand it has nothing else; what follows it is names.
fn is_closing<R: Table>(headings: &Headings<R>, cells: &[Cell], signed: bool) -> bool {
    let is_figure = |cell: &Cell| match cell {
        Cell::Blank => false,
        Cell::Text(_) => decimal(cell).is_ok(),
        _ => true,
    };
    let signs = |cell: &Cell| plain(cell).is_some_and(|words| is_signature(&words));
    let mut codes = R::NEEDED.iter().map(|column| headings.cell(cells, *column)).filter(|cell| !cell.is_blank());
    !cells.iter().any(is_figure) && (signed || cells.iter().any(signs) && codes.all(signs))
}

fn is_signature(words: &str) -> bool {
    let begins = |start: &&str| words.strip_prefix(*start).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let parts: Vec<&str> = words.split(' ').collect();
    // Hồng Vân, ngày 30 tháng 9 năm 2025; the figures may be left open.
    let dated = ["ngay", "thang", "nam"].map(|word| parts.iter().position(|part| *part == word));
    let dated =
        matches!(dated, [Some(day), Some(month), Some(year)] if day < month && month < year && parts.len() < 16);
    dated || SIGNATURES.iter().any(begins)
}

/// `1`, `(1)`, `A`, `(3)=(1)/(2)`.
fn is_column_number(cell: &Cell) -> bool {
    let Ok(Some(word)) = text(cell) else { return false };
    let word = word.split('=').next().unwrap_or_default().trim();
    let inside = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).unwrap_or(word);
    let letter = inside.len() == 1 && inside.bytes().all(|b| b.is_ascii_alphabetic());
    letter || inside.len() < 3 && is_digits(inside)
}
