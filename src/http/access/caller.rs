//! The caller of a request, their locality, and the scope of their roles for the operation.
//!
//! The guard adds the caller to the request before any handler runs. A look-up takes the caller's [`Reach`], a change
//! takes an [`Actor`], and only [`Caller::permit`] creates one: a permission is a type of an argument, so it cannot be
//! forgotten.

use std::{
    collections::BTreeSet,
    future::{Ready, ready},
};

use actix_web::{FromRequest, HttpMessage, HttpRequest, dev::Payload};
use chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;

use super::{
    matrix::{Access, Authority, Role, UNDECIDED, access},
    refusal::forbidden,
};
use crate::{
    clock::day,
    db::{AccountId, Conn, Db, LocalityId, Recall, UnitId},
    http::{Error, Locale, Result},
};

/// A human login or a machine client.
#[derive(Debug, Clone)]
pub struct Account {
    pub id: AccountId,
    /// A client's `client_id`.
    pub username: String,
    /// The sign-in of the token; none for machines and for people of an external issuer.
    pub sign_in: Option<Uuid>,
}

/// The tenant: one commune-level People's Committee.
#[derive(Debug, Clone)]
pub struct Locality {
    pub id: LocalityId,
    pub code: String,
    pub name: String,
}

/// A role or scope valid today; a unit role names the top of its subtree.
#[derive(Debug, Clone, Copy)]
pub struct Grant {
    pub held: Authority,
    pub unit: Option<UnitId>,
    /// The delegator, if the role is delegated.
    pub acting_for: Option<AccountId>,
}

impl Grant {
    pub fn role(&self) -> Option<Role> {
        match self.held {
            Authority::Role(role) => Some(role),
            Authority::Scope(_) => None,
        }
    }
}

/// The units within a caller's scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    Locality,
    /// These units and their descendants.
    Units(Vec<UnitId>),
}

/// A caller with permission for the operation in its place.
#[derive(Debug, Clone)]
pub struct Actor {
    pub account: AccountId,
    /// The delegators, if only delegated roles permit the operation.
    pub acting_for: Vec<AccountId>,
    pub locality: LocalityId,
    pub recall: Recall,
    pub at: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub struct Caller {
    pub account: Account,
    pub locality: Option<Locality>,
    /// What the locality had when the caller was read.
    pub recall: Option<Recall>,
    pub grants: Vec<Grant>,
    /// The matrix row of the requested operation.
    pub access: Access,
    pub locale: Locale,
    pub now: DateTime<Utc>,
}

/// The capacity in which a caller may act for one unit; neither, if they may not.
#[derive(Debug, Clone, Copy)]
pub struct Capacity {
    /// By a role in the unit or an ancestor.
    pub own: bool,
    /// By a role in the whole locality.
    pub wide: bool,
}

impl Caller {
    /// The requested locality (400 for a city caller that names none).
    pub fn locality(&self) -> Result<LocalityId> {
        self.locality.as_ref().map(|locality| locality.id).ok_or_else(|| Error::of("locality_required"))
    }

    /// What may be taken from memory of the requested locality.
    pub fn recall(&self) -> Result<&Recall> {
        self.recall.as_ref().ok_or_else(|| Error::of("locality_required"))
    }

    /// A read of several statements that all see the database as of the first one, which tells what may be recalled.
    pub async fn snapshot<T>(mut self, db: &Db, work: impl AsyncFnOnce(&mut Conn, &Self) -> Result<T>) -> Result<T> {
        db.snapshot(async move |conn| {
            if let Some(recall) = &self.recall {
                self.recall = Some(recall.again(conn).await?);
            }
            work(conn, &self).await
        })
        .await
    }

    /// The locality whose accounts the caller administers; the city's if none is named.
    pub fn realm(&self) -> Option<LocalityId> {
        self.locality.as_ref().map(|locality| locality.id)
    }

    pub fn holds(&self, role: Role) -> bool {
        self.grants.iter().any(|grant| grant.held == Authority::Role(role))
    }

    /// The units below which the caller may ask for figures of undecided reports; none of them is the locality.
    pub fn undecided(&self) -> BTreeSet<Option<UnitId>> {
        self.grants.iter().filter(|grant| UNDECIDED.answers(grant.held)).map(|grant| grant.unit).collect()
    }

    /// Whether one of the caller's roles permits an operation; views list these as allowed actions.
    pub fn may(&self, operation: &str) -> bool {
        self.grants.iter().any(|grant| access(operation).answers(grant.held))
    }

    /// Whether one of the caller's roles in the whole locality permits an operation.
    pub fn may_everywhere(&self, operation: &str) -> bool {
        let access = access(operation);
        self.grants.iter().any(|grant| grant.unit.is_none() && access.answers(grant.held))
    }

    /// Whether any role of the caller covers a unit, given with its ancestors.
    pub fn can_see(&self, above: &[UnitId]) -> bool {
        self.grants.iter().any(|grant| grant.unit.is_none_or(|unit| above.contains(&unit)))
    }

    /// The capacity in which the caller may do `operation` for a unit, given with its ancestors.
    pub fn capacity(&self, operation: &str, above: &[UnitId]) -> Capacity {
        let access = access(operation);
        let answered = || self.grants.iter().filter(|grant| access.answers(grant.held));
        Capacity {
            own: answered().any(|grant| grant.unit.is_some_and(|unit| above.contains(&unit))),
            wide: answered().any(|grant| grant.unit.is_none()),
        }
    }

    /// The caller as a pair of eyes: themselves and everybody who has delegated a role to them.
    pub fn persons(&self) -> Vec<AccountId> {
        std::iter::once(self.account.id).chain(self.grants.iter().filter_map(|grant| grant.acting_for)).collect()
    }

    /// The delegators of the role by which the caller does `operation` for a unit, given with its ancestors; none if a
    /// role of their own permits it. A role in the unit permits without a reason what a role in the whole locality
    /// permits only on behalf, so that the role in the unit counts where both permit it.
    pub fn acting_for(&self, operation: &str, above: &[UnitId]) -> Vec<AccountId> {
        let access = access(operation);
        let answered = || self.grants.iter().filter(|grant| access.answers(grant.held));
        let mut permitting: Vec<&Grant> =
            answered().filter(|grant| grant.unit.is_some_and(|unit| above.contains(&unit))).collect();
        if permitting.is_empty() {
            permitting = answered().filter(|grant| grant.unit.is_none()).collect();
        }
        permitting.into_iter().map(|grant| grant.acting_for).collect::<Option<_>>().unwrap_or_default()
    }

    fn lenders(&self, access: Access) -> Vec<AccountId> {
        let answered = self.grants.iter().filter(|grant| access.answers(grant.held));
        answered.map(|grant| grant.acting_for).collect::<Option<_>>().unwrap_or_default()
    }

    fn answering(&self, grant: &Grant) -> bool {
        self.access.answers(grant.held)
    }

    /// The caller's day in Việt Nam.
    pub fn today(&self) -> NaiveDate {
        day(self.now)
    }

    /// The instant of a query with `as_of`: now if it is left out, and never later than now.
    pub fn as_of(&self, asked: Option<DateTime<Utc>>) -> DateTime<Utc> {
        asked.map_or(self.now, |asked| asked.min(self.now))
    }

    /// The scope of the roles that permit the operation; of all roles if none permits it, so that a resource outside
    /// the scope is 404 before it is 403.
    pub fn reach(&self) -> Reach {
        self.reach_by(self.access)
    }

    /// The scope of the roles that permit another operation.
    pub fn reach_of(&self, operation: &str) -> Reach {
        self.reach_by(access(operation))
    }

    fn reach_by(&self, access: Access) -> Reach {
        let answering: Vec<&Grant> = self.grants.iter().filter(|grant| access.answers(grant.held)).collect();
        let counted = if answering.is_empty() { self.grants.iter().collect() } else { answering };
        let units: Option<Vec<UnitId>> = counted.iter().map(|grant| grant.unit).collect();
        units.map_or(Reach::Locality, Reach::Units)
    }

    /// Whether one of the caller's roles permits the operation (403).
    pub fn permit(&self) -> Result<Actor> {
        let recall = self.recall()?.clone();
        self.permit_anywhere()?;
        let (account, locality) = (self.account.id, recall.locality);
        Ok(Actor { account, acting_for: self.lenders(self.access), locality, recall, at: self.now })
    }

    /// The same, for operations above localities.
    pub fn permit_anywhere(&self) -> Result<()> {
        match self.access {
            Access::Public | Access::SignedIn => Ok(()),
            _ if self.grants.iter().any(|grant| self.answering(grant)) => Ok(()),
            _ => Err(forbidden(self.access)),
        }
    }
}

impl FromRequest for Caller {
    type Error = Error;
    type Future = Ready<Result<Self>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(req.extensions().get::<Self>().cloned().ok_or_else(|| Error::of("unauthenticated")))
    }
}
