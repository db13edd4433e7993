//! A decision that a caller reaches, with everything that is shown and done by.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::{
    acts_store::{self, ActRow, Published},
    papers_store::{self, Paper, SignedFile},
    rules::{Act, ActKind, Facts, permits},
    store::{self, Decided, Decision},
};
use crate::{
    awards::proposals::{self, Bar, Proposal, bar},
    clock::day,
    db::{Conn, DecisionId, Lock, NominationId, advisory_lock},
    finding::Finding,
    http::{Caller, Error, Result},
    movements::{self, LockedMovement, Movement},
    nominations::{self, Nomination},
    people::{self, Directory},
};

/// A decision with its candidates, its papers, what became of it, and the dossiers as they stand.
pub struct Ruling {
    pub decision: Decision,
    pub proposal: Proposal,
    pub candidates: Vec<Decided>,
    pub papers: Vec<Paper>,
    pub file: Option<SignedFile>,
    pub published: Option<Published>,
    pub acts: Vec<ActRow>,
    /// Who has a certificate.
    pub certified: BTreeSet<NominationId>,
    pub nominations: BTreeMap<NominationId, Nomination>,
    /// Everybody by name, as of the day that it is shown for.
    pub directory: Directory,
    /// What to look at twice.
    pub warnings: Vec<Finding>,
}

impl Ruling {
    /// As it is read.
    pub async fn shown(conn: &mut Conn, caller: &Caller, movement: &Movement, decision: Decision) -> Result<Self> {
        let nominations = nominations::as_of(conn, movement, &decision.award, caller.now).await?;
        Self::with(conn, movement, (decision, nominations), caller.today()).await
    }

    /// For an act: the dossiers stay as they are until the transaction ends, so that no hold comes between.
    pub async fn held(conn: &mut Conn, caller: &Caller, movement: &Movement, decision: Decision) -> Result<Self> {
        let nominations = nominations::share(conn, movement, &decision.award).await?;
        Self::with(conn, movement, (decision, nominations), caller.today()).await
    }

    /// As it was decided, for papers: names and achievements of that day.
    pub async fn as_decided(conn: &mut Conn, movement: &Movement, decision: Decision) -> Result<Self> {
        let nominations = nominations::as_of(conn, movement, &decision.award, decision.decided_at).await?;
        let on = day(decision.decided_at);
        Self::with(conn, movement, (decision, nominations), on).await
    }

    async fn with(
        conn: &mut Conn,
        movement: &Movement,
        (decision, nominations): (Decision, Vec<Nomination>),
        on: NaiveDate,
    ) -> Result<Self> {
        let (locality, id) = (movement.locality, decision.id);
        let proposal = proposals::find(conn, locality, decision.proposal).await?;
        let papers = papers_store::papers_of(conn, locality, id).await?;
        let warnings = match papers.iter().find(|paper| paper.act == 0) {
            Some(own) => {
                let near = papers_store::neighbours(conn, locality, &own.numbered).await?;
                super::rules::check_order(&own.numbered, day(decision.decided_at), &near)
            }
            None => Vec::new(),
        };
        let parties = nominations.iter().map(|one| one.candidate);
        let directory = people::directory(conn, &movement.recall, parties, on).await?;
        Ok(Self {
            proposal: proposal.ok_or_else(|| Error::internal("a decision without a proposal"))?,
            candidates: store::candidates(conn, locality, id).await?,
            papers,
            file: papers_store::file_of(conn, locality, id).await?,
            published: acts_store::publication(conn, locality, id).await?,
            acts: acts_store::acts_of(conn, locality, id).await?,
            certified: acts_store::certified(conn, locality, id).await?.into_iter().collect(),
            nominations: nominations.into_iter().map(|one| (one.id, one)).collect(),
            directory,
            warnings,
            decision,
        })
    }

    /// The number of the decision itself.
    pub fn paper(&self) -> Option<&Paper> {
        self.papers.iter().find(|paper| paper.act == 0)
    }

    pub fn is_revoked(&self, id: NominationId) -> bool {
        self.acts.iter().any(|act| act.kind == ActKind::Revocation && act.nomination == id)
    }

    /// Who has the award: accepted, and not revoked; by ordinal.
    pub fn standing(&self) -> impl Iterator<Item = (u32, NominationId)> {
        let accepted = self.candidates.iter().filter_map(|one| Some((one.ordinal?, one.nomination)));
        accepted.filter(|(_, id)| !self.is_revoked(*id))
    }

    pub fn facts(&self) -> Facts {
        Facts {
            registered: self.paper().is_some(),
            has_file: self.file.is_some(),
            certified: self.standing().all(|(_, id)| self.certified.contains(&id)),
            published: self.published.is_some(),
        }
    }

    /// Nothing that is there stands in the way of an act (409).
    pub fn must_permit(&self, act: Act) -> Result<()> {
        permits(self.facts(), act).map_err(Error::of)
    }

    /// The code of a candidate.
    pub fn code(&self, id: NominationId) -> String {
        self.nominations.get(&id).map(|one| self.directory.view(one.candidate).code).unwrap_or_default()
    }

    /// Who of the decision has this code.
    pub fn accepted(&self, code: &str) -> Option<NominationId> {
        let accepted = self.candidates.iter().filter(|one| one.ordinal.is_some());
        accepted.map(|one| one.nomination).find(|id| self.code(*id) == code)
    }

    /// Nobody is given the award who is on hold, under discipline, or whose dossier does not stand (409).
    pub fn must_not_be_barred(&self, movement: &Movement, caller: &Caller) -> Result<()> {
        let plan = &movement.on(caller.today()).plan;
        let barred = |(_, id): (u32, NominationId)| -> Option<(NominationId, Bar)> {
            Some((id, bar(self.nominations.get(&id)?, plan, caller.today())?))
        };
        let found: Vec<Finding> = self
            .standing()
            .filter_map(barred)
            .map(|(id, bar)| Finding::new("", bar.code()).with("candidate", self.code(id)))
            .collect();
        if found.is_empty() { Ok(()) } else { Err(Error::of("candidates_barred").because(found)) }
    }
}

/// A decision of the caller's locality (404).
pub async fn decision(conn: &mut Conn, caller: &Caller, id: DecisionId) -> Result<Decision> {
    store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)
}

/// The same for a change: nobody else proposes, decides or publishes on the award until the transaction ends.
pub async fn decision_for_change(
    conn: &mut Conn,
    caller: &Caller,
    id: DecisionId,
) -> Result<(LockedMovement, Decision)> {
    let found = decision(conn, caller, id).await?;
    let movement = movements::share_by_id(conn, caller.recall()?, found.movement).await?;
    advisory_lock(conn, Lock::Award { movement: movement.id, award: &found.award }).await?;
    Ok((movement, found))
}
