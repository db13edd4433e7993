//! What a submission says: values and a narrative. The same shape is drafted, submitted and shown. And what the agency
//! says to it. PURE.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};
use utoipa::ToSchema;

// utoipa takes every type called `Value` for any JSON.
use super::value::Value as SubmissionValue;

/// Why the agency enters a report for a unit, and where it has the figures from (a call, a paper).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OnBehalf {
    pub reason: String,
    pub source: String,
}

/// The content of a report. It must not be secret: `"secret": true` is refused before anything is stored.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = SubmissionContent)]
pub struct Content {
    #[serde(default)]
    pub narrative: Option<String>,
    #[serde(default)]
    pub secret: bool,
    pub values: Vec<SubmissionValue>,
    /// Only where the agency enters for the unit.
    #[serde(default)]
    pub on_behalf: Option<OnBehalf>,
}

/// A content as the audit log compares it: each value under its indicator, or `indicator/field`, so that a change names
/// the figure whatever order the values come in. For `serialize_with`.
pub fn by_place<S: Serializer>(content: &Content, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct ByPlace<'a> {
        narrative: &'a Option<String>,
        values: BTreeMap<String, &'a SubmissionValue>,
        on_behalf: &'a Option<OnBehalf>,
    }
    let place = |value: &SubmissionValue| match &value.field {
        Some(field) => format!("{}/{field}", value.indicator),
        None => value.indicator.clone(),
    };
    let Content { narrative, values, on_behalf, .. } = content;
    let values = values.iter().map(|value| (place(value), value)).collect();
    ByPlace { narrative, values, on_behalf }.serialize(serializer)
}

/// A word of the agency to one value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Remark {
    pub indicator: String,
    #[serde(default)]
    pub field: Option<String>,
    #[schema(min_length = 1, max_length = 2000)]
    pub text: String,
}

/// What comes with an act: why, and words to single values.
#[derive(Debug, Default)]
pub struct Why {
    pub reason: Option<crate::bounded::Reason>,
    pub remarks: Vec<Remark>,
}

impl Why {
    /// The unit itself opens what it handed in, to put final figures in the place of estimates.
    pub fn final_figures() -> Self {
        Self { reason: Some("Nộp số liệu chính thức thay số ước".to_owned().into()), remarks: Vec::new() }
    }
}
