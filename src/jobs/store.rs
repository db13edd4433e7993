//! Jobs in the database.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Timestamptz},
};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::{Conn, schema::jobs, statement},
    http::Result,
};

/// Duration of a lease: afterwards another worker may claim the job.
const LEASE: TimeDelta = TimeDelta::seconds(15);

/// One worker's hold on a job.
#[derive(Debug, Clone, Copy)]
pub struct Lease {
    job: Uuid,
    id: Uuid,
}

/// A job that a worker holds.
pub struct Claimed {
    pub lease: Lease,
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

/// How far ahead the run of a kind of job can be set.
pub struct Horizon<'a> {
    pub name: &'a str,
    /// The interval of a recurring job; a job of another kind runs at once.
    pub every: TimeDelta,
    /// The longest delay of a retry.
    pub retry: TimeDelta,
}

/// Brings back what a wrong clock set too far ahead: a run is at most its interval away, a lease at most its duration.
pub async fn bring_back(conn: &mut Conn, horizons: &[Horizon<'_>], now: DateTime<Utc>) -> Result<()> {
    let names: Vec<&str> = horizons.iter().map(|horizon| horizon.name).collect();
    let soonest: Vec<DateTime<Utc>> = horizons.iter().map(|horizon| now + horizon.every).collect();
    let retried: Vec<DateTime<Utc>> = horizons.iter().map(|horizon| now + horizon.every.max(horizon.retry)).collect();
    statement(
        "UPDATE jobs AS j
         SET run_at = CASE WHEN j.run_at > CASE j.attempts WHEN 0 THEN h.soonest ELSE h.retried END
                           THEN h.soonest ELSE j.run_at END,
             leased_until = CASE WHEN j.leased_until > $5 THEN $5 ELSE j.leased_until END
         FROM unnest($1, $2, $3) AS h (name, soonest, retried)
         WHERE j.name = h.name AND j.state = $4
           AND (j.run_at > CASE j.attempts WHEN 0 THEN h.soonest ELSE h.retried END OR j.leased_until > $5)",
    )
    .bind::<Array<Text>, _>(names)
    .bind::<Array<Timestamptz>, _>(soonest)
    .bind::<Array<Timestamptz>, _>(retried)
    .bind::<Text, _>("queued")
    .bind::<Timestamptz, _>(now + LEASE)
    .execute(conn)
    .await?;
    Ok(())
}

/// Claims the free job that has been due longest.
pub async fn claim(conn: &mut Conn, names: &[&str], now: DateTime<Utc>) -> Result<Option<Claimed>> {
    let free = jobs::leased_until.is_null().or(jobs::leased_until.lt(now));
    let due = jobs::table
        .filter(jobs::state.eq("queued").and(jobs::name.eq_any(names)).and(jobs::run_at.le(now)).and(free))
        .order(jobs::run_at)
        .select((jobs::id, jobs::name, jobs::payload, jobs::attempts))
        .for_update()
        .skip_locked();
    let found: Option<(Uuid, String, Value, i32)> = due.first(conn).await.optional()?;
    let Some((job, name, payload, attempts)) = found else { return Ok(None) };
    let (lease, attempts) = (Lease { job, id: Uuid::now_v7() }, attempts + 1);
    diesel::update(jobs::table.find(job))
        .set((jobs::lease_id.eq(lease.id), jobs::leased_until.eq(now + LEASE), jobs::attempts.eq(attempts)))
        .execute(conn)
        .await?;
    Ok(Some(Claimed { lease, name, payload, attempts }))
}

/// The job of this lease. The functions below change nothing and return false once another worker has claimed the job.
#[diesel::dsl::auto_type]
fn held(job: Uuid, lease: Uuid) -> _ {
    jobs::table.filter(jobs::id.eq(job).and(jobs::lease_id.eq(lease)))
}

/// Extends the lease.
pub async fn renew(conn: &mut Conn, lease: Lease, now: DateTime<Utc>) -> Result<bool> {
    Ok(diesel::update(held(lease.job, lease.id)).set(jobs::leased_until.eq(now + LEASE)).execute(conn).await? == 1)
}

/// Reschedules the job and releases it.
pub async fn reschedule(
    conn: &mut Conn,
    lease: Lease,
    at: DateTime<Utc>,
    attempts: i32,
    error: Option<&str>,
) -> Result<bool> {
    let later = (
        jobs::run_at.eq(at),
        jobs::attempts.eq(attempts),
        jobs::leased_until.eq(None::<DateTime<Utc>>),
        jobs::lease_id.eq(None::<Uuid>),
        jobs::error.eq(error),
    );
    Ok(diesel::update(held(lease.job, lease.id)).set(later).execute(conn).await? == 1)
}

pub async fn remove(conn: &mut Conn, lease: Lease) -> Result<bool> {
    Ok(diesel::delete(held(lease.job, lease.id)).execute(conn).await? == 1)
}

/// Marks the job dead, for inspection.
pub async fn bury(conn: &mut Conn, lease: Lease, error: &str) -> Result<bool> {
    let dead = (jobs::state.eq("dead"), jobs::error.eq(error));
    Ok(diesel::update(held(lease.job, lease.id)).set(dead).execute(conn).await? == 1)
}

/// How the jobs stand, for the metrics.
#[derive(Debug, QueryableByName)]
pub struct Standing {
    #[diesel(sql_type = BigInt)]
    pub due: i64,
    #[diesel(sql_type = BigInt)]
    pub running: i64,
    #[diesel(sql_type = BigInt)]
    pub dead: i64,
    #[diesel(sql_type = BigInt)]
    pub oldest_due_seconds: i64,
}

pub async fn standing(conn: &mut Conn, now: DateTime<Utc>) -> Result<Standing> {
    let counts = "SELECT count(*) FILTER (WHERE due) AS due, count(*) FILTER (WHERE running) AS running,
            count(*) FILTER (WHERE state = 'dead') AS dead,
            coalesce(extract(epoch FROM $1 - min(run_at) FILTER (WHERE due)), 0)::bigint AS oldest_due_seconds
        FROM (SELECT state, run_at, state = 'queued' AND leased_until >= $1 AS running,
                state = 'queued' AND run_at <= $1 AND (leased_until IS NULL OR leased_until < $1) AS due
            FROM jobs) AS seen";
    Ok(statement(counts).bind::<Timestamptz, _>(now).get_result(conn).await?)
}
