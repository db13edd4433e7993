//! The slots of one indicator within a scope: who owes it on which leaf, and where the unit stood. PURE.

use std::collections::BTreeSet;

use super::answer::{Leaf, Report, Slot};
use crate::{
    db::UnitId,
    movements::{
        self,
        plan::{Indicator, UnitSet},
    },
    units::Tree,
};

/// Which units count.
#[derive(Debug, Clone, Copy)]
pub enum Scope<'a> {
    Locality,
    /// These units and their descendants.
    Below(&'a [UnitId]),
    /// These units alone.
    Units(&'a [UnitId]),
}

impl Scope<'_> {
    /// Whether a unit of the tree counts.
    fn holds(self, tree: &Tree, id: UnitId) -> bool {
        match self {
            Scope::Locality => true,
            Scope::Below(tops) => tops.iter().any(|top| tree.is_within(id, *top)),
            Scope::Units(units) => units.contains(&id),
        }
    }
}

/// A leaf, the tree of its cut-off day, and the indicator as its plan states it, with the plan's sets: none where it was not
/// in the plan, or is not owed.
pub type Stated<'a, 'b> = (&'a Leaf, &'a Tree, Option<(&'b Indicator, &'b [UnitSet])>);

/// The slots of a span's leaves, in order; `report` finds that of the leaf at a position and of a unit. A stock stands
/// where its unit is on the span's last cut-off day, so there are also slots of leaves at which the unit stood elsewhere.
pub fn slots<'a>(
    span: &[Stated<'a, '_>],
    scope: Scope,
    report: impl Fn(usize, UnitId) -> Option<Report<'a>>,
) -> Vec<Slot<'a>> {
    let Some((_, last, _)) = span.last() else { return Vec::new() };
    let standing: BTreeSet<UnitId> = last.iter().map(|unit| unit.id).filter(|id| scope.holds(last, *id)).collect();
    let mut slots = Vec::new();
    for (position, (leaf, tree, stated)) in span.iter().enumerate() {
        for unit in tree.iter().filter(|unit| stated.is_some_and(|(stated, sets)| movements::owes(stated, sets, unit)))
        {
            let (covered, current) = (scope.holds(tree, unit.id), standing.contains(&unit.id));
            if covered || current {
                let report = report(position, unit.id);
                slots.push(Slot { unit: &unit.code, unit_name: &unit.name, leaf, covered, current, report });
            }
        }
    }
    slots
}
