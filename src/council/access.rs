//! A session that a caller reaches, with everything that is shown and decided by.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    rules::Roll,
    store::{self, Counted, Session, State},
    view::{SessionView, Showing},
};
use crate::{
    assessments::{Ballots, Panel},
    db::{AccountId, Conn, Lock, NominationId, SessionId, advisory_lock},
    http::{Caller, Error, Reply, Result},
    movements::{self, LockedMovement, Movement},
    nominations::{self, Nomination},
    people,
};

/// A session with its roll, its counts and the council before its candidates.
pub struct Sitting {
    pub session: Session,
    pub roll: Roll,
    pub counts: Vec<Counted>,
    pub nominations: BTreeMap<NominationId, Nomination>,
    pub ballots: Ballots,
    replaced_by: Option<SessionId>,
}

impl Sitting {
    pub async fn of(conn: &mut Conn, caller: &Caller, movement: &Movement, session: Session) -> Result<Self> {
        let roll = store::roll(conn, movement.locality, session.id).await?;
        let counts = store::counts(conn, movement.locality, session.id).await?;
        let counted: BTreeSet<NominationId> = counts.iter().map(|one| one.nomination).collect();
        let mut nominations = nominations::as_of(conn, movement, &session.award, caller.now).await?;
        nominations.retain(|one| counted.contains(&one.id));
        let ballots = Ballots::of(conn, movement, &session.rules, &nominations, caller.today(), None).await?;
        let replaced_by = store::replacing(conn, movement.locality, session.id).await?;
        let nominations = nominations.into_iter().map(|one| (one.id, one)).collect();
        Ok(Self { session, roll, counts, nominations, ballots, replaced_by })
    }

    /// Of the roll, who is recused on a candidate.
    pub fn recused(&self, panel: &Panel, nomination: NominationId) -> BTreeSet<AccountId> {
        let recused = panel.recusals(nomination).iter().map(|one| one.member);
        recused.filter(|member| self.roll.0.contains_key(member)).collect()
    }

    pub async fn view(&self, conn: &mut Conn, caller: &Caller, movement: &Movement) -> Result<SessionView> {
        let candidates = self.nominations.values().map(|one| one.candidate);
        let directory = people::directory(conn, &movement.recall, candidates, caller.today()).await?;
        let showing = Showing {
            movement,
            replaced_by: self.replaced_by,
            roll: &self.roll,
            counts: &self.counts,
            nominations: &self.nominations,
            ballots: &self.ballots,
            directory: &directory,
            caller,
        };
        Ok(showing.view(&self.session))
    }
}

/// A session of the caller's locality (404).
pub async fn session(conn: &mut Conn, caller: &Caller, id: SessionId) -> Result<Session> {
    store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)
}

/// The same for a change: its movement is shared, and nobody votes on the award or counts until the transaction ends.
pub async fn session_for_change(conn: &mut Conn, caller: &Caller, id: SessionId) -> Result<(LockedMovement, Session)> {
    let found = session(conn, caller, id).await?;
    let movement = movements::share_by_id(conn, caller.recall()?, found.movement).await?;
    advisory_lock(conn, Lock::Council { movement: movement.id, award: &found.award }).await?;
    Ok((movement, session(conn, caller, id).await?))
}

/// Nothing is added to a session that is closed, or of a movement that has ended (409).
pub fn must_be_open(movement: &LockedMovement, session: &Session) -> Result<()> {
    movement.must_be_under_way()?;
    if session.state == State::Open { Ok(()) } else { Err(Error::of("session_closed")) }
}

/// The session as it stands now.
pub async fn shown(conn: &mut Conn, caller: &Caller, movement: &Movement, session: Session) -> Result<Reply> {
    let sitting = Sitting::of(conn, caller, movement, session).await?;
    Reply::ok(sitting.view(conn, caller, movement).await?)
}
