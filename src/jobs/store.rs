//! Jobs in the database.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::{Conn, schema::jobs},
    http::Result,
};

/// How long a worker holds a job, unless it renews its lease, before another may take it.
const LEASE: TimeDelta = TimeDelta::seconds(15);

#[derive(Queryable, Selectable)]
#[diesel(table_name = jobs)]
pub struct Claimed {
    pub id: Uuid,
    pub name: String,
    pub payload: Value,
    pub attempts: i32,
}

pub async fn insert(conn: &mut Conn, name: &str, payload: Value, once: Option<&str>, now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(jobs::table)
        .values((
            jobs::id.eq(Uuid::now_v7()),
            jobs::name.eq(name),
            jobs::payload.eq(payload),
            jobs::once.eq(once),
            jobs::state.eq("queued"),
            jobs::attempts.eq(0),
            jobs::run_at.eq(now),
            jobs::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Takes the job that has been due longest and that nobody holds.
pub async fn claim(conn: &mut Conn, names: &[&str], now: DateTime<Utc>) -> Result<Option<Claimed>> {
    let free = jobs::leased_until.is_null().or(jobs::leased_until.lt(now));
    let due = jobs::table
        .filter(jobs::state.eq("queued").and(jobs::name.eq_any(names)).and(jobs::run_at.le(now)).and(free))
        .order(jobs::run_at)
        .select(Claimed::as_select())
        .for_update()
        .skip_locked();
    let Some(mut job) = due.first(conn).await.optional()? else { return Ok(None) };
    job.attempts += 1;
    diesel::update(jobs::table.find(job.id))
        .set((jobs::leased_until.eq(now + LEASE), jobs::attempts.eq(job.attempts)))
        .execute(conn)
        .await?;
    Ok(Some(job))
}

/// The worker is still at it.
pub async fn renew(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> Result<()> {
    diesel::update(jobs::table.find(id)).set(jobs::leased_until.eq(now + LEASE)).execute(conn).await?;
    Ok(())
}

/// Sets the job to a later time.
pub async fn again(conn: &mut Conn, id: Uuid, at: DateTime<Utc>, attempts: i32, error: Option<&str>) -> Result<()> {
    diesel::update(jobs::table.find(id))
        .set((
            jobs::run_at.eq(at),
            jobs::attempts.eq(attempts),
            jobs::leased_until.eq(None::<DateTime<Utc>>),
            jobs::error.eq(error),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn remove(conn: &mut Conn, id: Uuid) -> Result<()> {
    diesel::delete(jobs::table.find(id)).execute(conn).await?;
    Ok(())
}

pub async fn bury(conn: &mut Conn, id: Uuid, error: &str) -> Result<()> {
    let dead = (jobs::state.eq("dead"), jobs::error.eq(error));
    diesel::update(jobs::table.find(id)).set(dead).execute(conn).await?;
    Ok(())
}
