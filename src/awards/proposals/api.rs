//! Proposals: make, list, read, and what one still lacks.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{get, post, web::Data};
use chrono::SubsecRound;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Case, award, proposal},
    rules::{Listed, Lists, bar, check_chosen, check_late, check_reasons},
    store::{self, Candidate, Proposal, State},
    view::{ProposalSummary, ProposalView},
};
use crate::{
    app::App,
    council,
    db::{
        Conn, Lock, NominationId, ProposalId, RankingId, advisory_lock,
        events::{self, Event, EventType},
    },
    finding::Finding,
    http::{Actor, Caller, Error, FindingView, Json, Page, Path, Reply, Result, WriteRequest},
    movements::{self, LockedMovement, plan::Award},
    nominations::{self, Nomination},
    people::{self, Directory},
    rankings::{self, Output, RunState},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_proposals).service(create_proposal).service(get_proposal).service(get_readiness);
}

/// A new proposal.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewProposal {
    /// Id of the award's official run.
    ranking: RankingId,
    /// Codes of who is proposed, in the order of the proposal.
    #[schema(max_items = 1000)]
    selected: Vec<String>,
    /// By code: why the selection differs from the ranking or from the council's list on a candidate.
    #[serde(default)]
    reasons: BTreeMap<String, String>,
    /// Why more or fewer are selected than the quota.
    #[serde(default)]
    #[schema(max_length = 2000)]
    quota_reason: Option<String>,
    /// Why after the plan's day for proposing.
    #[serde(default)]
    #[schema(max_length = 2000)]
    late_reason: Option<String>,
}

/// Proposals
///
/// On one award, the newest first.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The proposals", body = Page<ProposalSummary>), Error))]
#[get("/movements/{movement}/awards/{award}/proposals")]
async fn list_proposals(app: Data<App>, caller: Caller, path: Path<(String, String)>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let movement = movements::find(conn, caller.recall()?, &path.0).await?;
            let award = award(&movement, &caller, &path.1)?;
            caller.permit()?;
            let proposals = store::list(conn, &movement, &award.code).await?;
            let names = store::usernames(conn, proposals.iter().flat_map(ProposalSummary::accounts)).await?;
            let decisions = store::decisions_on(conn, &movement, &award.code).await?;
            let summary = |one: &Proposal| ProposalSummary::of(&movement, one, decisions.get(&one.id).copied(), &names);
            Reply::ok(Page::whole(proposals.iter().map(summary).collect()))
        })
        .await
}

/// A proposal
///
/// The machine's list, the council's and the selection side by side, with the reason of each difference; what agencies
/// answered, the posting, and objections with their answers.
#[utoipa::path(tag = "awards", responses((status = 200, description = "The proposal", body = ProposalView), Error))]
#[get("/proposals/{id}")]
async fn get_proposal(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let proposal = proposal(conn, &caller, ProposalId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, proposal.movement).await?;
            super::view::shown(conn, &caller, &movement, proposal).await
        })
        .await
}

/// Whether a proposal may be decided.
#[derive(Serialize, ToSchema)]
struct Readiness {
    state: State,
    ready: bool,
    /// Everything that is missing, at once.
    missing: Vec<FindingView>,
}

/// Readiness of a proposal
///
/// Names everything that a decision still lacks: agencies that have not answered, the posting, objections without an
/// answer, candidates on hold. The decision asks the same rule.
#[utoipa::path(tag = "awards", responses((status = 200, description = "What is missing", body = Readiness), Error))]
#[get("/proposals/{id}/readiness")]
async fn get_readiness(app: Data<App>, caller: Caller, id: Path<Uuid>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let proposal = proposal(conn, &caller, ProposalId::from(*id)).await?;
            caller.permit()?;
            let movement = movements::by_id(conn, caller.recall()?, proposal.movement).await?;
            let case = Case::shown(conn, &caller, &movement, proposal).await?;
            let (state, missing) = (case.proposal.state(), case.missing(&movement, &caller, &case.selected()));
            let ready = missing.is_empty() && state == State::Open && movement.is_under_way();
            let missing = missing.iter().map(|one| FindingView::of(one, caller.locale)).collect();
            Reply::ok(Readiness { state, ready, missing })
        })
        .await
}

/// Propose an award
///
/// From the award's official run: `selected` stands beside the machine's list and the council's, and each difference has its
/// reason, as has a number other than the quota. Nobody is proposed who is on hold. After the plan's day only with a
/// `late_reason`.
#[utoipa::path(tag = "awards", responses((status = 201, description = "The proposal", body = ProposalView), Error))]
#[post("/movements/{movement}/awards/{award}/proposals")]
async fn create_proposal(
    app: Data<App>,
    write: WriteRequest,
    path: Path<(String, String)>,
    body: Json<NewProposal>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let movement = movements::share(conn, scope.recall()?, &path.0).await?;
            let award = award(&movement, scope, &path.1)?;
            let actor = scope.permit()?;
            movement.must_be_under_way()?;
            advisory_lock(conn, Lock::Award { movement: movement.id, award: &award.code }).await?;
            if store::list(conn, &movement, &award.code).await?.iter().any(|one| one.state() == State::Open) {
                return Err(Error::of("proposal_open"));
            }
            let output = official(conn, &movement, &award, new.ranking).await?;
            let nominations = nominations::share(conn, &movement, &award.code).await?;
            let parties = nominations.iter().map(|one| one.candidate);
            let directory = people::directory(conn, scope.recall()?, parties, scope.today()).await?;
            let known = Known {
                passed: council::passed(conn, &movement, &award.code).await?,
                awarded: store::awarded(conn, &movement, &award.code).await?,
                nominations,
                directory,
            };
            let (lists, mut candidates) = known.lists(&output, &award, &new.selected);
            Error::check(known.check(scope, &movement, &award, (&lists, output.quota), &new))?;
            for (candidate, listed) in candidates.iter_mut().zip(&lists.candidates) {
                candidate.reason = new.reasons.get(&listed.code).cloned();
            }
            let proposal = made(&actor, &movement, &award, new, output.quota);
            store::insert(conn, &actor, &proposal, &candidates).await?;
            scope.after(&(&proposal, &candidates))?;
            let event = Event {
                kind: EventType::AwardProposed,
                movement: movement.code.clone(),
                subject: format!("proposals/{}", proposal.id),
                data: json!({"award": award.code, "proposal": proposal.id, "late": proposal.late_reason.is_some()}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            let location = format!("/api/v1/proposals/{}", proposal.id);
            let case = Case::held(conn, scope, &movement, proposal).await?;
            Reply::created(location, case.view(conn, scope, &movement).await?)
        })
        .await
}

fn made(actor: &Actor, movement: &LockedMovement, award: &Award, new: NewProposal, quota: u32) -> Proposal {
    Proposal {
        id: ProposalId::new(),
        movement: movement.id,
        award: award.code.clone(),
        ranking: new.ranking,
        quota,
        quota_reason: new.quota_reason,
        late_reason: new.late_reason,
        proposed_by: actor.account,
        acting_for: actor.acting_for.clone(),
        proposed_at: actor.at.trunc_subsecs(6),
        end: None,
    }
}

/// What the award's official run says; another run is a finding.
async fn official(conn: &mut Conn, movement: &LockedMovement, award: &Award, id: RankingId) -> Result<Output> {
    let refused = |code| Error::of("content_invalid").because(vec![Finding::new("/ranking", code).with("ranking", id)]);
    let found = rankings::find_run(conn, movement.locality, id).await?;
    let found = found.filter(|kept| kept.run.movement == movement.id && kept.run.award == award.code);
    match found {
        None => Err(refused("ranking_unknown")),
        Some(kept) if kept.run.state != RunState::Official => Err(refused("ranking_not_official")),
        Some(kept) => kept.output(),
    }
}

/// What is known of the candidates beside the run.
struct Known {
    passed: BTreeMap<NominationId, bool>,
    awarded: BTreeSet<NominationId>,
    nominations: Vec<Nomination>,
    directory: Directory,
}

impl Known {
    fn nomination(&self, code: &str) -> Option<&Nomination> {
        self.nominations.iter().find(|one| self.directory.view(one.candidate).code == code)
    }

    /// The three lists, and the rows that keep them.
    fn lists(&self, output: &Output, award: &Award, selected: &[String]) -> (Lists, Vec<Candidate>) {
        let ranked = output.entries.iter().filter_map(|entry| Some((entry, self.nomination(&entry.candidate.code)?)));
        let both = ranked.enumerate().map(|(at, (entry, nomination))| {
            let selected = selected.iter().position(|code| *code == entry.candidate.code);
            let passed = self.passed.get(&nomination.id).copied();
            let awarded = self.awarded.contains(&nomination.id);
            let listed = Listed {
                code: entry.candidate.code.clone(),
                name: entry.candidate.name.clone(),
                group: entry.group.clone(),
                rank: entry.rank as u32,
                standing: entry.standing,
                passed,
                selected: selected.is_some(),
                awarded,
            };
            let candidate = Candidate {
                nomination: nomination.id,
                position: at as u32 + 1,
                rank: entry.rank as u32,
                standing: entry.standing,
                place: entry.place.clone(),
                passed,
                awarded,
                selected: selected.map(|at| at as u32 + 1),
                reason: None,
            };
            (listed, candidate)
        });
        let (listed, candidates) = both.unzip();
        (Lists { candidates: listed, council: award.council.is_some() }, candidates)
    }

    /// Everything wrong with a proposal.
    fn check(
        &self,
        caller: &Caller,
        movement: &LockedMovement,
        award: &Award,
        (lists, quota): (&Lists, u32),
        new: &NewProposal,
    ) -> Vec<Finding> {
        let (plan, today) = (&movement.on(caller.today()).plan, caller.today());
        let mut findings = check_chosen("selected", lists, &new.selected);
        findings.extend(new.selected.iter().enumerate().filter_map(|(i, code)| {
            let bar = bar(self.nomination(code)?, plan, today)?;
            Some(Finding::new(format!("/selected/{i}"), bar.code()).with("candidate", code))
        }));
        let quota = (quota, award.beyond_quota, new.quota_reason.as_deref());
        findings.extend(check_reasons(lists, &new.reasons, quota));
        findings.extend(check_late(caller.now >= award.propose_before, new.late_reason.as_deref()));
        findings
    }
}
