//! How firmly an entry and the line stand, as a run shows it. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Whether draws of other weights leave the same candidates within the quota, and the same tied at its line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingCutLine)]
pub struct CutLine {
    /// At least 95 % of the draws keep it.
    pub stable: bool,
    /// The share of draws that keep it, half-up to 3 decimals, or to as many as keep it from 0 and from 1.
    #[schema(example = "0.62")]
    pub share_of_draws: String,
}

/// Where draws of other weights put an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingEntryRobustness)]
pub struct EntryRobustness {
    /// 5 % of the draws have this rank or a better one.
    pub rank_p05: u32,
    /// 95 % of the draws have this rank or a better one.
    pub rank_p95: u32,
    /// The share of draws within the quota, rounded as the line's; null where people split the quota among the groups.
    #[schema(example = "0.998")]
    pub within_quota: Option<String>,
}
