//! A party: a unit, a person or a household. Parties own initiatives and are nominated; a person counts with the unit they
//! belong to, and a household belongs to the residential unit that it lives in, but does not count with it.
//! PURE.

use serde::{Deserialize, Serialize};

use crate::db::{HouseholdId, PersonId, UnitId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Unit(UnitId),
    Person(PersonId),
    Household(HouseholdId),
}

impl Party {
    /// From columns of which just one is set.
    pub fn of(unit: Option<UnitId>, person: Option<PersonId>, household: Option<HouseholdId>) -> Option<Self> {
        unit.map(Self::Unit).or(person.map(Self::Person)).or(household.map(Self::Household))
    }

    pub fn unit(self) -> Option<UnitId> {
        if let Self::Unit(id) = self { Some(id) } else { None }
    }

    pub fn person(self) -> Option<PersonId> {
        if let Self::Person(id) = self { Some(id) } else { None }
    }

    pub fn household(self) -> Option<HouseholdId> {
        if let Self::Household(id) = self { Some(id) } else { None }
    }
}
