//! The whole document, and the facts of the paper that it is made of. PURE.

use chrono::NaiveDate;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    awards::{Award, Group},
    indicators::Indicator,
    reporting::Reporting,
    terms::{Field, Named, Span, Text},
    unit_sets::UnitSet,
};
use crate::days;

/// The formats that are read; the second has more members.
pub const FORMATS: [&str; 2] = ["thidua.plan/1", "thidua.plan/2"];

/// A movement's rules as data.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// `thidua.plan/1`, or `thidua.plan/2` with the members that say so.
    #[schemars(extend("enum" = FORMATS))]
    pub format: String,
    /// Unique in the locality: `^[a-z0-9][a-z0-9-]{1,62}$`.
    #[schemars(regex(pattern = r"^[a-z0-9][a-z0-9-]{1,62}$"))]
    pub code: String,
    /// What movements of several localities share, for city-wide figures.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Code of the earlier movement of the locality whose figures are those of the year before. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continues: Option<String>,
    pub title: Text,
    pub document: Document,
    pub span: Span,
    /// Aims, requirements, contents, measures and duties: what a machine can only hold and show.
    #[serde(default)]
    pub clauses: Vec<Clause>,
    #[serde(default)]
    pub fields: Vec<Field>,
    pub unit_kinds: Vec<Named>,
    /// Clusters, blocks and zones, by which groups, reporters and targets name units. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unit_sets: Vec<UnitSet>,
    #[serde(default)]
    pub person_kinds: Vec<Named>,
    pub indicators: Vec<Indicator>,
    pub reporting: Reporting,
    #[serde(default)]
    pub groups: Vec<Group>,
    #[serde(default)]
    pub awards: Vec<Award>,
}

impl Plan {
    /// Whether it may have the members of the second format, and means what the second format means.
    pub fn is_second(&self) -> bool {
        self.format == FORMATS[1]
    }
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
