//! How many a run takes: the plan's number, or what its rule gives of what was counted. PURE.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    exact::Decimal,
    movements::plan::{Award, QuotaBy, ShareOf, part},
    rankings::inputs::Inputs,
};

/// ⌊`counted` × `share` / 100⌋.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ShareFigures {
    pub share: Decimal,
    pub of: ShareOf,
    pub counted: u64,
    pub quota: u32,
}

/// The places of a run.
pub(super) struct Taken {
    /// All together.
    pub all: u32,
    /// Of a group with places of its own.
    pub by_group: BTreeMap<String, u32>,
    pub share: Option<ShareFigures>,
}

/// A rule that cannot be read, which lint refuses, takes nobody.
pub(super) fn taken(inputs: &Inputs) -> Taken {
    let Award { quota, groups, .. } = &inputs.award;
    let together = |all| Taken { all, by_group: BTreeMap::new(), share: None };
    let apart = |by_group: BTreeMap<String, u32>| {
        let all = by_group.values().fold(0, |sum: u32, number| sum.saturating_add(*number));
        Taken { all, by_group, share: None }
    };
    match quota.read() {
        None => together(0),
        Some(QuotaBy::Fixed(number)) => together(number),
        Some(QuotaBy::EachGroup(number)) => apart(groups.iter().map(|group| (group.clone(), number)).collect()),
        Some(QuotaBy::Groups(numbers)) => {
            apart(groups.iter().map(|group| (group.clone(), numbers.get(group).copied().unwrap_or(0))).collect())
        }
        Some(QuotaBy::Share(share, of)) => {
            let counted = match of {
                ShareOf::Units => inputs.units.unwrap_or(0),
                ShareOf::Candidates => inputs.candidates.len() as u64,
            };
            let figures = ShareFigures { share, of, counted, quota: part(counted, share) };
            Taken { share: Some(figures.clone()), ..together(figures.quota) }
        }
    }
}
