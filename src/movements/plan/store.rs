//! Plan versions in the database. As they never change, parsed ones are kept at hand.

use std::{
    collections::HashMap,
    sync::{Arc, LazyLock, Mutex},
};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;

use super::versions::{Version, Versions};
use crate::{
    db::{Conn, LocalityId, MovementId, schema::plan_versions},
    http::{Actor, Error, Result},
};

/// All versions of a movement's plan, up to the newest.
pub async fn versions_of(conn: &mut Conn, locality: LocalityId, movement: MovementId, newest: i32) -> Result<Versions> {
    let mut versions = Versions::new(at_hand(conn, locality, movement, 1).await?);
    for number in 2..=newest {
        versions.push(at_hand(conn, locality, movement, number).await?);
    }
    Ok(versions)
}

async fn at_hand(conn: &mut Conn, locality: LocalityId, movement: MovementId, number: i32) -> Result<Arc<Version>> {
    type Parsed = HashMap<(LocalityId, MovementId, i32), Arc<Version>>;
    static PARSED: LazyLock<Mutex<Parsed>> = LazyLock::new(Mutex::default);
    const AT_HAND: usize = 256;
    // A poisoned lock still guards whole entries.
    let parsed = || PARSED.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
    if let Some(version) = parsed().get(&(locality, movement, number)) {
        return Ok(version.clone());
    }
    let version = read(conn, locality, movement, number).await?;
    let mut parsed = parsed();
    if parsed.len() >= AT_HAND {
        parsed.clear();
    }
    parsed.insert((locality, movement, number), version.clone());
    Ok(version)
}

async fn read(conn: &mut Conn, locality: LocalityId, movement: MovementId, number: i32) -> Result<Arc<Version>> {
    let columns =
        (plan_versions::effective_from, plan_versions::reason, plan_versions::created_at, plan_versions::document);
    let row = plan_versions::table.find((locality, movement, number)).select(columns);
    let (effective_from, reason, created_at, document): (NaiveDate, Option<String>, DateTime<Utc>, Value) =
        row.first(conn).await?;
    let plan = serde_json::from_value(document).map_err(Error::internal)?;
    Ok(Arc::new(Version { number, effective_from, reason, created_at, plan }))
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
    Ok(())
}

/// Deletes the versions of a movement that was never launched.
pub async fn delete_versions(conn: &mut Conn, locality: LocalityId, movement: MovementId) -> Result<()> {
    let of_movement = plan_versions::locality_id.eq(locality).and(plan_versions::movement_id.eq(movement));
    diesel::delete(plan_versions::table.filter(of_movement)).execute(conn).await?;
    Ok(())
}
