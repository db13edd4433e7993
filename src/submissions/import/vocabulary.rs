//! What the cells of a table of values say: states and periods, as people write them. PURE.

use chrono::{Datelike, NaiveDate};

use crate::{
    submissions::value::ValueState,
    tables::cells::{Cell, Read, Refusal, date, is_digits, text},
    text::folded,
};

/// How the states are written in forms and exports.
pub const STATES: [(ValueState, &str); 4] = [
    (ValueState::Reported, "Có số liệu"),
    (ValueState::NoneArose, "Không phát sinh"),
    (ValueState::NotApplicable, "Không áp dụng"),
    (ValueState::Absent, "Chưa báo cáo"),
];

pub fn state(cell: &Cell) -> Read<ValueState> {
    let Some(said) = text(cell)? else { return Ok(None) };
    Ok(Some(match folded(&said).as_str() {
        "reported" | "co so lieu" | "da bao cao" | "bao cao" => ValueState::Reported,
        "none arose" | "khong phat sinh" => ValueState::NoneArose,
        "not applicable" | "khong ap dung" => ValueState::NotApplicable,
        "absent" | "chua bao cao" | "chua co so lieu" => ValueState::Absent,
        _ => return Err("cell_not_state"),
    }))
}

/// The code of a period: as it is (`2025-09`, `2025-Q3`), as people write it (`9/2025`, `Tháng 9/2025`, `Thg9-25`,
/// `Quý III/2025`), the first day of a month, which is what a spreadsheet makes of `2025-09`, or any day of which it shows
/// the month only.
pub fn period(cell: &Cell) -> Read<String> {
    match cell {
        Cell::Date(day) => month_begun(*day).map(Some),
        Cell::Month(day) => Ok(Some(month_of(*day))),
        Cell::Time => Err("cell_not_date"),
        Cell::Number(year) if (1900.0..=2200.0).contains(year) && year.fract() == 0.0 => Ok(Some(year.to_string())),
        Cell::Number(serial) => month_begun(date(*serial)?).map(Some),
        cell => text(cell)?.map(|said| period_text(&said)).transpose(),
    }
}

/// The months by the words that Vietnamese and English spreadsheets show them with.
const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

fn period_text(said: &str) -> Result<String, Refusal> {
    if let Ok(day) = NaiveDate::parse_from_str(said, "%Y-%m-%d") {
        return month_begun(day);
    }
    let plain = folded(said);
    let parts: Vec<&str> = plain.split(' ').filter(|part| !matches!(*part, "nam" | "year")).collect();
    let number = |text: &str| if text.len() <= 2 && is_digits(text) { text.parse::<u32>().ok() } else { None };
    let year = |text: &str| (text.len() == 4 && is_digits(text)).then(|| text.to_owned());
    // Two digits are a year only where a word says that the rest is a month or a quarter.
    let short = |text: &str| year(text).or_else(|| (text.len() == 2 && is_digits(text)).then(|| format!("20{text}")));
    let month = |text: &str| number(text).filter(|month| (1..=12).contains(month));
    let found = match parts.as_slice() {
        [only] => year(only),
        [a, b] => month(a).zip(year(b)).or_else(|| month(b).zip(year(a))).map(month_code),
        _ => None,
    };
    let found = found.or_else(|| match parts.as_slice() {
        ["thang" | "thg" | "t" | "month", of, in_year] => month(of).zip(short(in_year)).map(month_code),
        ["ca", in_year] => year(in_year),
        [word, in_year] => {
            named_month(word).zip(short(in_year)).map(month_code).or_else(|| part_of(word, short(in_year)?))
        }
        ["quy" | "q" | "quarter", of, in_year] => part_of(&format!("q{of}"), short(in_year)?),
        ["6", "thang", "dau", in_year] => part_of("h1", year(in_year)?),
        ["6", "thang", "cuoi", in_year] => part_of("h2", year(in_year)?),
        _ => None,
    });
    match (found, parts.as_slice()) {
        (Some(code), _) => Ok(code),
        (None, [first, word]) if year(first).is_some() => {
            Ok(part_of(word, (*first).to_owned()).unwrap_or_else(|| said.to_owned()))
        }
        // Which of these is the month, or the year, nobody can tell.
        (None, [a, b]) if number(a).is_some() && (number(b).is_some() || named_month(b).is_some()) => {
            Err("cell_ambiguous")
        }
        (None, [day, of, last]) if number(day).is_some() && month(of).is_some() && short(last).is_some() => {
            match (number(day), year(last)) {
                (Some(1), Some(last)) if month(of) == Some(1) => Ok(month_code((1, last))),
                (Some(first), _) if first <= 12 && month(of) != Some(first) => Err("cell_ambiguous"),
                _ => Err("cell_date_no_period"),
            }
        }
        _ => Ok(said.to_owned()),
    }
}

/// The codes of the periods that a title names: «BÁO CÁO THÁNG 9 NĂM 2025». A day is none: «ngày 30 tháng 9 năm 2025».
pub fn periods_in(title: &str) -> Vec<String> {
    let plain = folded(title);
    let words: Vec<&str> = plain.split(' ').filter(|word| !word.is_empty()).collect();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < words.len() {
        let begins =
            PERIOD_WORDS.iter().any(|word| words[at].starts_with(word)) || words[at..].starts_with(&["6", "thang"]);
        let of_day = at >= 2 && words[at - 2] == "ngay";
        let lengths = (1..=6).rev().filter(|length| begins && !of_day && at + length <= words.len());
        let read = |length: usize| {
            let said = words[at..at + length].join(" ");
            let code = period_text(&said).ok().filter(|code| *code != said && code.len() > 4)?;
            Some((length, code))
        };
        match lengths.filter_map(read).next() {
            Some((length, code)) => {
                found.push(code);
                at += length;
            }
            None => at += 1,
        }
    }
    found.dedup();
    found
}

/// What begins a period in a title (folded).
const PERIOD_WORDS: [&str; 5] = ["thang", "thg", "quy", "month", "quarter"];

fn month_code((month, year): (u32, String)) -> String {
    format!("{year}-{month:02}")
}

/// `thg9`, `thang9`, `t9`, `sep`, `sept`, `september`.
fn named_month(word: &str) -> Option<u32> {
    let of_number =
        ["thang", "thg", "t"].iter().find_map(|start| word.strip_prefix(start)).filter(|rest| is_digits(rest));
    if let Some(number) = of_number {
        return number.parse().ok().filter(|month| (1..=12).contains(month));
    }
    let start = word.get(..3)?;
    let at = MONTHS.iter().position(|month| *month == start)?;
    let full = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october"];
    let full = full.into_iter().chain(["november", "december"]).nth(at)?;
    (full.starts_with(word)).then_some(at as u32 + 1)
}

/// A quarter or a half of a year: `q3`, `qiii`, `h1`.
fn part_of(word: &str, year: String) -> Option<String> {
    let (kind, nth) = word.split_at_checked(1)?;
    let roman = ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == nth).map(|at| at + 1);
    let nth = roman.or_else(|| nth.parse().ok())?;
    match kind {
        "q" if (1..=4).contains(&nth) => Some(format!("{year}-Q{nth}")),
        "h" if (1..=2).contains(&nth) => Some(format!("{year}-H{nth}")),
        _ => None,
    }
}

fn month_of(day: NaiveDate) -> String {
    day.format("%Y-%m").to_string()
}

fn month_begun(day: NaiveDate) -> Result<String, Refusal> {
    if day.day() == 1 { Ok(month_of(day)) } else { Err("cell_date_no_period") }
}
