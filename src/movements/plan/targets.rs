//! The table of targets (bảng giao chỉ tiêu): an indicator's targets by unit, set, period and field. PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    terms::Source,
    word_or::{self, WordOr},
};
use crate::exact::Decimal;

/// A target of the table: the indicator's comparator, another number. Without `unit` and `set` it is the whole's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TargetEntry {
    /// Code of the unit whose own target it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Code of the set, of whose units each has this target.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<String>,
    /// A period code: it judges this span alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// A period code: it judges the span from the movement's beginning to the end of this period.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
    /// Only this field of the indicator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(deserialize_with = "word_or::read")]
    pub value: TargetValue,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<Source>,
}

/// A number as text (ratio: percent), a level's name, or what is made of a base.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum TargetValue {
    Stated(String),
    Derived(BaseTarget),
}

/// The figure of whoever is judged in a base period, times a factor or plus a difference: one of the two.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BaseTarget {
    /// Code of an extra period with the role `base`.
    pub base: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<Decimal>,
    /// Of a ratio in percent points.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plus: Option<Decimal>,
}

/// What judges a unit that has no target of its own: the whole's, or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unassigned {
    Same,
    None,
}

/// Whether the units' sum is judged, or each unit and the whole as its worst one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum UnitsJudged {
    Pooled,
    Each,
}

impl From<String> for TargetValue {
    fn from(stated: String) -> Self {
        Self::Stated(stated)
    }
}

impl From<BaseTarget> for TargetValue {
    fn from(derived: BaseTarget) -> Self {
        Self::Derived(derived)
    }
}

impl WordOr<'_> for TargetValue {
    type Word = String;
    type Other = BaseTarget;
    const OTHER: &'static str = "a string";
}

impl TargetEntry {
    /// Whether it is nobody's in particular.
    pub fn is_of_whole(&self) -> bool {
        self.unit.is_none() && self.set.is_none()
    }

    /// Whose it is and when: unit, set, period, through, field.
    pub fn key(&self) -> [Option<&str>; 5] {
        [&self.unit, &self.set, &self.period, &self.through, &self.field].map(Option::as_deref)
    }

    pub fn is_dated(&self) -> bool {
        self.period.is_some() || self.through.is_some()
    }

    /// The base that its value is made of.
    pub fn base(&self) -> Option<&BaseTarget> {
        match &self.value {
            TargetValue::Derived(base) => Some(base),
            TargetValue::Stated(_) => None,
        }
    }
}
