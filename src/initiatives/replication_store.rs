//! Replications in the database.

use std::collections::HashMap;

use chrono::NaiveDate;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;

use super::initiative::{Initiative, Replication};
use crate::{
    db::{
        Conn, InitiativeId, LocalityId, UnitId,
        schema::{initiative_replications as replications, initiatives},
    },
    http::{Actor, Result},
};

/// The units that replicate each of these initiatives.
pub async fn standing(
    conn: &mut Conn,
    locality: LocalityId,
    ids: &[InitiativeId],
) -> Result<HashMap<InitiativeId, Vec<Replication>>> {
    type Used = (InitiativeId, UnitId, NaiveDate, Option<String>);
    let found: Vec<Used> = replications::table
        .filter(replications::locality_id.eq(locality).and(replications::initiative_id.eq_any(ids)))
        .filter(replications::withdrawn_at.is_null())
        .order((replications::initiative_id, replications::version))
        .select((replications::initiative_id, replications::unit_id, replications::used_from, replications::note))
        .load(conn)
        .await?;
    let mut by_initiative: HashMap<InitiativeId, Vec<Replication>> = HashMap::new();
    for (id, unit, used_from, note) in found {
        by_initiative.entry(id).or_default().push(Replication { unit, used_from, note });
    }
    Ok(by_initiative)
}

/// Stores a replication.
pub async fn insert(conn: &mut Conn, actor: &Actor, after: &Initiative, used: &Replication) -> Result<()> {
    diesel::insert_into(replications::table)
        .values((
            replications::locality_id.eq(actor.locality),
            replications::initiative_id.eq(after.id),
            replications::version.eq(after.version),
            replications::unit_id.eq(used.unit),
            replications::used_from.eq(used.used_from),
            replications::note.eq(&used.note),
            replications::recorded_by.eq(actor.account),
            replications::recorded_at.eq(actor.at),
        ))
        .execute(conn)
        .await?;
    touch(conn, actor, after).await
}

/// Stores the withdrawal of a replication.
pub async fn withdraw(conn: &mut Conn, actor: &Actor, after: &Initiative, unit: UnitId, reason: &str) -> Result<()> {
    let of_unit = replications::locality_id.eq(actor.locality).and(replications::initiative_id.eq(after.id));
    let standing = of_unit.and(replications::unit_id.eq(unit)).and(replications::withdrawn_at.is_null());
    diesel::update(replications::table.filter(standing))
        .set((
            replications::withdrawn_by.eq(actor.account),
            replications::withdrawn_at.eq(actor.at),
            replications::withdrawn_reason.eq(reason),
        ))
        .execute(conn)
        .await?;
    touch(conn, actor, after).await
}

async fn touch(conn: &mut Conn, actor: &Actor, after: &Initiative) -> Result<()> {
    let one = initiatives::table.find((actor.locality, after.id));
    diesel::update(one).set(initiatives::version.eq(after.version)).execute(conn).await?;
    Ok(())
}
