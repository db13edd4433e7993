//! Days in cells: as dates, as a spreadsheet counts them, and as people write them. PURE.

use chrono::{Datelike, Days, NaiveDate};

use super::cell::{Cell, Read, Refusal, text};
use crate::{days::is_near, text::folded};

/// A day: a date, `30/09/2025` with any sign between its parts, `2025-09-30`, `ngày 30 tháng 9 năm 2025`. Việt Nam writes
/// the day before the month and nothing else, so `01/09/2025` is the first of September; a year has four digits.
pub fn day(cell: &Cell) -> Read<NaiveDate> {
    let day = match cell {
        Cell::Blank => return Ok(None),
        Cell::Date(day) | Cell::Month(day) => *day,
        Cell::Number(serial) => date(*serial)?,
        Cell::Time => return Err("cell_not_date"),
        cell => match text(cell)? {
            Some(said) => day_text(&said).ok_or("cell_not_date")?,
            None => return Ok(None),
        },
    };
    if is_near(day.year()) { Ok(Some(day)) } else { Err("cell_not_date") }
}

fn day_text(said: &str) -> Option<NaiveDate> {
    let said = without_midnight(said);
    let numeric = ['/', '-', '.'].into_iter().find(|sign| said.contains(*sign));
    let parts: Vec<String> = match numeric {
        Some(sign) => said.split(sign).map(|part| part.trim().to_owned()).collect(),
        None => {
            let plain = folded(said);
            let words: Vec<&str> = plain.split(' ').collect();
            match words.as_slice() {
                ["ngay", day, "thang", month, "nam", year] | [day, "thang", month, "nam", year] => {
                    [day, month, year].map(|part| (*part).to_owned()).to_vec()
                }
                _ => return None,
            }
        }
    };
    let [first, month, last] = parts.as_slice() else { return None };
    let (year, day) = if first.len() == 4 { (first, last) } else { (last, first) };
    if year.len() != 4 || day.len() > 2 || month.len() > 2 || !parts.iter().all(|part| is_digits(part)) {
        return None;
    }
    NaiveDate::from_ymd_opt(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)
}

/// A day without the midnight that programs write behind it.
fn without_midnight(said: &str) -> &str {
    let (day, time) = said.rsplit_once([' ', 'T']).unwrap_or((said, ""));
    let midnight = time.contains(':') && time.chars().all(|c| matches!(c, '0' | ':' | '.'));
    if midnight { day } else { said }
}

pub fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

/// A day as spreadsheets count it, from 30/12/1899 on.
pub fn date(serial: f64) -> Result<NaiveDate, Refusal> {
    let origin = NaiveDate::from_ymd_opt(1899, 12, 30);
    // From 1/3/1900 on: before it spreadsheets count a day that never was.
    let days = (61.0..=100_000.0).contains(&serial).then_some(serial as u64);
    origin.zip(days).and_then(|(origin, days)| origin.checked_add_days(Days::new(days))).ok_or("cell_not_date")
}
