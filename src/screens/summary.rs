//! What a chair looks at first: the verdicts counted, the indicators farthest from their targets, and the units that
//! report late or not at all. PURE.

use std::collections::BTreeMap;

use crate::{
    exact::{BigRational, ratio, shown},
    movements::plan::Indicator,
    progress::{Attainment, Figure, Verdict, attainment},
    submissions::{Came, Obligation},
};

/// Number of indicators that a summary names.
const WORST_MOST: usize = 3;

/// An indicator that misses its target, and how far it is attained, from 0 to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct Worst<'a> {
    pub indicator: &'a Indicator,
    pub figure: &'a Figure,
    pub attained: BigRational,
}

impl Worst<'_> {
    /// In percent with 2 decimals, and with more until it stands on its own side of 0 and 100.
    pub fn percent(&self) -> String {
        let (none, all) = (ratio(0, 1), ratio(100, 1));
        let exact = &self.attained * &all;
        shown(&exact, 2, |shown| (*shown == none) != (exact == none) || (*shown == all) != (exact == all))
    }
}

/// The indicators whose figures miss a target or a floor, the least attained first; equal ones in the plan's order.
pub fn worst<'a>(figures: &'a [(&'a Indicator, Figure)]) -> Vec<Worst<'a>> {
    let missed = figures.iter().filter(|(_, figure)| figure.whole.verdict != Verdict::Met);
    let mut missed: Vec<Worst> = missed
        .filter_map(|(indicator, figure)| match attainment(indicator, figure) {
            Attainment::Reached(attained) => Some(Worst { indicator, figure, attained }),
            Attainment::Excluded(_) | Attainment::NoData => None,
        })
        .collect();
    missed.sort_by(|one, other| one.attained.cmp(&other.attained));
    missed.truncate(WORST_MOST);
    missed
}

/// A unit and periods of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Late {
    pub unit: String,
    pub unit_name: String,
    pub periods: Vec<String>,
}

/// The units with the periods whose report `fits`, by code; the newest name is the one people know.
pub fn late_units(obligations: &[Obligation], fits: impl Fn(Option<Came>, bool) -> bool) -> Vec<Late> {
    let mut units: BTreeMap<&str, Late> = BTreeMap::new();
    for obligation in obligations.iter().filter(|owed| fits(owed.report.came, owed.report.due)) {
        let (unit, unit_name) = (obligation.unit.code.clone(), obligation.unit.name.clone());
        let late = units.entry(&obligation.unit.code).or_insert(Late { unit, unit_name, periods: Vec::new() });
        late.unit_name.clone_from(&obligation.unit.name);
        late.periods.push(obligation.period.clone());
    }
    units.into_values().collect()
}
