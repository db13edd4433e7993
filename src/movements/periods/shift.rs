//! The spans that a span of days is compared with. PURE.

use chrono::{Datelike, NaiveDate, TimeDelta};

use super::rules::{PeriodCode, Window};
use crate::movements::plan::{Every, Windows};

/// The days before a span: as many months where it is made of whole months of these windows, else as many days.
pub fn before(span: Window, windows: Windows) -> Option<Window> {
    if let Some((first, last)) = whole_months(span, windows) {
        return back((first, last), last.months_after(first) + 1, windows);
    }
    let cutoff_on = span.starts_on.pred_opt()?;
    let starts_on = cutoff_on.checked_sub_signed(span.cutoff_on - span.starts_on)?;
    Some(Window { starts_on, cutoff_on })
}

/// The same days a year before; the 28th where the year has no 29 February.
pub fn year_before(span: Window, windows: Windows) -> Option<Window> {
    if let Some(months) = whole_months(span, windows) {
        return back(months, 12, windows);
    }
    let earlier = |day: NaiveDate| {
        let year = day.year() - 1;
        day.with_year(year).or_else(|| day.checked_sub_signed(TimeDelta::days(1))?.with_year(year))
    };
    Some(Window { starts_on: earlier(span.starts_on)?, cutoff_on: earlier(span.cutoff_on)? })
}

/// The first and the last month, where the span begins with one and ends with one.
fn whole_months(span: Window, windows: Windows) -> Option<(PeriodCode, PeriodCode)> {
    let month = |day| PeriodCode::holding(Every::Month, windows, day);
    let (first, last) = (month(span.starts_on)?, month(span.cutoff_on)?);
    let is_whole =
        first.window(windows).starts_on == span.starts_on && last.window(windows).cutoff_on == span.cutoff_on;
    is_whole.then_some((first, last))
}

fn back((first, last): (PeriodCode, PeriodCode), months: i32, windows: Windows) -> Option<Window> {
    let (first, last) = (first.back(months)?, last.back(months)?);
    Some(Window { starts_on: first.window(windows).starts_on, cutoff_on: last.window(windows).cutoff_on })
}
