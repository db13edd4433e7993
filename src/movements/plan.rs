//! The plan as data, format `thidua.plan/1`: one JSON document that holds a whole movement. These types are the
//! format; `plans/plan.schema.json` is generated from them. What a plan may say is checked in `lint`, not here.
//!
//! Lists are keyed by `code`, decimals are strings, texts are Vietnamese with optional English, and everything that
//! judges or dates says whether the source document states it (`plan`) or the office proposes it (`proposed`).

mod awards;
mod indicators;
mod share;

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::{awards::*, indicators::*, share::*};
use crate::days;

/// The one format this build reads.
pub const FORMAT: &str = "thidua.plan/1";

/// A movement's rules as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// Always `thidua.plan/1`.
    #[schemars(extend("const" = FORMAT))]
    pub format: String,
    /// Unique in the locality: `^[a-z0-9][a-z0-9-]{1,62}$`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{1,62}$"))]
    pub code: String,
    /// What movements of several localities share, for city-wide figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    pub title: Text,
    pub document: Document,
    pub span: Span,
    /// Aims, requirements, contents, measures and duties: what a machine can only hold and show.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    #[serde(default)]
    pub fields: Vec<Field>,
    pub unit_kinds: Vec<Named>,
    #[serde(default)]
    pub person_kinds: Vec<Named>,
    pub indicators: Vec<Indicator>,
    pub reporting: Reporting,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub awards: Vec<Award>,
}

/// Words for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    pub vi: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub en: Option<String>,
}

/// Whether the source document states a thing or the office proposes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    Plan,
    Proposed,
}

/// The facts of the source document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Document {
    pub kind: String,
    pub issuer: String,
    pub place: String,
    pub number: Reading,
    /// ISO day, as far as it can be read.
    pub issued_on: Reading,
    #[serde(default)]
    pub bases: Vec<Basis>,
    #[serde(default)]
    pub recipients: Vec<String>,
}

/// A fact read from a scan; `certain: false` where the scan does not show it clearly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reading {
    pub value: String,
    pub certain: bool,
}

/// A legal basis the document cites.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    pub number: String,
    #[serde(default, deserialize_with = "days::optional_day", skip_serializing_if = "Option::is_none")]
    pub date: Option<NaiveDate>,
    pub issuer: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// First and last day, both included.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Span {
    #[serde(deserialize_with = "days::day")]
    pub from: NaiveDate,
    #[serde(deserialize_with = "days::day")]
    pub to: NaiveDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub section: Option<String>,
}

/// A clause that a machine can only hold and show.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub section: String,
    pub kind: ClauseKind,
    /// Whose duty it is, for duties.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    pub text: Text,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClauseKind {
    Aim,
    Requirement,
    Participant,
    /// Nội dung thi đua: a sentence that indicators measure.
    Content,
    Measure,
    Award,
    Duty,
}

/// A breakdown of indicators (lĩnh vực).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    pub code: String,
    pub name: Text,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

/// A code and its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Named {
    pub code: String,
    pub name: Text,
}

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
}
