//! Plan versions in the database.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::versions::{Version, Versions};
use crate::{
    db::{Conn, Holdable, LocalityId, MovementId, Of, Recall, renew_generation, schema::plan_versions},
    http::{Actor, Error, Result},
};

/// All versions of a movement's plan, up to the newest.
pub async fn versions_of(conn: &mut Conn, recall: &Recall, movement: MovementId, newest: i32) -> Result<Versions> {
    let mut versions = Versions::new(version(conn, recall, movement, 1).await?);
    for number in 2..=newest {
        versions.push(version(conn, recall, movement, number).await?);
    }
    Ok(versions)
}

async fn version(conn: &mut Conn, recall: &Recall, movement: MovementId, number: i32) -> Result<Arc<Version>> {
    let of = Of::Version(movement.into(), number);
    recall.take_unchanging(conn, of, async |conn| read(conn, recall.locality, movement, number).await).await
}

impl Holdable for Version {
    fn weight(&self) -> usize {
        // As text, three times: so much it is in its parts.
        serde_json::to_string(&self.plan).map_or(0, |text| 3 * text.len())
    }
}

async fn read(conn: &mut Conn, locality: LocalityId, movement: MovementId, number: i32) -> Result<Version> {
    let columns =
        (plan_versions::effective_from, plan_versions::reason, plan_versions::created_at, plan_versions::document);
    let row = plan_versions::table.find((locality, movement, number)).select(columns);
    let (effective_from, reason, created_at, document): (NaiveDate, Option<String>, DateTime<Utc>, Value) =
        row.first(conn).await?;
    let plan = serde_json::from_value(document).map_err(Error::internal)?;
    Ok(Version { number, effective_from, reason, created_at, plan })
}

pub async fn insert_version(conn: &mut Conn, actor: &Actor, movement: MovementId, version: &Version) -> Result<()> {
    diesel::insert_into(plan_versions::table)
        .values((
            plan_versions::locality_id.eq(actor.locality),
            plan_versions::movement_id.eq(movement),
            plan_versions::version.eq(version.number),
            plan_versions::effective_from.eq(version.effective_from),
            plan_versions::reason.eq(&version.reason),
            plan_versions::document.eq(serde_json::to_value(&version.plan).map_err(Error::internal)?),
            plan_versions::created_by.eq(actor.account),
            plan_versions::created_at.eq(version.created_at),
        ))
        .execute(conn)
        .await?;
    renew_generation(conn, &actor.recall).await
}

/// Deletes the versions of a movement that was never launched.
pub async fn delete_versions(conn: &mut Conn, recall: &Recall, movement: MovementId) -> Result<()> {
    let of_movement = plan_versions::locality_id.eq(recall.locality).and(plan_versions::movement_id.eq(movement));
    diesel::delete(plan_versions::table.filter(of_movement)).execute(conn).await?;
    renew_generation(conn, recall).await
}
