//! A proposal that a caller reaches, with everything that is shown and decided by.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::{
    hearing::Hearing,
    hearing_store,
    readiness::{Ground, missing},
    rules::{Bar, Listed, Lists, bar},
    store::{self, Candidate, Proposal, State},
};
use crate::{
    clock::day,
    db::{Conn, DecisionId, Lock, NominationId, ProposalId, advisory_lock, to_text},
    finding::Finding,
    http::{Caller, Error, Result},
    movements::{self, LockedMovement, Movement, plan::Award},
    nominations::{self, Nomination},
    people::{self, Directory},
    rankings::{self, RunState},
};

/// A proposal with its lists, what was heard about it, and the dossiers as they stand.
pub struct Case {
    pub proposal: Proposal,
    pub candidates: Vec<Candidate>,
    pub hearing: Hearing,
    pub nominations: BTreeMap<NominationId, Nomination>,
    /// Everybody by name, as of the day that it is shown for.
    pub directory: Directory,
    pub decision: Option<DecisionId>,
    /// A later official run stands in place of the proposal's.
    pub superseded: bool,
    /// Whether the plan has a council for the award.
    pub council: bool,
}

impl Case {
    /// As it is read.
    pub async fn shown(conn: &mut Conn, caller: &Caller, movement: &Movement, proposal: Proposal) -> Result<Self> {
        let nominations = nominations::as_of(conn, movement, &proposal.award, caller.now).await?;
        Self::with(conn, movement, (proposal, nominations), caller.today()).await
    }

    /// As it was when it was made, for papers: the same proposal says the same for ever.
    pub async fn as_proposed(conn: &mut Conn, movement: &Movement, proposal: Proposal) -> Result<Self> {
        let nominations = nominations::as_of(conn, movement, &proposal.award, proposal.proposed_at).await?;
        let on = day(proposal.proposed_at);
        Self::with(conn, movement, (proposal, nominations), on).await
    }

    /// For an act: the dossiers stay as they are until the transaction ends, so that no hold comes between.
    pub async fn held(conn: &mut Conn, caller: &Caller, movement: &Movement, proposal: Proposal) -> Result<Self> {
        let nominations = nominations::share(conn, movement, &proposal.award).await?;
        Self::with(conn, movement, (proposal, nominations), caller.today()).await
    }

    async fn with(
        conn: &mut Conn,
        movement: &Movement,
        (proposal, nominations): (Proposal, Vec<Nomination>),
        on: NaiveDate,
    ) -> Result<Self> {
        let candidates = store::lists(conn, movement.locality, proposal.id).await?;
        let hearing = hearing_store::hearing(conn, movement.locality, proposal.id).await?;
        let run = rankings::run_head(conn, movement.locality, proposal.ranking).await?;
        let decision = store::decision_on(conn, movement.locality, proposal.id).await?;
        let parties = nominations.iter().map(|one| one.candidate);
        let directory = people::directory(conn, &movement.recall, parties, on).await?;
        let council = award_on(movement, on, &proposal.award).is_some_and(|award| award.council.is_some());
        Ok(Self {
            proposal,
            candidates,
            hearing,
            nominations: nominations.into_iter().map(|one| (one.id, one)).collect(),
            directory,
            decision,
            superseded: run.is_none_or(|run| run.state != RunState::Official),
            council,
        })
    }

    /// The code of a candidate.
    pub fn code(&self, id: NominationId) -> String {
        let nomination = self.nominations.get(&id);
        nomination.map(|one| self.directory.view(one.candidate).code).unwrap_or_default()
    }

    /// The three lists.
    pub fn lists(&self) -> Lists {
        let listed = |one: &Candidate| {
            let nomination = self.nominations.get(&one.nomination)?;
            let party = self.directory.view(nomination.candidate);
            Some(Listed {
                code: party.code,
                name: party.name,
                group: nomination.group.clone(),
                rank: one.rank,
                standing: one.standing,
                passed: one.passed,
                selected: one.selected.is_some(),
                awarded: one.awarded,
            })
        };
        Lists { candidates: self.candidates.iter().filter_map(listed).collect(), council: self.council }
    }

    /// Those who are proposed, in the order of the selection.
    pub fn selected(&self) -> Vec<NominationId> {
        let mut selected: Vec<&Candidate> = self.candidates.iter().filter(|one| one.selected.is_some()).collect();
        selected.sort_by_key(|one| one.selected);
        selected.into_iter().map(|one| one.nomination).collect()
    }

    /// What forbids an award to a candidate today.
    pub fn bar(&self, movement: &Movement, caller: &Caller, id: NominationId) -> Option<Bar> {
        let plan = &movement.on(caller.today()).plan;
        self.nominations.get(&id).and_then(|nomination| bar(nomination, plan, caller.today()))
    }

    /// What a decision that accepts these candidates still lacks.
    pub fn missing(&self, movement: &Movement, caller: &Caller, chosen: &[NominationId]) -> Vec<Finding> {
        let barred = |id: &NominationId| (self.code(*id), self.bar(movement, caller, *id));
        let chosen: Vec<(String, Option<Bar>)> = chosen.iter().map(barred).collect();
        let (hearing, superseded, today) = (&self.hearing, self.superseded, caller.today());
        missing(&Ground { hearing, superseded, chosen: &chosen, today })
    }
}

/// The award of this code in the plan in force (404).
pub fn award(movement: &Movement, caller: &Caller, code: &str) -> Result<Award> {
    award_on(movement, caller.today(), code).cloned().ok_or_else(|| Error::missing("award"))
}

/// The award of this code in the plan in force on a day.
pub fn award_on<'a>(movement: &'a Movement, on: NaiveDate, code: &str) -> Option<&'a Award> {
    movement.on(on).plan.awards.iter().find(|award| award.code == code)
}

/// A proposal of the caller's locality (404).
pub async fn proposal(conn: &mut Conn, caller: &Caller, id: ProposalId) -> Result<Proposal> {
    store::find(conn, caller.locality()?, id).await?.ok_or_else(Error::not_found)
}

/// The same for a change: its movement is shared, and nobody else proposes or decides on the award until the transaction
/// ends.
pub async fn proposal_for_change(
    conn: &mut Conn,
    caller: &Caller,
    id: ProposalId,
) -> Result<(LockedMovement, Proposal)> {
    let found = proposal(conn, caller, id).await?;
    let movement = movements::share_by_id(conn, caller.recall()?, found.movement).await?;
    advisory_lock(conn, Lock::Award { movement: movement.id, award: &found.award }).await?;
    Ok((movement, proposal(conn, caller, id).await?))
}

/// Nothing more happens to a proposal that has ended, or in a movement that has (409).
pub fn must_be_open(movement: &LockedMovement, proposal: &Proposal) -> Result<()> {
    movement.must_be_under_way()?;
    match proposal.state() {
        State::Open => Ok(()),
        state => Err(Error::state("proposal_state", to_text(state)?)),
    }
}
