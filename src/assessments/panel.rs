//! The council before candidates: who sits, and who does not judge whom. A member is recused by their own declaration, or
//! because they are the candidate or belong to the candidate's unit, at any time since the movement began. Recusals count
//! whatever instant is asked about: were a score there before and gone after, the difference would tell it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    panel_store::{Member, declared, members},
    ties::{Ground, tie},
};
use crate::{
    db::{AccountId, Conn, NominationId},
    http::Result,
    movements::Movement,
    nominations::Nomination,
    people::{self, Party},
};
use chrono::NaiveDate;

/// A member who does not judge a candidate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recusal {
    pub member: AccountId,
    pub ground: Ground,
    /// As declared.
    pub reason: Option<String>,
}

pub struct Panel {
    members: Vec<Member>,
    recusals: BTreeMap<NominationId, Vec<Recusal>>,
}

impl Panel {
    pub async fn of(
        conn: &mut Conn,
        movement: &Movement,
        nominations: &[Nomination],
        today: NaiveDate,
    ) -> Result<Self> {
        let began = movement.versions.newest().plan.span.from;
        let members = members(conn, movement.locality, today, began).await?;
        let ids: Vec<NominationId> = nominations.iter().map(|one| one.id).collect();
        let declared = declared(conn, movement.locality, &ids).await?;
        let persons = members.iter().filter_map(|member| member.known.person.map(Party::Person));
        let parties = nominations.iter().map(|one| one.candidate).chain(persons);
        let directory = people::directory(conn, &movement.recall, parties, today).await?;
        let recusals = nominations.iter().map(|nomination| {
            let own = declared.iter().filter(|one| one.nomination == nomination.id);
            let own = own.map(|one| Recusal {
                member: one.member,
                ground: Ground::Declared,
                reason: Some(one.reason.clone()),
            });
            let own: Vec<Recusal> = own.collect();
            let others = members.iter().filter(|member| own.iter().all(|one| one.member != member.account));
            let tied = others.filter_map(|member| {
                let itself = member.known.person.map(Party::Person);
                let own = itself.and_then(|person| directory.unit_of(person));
                let units = member.units.iter().copied().chain(member.known.unit).chain(own);
                let candidate = (nomination.candidate, directory.unit_of(nomination.candidate));
                let ground = tie(itself, units, candidate, &directory.units)?;
                Some(Recusal { member: member.account, ground, reason: None })
            });
            (nomination.id, tied.chain(own.clone()).collect())
        });
        Ok(Self { recusals: recusals.collect(), members })
    }

    /// Those who sit today, by username.
    pub fn sitting(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|member| member.sits)
    }

    /// How many are or ever were of the council.
    pub fn ever(&self) -> usize {
        self.members.len()
    }

    /// Everybody who has been of it since the movement began.
    pub fn since_begin(&self) -> BTreeSet<AccountId> {
        self.members.iter().filter(|member| member.sat).map(|member| member.account).collect()
    }

    pub fn member(&self, account: AccountId) -> Option<&Member> {
        self.members.iter().find(|member| member.account == account)
    }

    /// Of those who sit or have sat.
    pub fn recusals(&self, nomination: NominationId) -> &[Recusal] {
        self.recusals.get(&nomination).map_or(&[], Vec::as_slice)
    }

    /// Of those who sit.
    pub fn recused(&self, nomination: NominationId) -> impl Iterator<Item = &Recusal> {
        let sits = |account| self.member(account).is_some_and(|member| member.sits);
        self.recusals(nomination).iter().filter(move |one| sits(one.member))
    }

    pub fn is_recused(&self, nomination: NominationId, account: AccountId) -> bool {
        self.recusals(nomination).iter().any(|one| one.member == account)
    }

    /// Who may vote on a candidate.
    pub fn entitled(&self, nomination: NominationId) -> BTreeSet<AccountId> {
        self.sitting().map(|member| member.account).filter(|one| !self.is_recused(nomination, *one)).collect()
    }
}
