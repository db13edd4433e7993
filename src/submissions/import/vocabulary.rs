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

/// The code of a period: as it is (`2025-09`, `2025-Q3`), `9/2025`, `Tháng 9/2025`, `Quý III/2025`, or the first day of
/// a month, which is what a spreadsheet makes of `2025-09`.
pub fn period(cell: &Cell) -> Read<String> {
    match cell {
        Cell::Date(day) => month_begun(*day).map(Some),
        Cell::Number(year) if (1900.0..=2200.0).contains(year) && year.fract() == 0.0 => Ok(Some(year.to_string())),
        Cell::Number(serial) => month_begun(date(*serial)?).map(Some),
        cell => text(cell)?.map(|said| period_text(&said)).transpose(),
    }
}

fn period_text(said: &str) -> Result<String, Refusal> {
    if let Ok(day) = NaiveDate::parse_from_str(said, "%Y-%m-%d") {
        return month_begun(day);
    }
    let plain = folded(said);
    let parts: Vec<&str> = plain.split(' ').filter(|part| *part != "nam").collect();
    let month = |text: &str| text.parse::<u32>().ok().filter(|month| (1..=12).contains(month));
    let is_year = |text: &str| text.len() == 4 && is_digits(text);
    match parts.as_slice() {
        ["thang", number, year] | [number, year] if is_year(year) && number.len() <= 2 && month(number).is_some() => {
            Ok(format!("{year}-{:0>2}", number))
        }
        [number, year] if is_year(year) && number.starts_with('t') && month(&number[1..]).is_some() => {
            Ok(format!("{year}-{:0>2}", &number[1..]))
        }
        ["quy", number, year] if is_year(year) && quarter(number).is_some() => {
            Ok(format!("{year}-Q{}", quarter(number).unwrap_or_default()))
        }
        // Which of the two is the month nobody can tell.
        [day, month_, year] if is_year(year) && month(day).is_some() && month(month_).is_some() && day != month_ => {
            Err("cell_ambiguous")
        }
        _ => Ok(said.to_owned()),
    }
}

fn quarter(text: &str) -> Option<u8> {
    let roman = ["i", "ii", "iii", "iv"].iter().position(|roman| *roman == text).map(|at| at as u8 + 1);
    roman.or_else(|| text.parse().ok().filter(|quarter| (1..=4).contains(quarter)))
}

fn month_begun(day: NaiveDate) -> Result<String, Refusal> {
    if day.day() == 1 { Ok(day.format("%Y-%m").to_string()) } else { Err("cell_date_no_period") }
}
