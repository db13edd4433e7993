//! Sets of units: clusters (cụm), blocks (khối), zones (vùng). PURE.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::terms::Text;

/// Units that the plan names together (cụm, khối, vùng): by code, by kind, or both. Who belongs to it is asked of each day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnitSet {
    pub code: String,
    pub name: Text,
    /// Codes of units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub units: Vec<String>,
    /// All units of these kinds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
}
