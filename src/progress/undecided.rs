//! Who may ask for figures of reports that nobody has decided on.

use crate::{
    db::UnitId,
    http::{Caller, Error, UNDECIDED, forbidden},
    units::Tree,
};

/// 403 unless roles that may ask cover the whole scope: the units at its tops, or the locality for none.
pub(super) fn permit(caller: &Caller, today: &Tree, tops: Option<&[UnitId]>) -> Result<(), Error> {
    let asking = caller.undecided();
    let covers = |top: &UnitId| asking.iter().flatten().any(|own| today.is_within(*top, *own));
    let permitted = asking.contains(&None) || tops.is_some_and(|tops| tops.iter().all(covers));
    if permitted { Ok(()) } else { Err(forbidden(UNDECIDED)) }
}
