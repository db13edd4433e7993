//! The meaning of one cell of a sheet. An ambiguous cell is refused with the reason, never guessed. PURE.

use super::cell::{is_exact, is_space, says_nothing, shown, unreadable, words};
pub use super::{
    cell::{Cell, Read, Refusal, TEXT_MOST, guarded, prose, quoted, says_empty, says_percent, text},
    dates::{date, day, is_digits},
};
use crate::{exact::Decimal, quantity::Quantity, text::folded};

/// A whole number. `1.234` and `1 234` are thousands where every group has three digits; `1,234` may be either.
pub fn count(cell: &Cell) -> Read<i64> {
    match cell {
        Cell::Blank => Ok(None),
        Cell::Number(number) | Cell::Code(number, _) => match shown(*number) {
            number if number.fract() != 0.0 => Err("cell_not_whole"),
            number if !is_exact(number) => Err("cell_too_large"),
            number => Ok(Some(number as i64)),
        },
        Cell::Text(text) => match words(text)?.as_str() {
            "" => Ok(None),
            text if says_nothing(text) => Err("cell_says_nothing"),
            text => whole(text).map(Some),
        },
        other => Err(unreadable(other)),
    }
}

/// A whole number, or one with decimals: whether these may be is the indicator's to say.
pub fn amount(cell: &Cell) -> Read<Quantity> {
    match count(cell) {
        Err("cell_not_whole") => Ok(decimal(cell)?.map(Quantity::from)),
        whole => Ok(whole?.map(Quantity::from)),
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
        Cell::Number(number) | Cell::Code(number, _) => exact(&shown(*number).to_string()).map(Some),
        Cell::Percent(part) => exact(&hundredfold(&shown(*part).to_string())).map(Some),
        Cell::Text(text) => match words(text)?.trim_end_matches('%').trim_end_matches(is_space) {
            "" => Ok(None),
            text if says_nothing(text) => Err("cell_says_nothing"),
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
