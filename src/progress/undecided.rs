//! Who may ask for figures of reports that nobody has decided on: the agency and those who judge with it, a unit for itself.
//! The city and the administrators read what is approved.

use crate::{
    db::UnitId,
    http::{
        Access, Caller, Error,
        Role::{Auditor, Chair, CouncilMember, Reporter, StandingAgency, UnitHead},
        Scope, forbidden,
    },
    units::Tree,
};

const UNDECIDED: Access =
    Access::RolesOr(&[Reporter, UnitHead, StandingAgency, CouncilMember, Chair, Auditor], Scope::SubmissionsRead);

/// 403 unless roles that may ask cover the whole scope: the units at its tops, or the locality for none.
pub(super) fn permit(caller: &Caller, today: &Tree, tops: Option<&[UnitId]>) -> Result<(), Error> {
    let asking: Vec<Option<UnitId>> =
        caller.grants.iter().filter(|grant| UNDECIDED.answers(grant.held)).map(|grant| grant.unit).collect();
    let covers = |top: &UnitId| asking.iter().flatten().any(|own| today.is_within(*top, *own));
    let permitted = asking.contains(&None) || tops.is_some_and(|tops| tops.iter().all(covers));
    if permitted { Ok(()) } else { Err(forbidden(UNDECIDED)) }
}
