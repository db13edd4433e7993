//! When units report. PURE.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::terms::Source;
use crate::days;

/// When units report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reporting {
    pub source: Source,
    pub every: Every,
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

/// `nd09`: a month runs from the 15th of the month before to the 14th (Nghị định 09/2019/NĐ-CP); `calendar`: 1st to last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Windows {
    Nd09,
    Calendar,
}

/// Working days after the cut-off (at least 1), and the local time of day (`17:00`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Due {
    pub working_days: u32,
    pub at: String,
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
        self.extra_periods.iter().any(|extra| extra.code == code && extra.role == Some(PeriodRole::Base))
    }
}
