//! Who is judged by a figure, and whose figure of a base period makes a target. PURE.

use chrono::{DateTime, Utc};

use super::{Leaf, Question, Scope, Slot, Targets, aggregate, exact};
use crate::{
    db::UnitId,
    exact::BigRational,
    movements::{
        membership::sets_of,
        plan::{Indicator, OverTime, UnitSet},
        target_table::{Judged, has_table, judges_units},
    },
    units::Tree,
};

/// The whole, a single unit by its code, or several units that are not all.
pub(super) enum Who {
    Whole,
    Unit(String),
    Several,
}

impl Who {
    /// Of a scope with its slots; `tree` is that of the span's last day. Where no target is a unit's own, nobody is alone.
    pub fn of(indicator: &Indicator, scope: Scope, tree: Option<&Tree>, slots: &[Slot]) -> Self {
        let all =
            |tops: &[UnitId]| tree.is_none_or(|tree| tree.children(None).iter().all(|top| tops.contains(&top.id)));
        match scope {
            Scope::Locality => return Self::Whole,
            Scope::Below(tops) if all(tops) => return Self::Whole,
            _ if !has_table(indicator) && !judges_units(indicator) => return Self::Several,
            _ => {}
        }
        let mut units = slots.iter().map(|slot| slot.unit);
        match units.next() {
            Some(first) if units.all(|unit| unit == first) => Self::Unit(first.to_owned()),
            _ => Self::Several,
        }
    }

    /// As a table of targets asks; a unit has the sets of the tree's day.
    pub fn judged<'a>(&'a self, sets: &'a [UnitSet], tree: &Tree) -> Judged<'a> {
        match self {
            Self::Whole => Judged::Whole,
            Self::Several => Judged::Several,
            Self::Unit(code) => Judged::Unit(code, tree.by_code(code).map(|unit| sets_of(sets, unit))),
        }
    }

    /// The units whose figures are the base: all for none of them named. Several that are not all have none.
    pub fn of_base(&self, indicator: &Indicator, tree: &Tree) -> Option<Option<Vec<UnitId>>> {
        match self {
            Self::Whole => Some(None),
            Self::Several => None,
            Self::Unit(code) => {
                let id = tree.by_code(code)?.id;
                // A successor goes on for what adds up, and has a stock of its own.
                Some(Some(if indicator.over_time == OverTime::Sum { tree.with_merged(&[id]) } else { vec![id] }))
            }
        }
    }
}

/// The figure of a base period, or of a field there: all that owed it answered, or there is none.
pub(super) fn base_figure(
    indicator: &Indicator,
    leaf: &Leaf,
    slots: &[Slot],
    field: Option<&str>,
    as_of: DateTime<Utc>,
) -> Option<BigRational> {
    let (targets, leaves) = (Targets::stated(indicator, &[]), std::slice::from_ref(leaf));
    let question = Question { indicator, targets: &targets, leaves, as_of, recognised: None };
    let figure = aggregate(&question, slots);
    let whole = figure.coverage.expected > 0 && figure.coverage.reported == figure.coverage.expected;
    let of_field = figure.fields.iter().find(|one| Some(one.field.as_str()) == field).map(|one| &one.standing);
    exact(of_field.unwrap_or(&figure.whole), indicator).filter(|_| whole)
}
