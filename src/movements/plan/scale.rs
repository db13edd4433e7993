//! Scales (thang điểm): how a figure becomes points. PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exact::Decimal;

/// A line of a scoring table: the figure of one indicator, and the points that it gives.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PointScale {
    /// Read in percent of the target, in place of the figure itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of: Option<ScaleOf>,
    /// Read in percent of what the others of the group have: `best`, `mean` (unweighted), or a published figure
    /// (`indicator:CODE`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub against: Option<String>,
    /// `best`: the figure that counts 0 percent; 0 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<Decimal>,
    pub between: Between,
    /// `step`: the points below the first knot; 0 if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub below: Option<Decimal>,
    /// Rising.
    pub knots: Vec<Knot>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScaleOf {
    Target,
}

/// `step`: the points of the last knot reached; `line`: in proportion between two knots, flat outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Between {
    Step,
    Line,
}

/// The points from a figure on, or above it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Knot {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub above: Option<Decimal>,
    pub points: Decimal,
}

/// What a figure is read in percent of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Against<'a> {
    Best,
    Mean,
    Indicator(&'a str),
}

impl PointScale {
    /// None also where the text names nothing.
    pub fn read_against(&self) -> Option<Against<'_>> {
        match self.against.as_deref()? {
            "best" => Some(Against::Best),
            "mean" => Some(Against::Mean),
            other => other.strip_prefix("indicator:").map(Against::Indicator),
        }
    }
}

impl Knot {
    /// Where it begins, and whether beyond that only.
    pub fn edge(&self) -> Option<(Decimal, bool)> {
        edge(self.from, self.above)
    }
}

/// Exactly one of the two, and whether it is the second.
pub(super) fn edge(from: Option<Decimal>, above: Option<Decimal>) -> Option<(Decimal, bool)> {
    match (from, above) {
        (Some(from), None) => Some((from, false)),
        (None, Some(above)) => Some((above, true)),
        _ => None,
    }
}
