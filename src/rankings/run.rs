//! What a run is for, and what became of it. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RankingMode)]
pub enum Mode {
    /// A simulation without effect.
    Preview,
    Official,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RankingState)]
pub enum State {
    Preview,
    Official,
    /// A later official run of the award superseded it.
    Superseded,
}
