//! Whom an award is given to, as the locality knows them on a day.

use super::recipient::{Recipient, published};
use crate::{
    nominations::Nomination,
    people::{Directory, Party},
};

/// What would be published of a candidate.
pub fn recipient_of(directory: &Directory, nomination: &Nomination) -> Recipient {
    let party = directory.view(nomination.candidate);
    let position = match nomination.candidate {
        Party::Person(id) => directory.person(id).and_then(|person| person.position.clone()),
        Party::Unit(_) | Party::Household(_) => None,
    };
    Recipient { name: party.name, position, unit: party.unit_name, achievement: published(&nomination.achievement) }
}
