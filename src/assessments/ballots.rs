//! The council's ballots on candidates, beside who may cast and see them.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    panel::Panel,
    store::{self, Ballot},
    visibility::Cast,
};
use crate::{
    db::{AccountId, Conn, NominationId},
    exact::Decimal,
    http::Result,
    movements::Movement,
    nominations::Nomination,
};

/// The council, and every ballot on some nominations.
pub struct Ballots {
    pub panel: Panel,
    /// Each member's own in the order cast; those of recused members, too.
    cast: Vec<Ballot>,
    closed: BTreeSet<NominationId>,
}

/// A ballot that counts.
pub struct Counted<'a> {
    pub nomination: NominationId,
    pub criterion: &'a str,
    pub member: AccountId,
    pub points: Decimal,
}

impl Ballots {
    /// As known at an instant, where one is given.
    pub async fn of(
        conn: &mut Conn,
        movement: &Movement,
        nominations: &[Nomination],
        today: NaiveDate,
        at: Option<DateTime<Utc>>,
    ) -> Result<Self> {
        let panel = Panel::of(conn, movement, nominations, today).await?;
        let ids: Vec<NominationId> = nominations.iter().map(|one| one.id).collect();
        let cast = store::ballots(conn, movement.locality, &ids, at).await?;
        let closed = store::closed(conn, movement.locality, &ids, at).await?;
        Ok(Self { panel, cast, closed })
    }

    /// All that a member cast on a criterion, the newest last.
    pub fn of_member(&self, nomination: NominationId, criterion: &str, member: AccountId) -> &[Ballot] {
        let on = self.on_nomination(nomination);
        let is = |one: &Ballot| one.criterion == criterion && one.member == member;
        let first = on.iter().position(is).unwrap_or(on.len());
        let rest = &on[first..];
        &rest[..rest.iter().take_while(|one| is(one)).count()]
    }

    /// They stand in the order of the nominations' ids.
    fn on_nomination(&self, nomination: NominationId) -> &[Ballot] {
        let from = self.cast.partition_point(|one| one.nomination < nomination);
        let to = self.cast.partition_point(|one| one.nomination <= nomination);
        &self.cast[from..to]
    }

    /// The newest of each member who is not recused.
    pub fn standing(&self, nomination: NominationId, criterion: &str) -> impl Iterator<Item = &Ballot> {
        let on = self.on_nomination(nomination).iter();
        let on: Vec<&Ballot> = on.filter(|one| one.criterion == criterion).collect();
        let newest = on.chunk_by(|a, b| a.member == b.member).filter_map(|own| own.last().copied());
        let newest: Vec<&Ballot> = newest.filter(|one| !self.panel.is_recused(nomination, one.member)).collect();
        newest.into_iter()
    }

    pub fn is_closed(&self, nomination: NominationId) -> bool {
        self.closed.contains(&nomination)
    }

    /// Who may vote on a criterion, and who has.
    pub fn on(&self, nomination: NominationId, criterion: &str) -> Cast {
        Cast {
            entitled: self.panel.entitled(nomination),
            voted: self.standing(nomination, criterion).map(|one| one.member).collect(),
            recused: self.panel.recused(nomination).count(),
            closed: self.is_closed(nomination),
        }
    }

    /// The ballots of a nomination that a run counts: none that is hidden from anybody.
    pub fn counted(&self, nomination: NominationId) -> Vec<Counted<'_>> {
        let on = self.on_nomination(nomination).iter();
        let criteria: BTreeSet<&str> = on.map(|one| one.criterion.as_str()).collect();
        let disclosed = criteria.into_iter().filter(|criterion| self.on(nomination, criterion).is_disclosed());
        let counted = disclosed.flat_map(|criterion| {
            self.standing(nomination, criterion)
                .filter_map(move |one| Some(Counted { nomination, criterion, member: one.member, points: one.points? }))
        });
        counted.collect()
    }
}
