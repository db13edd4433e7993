//! Reporting periods: windows with a cut-off and a due instant. Codes name months, quarters, halves and years; which
//! days a code means depends on the plan's windows: `nd09` closes a month on its 14th (Nghị định 09/2019/NĐ-CP),
//! `calendar` on its last day. Either way months tile quarters, quarters tile halves, halves tile the year.
//!
//! Periods are data once a movement is launched. Opening and closing them is an act of the agency, not found here. PURE.

use std::{fmt, iter::successors, str::FromStr};

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use serde::Serialize;

use crate::{
    clock::day,
    movements::{
        calendar::{Calendar, instant},
        plan::{Due, Every, ExtraPeriod, Reporting, Span, Windows},
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodDates {
    /// A [`PeriodCode`], or the code that the plan gave an extra period.
    pub code: String,
    pub starts_on: NaiveDate,
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
        let month = day.year() * 12 + day.month0() as i32;
        Self::starting(every, month - month.rem_euclid(months(every)))
    }

    fn starting(every: Every, first: i32) -> Option<Self> {
        (12..=9999 * 12 + 11).contains(&first).then_some(Self { every, first })
    }

    /// The code that follows, as long as years have four digits.
    pub fn next(self) -> Option<Self> {
        Self::starting(self.every, self.first + months(self.every))
    }

    pub fn window(self, windows: Windows) -> Window {
        let after = opens(windows, self.first + months(self.every));
        Window {
            starts_on: opens(windows, self.first),
            cutoff_on: after.pred_opt().expect("a day of year 1 or later has one before it"),
        }
    }

    /// Whether `leaf` lies inside; under either kind of windows.
    pub fn contains(self, leaf: PeriodCode) -> bool {
        self.first <= leaf.first && leaf.first + months(leaf.every) <= self.first + months(self.every)
    }
}

fn months(every: Every) -> i32 {
    match every {
        Every::Month => 1,
        Every::Quarter => 3,
        Every::Half => 6,
        Every::Year => 12,
    }
}

/// The first day of a month's window, the month counted from January of year 0. A window ends where the next one
/// opens, so that no day is lost or counted twice.
fn opens(windows: Windows, month: i32) -> NaiveDate {
    let (month, day) = match windows {
        Windows::Calendar => (month, 1),
        Windows::Nd09 => (month - 1, 15),
    };
    NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, day)
        .expect("every month has a 1st and a 15th, and the years 0 to 10000 are within range")
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

/// The leaf periods of a movement, regular and extra, in order of their cut-offs. Each is due the plan's number of
/// working days after its cut-off or after the launch, whichever is later: a window may have closed before the plan
/// was signed. For a plan that lint passes.
pub fn generate(
    reporting: &Reporting,
    span: &Span,
    launched_at: DateTime<Utc>,
    calendar: &Calendar,
) -> Vec<PeriodDates> {
    let (launched_on, time) = (day(launched_at), due_time(&reporting.due).unwrap_or(NaiveTime::MIN));
    let regular = regular(reporting, span).into_iter().map(|(code, window)| (code.to_string(), window));
    let extra = reporting.extra_periods.iter().map(|extra| (extra.code.clone(), Window::from(extra)));
    let mut periods: Vec<PeriodDates> = regular
        .chain(extra)
        .map(|(code, Window { starts_on, cutoff_on })| {
            let due_on = calendar.working_days_after(cutoff_on.max(launched_on), reporting.due.working_days);
            PeriodDates { code, starts_on, cutoff_on, due_at: instant(due_on, time) }
        })
        .collect();
    periods.sort_by_key(|period| (period.cutoff_on, period.starts_on));
    periods
}

/// The local time of day at which reports are due; none where the plan does not write `HH:MM`.
pub fn due_time(due: &Due) -> Option<NaiveTime> {
    NaiveTime::parse_from_str(&due.at, "%H:%M").ok().filter(|time| time.format("%H:%M").to_string() == due.at)
}

/// A span of a movement's days, with the leaf periods inside.
pub struct Asked<'a> {
    pub window: Window,
    pub leaves: Vec<&'a PeriodDates>,
}

/// From the first to the last day of a movement's periods; its span, where it has none.
pub fn extent(reporting: &Reporting, span: &Span) -> Window {
    let extra = reporting.extra_periods.iter().filter(|extra| extra.role.is_none()).map(Window::from);
    let windows = regular(reporting, span).into_iter().map(|(_, window)| window).chain(extra);
    let whole = windows
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
