//! A party: a unit or a person. Parties own initiatives and are nominated; a person counts with the unit they belong to.
//! PURE.

use serde::{Deserialize, Serialize};

use crate::db::{PersonId, UnitId};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    Unit(UnitId),
    Person(PersonId),
}

impl Party {
    /// From a pair of columns of which just one is set.
    pub fn of(unit: Option<UnitId>, person: Option<PersonId>) -> Option<Self> {
        unit.map(Self::Unit).or(person.map(Self::Person))
    }

    pub fn unit(self) -> Option<UnitId> {
        if let Self::Unit(id) = self { Some(id) } else { None }
    }

    pub fn person(self) -> Option<PersonId> {
        if let Self::Person(id) = self { Some(id) } else { None }
    }
}
