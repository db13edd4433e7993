//! What ties a member of the council to a candidate, so that they do not judge. PURE.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{db::UnitId, people::Party, units::Tree};

/// Why a member does not judge a candidate.
///
/// - `declared`: They declared it.
/// - `candidate`: They are the candidate.
/// - `unit`: They belong to the candidate's unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = RecusalGround)]
pub enum Ground {
    Declared,
    Candidate,
    Unit,
}

/// Whether a member, of whom `itself` is the person and who belongs to some units, is tied to a candidate with its unit. Of
/// a collective everybody in it and below it is a part; with a person, their own unit is shared.
pub fn tie(
    itself: Option<Party>,
    mut units: impl Iterator<Item = UnitId>,
    (candidate, unit): (Party, Option<UnitId>),
    tree: &Tree,
) -> Option<Ground> {
    if itself == Some(candidate) {
        return Some(Ground::Candidate);
    }
    let unit = unit?;
    let belongs = |own: UnitId| {
        let own = tree.resolve_successor(own);
        own == unit || matches!(candidate, Party::Unit(_)) && tree.is_within(own, unit)
    };
    units.any(belongs).then_some(Ground::Unit)
}
