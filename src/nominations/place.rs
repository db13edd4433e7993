//! The movement, the award and the candidate of a path.

use std::{ops::Deref, sync::Arc};

use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    db::{AccountId, Conn, HouseholdId, PersonId},
    http::{Actor, Caller, Error, Grant, Result, Role},
    movements::{
        self, LockedMovement, Movement,
        plan::{Award, CandidateKind, Group, Plan},
        versions::Version,
    },
    people::{self, Directory, Party},
    units::Node,
};

/// A nomination as a path names it: by the codes of its movement and award, and the unit's code, or the id of the person or the household.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
pub struct NominationPath {
    pub movement: String,
    pub award: String,
    pub candidate: String,
}

impl NominationPath {
    /// Its address.
    pub fn location(&self) -> String {
        format!("/api/v1/{}", self.subject())
    }

    /// As the audit log names it.
    pub fn subject(&self) -> String {
        format!("movements/{}/awards/{}/nominations/{}", self.movement, self.award, self.candidate)
    }
}

pub struct Place {
    pub movement: Movement,
    /// The version in force today.
    pub(super) plan: Arc<Version>,
    pub award: Award,
    pub candidate: Party,
    /// The candidate by name, as of today.
    pub directory: Arc<Directory>,
}

/// The same, with the movement locked until the transaction ends.
pub struct LockedPlace {
    place: Place,
    movement: LockedMovement,
}

impl Deref for LockedPlace {
    type Target = Place;

    fn deref(&self) -> &Place {
        &self.place
    }
}

impl LockedPlace {
    /// Whether dossiers can still change (409).
    pub fn must_be_open(&self) -> Result<()> {
        self.movement.must_be_under_way()
    }
}

/// The award of this code, or 404.
pub(super) fn award(plan: &Plan, code: &str) -> Result<Award> {
    plan.awards.iter().find(|award| award.code == code).cloned().ok_or_else(|| Error::missing("award"))
}

/// The resources of the path, if the candidate is within the caller's scope (404).
pub async fn place(conn: &mut Conn, caller: &Caller, path: &NominationPath) -> Result<Place> {
    let movement = movements::find(conn, caller.recall()?, &path.movement).await?;
    within(conn, caller, movement, path).await
}

/// The same for a change.
pub async fn place_for_change(conn: &mut Conn, caller: &Caller, path: &NominationPath) -> Result<LockedPlace> {
    let movement = movements::share(conn, caller.recall()?, &path.movement).await?;
    let place = within(conn, caller, Movement::clone(&movement), path).await?;
    Ok(LockedPlace { place, movement })
}

/// An award whose dossiers change, with its movement locked until the transaction ends.
pub(super) struct LockedAward {
    pub movement: LockedMovement,
    plan: Arc<Version>,
    pub award: Award,
}

impl LockedAward {
    /// The place of a candidate within the caller's reach.
    pub fn place(&self, candidate: Party, directory: Arc<Directory>) -> Place {
        let (movement, plan) = (Movement::clone(&self.movement), self.plan.clone());
        Place { movement, plan, award: self.award.clone(), candidate, directory }
    }
}

/// The award of a movement for a change (404).
pub(super) async fn award_for_change(
    conn: &mut Conn,
    caller: &Caller,
    movement: &str,
    code: &str,
) -> Result<LockedAward> {
    let movement = movements::share(conn, caller.recall()?, movement).await?;
    let plan = movement.on(caller.today()).clone();
    let award = award(&plan.plan, code)?;
    Ok(LockedAward { movement, plan, award })
}

async fn within(conn: &mut Conn, caller: &Caller, movement: Movement, path: &NominationPath) -> Result<Place> {
    let NominationPath { award: award_code, candidate: code, .. } = path;
    let plan = movement.on(caller.today()).clone();
    let award = award(&plan.plan, award_code)?;
    let id = code.parse::<Uuid>().ok();
    let party = match award.candidates {
        CandidateKind::Unit => None,
        CandidateKind::Person => id.map(|id| Party::Person(PersonId::from(id))),
        CandidateKind::Household => id.map(|id| Party::Household(HouseholdId::from(id))),
    };
    let directory = people::directory(conn, caller.recall()?, party, caller.today()).await?;
    let candidate = match award.candidates {
        CandidateKind::Unit => directory.units.by_code(code).map(|unit| Party::Unit(unit.id)),
        _ => party.filter(|party| directory.kind_of(*party).is_some()),
    };
    match candidate {
        Some(candidate) if directory.reaches(&caller.reach(), candidate) => {
            Ok(Place { movement, plan, award, candidate, directory: Arc::new(directory) })
        }
        _ => Err(Error::missing("candidate")),
    }
}

impl Place {
    /// The candidate's kind today; none for a unit that has ended.
    pub(super) fn kind(&self) -> Option<&str> {
        let ended = |id| self.directory.units.by_id(id).is_none_or(|unit| self.directory.unit(&unit.code).is_none());
        self.directory.kind_of(self.candidate).filter(|_| !self.candidate.unit().is_some_and(ended))
    }

    /// The unit that the candidate is, belongs to or lives in.
    pub(super) fn unit(&self) -> Option<&Node> {
        self.directory.units.by_id(self.directory.unit_of(self.candidate)?)
    }

    /// The group of this code, as the plan in force states it.
    pub fn group(&self, code: &str) -> Option<&Group> {
        self.plan.plan.groups.iter().find(|group| group.code == code)
    }

    /// Whether the caller heads the candidate's unit, or one above it.
    pub(super) fn is_headed_by(&self, caller: &Caller) -> bool {
        self.headships(caller).next().is_some()
    }

    /// Who delegated the role by which the caller nominates: the head's role where they head the unit, else the agency's.
    pub(super) fn nominates_for(&self, caller: &Caller, actor: &Actor) -> Vec<AccountId> {
        match self.is_headed_by(caller) {
            true => self.headships(caller).map(|grant| grant.acting_for).collect::<Option<_>>().unwrap_or_default(),
            false => actor.acting_for.clone(),
        }
    }

    fn headships<'a>(&'a self, caller: &'a Caller) -> impl Iterator<Item = &'a Grant> {
        let heads = caller.grants.iter().filter(|grant| grant.role() == Some(Role::UnitHead));
        heads.filter(|grant| grant.unit.is_some_and(|unit| self.directory.is_within(self.candidate, &[unit])))
    }
}
