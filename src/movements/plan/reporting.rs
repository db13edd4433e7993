//! When units report. PURE.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    terms::Source,
    word_or::{self, WordOr},
};
use crate::days::{self, YearDay};

/// When units report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    pub source: Source,
    pub every: Every,
    #[serde(deserialize_with = "word_or::read")]
    pub windows: Windows,
    pub due: Due,
    pub late: Late,
    #[serde(default)]
    pub extra_periods: Vec<ExtraPeriod>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Every {
    Month,
    Quarter,
    Half,
    Year,
}

/// How often an indicator is reported: in the last leaf of each such period, or of the periods with these codes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Frequency {
    Each(Every),
    In(Vec<String>),
}

/// The days of the periods: by a rule that has a name, or by the day on which months are cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[schemars(rename = "WindowRule")]
pub enum Windows {
    Named(NamedWindows),
    CutOff(CutOff),
}

impl Windows {
    pub const ND09: Self = Self::Named(NamedWindows::Nd09);
    pub const CALENDAR: Self = Self::Named(NamedWindows::Calendar);
}

/// `nd09`: a month runs from the 15th of the month before to the 14th (Nghị định 09/2019/NĐ-CP); `calendar`: 1st to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "Windows")]
pub enum NamedWindows {
    Nd09,
    Calendar,
}

/// A month ends on `cutoff_day`, December on the last day of the reporting year; the next begins the day after. Format 2.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CutOff {
    /// 1 to 28.
    pub cutoff_day: u32,
    /// A day of December: `12-31`.
    #[schemars(with = "String")]
    pub year_end: YearDay,
}

/// When reports are due: so many working days after the cut-off, or on a day of the month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    /// At least 1; in place of `day` and `month`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub working_days: Option<u32>,
    /// Where the month is shorter, its last day. Before the cut-off the reports hold estimates. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<u32>,
    /// Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub month: Option<DueMonth>,
    /// The local time of day: `17:00`.
    pub at: String,
    /// What a day on which nobody works becomes; the next working day if left out. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moves: Option<DueMoves>,
    /// The day of the same month from which reports are taken; from the period's first day if left out. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opens_day: Option<u32>,
}

/// `last`: the month in which the period ends; `next`: the one after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueMonth {
    Last,
    Next,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DueMoves {
    NextWorkingDay,
    Stays,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Late {
    /// A late report is taken and marked late.
    AcceptMarked,
}

/// A period set by hand, for what the regular ones leave over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExtraPeriod {
    pub code: String,
    #[serde(deserialize_with = "days::day")]
    pub starts_on: NaiveDate,
    #[serde(deserialize_with = "days::day")]
    pub cutoff_on: NaiveDate,
    /// Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<PeriodRole>,
}

/// `base`: days before the movement, whose figures targets are made of. Only indicators with such a target are reported for
/// it, and nothing else counts there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PeriodRole {
    Base,
}

impl Reporting {
    /// Whether a code is that of a base period.
    pub fn is_base(&self, code: &str) -> bool {
        self.bases().any(|base| base.code == code)
    }

    /// The base periods.
    pub fn bases(&self) -> impl Iterator<Item = &ExtraPeriod> {
        self.extra_periods.iter().filter(|extra| extra.role == Some(PeriodRole::Base))
    }
}

impl From<NamedWindows> for Windows {
    fn from(named: NamedWindows) -> Self {
        Self::Named(named)
    }
}

impl From<CutOff> for Windows {
    fn from(cutoff: CutOff) -> Self {
        Self::CutOff(cutoff)
    }
}

impl From<Every> for Frequency {
    fn from(every: Every) -> Self {
        Self::Each(every)
    }
}

impl From<Vec<String>> for Frequency {
    fn from(codes: Vec<String>) -> Self {
        Self::In(codes)
    }
}

impl WordOr<'_> for Windows {
    type Word = NamedWindows;
    type Other = CutOff;
    const OTHER: &'static str = "an object";
}

impl WordOr<'_> for Frequency {
    type Word = Every;
    type Other = Vec<String>;
    const OTHER: &'static str = "a list";
}
