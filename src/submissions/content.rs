//! What a submission says: values and a narrative. The same shape is drafted, submitted and shown. And what the agency
//! says to it. PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::value::Value;

/// Why the agency enters a report for a unit, and where it has the figures from (a call, a paper).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBehalf {
    pub reason: String,
    pub source: String,
}

/// The content of a report. It must not be secret: `"secret": true` is refused before anything is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "SubmissionContent")]
pub struct Content {
    #[serde(default)]
    pub narrative: Option<String>,
    #[serde(default)]
    pub secret: bool,
    pub values: Vec<Value>,
    /// Only where the agency enters for the unit.
    #[serde(default)]
    pub on_behalf: Option<OnBehalf>,
}

/// A word of the agency to one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    pub indicator: String,
    #[serde(default)]
    pub field: Option<String>,
    #[schemars(length(min = 1, max = 2000))]
    pub text: String,
}
