//! Indicators (chỉ tiêu): what is measured, its target, and how it adds up over time and units. PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    reporting::Frequency,
    targets::{TargetEntry, Unassigned, UnitsJudged},
    terms::{Source, Text},
    word_or,
};
use crate::{
    exact::{BigRational, Decimal},
    quantity::DECIMALS_MOST,
};

/// What is measured (chỉ tiêu).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Indicator {
    pub code: String,
    /// The plan's section it comes from.
    pub section: String,
    pub name: Text,
    pub kind: IndicatorKind,
    /// The unit of the shown figure: `percent`, `dossiers`, `initiatives`, or its name as people write it: đồng, triệu đồng,
    /// km, m, ha, kg, tấn, người, hộ, điểm …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Of a ratio's parts and a count: at most 6; whole numbers if left out. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decimals: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub numerator: Option<Text>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub denominator: Option<Text>,
    /// Ordered, worst first; for `level` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<String>,
    /// What a `count` counts by itself instead of being typed in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Counts>,
    pub direction: Direction,
    pub modality: Modality,
    pub target: Target,
    /// Targets by unit, set, period and field, beside the one of the whole. Format 2.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetEntry>,
    /// With `targets` units without a target are not judged, unless it is `same`. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unassigned: Option<Unassigned>,
    /// `pooled` if it is left out. Format 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub units_judged: Option<UnitsJudged>,
    #[serde(default)]
    pub floor: Option<Target>,
    pub over_time: OverTime,
    pub over_units: OverUnits,
    /// Unit kinds, one unit as `unit:CODE`, or a set of units as `set:CODE` (format 2).
    pub reported_by: Vec<String>,
    /// Where it is reported less often than the report: its answer covers the whole of the longer period. Format 2.
    #[serde(default, deserialize_with = "word_or::read_if_any", skip_serializing_if = "Option::is_none")]
    pub every: Option<Frequency>,
    /// A numerator above its denominator is allowed.
    #[serde(default)]
    pub may_exceed: bool,
    /// With fields, only the fields are reported; the total is computed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<IndicatorField>,
    #[serde(default)]
    pub fields_judged: FieldsJudged,
    #[serde(default)]
    pub evidence: Evidence,
    /// A figure outside is refused (ratio: percent).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounds: Option<FigureBounds>,
    /// A figure this many times the unit's last one, or its last one this many times the figure, needs an explanation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jump_warning: Option<Decimal>,
    /// What a blank, `-` or «Không có» in a sheet means; without it such a cell is a finding.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blank_means: Option<BlankMeans>,
    /// How the office reads an unclear sentence of the plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

impl Indicator {
    /// Of what is reported of it.
    pub fn decimals(&self) -> u32 {
        self.decimals.unwrap_or(0).min(DECIMALS_MOST)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum IndicatorKind {
    /// Numerator over denominator, shown in percent.
    Ratio,
    /// A non-negative number, whole unless `decimals` says otherwise.
    Count,
    /// One of the indicator's ordered levels.
    Level,
    /// A decimal given by an outside body.
    Index,
    /// A place among a population, given by an outside body.
    Rank,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Counts {
    /// Recognised initiatives, each once.
    Initiatives,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    Up,
    Down,
}

/// How strictly the sentence binds: phấn đấu, phải, tối thiểu, or plainly stated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Modality {
    Strive,
    Must,
    AtLeast,
    Stated,
}

/// A figure to reach. `value` is a decimal (ratio: percent), a level's name, or null where the plan states none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Target {
    pub comparator: Comparator,
    pub value: Option<String>,
    pub source: Source,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Comparator {
    #[serde(rename = ">=")]
    AtLeast,
    #[serde(rename = ">")]
    Above,
    #[serde(rename = "<=")]
    AtMost,
    #[serde(rename = "<")]
    Below,
}

/// The figures that an indicator can have, both ends included; an end left out is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FigureBounds {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Decimal>,
}

impl FigureBounds {
    pub fn hold(&self, figure: &BigRational) -> bool {
        self.from.is_none_or(|from| BigRational::from(from) <= *figure)
            && self.to.is_none_or(|to| *figure <= BigRational::from(to))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum BlankMeans {
    /// Nothing of the kind happened.
    NoneArose,
}

/// How leaves add up over time. There is no default: a flow and a stock must not be confused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverTime {
    Sum,
    Last,
}

/// `locality`: one unit answers for the whole locality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum OverUnits {
    Sum,
    Locality,
}

/// A field of an indicator; without a target of its own it takes the indicator's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IndicatorField {
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldsJudged {
    #[default]
    Each,
    Pooled,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Evidence {
    #[default]
    Optional,
    Required,
}
