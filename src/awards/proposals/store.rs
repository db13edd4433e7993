//! Proposals in the database; all rows are only inserted.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, SubsecRound, Utc};
use diesel::{
    prelude::*,
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::is_by;
use crate::{
    db::{
        AccountId, Conn, DecisionId, LocalityId, MovementId, NominationId, OnConstraint, ProposalId, RankingId,
        from_text,
        schema::{
            accounts, award_decisions as decisions, award_proposal_candidates as candidates,
            award_proposal_ends as ends, award_proposals as proposals,
        },
        statement, to_text,
    },
    http::{Actor, Error, Result},
    movements::Movement,
    rankings::Standing,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = ProposalState)]
pub enum State {
    Open,
    /// By the chair.
    Returned,
    /// By who made it.
    Withdrawn,
    Decided,
}

/// A proposal without its lists.
#[derive(Debug, Clone, Serialize)]
pub struct Proposal {
    pub id: ProposalId,
    pub movement: MovementId,
    pub award: String,
    pub ranking: RankingId,
    pub quota: u32,
    pub quota_reason: Option<String>,
    pub late_reason: Option<String>,
    pub proposed_by: AccountId,
    pub acting_for: Vec<AccountId>,
    pub proposed_at: DateTime<Utc>,
    pub end: Option<End>,
}

impl Proposal {
    pub fn state(&self) -> State {
        self.end.as_ref().map_or(State::Open, |end| end.state)
    }

    /// Whether one of these persons made it, or somebody for them.
    pub fn is_by(&self, persons: &[AccountId]) -> bool {
        is_by(persons, self.proposed_by, &self.acting_for)
    }
}

/// How it ended.
#[derive(Debug, Clone, Serialize)]
pub struct End {
    pub state: State,
    pub reason: Option<String>,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// Somebody who was ranked.
#[derive(Debug, Clone, Serialize)]
pub struct Candidate {
    pub nomination: NominationId,
    /// In the order of the run, from 1.
    pub position: u32,
    pub rank: u32,
    pub standing: Option<Standing>,
    pub place: Option<String>,
    pub passed: Option<bool>,
    /// Had the award by an earlier decision.
    pub awarded: bool,
    /// In the order of the selection, from 1.
    pub selected: Option<u32>,
    pub reason: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = proposals)]
struct Row {
    id: ProposalId,
    movement_id: MovementId,
    award: String,
    ranking_id: RankingId,
    quota: i32,
    quota_reason: Option<String>,
    late_reason: Option<String>,
    proposed_by: AccountId,
    acting_for: Vec<Option<AccountId>>,
    proposed_at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = ends)]
struct EndRow {
    state: String,
    reason: Option<String>,
    ended_by: AccountId,
    at: DateTime<Utc>,
}

fn proposal((row, end): (Row, Option<EndRow>)) -> Result<Proposal> {
    let end = end.map(|end| {
        Ok::<_, Error>(End { state: from_text(end.state)?, reason: end.reason, by: end.ended_by, at: end.at })
    });
    Ok(Proposal {
        id: row.id,
        movement: row.movement_id,
        award: row.award,
        ranking: row.ranking_id,
        quota: row.quota as u32,
        quota_reason: row.quota_reason,
        late_reason: row.late_reason,
        proposed_by: row.proposed_by,
        acting_for: row.acting_for.into_iter().flatten().collect(),
        proposed_at: row.proposed_at,
        end: end.transpose()?,
    })
}

/// Proposals, each with its end.
macro_rules! with_end {
    () => {
        proposals::table
            .left_join(
                ends::table.on(ends::locality_id.eq(proposals::locality_id).and(ends::proposal_id.eq(proposals::id))),
            )
            .select((Row::as_select(), Option::<EndRow>::as_select()))
    };
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: ProposalId) -> Result<Option<Proposal>> {
    let of_id = with_end!().filter(proposals::locality_id.eq(locality).and(proposals::id.eq(id)));
    of_id.first(conn).await.optional()?.map(proposal).transpose()
}

/// The proposals on an award, the newest first.
pub async fn list(conn: &mut Conn, movement: &Movement, award: &str) -> Result<Vec<Proposal>> {
    let of_movement = proposals::locality_id.eq(movement.locality).and(proposals::movement_id.eq(movement.id));
    let of_award = with_end!().filter(of_movement.and(proposals::award.eq(award)));
    let rows = of_award.order((proposals::proposed_at.desc(), proposals::id.desc())).load(conn).await?;
    rows.into_iter().map(proposal).collect()
}

/// Everybody who was ranked, in the order of the run.
pub async fn lists(conn: &mut Conn, locality: LocalityId, id: ProposalId) -> Result<Vec<Candidate>> {
    type Places = (NominationId, i32, i32, Option<String>, Option<String>);
    type Kept = (Places, Option<bool>, bool, Option<i32>, Option<String>);
    let rows: Vec<Kept> = candidates::table
        .filter(candidates::locality_id.eq(locality).and(candidates::proposal_id.eq(id)))
        .order(candidates::position)
        .select((
            (
                candidates::nomination_id,
                candidates::position,
                candidates::rank,
                candidates::standing,
                candidates::place,
            ),
            candidates::passed,
            candidates::awarded,
            candidates::selected,
            candidates::reason,
        ))
        .load(conn)
        .await?;
    let read = |((nomination, position, rank, standing, place), passed, awarded, selected, reason): Kept| {
        Ok(Candidate {
            nomination,
            position: position as u32,
            rank: rank as u32,
            standing: standing.map(from_text).transpose()?,
            place,
            passed,
            awarded,
            selected: selected.map(|selected| selected as u32),
            reason,
        })
    };
    rows.into_iter().map(read).collect()
}

pub async fn insert(conn: &mut Conn, actor: &Actor, new: &Proposal, lists: &[Candidate]) -> Result<()> {
    diesel::insert_into(proposals::table)
        .values((
            proposals::locality_id.eq(actor.locality),
            proposals::id.eq(new.id),
            proposals::movement_id.eq(new.movement),
            proposals::award.eq(&new.award),
            proposals::ranking_id.eq(new.ranking),
            proposals::quota.eq(new.quota as i32),
            proposals::quota_reason.eq(&new.quota_reason),
            proposals::late.eq(new.late_reason.is_some()),
            proposals::late_reason.eq(&new.late_reason),
            proposals::proposed_by.eq(new.proposed_by),
            proposals::acting_for.eq(&new.acting_for),
            proposals::proposed_at.eq(new.proposed_at),
        ))
        .execute(conn)
        .await?;
    let row = |one: &Candidate| {
        Ok((
            candidates::locality_id.eq(actor.locality),
            candidates::proposal_id.eq(new.id),
            candidates::nomination_id.eq(one.nomination),
            candidates::position.eq(one.position as i32),
            candidates::rank.eq(one.rank as i32),
            candidates::standing.eq(one.standing.map(to_text).transpose()?),
            candidates::place.eq(one.place.clone()),
            candidates::passed.eq(one.passed),
            candidates::awarded.eq(one.awarded),
            candidates::selected.eq(one.selected.map(|selected| selected as i32)),
            candidates::reason.eq(one.reason.clone()),
        ))
    };
    let rows = lists.iter().map(row).collect::<Result<Vec<_>>>()?;
    diesel::insert_into(candidates::table).values(rows).execute(conn).await?;
    Ok(())
}

/// Ends a proposal; of two ends at once the second is refused (409).
pub async fn end(conn: &mut Conn, actor: &Actor, of: &Proposal, state: State, reason: Option<String>) -> Result<End> {
    let end = End { state, reason, by: actor.account, at: actor.at.trunc_subsecs(6) };
    let insert = diesel::insert_into(ends::table).values((
        ends::locality_id.eq(actor.locality),
        ends::proposal_id.eq(of.id),
        ends::state.eq(to_text(end.state)?),
        ends::reason.eq(&end.reason),
        ends::ended_by.eq(end.by),
        ends::acting_for.eq(&actor.acting_for),
        ends::at.eq(end.at),
    ));
    insert
        .execute(conn)
        .await
        .on_constraint("award_proposal_ends_pkey", || Error::state("proposal_state", "decided"))?;
    Ok(end)
}

/// Who has an award by a decision that was not revoked.
pub async fn awarded(conn: &mut Conn, movement: &Movement, award: &str) -> Result<BTreeSet<NominationId>> {
    #[derive(QueryableByName)]
    struct Awarded {
        #[diesel(sql_type = SqlUuid)]
        nomination_id: NominationId,
    }
    let rows: Vec<Awarded> = statement(
        "SELECT c.nomination_id
         FROM award_decisions d
             JOIN award_decision_candidates c ON c.locality_id = $1 AND c.decision_id = d.id AND c.ordinal IS NOT NULL
         WHERE d.locality_id = $1 AND d.movement_id = $2 AND d.award = $3
           AND NOT EXISTS (SELECT FROM award_acts a WHERE a.locality_id = $1 AND a.decision_id = d.id
                           AND a.nomination_id = c.nomination_id AND a.kind = 'revocation')",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Text, _>(award)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(|row| row.nomination_id).collect())
}

/// The decisions on an award, by their proposals.
pub async fn decisions_on(
    conn: &mut Conn,
    movement: &Movement,
    award: &str,
) -> Result<BTreeMap<ProposalId, DecisionId>> {
    let of_movement = decisions::locality_id.eq(movement.locality).and(decisions::movement_id.eq(movement.id));
    let of_award = decisions::table.filter(of_movement.and(decisions::award.eq(award)));
    Ok(of_award.select((decisions::proposal_id, decisions::id)).load(conn).await?.into_iter().collect())
}

/// The decision on a proposal.
pub async fn decision_on(conn: &mut Conn, locality: LocalityId, id: ProposalId) -> Result<Option<DecisionId>> {
    let of = decisions::table.filter(decisions::locality_id.eq(locality).and(decisions::proposal_id.eq(id)));
    Ok(of.select(decisions::id).first(conn).await.optional()?)
}

/// Usernames of accounts.
pub async fn usernames(
    conn: &mut Conn,
    ids: impl IntoIterator<Item = AccountId>,
) -> Result<BTreeMap<AccountId, String>> {
    let ids: BTreeSet<AccountId> = ids.into_iter().collect();
    let of_ids = accounts::table.filter(accounts::id.eq_any(ids));
    Ok(of_ids.select((accounts::id, accounts::username)).load(conn).await?.into_iter().collect())
}
