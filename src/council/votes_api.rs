//! Votes on candidates in a session, and its close.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::{post, put, web::Data};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    access::{Sitting, must_be_open, session_for_change, shown},
    rules::{Count, Vote, check_count, counted, has_quorum, member_unknown, passes},
    store::{self, Counted, Outcome, Voted},
    view::SessionView,
};
use crate::{
    app::App,
    assessments::{Ballots, disclose},
    db::{
        AccountId, Conn, NominationId, SessionId,
        events::{self, Event, EventType},
        to_text,
    },
    finding::{Finding, escape},
    http::{Caller, Error, IfMatch, Json, NoBody, Path, Reply, Result, WriteRequest},
    movements::{LockedMovement, plan::Ballot},
    nominations::{self, Nomination, NominationPath, State, place},
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(put_session_vote).service(close_session);
}

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Path)]
struct VotePath {
    id: Uuid,
    candidate: String,
}

/// The votes on a candidate: `count` of a secret ballot, `votes` of an open one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewVotes {
    #[serde(default)]
    count: Option<Count>,
    /// By username. Who is left out returned no ballot.
    #[serde(default)]
    votes: Option<BTreeMap<String, Vote>>,
}

/// Count the votes on a candidate
///
/// Of a secret ballot the numbers of ballots issued, returned, valid, invalid, for and against; of an open one each member's
/// vote. Who is recused does not vote. `If-None-Match: *` counts first, `If-Match` again; earlier counts stay on record.
#[utoipa::path(
    tag = "awards", params(IfMatch, VotePath),
    responses(
        (status = 200, description = "Counted again", body = SessionView),
        (status = 201, description = "Counted", body = SessionView),
        Error
    )
)]
#[put("/sessions/{id}/votes/{candidate}")]
async fn put_session_vote(
    app: Data<App>,
    write: WriteRequest,
    path: Path<VotePath>,
    if_match: IfMatch,
    body: Json<NewVotes>,
) -> Result<Reply> {
    let new = body.unjudged();
    write
        .run(&app.db, async |conn, scope| {
            let (movement, session) = session_for_change(conn, scope, SessionId::from(path.id)).await?;
            let nomination = nominated(conn, scope, &movement, &session.award, &path.candidate).await?;
            let actor = scope.permit()?;
            let sitting = Sitting::of(conn, scope, &movement, session).await?;
            let before = sitting.counts.iter().find(|one| one.nomination == nomination.id);
            match before {
                None => if_match.check_absent()?,
                Some(before) => if_match.check(before.version)?,
            }
            must_be_open(&movement, &sitting.session)?;
            if nomination.state != State::Verified {
                return Err(Error::state("nomination_state", to_text(nomination.state)?));
            }
            let of = std::slice::from_ref(&nomination);
            let rules = &sitting.session.rules;
            let ballots = Ballots::of(conn, &movement, rules, of, scope.today(), None).await?;
            if ballots.is_closed(nomination.id) {
                return Err(Error::of("voted_already"));
            }
            let recused = sitting.recused(&ballots.panel, nomination.id);
            let (count, votes) = checked(new, &sitting, &ballots, &recused)?;
            let version = before.map_or(1, |before| before.version + 1);
            let recused = recused.into_iter().collect();
            let counted = Counted { nomination: nomination.id, version, count, votes, recused };
            if let Some(before) = before {
                scope.before(before)?;
            }
            store::insert_count(conn, &actor, sitting.session.id, &counted).await?;
            scope.after(&counted)?;
            let location = format!("/api/v1/sessions/{}/votes/{}", path.id, path.candidate);
            let session = sitting.session;
            let reply = shown(conn, scope, &movement, session).await?.tag(version);
            let status = if version == 1 { 201 } else { 200 };
            Ok(Reply { status, location: (version == 1).then_some(location), ..reply })
        })
        .await
}

/// The candidate's nomination for the session's award (404).
async fn nominated(
    conn: &mut Conn,
    caller: &Caller,
    movement: &LockedMovement,
    award: &str,
    candidate: &str,
) -> Result<Nomination> {
    let path =
        NominationPath { movement: movement.code.clone(), award: award.to_owned(), candidate: candidate.to_owned() };
    let place = place(conn, caller, &path).await?;
    let found = nominations::find(conn, movement, award, place.candidate).await?;
    found.ok_or_else(|| Error::missing("nomination"))
}

type Checked = (Count, Option<BTreeMap<AccountId, Vote>>);

/// The count, or all findings.
fn checked(new: NewVotes, sitting: &Sitting, ballots: &Ballots, recused: &BTreeSet<AccountId>) -> Result<Checked> {
    let voters = sitting.roll.voters(recused);
    let secret = sitting.session.rules.ballot == Ballot::Secret;
    let (wanted, other) = if secret { ("/count", "/votes") } else { ("/votes", "/count") };
    let mut findings = Vec::new();
    match (secret, new.count, new.votes) {
        (true, Some(count), None) => {
            Error::check(check_count(&count, voters.len()))?;
            return Ok((count, None));
        }
        (false, None, Some(named)) => {
            let mut votes = BTreeMap::new();
            for (name, vote) in named {
                let at = format!("/votes/{}", escape(&name));
                let mut roll = sitting.roll.0.keys();
                let is = |account: &&AccountId| ballots.panel.member(**account).is_some_and(|one| one.username == name);
                match roll.find(is) {
                    Some(member) if voters.contains(member) => drop(votes.insert(*member, vote)),
                    Some(member) if recused.contains(member) => {
                        findings.push(Finding::new(at, "voter_recused").with("member", &name));
                    }
                    Some(_) => findings.push(Finding::new(at, "voter_absent").with("member", &name)),
                    None => findings.push(member_unknown(at, &name, sitting.session.held_on)),
                }
            }
            Error::check(findings)?;
            return Ok((counted(&votes, voters.len()), Some(votes)));
        }
        (_, count, votes) => {
            let given = if secret { count.is_some() } else { votes.is_some() };
            let foreign = if secret { votes.is_some() } else { count.is_some() };
            findings.extend((!given).then(|| Finding::new(wanted, "votes_missing").with("member", &wanted[1..])));
            findings.extend(foreign.then(|| Finding::new(other, "votes_foreign").with("member", &other[1..])));
        }
    }
    Err(Error::of("content_invalid").because(findings))
}

/// Close a session
///
/// What the votes come to is then on record: of a candidate, whether those for it are the share that the plan asks for.
/// Nothing is added any more, and the ballots on its candidates are closed, too. Without a quorum nobody passes, and ballots
/// and votes on its candidates stay open.
#[utoipa::path(tag = "awards", responses((status = 200, description = "Closed", body = SessionView), Error))]
#[post("/sessions/{id}/close")]
async fn close_session(app: Data<App>, write: WriteRequest, id: Path<Uuid>, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let (movement, session) = session_for_change(conn, scope, SessionId::from(*id)).await?;
            let actor = scope.permit()?;
            must_be_open(&movement, &session)?;
            let sitting = Sitting::of(conn, scope, &movement, session).await?;
            if sitting.counts.is_empty() {
                return Err(Error::of("session_without_votes"));
            }
            let outcome = outcome(&sitting)?;
            let mut session = sitting.session;
            scope.before(&session)?;
            store::close(conn, &actor, &mut session, outcome).await?;
            scope.after(&session)?;
            let voted: Vec<Nomination> = sitting.nominations.into_values().collect();
            disclose(conn, scope, &movement, &session.rules, &voted).await?;
            let event = Event {
                kind: EventType::CouncilSessionClosed,
                movement: movement.code.clone(),
                subject: format!("sessions/{}", session.id),
                data: json!({"award": session.award, "session": session.id, "replaces": session.replaces}),
                once: None,
            };
            events::emit(conn, actor.locality, actor.at, &[event]).await?;
            shown(conn, scope, &movement, session).await
        })
        .await
}

/// What a session comes to. A vote that was counted before a recusal is to be counted again (409).
fn outcome(sitting: &Sitting) -> Result<Outcome> {
    let recused = |id: NominationId| sitting.recused(&sitting.ballots.panel, id);
    let changed = sitting.counts.iter().any(|one| recused(one.nomination) != one.recused.iter().copied().collect());
    if changed {
        return Err(Error::of("recusals_changed"));
    }
    let (rules, quorum) = (&sitting.session.rules, has_quorum(&sitting.session.rules, &sitting.roll));
    let voted = |counted: &Counted| {
        let recused = recused(counted.nomination);
        let base = sitting.roll.base(rules.of, &recused);
        let grounds = sitting.ballots.panel.recusals(counted.nomination).iter();
        Voted {
            nomination: counted.nomination,
            recused: grounds.filter(|one| recused.contains(&one.member)).map(|one| (one.member, one.ground)).collect(),
            voters: sitting.roll.voters(&recused).len() as u32,
            base,
            count: counted.count,
            passed: quorum && passes(rules, &counted.count, base),
        }
    };
    Ok(Outcome { quorum, candidates: sitting.counts.iter().map(voted).collect() })
}
