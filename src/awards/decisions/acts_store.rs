//! What became of decisions, in the database: publications, and acts that revoke or correct.

use chrono::{DateTime, SubsecRound, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::rules::ActKind;
use crate::{
    awards::Member,
    db::{
        AccountId, Conn, DecisionId, LocalityId, NominationId, OnConstraint, from_text,
        schema::{award_acts as acts, award_certificates as certificates, award_publications as publications},
        to_text,
    },
    http::{Actor, Error, Result},
};

/// When a decision was published.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// Why without the signed paper.
    pub reason: Option<String>,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

pub async fn publication(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Option<Published>> {
    let columns = (publications::reason, publications::published_by, publications::published_at);
    let row: Option<(Option<String>, AccountId, DateTime<Utc>)> =
        publications::table.find((locality, id)).select(columns).first(conn).await.optional()?;
    Ok(row.map(|(reason, by, at)| Published { reason, by, at }))
}

/// Publishes; of two at once the second is refused (409).
pub async fn insert_publication(
    conn: &mut Conn,
    actor: &Actor,
    of: DecisionId,
    reason: Option<String>,
) -> Result<Published> {
    let published = Published { reason, by: actor.account, at: actor.at.trunc_subsecs(6) };
    let insert = diesel::insert_into(publications::table).values((
        publications::locality_id.eq(actor.locality),
        publications::decision_id.eq(of),
        publications::reason.eq(&published.reason),
        publications::published_by.eq(published.by),
        publications::acting_for.eq(&actor.acting_for),
        publications::published_at.eq(published.at),
    ));
    insert.execute(conn).await.on_constraint("award_publications_pkey", || Error::of("decision_published"))?;
    Ok(published)
}

/// An act on a decision.
#[derive(Debug, Clone, Serialize)]
pub struct ActRow {
    /// From 1.
    pub act: i32,
    pub kind: ActKind,
    pub nomination: NominationId,
    pub member: Option<Member>,
    pub text: Option<String>,
    pub reason: String,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// The acts on a decision, in their order.
pub async fn acts_of(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Vec<ActRow>> {
    type Kept = (i32, String, NominationId, (Option<String>, Option<String>, String), AccountId, DateTime<Utc>);
    let rows: Vec<Kept> = acts::table
        .filter(acts::locality_id.eq(locality).and(acts::decision_id.eq(id)))
        .order(acts::act)
        .select((
            acts::act,
            acts::kind,
            acts::nomination_id,
            (acts::member, acts::text, acts::reason),
            acts::acted_by,
            acts::at,
        ))
        .load(conn)
        .await?;
    let read = |(act, kind, nomination, (member, text, reason), by, at): Kept| {
        let (kind, member) = (from_text(kind)?, member.map(from_text).transpose()?);
        Ok(ActRow { act, kind, nomination, member, text, reason, by, at })
    };
    rows.into_iter().map(read).collect()
}

/// Adds an act; nobody loses an award twice (409).
pub async fn insert_act(conn: &mut Conn, actor: &Actor, of: DecisionId, new: &ActRow) -> Result<()> {
    let insert = diesel::insert_into(acts::table).values((
        acts::locality_id.eq(actor.locality),
        acts::decision_id.eq(of),
        acts::act.eq(new.act),
        acts::kind.eq(to_text(new.kind)?),
        acts::nomination_id.eq(new.nomination),
        acts::member.eq(new.member.map(to_text).transpose()?),
        acts::text.eq(&new.text),
        acts::reason.eq(&new.reason),
        acts::acted_by.eq(new.by),
        acts::acting_for.eq(&actor.acting_for),
        acts::at.eq(new.at),
    ));
    insert.execute(conn).await.on_constraint("award_acts_revocation_key", || Error::of("award_revoked"))?;
    Ok(())
}

/// Who of a decision has a certificate.
pub async fn certified(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Vec<NominationId>> {
    let of_decision = certificates::locality_id.eq(locality).and(certificates::decision_id.eq(id));
    let first = certificates::table.filter(of_decision.and(certificates::version.eq(1)));
    Ok(first.select(certificates::nomination_id).load(conn).await?)
}
