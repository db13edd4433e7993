//! Which units a caller asks about, names, and may know of.

use super::tree::{History, Tree};
use crate::{
    db::UnitId,
    finding::Finding,
    http::{Caller, Error, Reach, Result},
};

/// The units whose subtrees a caller asks about in the tree `known`: the one of the code `unit` (404 where out of reach),
/// else all that the caller reaches; none for the whole locality.
pub fn scope(known: &Tree, reach: &Reach, unit: Option<&str>) -> Result<Option<Vec<UnitId>>> {
    let Some(code) = unit else {
        return Ok(match reach {
            Reach::Units(tops) => Some(known.highest(tops)),
            Reach::Locality => None,
        });
    };
    let id = known.by_code(code).ok_or_else(|| Error::missing("unit"))?.id;
    reaches(known, reach, id).then(|| Some(vec![id])).ok_or_else(|| Error::missing("unit"))
}

/// All units of a [scope]; none for the whole locality.
pub fn units_of_scope(known: &Tree, reach: &Reach, unit: Option<&str>) -> Result<Option<Vec<UnitId>>> {
    Ok(scope(known, reach, unit)?.map(|tops| known.below(&tops)))
}

/// Whether a unit lies within a reach.
pub fn reaches(known: &Tree, reach: &Reach, unit: UnitId) -> bool {
    match reach {
        Reach::Units(tops) => tops.iter().any(|top| known.is_within(unit, *top)),
        Reach::Locality => true,
    }
}

/// The unit that a body names by `code` at `/unit`: it has not ended, and lies within the caller's reach.
pub fn named(history: &History, caller: &Caller, code: &str) -> Result<UnitId, Finding> {
    let today = history.on(caller.today());
    let unit = today.by_code(code).ok_or_else(|| Finding::new("/unit", "unit_unknown").with("unit", code))?;
    if reaches(&today, &caller.reach(), unit.id) {
        Ok(unit.id)
    } else {
        Err(Finding::new("/unit", "unit_out_of_reach"))
    }
}
