//! The meaning of one cell of a sheet. An ambiguous cell is refused with the reason, never guessed. PURE.

use chrono::{Datelike, Days, NaiveDate};

use crate::{
    days::is_near,
    exact::{Decimal, WHOLE_MOST},
    text::{composed, folded, is_forbidden},
};

/// Most characters that a cell may hold; more than any text of a report may have.
pub const TEXT_MOST: usize = 8_000;

/// A cell as the file holds it.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Cell {
    #[default]
    Blank,
    Text(String),
    Number(f64),
    /// Shown in percent: 0.9125 is `91.25%`.
    Percent(f64),
    Date(NaiveDate),
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

/// A text that no spreadsheet takes for a formula.
pub fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA) { format!("'{text}") } else { text.to_owned() }
}

/// The same without its guard.
fn unguarded(text: &str) -> &str {
    text.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA)).unwrap_or(text)
}

impl Cell {
    pub fn of_text(text: &str) -> Self {
        match text {
            _ if text.chars().all(is_space) => Self::Blank,
            _ if text.chars().count() > TEXT_MOST => Self::TooLong,
            text => Self::Text(unguarded(text).to_owned()),
        }
    }

    pub fn is_blank(&self) -> bool {
        match self {
            Self::Blank => true,
            Self::Text(text) => text.chars().all(is_space),
            _ => false,
        }
    }
}

/// Spaces of any width, such as spreadsheets put around and within numbers.
fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{00A0}' | '\u{2007}' | '\u{202F}' | '\u{200B}')
}

/// The cell's text, composed and trimmed.
fn words(text: &str) -> Result<String, Refusal> {
    let text = composed(text);
    let text = text.trim_matches(is_space);
    if text.chars().any(is_forbidden) { Err("forbidden_character") } else { Ok(text.to_owned()) }
}

/// Words: codes and explanations. A number is the digits that the cell shows, a date is written 15/09/2025.
pub fn text(cell: &Cell) -> Read<String> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Text(text) => words(text).map(|text| Some(text).filter(|text| !text.is_empty())),
        Cell::Number(number) => Ok(Some(number.to_string())),
        Cell::Date(day) => Ok(Some(day.format("%d/%m/%Y").to_string())),
        Cell::Bool(_) | Cell::Percent(_) => Err("cell_not_text"),
        other => Err(unreadable(other)),
    }
}

fn unreadable(cell: &Cell) -> Refusal {
    match cell {
        Cell::Error => "cell_error",
        Cell::Uncalculated => "cell_uncalculated",
        Cell::TooLong => "cell_too_long",
        Cell::Date(_) => "cell_date",
        Cell::Percent(_) => "cell_percent",
        _ => "cell_not_number",
    }
}

/// A whole number. `1.234` and `1 234` are thousands where every group has three digits; `1,234` may be either.
pub fn count(cell: &Cell) -> Read<i64> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Number(number) if number.fract() != 0.0 => Err("cell_not_whole"),
        // Beyond this a spreadsheet's own numbers are no longer exact.
        Cell::Number(number) if number.abs() > WHOLE_MOST as f64 => Err("cell_too_large"),
        Cell::Number(number) => Ok(Some(*number as i64)),
        Cell::Text(text) => match words(text)?.as_str() {
            "" => Ok(None),
            text => whole(text).map(Some),
        },
        other => Err(unreadable(other)),
    }
}

fn whole(text: &str) -> Result<i64, Refusal> {
    let (sign, digits) = signed(text);
    let parse = |digits: &str| format!("{sign}{digits}").parse::<i64>().map_err(|_| "cell_too_large");
    match () {
        () if is_digits(digits) => parse(digits),
        () if is_grouped(digits, |c| c == '.') || is_grouped(digits, is_space) => {
            parse(&digits.chars().filter(char::is_ascii_digit).collect::<String>())
        }
        () if is_grouped(digits, |c| c == ',') => Err("cell_ambiguous"),
        () if decimal_text(digits).is_ok() => Err("cell_not_whole"),
        () => Err("cell_not_number"),
    }
}

fn signed(text: &str) -> (&str, &str) {
    text.strip_prefix(['-', '−']).map_or(("", text), |digits| ("-", digits))
}

pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether digits are in groups of three, except the first, with one kind of separator.
fn is_grouped(text: &str, between: impl Fn(char) -> bool) -> bool {
    let groups: Vec<&str> = text.split(between).collect();
    groups.len() > 1
        && groups.iter().all(|group| is_digits(group))
        && (1..=3).contains(&groups[0].len())
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|group| group.len() == 3)
}

/// A decimal, with a point or a comma. `1.234` and `1,234` may be thousands: refused. A percent cell is what it shows.
pub fn decimal(cell: &Cell) -> Read<Decimal> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Number(number) => exact(&number.to_string()).map(Some),
        Cell::Percent(part) => exact(&hundredfold(&part.to_string())).map(Some),
        Cell::Text(text) => match words(text)?.trim_end_matches('%').trim_end_matches(is_space) {
            "" => Ok(None),
            text => {
                let (sign, digits) = signed(text);
                exact(&format!("{sign}{}", decimal_text(digits)?)).map(Some)
            }
        },
        other => Err(unreadable(other)),
    }
}

fn exact(text: &str) -> Result<Decimal, Refusal> {
    text.parse().map_err(|_| if text.contains(['e', 'N', 'i']) { "cell_too_large" } else { "cell_not_exact" })
}

/// Digits with at most a point before the decimals.
fn decimal_text(text: &str) -> Result<String, Refusal> {
    let without = |sign: char| text.chars().filter(|c| *c != sign).collect::<String>();
    let split = |sign: char| text.split_once(sign).filter(|(whole, part)| is_digits(whole) && is_digits(part));
    let grouped = |sign: char, point: char| {
        let (whole, part) = text.split_once(point)?;
        (is_grouped(whole, |c| c == sign) && is_digits(part)).then(|| without(sign).replace(point, "."))
    };
    if is_digits(text) {
        return Ok(text.to_owned());
    }
    if let Some((whole, part)) = split(',').or(split('.')) {
        let thousand = part.len() == 3 && whole.len() <= 3 && !whole.starts_with('0');
        return if thousand { Err("cell_ambiguous") } else { Ok(format!("{whole}.{part}")) };
    }
    if let Some(mixed) = grouped('.', ',').or_else(|| grouped(',', '.')) {
        return Ok(mixed);
    }
    let grouping = [',', '.'].into_iter().find(|sign| is_grouped(text, |c| c == *sign));
    grouping.map(without).ok_or("cell_not_number")
}

/// The digits times one hundred, exactly.
fn hundredfold(text: &str) -> String {
    let (sign, digits) = signed(text);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let part = format!("{part:0<2}");
    let (up, rest) = part.split_at(2);
    let whole = format!("{whole}{up}");
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if rest.is_empty() { format!("{sign}{whole}") } else { format!("{sign}{whole}.{rest}") }
}

/// Yes or no; blank is no.
pub fn flag(cell: &Cell) -> Result<bool, Refusal> {
    match cell {
        Cell::Bool(flag) => Ok(*flag),
        Cell::Number(number) if *number == 0.0 || *number == 1.0 => Ok(*number == 1.0),
        cell => match text(cell)?.as_deref().map(folded).as_deref() {
            None | Some("khong" | "no" | "false" | "0") => Ok(false),
            Some("co" | "x" | "yes" | "true" | "dung" | "1" | "uoc") => Ok(true),
            Some(_) => Err("cell_not_flag"),
        },
    }
}

/// A day: as a date, as a spreadsheet counts it, `2025-09-30` or `30/09/2025`; `01/09/2025` may be two days.
pub fn day(cell: &Cell) -> Read<NaiveDate> {
    let day = match cell {
        Cell::Blank => return Ok(None),
        Cell::Date(day) => *day,
        Cell::Number(serial) => date(*serial)?,
        cell => match text(cell)? {
            Some(said) => day_text(&said)?,
            None => return Ok(None),
        },
    };
    if is_near(day.year()) { Ok(Some(day)) } else { Err("cell_not_date") }
}

fn day_text(said: &str) -> Result<NaiveDate, Refusal> {
    if let Some(day) = NaiveDate::parse_from_str(said, "%Y-%m-%d").ok().filter(|day| day.to_string() == said) {
        return Ok(day);
    }
    let parts: Vec<&str> = said.split('/').collect();
    let [day, month, year] = parts.as_slice() else { return Err("cell_not_date") };
    let number = |text: &&str| if is_digits(text) { text.parse::<u32>().ok() } else { None };
    let (Some(day), Some(month), Some(year)) = (number(day), number(month), number(year).filter(|_| year.len() == 4))
    else {
        return Err("cell_not_date");
    };
    if day <= 12 && day != month {
        return Err("cell_ambiguous");
    }
    NaiveDate::from_ymd_opt(year as i32, month, day).ok_or("cell_not_date")
}

/// A day as spreadsheets count it, from 30/12/1899 on.
pub fn date(serial: f64) -> Result<NaiveDate, Refusal> {
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30);
    // From 1/3/1900 on: before it spreadsheets count a day that never was.
    let days = (61.0..=100_000.0).contains(&serial).then_some(serial as u64);
    origin.zip(days).and_then(|(origin, days)| origin.checked_add_days(Days::new(days))).ok_or("cell_not_date")
}
