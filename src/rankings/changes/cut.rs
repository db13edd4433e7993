//! The instants as of which two runs look, and the periods whose reports came due in between. PURE.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

/// Another cut: figures may differ for everybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = RankingCutMoved)]
pub struct CutMoved {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
    /// Codes of the periods that were due by the later run's instant only.
    pub due: Vec<String>,
    /// Codes of the periods that were due by the earlier run's instant only.
    pub not_due: Vec<String>,
}

/// An instant, with the codes of the periods that were due by then as it was known then.
pub type Cut = (DateTime<Utc>, BTreeSet<String>);

/// None where both look as of the same instant.
pub fn cut_moved((from, before): &Cut, (to, after): &Cut) -> Option<CutMoved> {
    let only = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.difference(b).cloned().collect();
    let moved = || CutMoved { from: *from, to: *to, due: only(after, before), not_due: only(before, after) };
    (from != to).then(moved)
}
