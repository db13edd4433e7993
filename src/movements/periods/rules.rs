//! Reporting periods: windows with a cut-off and a due instant. Codes name months, quarters, halves and years; which
//! days a code means depends on the plan's windows: `nd09` closes a month on its 14th (Nghị định 09/2019/NĐ-CP),
//! `calendar` on its last day, a cut-off day on that day. Always months tile quarters, quarters tile halves, halves tile
//! the year.
//!
//! Periods are data once a movement is launched. Opening and closing them is an act of the agency, not found here. PURE.

use std::{fmt, iter::successors, str::FromStr};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::due_day::{day_of, due_on, due_time, month_of};
use crate::{
    clock::day,
    movements::{
        calendar::{Calendar, instant},
        plan::{CutOff, Every, ExtraPeriod, NamedWindows, Reporting, Span, Windows},
    },
};

/// A month, quarter, half or year: `2025-09`, `2025-Q3`, `2025-H2`, `2025`. Years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PeriodCode {
    every: Every,
    /// First month, counted from January of year 0; always a multiple of the length.
    first: i32,
}

/// What was read is no period code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a period such as 2025-09, 2025-Q3, 2025-H2 or 2025")]
pub struct NotAPeriodCode;

/// Days from `starts_on` to `cutoff_on`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    pub starts_on: NaiveDate,
    pub cutoff_on: NaiveDate,
}

/// The days of a period of one movement, and the instant until which its reports are in time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PlannedPeriod)]
pub struct PeriodDates {
    /// That of a month, quarter, half or year, or the one that the plan gave an extra period.
    pub code: String,
    pub starts_on: NaiveDate,
    /// Last day, included.
    pub cutoff_on: NaiveDate,
    pub due_at: DateTime<Utc>,
}

impl Window {
    /// Whether all days of `other` lie inside.
    pub fn contains(&self, other: &Window) -> bool {
        self.starts_on <= other.starts_on && other.cutoff_on <= self.cutoff_on
    }
}

impl PeriodDates {
    pub fn window(&self) -> Window {
        Window { starts_on: self.starts_on, cutoff_on: self.cutoff_on }
    }
}

impl From<&ExtraPeriod> for Window {
    fn from(extra: &ExtraPeriod) -> Self {
        Self { starts_on: extra.starts_on, cutoff_on: extra.cutoff_on }
    }
}

impl PeriodCode {
    /// The code of this length whose calendar months hold a day; none outside the years 1 to 9999.
    pub fn around(every: Every, day: NaiveDate) -> Option<Self> {
        let month = month_of(day);
        Self::starting(every, month - month.rem_euclid(months(every)))
    }

    /// The code of this length whose window holds a day: its own month's, or the next where that is closed already.
    pub fn holding(every: Every, windows: Windows, day: NaiveDate) -> Option<Self> {
        let around = Self::around(every, day)?;
        if day <= around.window(windows).cutoff_on { Some(around) } else { around.next() }
    }

    fn starting(every: Every, first: i32) -> Option<Self> {
        (12..=9999 * 12 + 11).contains(&first).then_some(Self { every, first })
    }

    /// The code that follows, as long as years have four digits.
    pub fn next(self) -> Option<Self> {
        Self::starting(self.every, self.first + months(self.every))
    }

    /// The code of the same length so many months before; a multiple of its own.
    pub fn back(self, months: i32) -> Option<Self> {
        Self::starting(self.every, self.first - months)
    }

    /// How many months it begins after another.
    pub fn months_after(self, other: Self) -> i32 {
        self.first - other.first
    }

    pub fn window(self, windows: Windows) -> Window {
        let before = closes(windows, self.first - 1);
        Window {
            starts_on: before.succ_opt().unwrap_or(before),
            cutoff_on: closes(windows, self.first + months(self.every) - 1),
        }
    }

    /// How long it is.
    pub fn every(self) -> Every {
        self.every
    }

    /// Whether `leaf` lies inside; under either kind of windows.
    pub fn contains(self, leaf: PeriodCode) -> bool {
        self.first <= leaf.first && leaf.first + months(leaf.every) <= self.first + months(self.every)
    }
}

/// How many months a period has.
pub fn months(every: Every) -> i32 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Half => 6,
        Every::Year => 12,
    }
}

/// The last day of a month's window, the month counted from January of year 0. A window opens the day after the one
/// before has closed, so that no day is lost or counted twice.
fn closes(windows: Windows, month: i32) -> NaiveDate {
    let december = month.rem_euclid(12) == 11;
    let day = match windows {
        Windows::Named(NamedWindows::Calendar) => 31,
        Windows::Named(NamedWindows::Nd09) => 14,
        Windows::CutOff(CutOff { year_end, .. }) if december => year_end.day,
        Windows::CutOff(CutOff { cutoff_day, .. }) => cutoff_day,
    };
    day_of(month, day)
}

impl fmt::Display for PeriodCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, nth) = (self.first / 12, self.first % 12 / months(self.every) + 1);
        match self.every {
            Every::Month => write!(f, "{year:04}-{nth:02}"),
            Every::Quarter => write!(f, "{year:04}-Q{nth}"),
            Every::Half => write!(f, "{year:04}-H{nth}"),
            Every::Year => write!(f, "{year:04}"),
        }
    }
}

impl FromStr for PeriodCode {
    type Err = NotAPeriodCode;

    fn from_str(text: &str) -> Result<Self, NotAPeriodCode> {
        let number = |digits: &str, length: usize| {
            let plain = digits.len() == length && digits.bytes().all(|b| b.is_ascii_digit());
            plain.then(|| digits.parse::<i32>().ok()).flatten().ok_or(NotAPeriodCode)
        };
        let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
        let (every, nth) = match part {
            None => (Every::Year, 1),
            Some(part) => match (part.strip_prefix('Q'), part.strip_prefix('H')) {
                (Some(nth), _) => (Every::Quarter, number(nth, 1)?),
                (_, Some(nth)) => (Every::Half, number(nth, 1)?),
                _ => (Every::Month, number(part, 2)?),
            },
        };
        if !(1..=12 / months(every)).contains(&nth) {
            return Err(NotAPeriodCode);
        }
        Self::starting(every, number(year, 4)? * 12 + (nth - 1) * months(every)).ok_or(NotAPeriodCode)
    }
}

/// The regular periods of a movement: those whose cut-off falls inside its span.
pub fn regular(reporting: &Reporting, span: &Span) -> Vec<(PeriodCode, Window)> {
    successors(PeriodCode::around(reporting.every, span.from), |code| code.next())
        .map(|code| (code, code.window(reporting.windows)))
        .skip_while(|(_, window)| window.cutoff_on < span.from)
        .take_while(|(_, window)| window.cutoff_on <= span.to)
        .collect()
}

/// The leaves of a movement, regular and extra, with their codes, in order of their cut-offs.
pub fn all(reporting: &Reporting, span: &Span) -> Vec<(String, Window)> {
    let regular = regular(reporting, span).into_iter().map(|(code, window)| (code.to_string(), window));
    let extra = reporting.extra_periods.iter().filter(|extra| extra.role.is_none());
    let mut leaves: Vec<(String, Window)> = regular.chain(extra.map(by_hand)).collect();
    leaves.sort_by_key(|(_, window)| (window.cutoff_on, window.starts_on));
    leaves
}

fn by_hand(extra: &ExtraPeriod) -> (String, Window) {
    (extra.code.clone(), Window::from(extra))
}

/// The same with the base periods, and with the instants at which all are due. For a plan that lint passes.
pub fn generate(
    reporting: &Reporting,
    span: &Span,
    launched_at: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<PeriodDates> {
    let (launched_on, time) = (day(launched_at), due_time(&reporting.due).unwrap_or(NaiveTime::MIN));
    let due = |(code, Window { starts_on, cutoff_on })| {
        let due_on = due_on(&reporting.due, cutoff_on, launched_on, calendar);
        PeriodDates { code, starts_on, cutoff_on, due_at: instant(due_on, time) }
    };
    let periods = all(reporting, span).into_iter().chain(reporting.bases().map(by_hand));
    let mut periods: Vec<PeriodDates> = periods.map(due).collect();
    periods.sort_by_key(|period| (period.cutoff_on, period.starts_on));
    periods
}

/// A span of a movement's days, with the leaf periods inside.
pub struct Asked<'a> {
    pub window: Window,
    pub leaves: Vec<&'a PeriodDates>,
}

/// From the first to the last day of a movement's periods; its span, where it has none.
pub fn extent(reporting: &Reporting, span: &Span) -> Window {
    let whole = all(reporting, span)
        .into_iter()
        .map(|(_, window)| window)
        .reduce(|a, b| Window { starts_on: a.starts_on.min(b.starts_on), cutoff_on: a.cutoff_on.max(b.cutoff_on) });
    whole.unwrap_or(Window { starts_on: span.from, cutoff_on: span.to })
}

/// The days that a code means: those of the extra period that bears it, or of its months.
pub fn window_of(reporting: &Reporting, code: &str) -> Option<Window> {
    let own = reporting.extra_periods.iter().find(|extra| extra.code == code).map(Window::from);
    own.or_else(|| Some(code.parse::<PeriodCode>().ok()?.window(reporting.windows)))
}

/// The leaf periods inside a span: all of them for the whole movement (`None`), the one that bears the code, those whose
/// days lie inside the code's window or, for `..CODE`, before its end. Base periods are leaves of themselves alone. `None`
/// where the text is no period's code at all.
pub fn leaves<'a>(
    periods: &'a [PeriodDates],
    reporting: &Reporting,
    span: &Span,
    code: Option<&str>,
) -> Option<Asked<'a>> {
    let whole = extent(reporting, span);
    let window = match code.map(|code| (code, code.strip_prefix(".."))) {
        None => whole,
        Some((_, Some(end))) => Window { cutoff_on: window_of(reporting, end)?.cutoff_on, ..whole },
        Some((code, None)) => window_of(reporting, code)?,
    };
    let is_inside = |period: &&PeriodDates| {
        !reporting.is_base(&period.code) && (code.is_none() || window.contains(&period.window()))
    };
    let leaves = match periods.iter().find(|period| Some(period.code.as_str()) == code) {
        Some(only) => vec![only],
        None => periods.iter().filter(is_inside).collect(),
    };
    Some(Asked { window, leaves })
}

/// The leaves that make up these days, one after the other without a gap; or the base period that has them; else none.
pub fn tiles<'a>(periods: &'a [PeriodDates], reporting: &Reporting, window: Window) -> Asked<'a> {
    let inside = |period: &&PeriodDates| !reporting.is_base(&period.code) && window.contains(&period.window());
    let leaves: Vec<&PeriodDates> = periods.iter().filter(inside).collect();
    let follow = leaves.windows(2).all(|pair| pair[0].cutoff_on.succ_opt() == Some(pair[1].starts_on));
    let begins = leaves.first().is_some_and(|first| first.starts_on == window.starts_on);
    let ends = leaves.last().is_some_and(|last| last.cutoff_on == window.cutoff_on);
    let base = |period: &&PeriodDates| reporting.is_base(&period.code) && period.window() == window;
    let leaves = if follow && begins && ends { leaves } else { periods.iter().filter(base).take(1).collect() };
    Asked { window, leaves }
}
