//! One cell of a sheet as the file holds it, and the words in it. PURE.

use chrono::NaiveDate;

use crate::exact::WHOLE_MOST;
use crate::text::{composed, folded, is_forbidden};

/// Most characters that a cell may hold; more than any text of a report may have.
pub const TEXT_MOST: usize = 8_000;
/// Characters of a cell that a finding quotes.
const QUOTED_MOST: usize = 40;

/// A cell as the file holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Blank,
    Text(String),
    Number(f64),
    /// A number whose format keeps its zeros: the number, and the code that is shown.
    Code(f64, String),
    /// Shown in percent: 0.9125 is `91.25%`.
    Percent(f64),
    Date(NaiveDate),
    /// A date of which only month and year are shown.
    Month(NaiveDate),
    /// A time of day or a duration.
    Time,
    Bool(bool),
    /// `#DIV/0!` and its like.
    Error,
    /// A formula whose result the file does not hold.
    Uncalculated,
    /// More than [`TEXT_MOST`] characters.
    TooLong,
}

/// The finding code of a refused cell.
pub type Refusal = &'static str;

/// What a cell of this meaning may hold, once read.
pub type Read<T> = Result<Option<T>, Refusal>;

/// What a spreadsheet takes for a formula when a cell begins with it.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Whether a text needs an apostrophe before it: a formula's sign or nothing that shows, behind any apostrophes.
fn is_guardable(text: &str) -> bool {
    let rest = text.trim_start_matches('\'');
    rest.starts_with(FORMULA) || rest.chars().all(is_space)
}

/// A text that no spreadsheet takes for a formula, and that reads back as it is.
pub fn guarded(text: &str) -> String {
    if is_guardable(text) { format!("'{text}") } else { text.to_owned() }
}

/// The same without its guard.
fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| is_guardable(rest)).unwrap_or(text)
}

impl Cell {
    pub fn of_text(text: &str) -> Self {
        match text {
            _ if text.chars().all(is_space) => Self::Blank,
            _ if text.chars().count() > TEXT_MOST => Self::TooLong,
            text => Self::Text(unguarded(text).to_owned()),
        }
    }

    /// Whether the cell holds nothing. Spaces behind an apostrophe are something.
    pub fn is_blank(&self) -> bool {
        *self == Self::Blank
    }

    /// What a finding quotes of the cell.
    pub fn quoted(&self) -> String {
        match self {
            Self::Text(text) => quoted(text),
            Self::Number(number) => number.to_string(),
            Self::Code(_, shown) => shown.clone(),
            Self::Percent(part) => format!("{}%", part * 100.0),
            Self::Date(day) => day.format("%d/%m/%Y").to_string(),
            Self::Month(day) => day.format("%m/%Y").to_string(),
            Self::Bool(flag) => if *flag { "TRUE" } else { "FALSE" }.to_owned(),
            Self::Error => "#…".to_owned(),
            Self::Blank | Self::Time | Self::Uncalculated | Self::TooLong => String::new(),
        }
    }
}

/// What a finding quotes of a text.
pub fn quoted(text: &str) -> String {
    let plain = |c: char| if c.is_control() || is_forbidden(c) { ' ' } else { c };
    let mut short: String = text.chars().take(QUOTED_MOST).map(plain).collect();
    short.extend(text.chars().nth(QUOTED_MOST).map(|_| '…'));
    short
}

/// Spaces of any width, such as spreadsheets put around and within numbers.
pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{00A0}' | '\u{2007}' | '\u{202F}' | '\u{200B}')
}

/// The cell's text, composed and trimmed.
pub fn words(text: &str) -> Result<String, Refusal> {
    let text = composed(text);
    let text = text.trim_matches(is_space);
    if text.chars().any(is_forbidden) { Err("forbidden_character") } else { Ok(text.to_owned()) }
}

/// A number as a spreadsheet shows it: its first 15 digits. Whole numbers are exact up to 2^53.
pub fn shown(number: f64) -> f64 {
    if number.fract() == 0.0 { number } else { format!("{number:.14e}").parse().unwrap_or(number) }
}

/// Whether a spreadsheet holds a number of this size to its last whole digit.
pub fn is_exact(number: f64) -> bool {
    number.abs() <= WHOLE_MOST as f64
}

/// Words: codes and names. A number is the digits that the cell shows, a date is written 15/09/2025.
pub fn text(cell: &Cell) -> Read<String> {
    match cell {
        Cell::Text(text) => words(text).map(|text| Some(text).filter(|text| !text.is_empty())),
        cell => prose(cell),
    }
}

/// Words that are kept as they are, with the spaces around them.
pub fn prose(cell: &Cell) -> Read<String> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(text) if text.chars().any(is_forbidden) => Err("forbidden_character"),
        Cell::Text(text) => Ok(Some(composed(text))),
        // A spreadsheet's own numbers are no longer exact: these digits stand nowhere.
        Cell::Number(number) | Cell::Code(number, _) if !is_exact(*number) => Err("cell_too_large"),
        Cell::Number(number) => Ok(Some(shown(*number).to_string())),
        Cell::Code(_, shown) => Ok(Some(shown.clone())),
        Cell::Date(_) | Cell::Month(_) => Ok(Some(cell.quoted())),
        Cell::Bool(_) | Cell::Percent(_) | Cell::Time => Err("cell_not_text"),
        other => Err(unreadable(other)),
    }
}

pub fn unreadable(cell: &Cell) -> Refusal {
    match cell {
        Cell::Error => "cell_error",
        Cell::Uncalculated => "cell_uncalculated",
        Cell::TooLong => "cell_too_long",
        Cell::Date(_) | Cell::Month(_) | Cell::Time => "cell_date",
        Cell::Percent(_) => "cell_percent",
        _ => "cell_not_number",
    }
}

/// Whether a cell says that its member is to be emptied; a blank one leaves it as it is.
pub fn says_empty(cell: &Cell) -> bool {
    matches!(cell, Cell::Text(text) if words(text).is_ok_and(|text| {
        text.starts_with('(') && text.ends_with(')') && matches!(folded(&text).as_str(), "trong" | "empty")
    }))
}

/// Whether a number is said in percent, by the cell's format or by a sign behind it.
pub fn says_percent(cell: &Cell) -> bool {
    match cell {
        Cell::Text(text) => text.trim_end_matches(is_space).ends_with('%'),
        cell => matches!(cell, Cell::Percent(_)),
    }
}

/// Whether somebody wrote that there is nothing (`-`, «Không có»): is that zero, or did nothing arise?
pub fn says_nothing(text: &str) -> bool {
    let dashes = text.chars().all(|c| matches!(c, '-' | '–' | '—' | '−' | '_' | '.' | '/') || is_space(c));
    dashes || matches!(folded(text).as_str(), "khong" | "khong co" | "none" | "nil" | "n a" | "k co" | "ko")
}
