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
    /// The title of the rows below it: «I – KHỐI CƠ QUAN».
    Section,
    /// `(1) (2) (3)=(1)/(2)` below the headings.
    ColumnNumbers,
    /// Nothing says what the line is about, and it has words but no figures.
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
            Self::Section => Some("row_of_section"),
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
/// What a total may be of, behind its words (folded).
const WHOLES: [&str; 6] = ["", " toan xa", " toan phuong", " ca xa", " ca phuong", " chung"];
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
pub fn aside<R: Table>(sides: &[Headings<R>], cells: &[Cell], signed: bool) -> Option<Aside> {
    let headings = &sides[0];
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
    // No key is a number: the figures of a total may stand below any heading.
    let numbered = |column: &R::Column| decimal(headings.cell(cells, *column)).is_ok();
    let begins = cells.iter().find(|cell| !cell.is_blank()).is_some_and(begins_total);
    if begins && !R::KEYS.is_empty() && R::KEYS.iter().filter(|column| says(column)).all(numbered) {
        return Some(Aside::Total);
    }
    if needed.all(says) {
        let mut said = cells.iter().filter(|cell| !cell.is_blank());
        return said.all(is_column_number).then_some(Aside::ColumnNumbers);
    }
    if begins {
        return Some(Aside::Total);
    }
    if is_closing(headings, cells, signed) {
        return Some(Aside::Signature);
    }
    if is_section(cells) {
        return Some(Aside::Section);
    }
    let keyless = !R::KEYS.is_empty() && !R::KEYS.iter().any(says);
    if !keyless || sides.iter().any(|side| has_figures(side, cells)) {
        return None;
    }
    Some(if says_anything(headings, cells) { Aside::Unplaced } else { Aside::Prepared })
}

/// Whether a line holds a figure; below headings that do not say what they are, words may be a remark.
fn has_figures<R: Table>(side: &Headings<R>, cells: &[Cell]) -> bool {
    let is_figure = |cell: &Cell| match cell {
        Cell::Blank | Cell::Error => false,
        cell => !side.bare || decimal(cell).is_ok(),
    };
    side.at.iter().any(|(column, place)| R::FIGURES.contains(column) && cells.get(*place).is_some_and(is_figure))
}

/// Whether a line has nothing but a title: in capitals, or behind a Roman number or a letter.
fn is_section(cells: &[Cell]) -> bool {
    let said: Vec<&str> = cells.iter().filter(|cell| !cell.is_blank()).map(written).collect();
    let is_ordinal = |word: &str| {
        let word = word.trim_end_matches(['.', ')', ':', '–', '-', '/']);
        let roman = !word.is_empty() && word.len() < 6 && word.chars().all(|c| matches!(c, 'I' | 'V' | 'X'));
        roman || word.len() == 1 && word.chars().all(|c| c.is_ascii_uppercase())
    };
    let in_capitals = |title: &str| title.contains(' ') && title.chars().all(|c| !c.is_lowercase() && !c.is_numeric());
    match said.as_slice() {
        [title] => in_capitals(title) || title.split_once(' ').is_some_and(|(first, _)| is_ordinal(first)),
        [first, title] => is_ordinal(first) && decimal(&Cell::of_text(title)).is_err(),
        _ => false,
    }
}

/// The words of a cell; none, where it holds another thing.
fn written(cell: &Cell) -> &str {
    if let Cell::Text(text) = cell { text.trim() } else { "" }
}

/// Whether the only words of a line are a total's or what is written below a table.
fn is_remark(cells: &[Cell]) -> bool {
    let mut said = cells.iter().filter(|cell| !cell.is_blank());
    let (Some(only), None) = (said.next(), said.next()) else { return false };
    begins_total(only) || plain(only).is_some_and(|words| is_signature(&words))
}

/// Whether anything that is read stands in the line.
fn says_anything<R: Table>(headings: &Headings<R>, cells: &[Cell]) -> bool {
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
    let whole = |said: &str| TOTALS.iter().any(|total| said.strip_prefix(total).is_some_and(|of| WHOLES.contains(&of)));
    plain(cell).is_some_and(|said| whole(&said))
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
    // Hồng Vân, ngày 30 tháng 9 năm 2025; the figures may be left open. Or ngày 30/9/2025.
    let day = |at: usize| parts[at] == "ngay" && parts[at + 1..].iter().take_while(|part| is_digits(part)).count() == 3;
    let dated = ["ngay", "thang", "nam"].map(|word| parts.iter().position(|part| *part == word));
    let dated =
        matches!(dated, [Some(day), Some(month), Some(year)] if day < month && month < year && parts.len() < 16);
    dated || parts.len() < 16 && (0..parts.len()).any(day) || SIGNATURES.iter().any(begins)
}

/// `1`, `(1)`, `A`, `(3)=(1)/(2)`.
fn is_column_number(cell: &Cell) -> bool {
    let Ok(Some(word)) = text(cell) else { return false };
    let word = word.split('=').next().unwrap_or_default().trim();
    let inside = word.strip_prefix('(').and_then(|word| word.strip_suffix(')')).unwrap_or(word);
    let letter = inside.len() == 1 && inside.bytes().all(|b| b.is_ascii_alphabetic());
    letter || inside.len() < 3 && is_digits(inside)
}
