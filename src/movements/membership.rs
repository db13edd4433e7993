//! Who belongs to what a plan names: units to sets, reporters to indicators, candidates to groups. PURE.

use super::plan::{CandidateKind, Group, Indicator, UnitSet};
use crate::units::Node;

/// Whether a unit is of a set on the day of its tree. A successor takes no membership over.
pub fn is_in(set: &UnitSet, unit: &Node) -> bool {
    set.units.contains(&unit.code) || set.kinds.contains(&unit.kind)
}

/// The codes of the sets that a unit is of.
pub fn sets_of<'a>(sets: &'a [UnitSet], unit: &Node) -> Vec<&'a str> {
    sets.iter().filter(|set| is_in(set, unit)).map(|set| set.code.as_str()).collect()
}

fn is_in_one(sets: &[UnitSet], codes: &[String], unit: &Node) -> bool {
    sets.iter().any(|set| codes.contains(&set.code) && is_in(set, unit))
}

/// Whether a unit reports an indicator. What is counted by itself nobody reports.
pub fn owes(indicator: &Indicator, sets: &[UnitSet], unit: &Node) -> bool {
    indicator.counts.is_none()
        && indicator.reported_by.iter().any(|by| match by.split_once(':') {
            Some(("unit", code)) => unit.answers_to(code),
            Some(("set", code)) => sets.iter().any(|set| set.code == code && is_in(set, unit)),
            _ => *by == unit.kind,
        })
}

/// Whether a group is for a candidate of a kind, with the unit that it is or belongs to. Households are of one kind.
pub fn takes(group: &Group, sets: &[UnitSet], kind: &str, unit: Option<&Node>) -> bool {
    let every_kind = group.candidates == CandidateKind::Household || !group.sets.is_empty();
    let of_kind = group.kinds.is_empty() && every_kind || group.kinds.iter().any(|known| known == kind);
    of_kind && (group.sets.is_empty() || unit.is_some_and(|unit| is_in_one(sets, &group.sets, unit)))
}

/// The units of a tree that are candidates of a group.
pub fn candidates<'a>(
    group: &'a Group,
    sets: &'a [UnitSet],
    units: impl Iterator<Item = &'a Node>,
) -> impl Iterator<Item = &'a Node> {
    units.filter(|unit| group.candidates == CandidateKind::Unit && takes(group, sets, &unit.kind, Some(unit)))
}
