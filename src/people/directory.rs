//! Parties by name and by unit, as they were on a day, and the parties that a list is kept to.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    households::{self, HouseholdFacts},
    party::Party,
    store::{self, Row},
};
use crate::{
    db::{Conn, HouseholdId, LocalityId, PersonId, Recall, UnitId},
    http::{Reach, Result},
    units::{self, History, Node, Tree},
};

/// A unit, a person or a household, by name.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Party)]
pub struct PartyView {
    pub kind: PartyKind,
    /// A unit's code, or the id of a person or a household.
    #[schema(example = "phong-kinh-te")]
    pub code: String,
    /// Of a household: its head's.
    #[schema(example = "Phòng Kinh tế")]
    pub name: String,
    /// Code of a person's unit or a household's residential unit; null for units and residents.
    #[schema(required)]
    pub unit: Option<String>,
    #[schema(required)]
    pub unit_name: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartyKind {
    Unit,
    Person,
    Household,
}

/// The units, and the asked-for people and households, of a locality as they stood on a day; units that had ended keep their name.
pub struct Directory {
    on: NaiveDate,
    pub units: Arc<Tree>,
    people: HashMap<PersonId, Row>,
    households: HashMap<HouseholdId, HouseholdFacts>,
}

pub async fn directory(
    conn: &mut Conn,
    recall: &Recall,
    parties: impl IntoIterator<Item = Party>,
    on: NaiveDate,
) -> Result<Directory> {
    let history = units::history(conn, recall).await?;
    directory_in(conn, recall.locality, parties, &history, on).await
}

/// The same where the history of the units is known.
pub async fn directory_in(
    conn: &mut Conn,
    locality: LocalityId,
    parties: impl IntoIterator<Item = Party>,
    history: &History,
    on: NaiveDate,
) -> Result<Directory> {
    let parties: Vec<Party> = parties.into_iter().collect();
    let ids: Vec<PersonId> = parties.iter().filter_map(|party| party.person()).collect();
    let people = store::facts_of(conn, locality, &ids, on).await?;
    let ids: Vec<HouseholdId> = parties.iter().filter_map(|party| party.household()).collect();
    let households = households::facts_of(conn, locality, &ids, on).await?;
    Ok(Directory {
        on,
        units: history.registered_by(on),
        people: people.into_iter().map(|row| (row.id, row)).collect(),
        households: households.into_iter().map(|row| (row.id, row)).collect(),
    })
}

impl Directory {
    /// The unit of this code, where it has not ended.
    pub fn unit(&self, code: &str) -> Option<&Node> {
        self.units.by_code(code).filter(|unit| unit.valid_to.is_none_or(|to| to >= self.on))
    }

    pub fn person(&self, id: PersonId) -> Option<&Row> {
        self.people.get(&id)
    }

    pub fn household(&self, id: HouseholdId) -> Option<&HouseholdFacts> {
        self.households.get(&id)
    }

    /// The unit itself, the unit that the person belongs to, or the one that the household lives in.
    pub fn unit_of(&self, party: Party) -> Option<UnitId> {
        match party {
            Party::Unit(id) => Some(id),
            Party::Person(id) => self.person(id)?.unit_id.map(|unit| self.units.resolve_successor(unit)),
            Party::Household(id) => Some(self.units.resolve_successor(self.household(id)?.unit_id)),
        }
    }

    /// The unit's or the person's kind; a household is of one kind.
    pub fn kind_of(&self, party: Party) -> Option<&str> {
        match party {
            Party::Unit(id) => self.units.by_id(id).map(|unit| unit.kind.as_str()),
            Party::Person(id) => self.person(id).map(|person| person.kind.as_str()),
            Party::Household(id) => self.household(id).map(|_| "household"),
        }
    }

    pub fn is_within(&self, party: Party, tops: &[UnitId]) -> bool {
        self.unit_of(party).is_some_and(|unit| tops.iter().any(|top| self.units.is_within(unit, *top)))
    }

    /// Whether the party lies within a caller's reach.
    pub fn reaches(&self, reach: &Reach, party: Party) -> bool {
        match reach {
            Reach::Locality => true,
            Reach::Units(tops) => self.is_within(party, tops),
        }
    }

    pub fn view(&self, party: Party) -> PartyView {
        let unit = self.unit_of(party).and_then(|id| self.units.by_id(id));
        let (kind, id, name) = match party {
            Party::Unit(id) => {
                let name = unit.map(|unit| unit.name.clone()).unwrap_or_default();
                let code = unit.map_or_else(|| id.to_string(), |unit| unit.code.clone());
                return PartyView { kind: PartyKind::Unit, code, name, unit: None, unit_name: None };
            }
            Party::Person(id) => (PartyKind::Person, id.to_string(), self.person(id).map(|person| &person.name)),
            Party::Household(id) => (PartyKind::Household, id.to_string(), self.household(id).map(|one| &one.head)),
        };
        PartyView {
            kind,
            code: id,
            name: name.cloned().unwrap_or_default(),
            unit: unit.map(|unit| unit.code.clone()),
            unit_name: unit.map(|unit| unit.name.clone()),
        }
    }
}

/// The parties that a list is kept to.
#[derive(Clone)]
pub struct Scope {
    pub units: Vec<UnitId>,
    pub people: Vec<PersonId>,
    pub households: Vec<HouseholdId>,
}

/// The units within the caller's reach (and within `unit`, where a filter names one; 404 when it is out of reach), with
/// their people and households; none where the caller sees the whole locality.
pub async fn scope(
    conn: &mut Conn,
    recall: &Recall,
    reach: &Reach,
    unit: Option<&str>,
    on: NaiveDate,
) -> Result<Option<Scope>> {
    let tops = match (unit, reach) {
        (Some(code), reach) => vec![units::within(conn, recall, reach, code, on).await?],
        (None, Reach::Units(tops)) => tops.clone(),
        (None, Reach::Locality) => return Ok(None),
    };
    let known = units::register(conn, recall, on).await?;
    let units = known.below(&tops);
    let merged = known.with_merged(&units);
    let people = store::members(conn, recall.locality, &merged, on).await?;
    let households = households::members(conn, recall.locality, &merged, on).await?;
    Ok(Some(Scope { units, people, households }))
}
