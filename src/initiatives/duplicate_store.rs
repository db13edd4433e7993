//! Duplicate marks in the database.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::initiative::{Duplicate, Initiative};
use crate::{
    db::{
        Conn, InitiativeId, LocalityId,
        schema::{initiative_duplicates as duplicates, initiatives},
        to_text,
    },
    http::{Actor, Result},
};

/// The marks on these initiatives.
pub async fn marks(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[InitiativeId],
) -> Result<HashMap<InitiativeId, Duplicate>> {
    let found: Vec<(InitiativeId, InitiativeId, String, DateTime<Utc>)> = duplicates::table
        .filter(duplicates::locality_id.eq(locality).and(duplicates::initiative_id.eq_any(ids)))
        .select((duplicates::initiative_id, duplicates::duplicate_of, duplicates::reason, duplicates::marked_at))
        .load(conn)
        .await?;
    Ok(found.into_iter().map(|(id, of, reason, at)| (id, Duplicate { of, reason, at })).collect())
}

/// Whether another initiative is marked as a duplicate of this one.
pub async fn has_duplicates(conn: &mut Conn, locality: LocalityId, id: InitiativeId) -> Result<bool> {
    let others = duplicates::table.filter(duplicates::locality_id.eq(locality).and(duplicates::duplicate_of.eq(id)));
    let found: Option<InitiativeId> = others.select(duplicates::initiative_id).first(conn).await.optional()?;
    Ok(found.is_some())
}

/// Stores a duplicate mark.
pub async fn mark(conn: &mut Conn, actor: &Actor, marked: &Initiative, duplicate: &Duplicate) -> Result<()> {
    diesel::insert_into(duplicates::table)
        .values((
            duplicates::locality_id.eq(actor.locality),
            duplicates::initiative_id.eq(marked.id),
            duplicates::duplicate_of.eq(duplicate.of),
            duplicates::reason.eq(&duplicate.reason),
            duplicates::marked_by.eq(actor.account),
            duplicates::marked_at.eq(duplicate.at),
        ))
        .execute(conn)
        .await?;
    diesel::update(initiatives::table.find((actor.locality, marked.id)))
        .set((initiatives::state.eq(to_text(marked.state)?), initiatives::version.eq(marked.version)))
        .execute(conn)
        .await?;
    Ok(())
}
