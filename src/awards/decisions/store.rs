//! Decisions in the database; all rows are only inserted.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::rules::SignedAs;
use crate::{
    db::{
        AccountId, Conn, DecisionId, LocalityId, MovementId, NominationId, OnConstraint, ProposalId, from_text,
        schema::{award_decision_candidates as candidates, award_decisions as decisions},
        to_text,
    },
    http::{Actor, Error, Result},
};

/// A decision without its candidates and papers.
#[derive(Debug, Clone, Serialize)]
pub struct Decision {
    pub id: DecisionId,
    pub proposal: ProposalId,
    pub movement: MovementId,
    pub award: String,
    pub signed_as: SignedAs,
    pub decided_by: AccountId,
    pub acting_for: Vec<AccountId>,
    pub decided_at: DateTime<Utc>,
}

/// A candidate in a decision.
#[derive(Debug, Clone, Serialize)]
pub struct Decided {
    pub nomination: NominationId,
    /// Of who is accepted, from 1 without gaps.
    pub ordinal: Option<u32>,
    pub place: Option<String>,
    pub reason: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = decisions)]
struct Row {
    id: DecisionId,
    proposal_id: ProposalId,
    movement_id: MovementId,
    award: String,
    signed_as: String,
    decided_by: AccountId,
    acting_for: Vec<Option<AccountId>>,
    decided_at: DateTime<Utc>,
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Option<Decision>> {
    let row: Option<Row> =
        decisions::table.find((locality, id)).select(Row::as_select()).first(conn).await.optional()?;
    let read = |row: Row| {
        Ok(Decision {
            id: row.id,
            proposal: row.proposal_id,
            movement: row.movement_id,
            award: row.award,
            signed_as: from_text(row.signed_as)?,
            decided_by: row.decided_by,
            acting_for: row.acting_for.into_iter().flatten().collect(),
            decided_at: row.decided_at,
        })
    };
    row.map(read).transpose()
}

/// The accepted by their ordinals, then the others.
pub async fn candidates(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Vec<Decided>> {
    type Kept = (NominationId, Option<i32>, Option<String>, Option<String>);
    let rows: Vec<Kept> = candidates::table
        .filter(candidates::locality_id.eq(locality).and(candidates::decision_id.eq(id)))
        .order((candidates::ordinal.asc().nulls_last(), candidates::nomination_id))
        .select((candidates::nomination_id, candidates::ordinal, candidates::place, candidates::reason))
        .load(conn)
        .await?;
    let read = |(nomination, ordinal, place, reason): Kept| {
        let ordinal = ordinal.map(|ordinal| ordinal as u32);
        Decided { nomination, ordinal, place, reason }
    };
    Ok(rows.into_iter().map(read).collect())
}

/// Stores a decision; of two on one proposal the second is refused (409).
pub async fn insert(conn: &mut Conn, actor: &Actor, new: &Decision, decided: &[Decided]) -> Result<()> {
    let insert = diesel::insert_into(decisions::table).values((
        decisions::locality_id.eq(actor.locality),
        decisions::id.eq(new.id),
        decisions::proposal_id.eq(new.proposal),
        decisions::movement_id.eq(new.movement),
        decisions::award.eq(&new.award),
        decisions::signed_as.eq(to_text(new.signed_as)?),
        decisions::decided_by.eq(new.decided_by),
        decisions::acting_for.eq(&new.acting_for),
        decisions::decided_at.eq(new.decided_at),
    ));
    let taken = || Error::state("proposal_state", "decided");
    insert.execute(conn).await.on_constraint("award_decisions_proposal_key", taken)?;
    let row = |one: &Decided| {
        (
            candidates::locality_id.eq(actor.locality),
            candidates::decision_id.eq(new.id),
            candidates::nomination_id.eq(one.nomination),
            candidates::ordinal.eq(one.ordinal.map(|ordinal| ordinal as i32)),
            candidates::place.eq(one.place.clone()),
            candidates::reason.eq(one.reason.clone()),
        )
    };
    let rows: Vec<_> = decided.iter().map(row).collect();
    diesel::insert_into(candidates::table).values(rows).execute(conn).await?;
    Ok(())
}
