//! The worker: claims a due job, keeps its lease, stores its result. Retries: 8 attempts, 2ⁿ seconds apart with jitter.

use std::time::Duration;

use chrono::TimeDelta;

use super::{
    job::Kind,
    store::{self, Claimed, Horizon, Lease},
};
use crate::{app::App, db::Conn, http::Result};

/// Attempts before a job is dead.
const ATTEMPTS: i32 = 8;
/// Polling interval of an idle worker.
const IDLE: Duration = Duration::from_secs(1);
/// How often a worker renews its lease, several times while one lasts.
const RENEWAL: Duration = Duration::from_secs(4);

/// Runs one job that is due; returns whether there was one.
pub async fn step(app: &App, kinds: &[Kind]) -> Result<bool> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let now = app.clock.now();
    let horizon =
        |kind: &Kind| Horizon { name: kind.name, every: kind.every.unwrap_or_default(), retry: longest_delay() };
    let horizons: Vec<Horizon> = kinds.iter().map(horizon).collect();
    let claim = async |conn: &mut Conn| {
        store::bring_back(conn, &horizons, now).await?;
        store::claim(conn, &names, now).await
    };
    let Some(job) = app.db.tx(claim).await? else { return Ok(false) };
    let Some(kind) = kinds.iter().find(|kind| kind.name == job.name) else { return Ok(false) };
    let done = tokio::select! {
        done = (kind.run)(app, job.payload.clone()) => done,
        () = hold(app, job.lease) => {
            tracing::warn!(job = job.name, "another worker has the job; the work on it is dropped");
            return Ok(true);
        }
    };
    if let Err(error) = &done {
        tracing::warn!(job = job.name, attempts = job.attempts, cause = error.to_string(), "a job failed");
    }
    if !app.db.tx(async |conn| finish(conn, app, kind, &job, &done).await).await? {
        tracing::warn!(job = job.name, "another worker has the job; its end is left to that one");
    }
    Ok(true)
}

/// Stores the result of a job; false if another worker holds it.
async fn finish(conn: &mut Conn, app: &App, kind: &Kind, job: &Claimed, done: &Result<()>) -> Result<bool> {
    let (now, lease) = (app.clock.now(), job.lease);
    match (done, kind.every) {
        (Ok(()), Some(every)) => store::reschedule(conn, lease, now + every, 0, None).await,
        (Ok(()), None) => store::remove(conn, lease).await,
        (Err(error), None) if job.attempts >= ATTEMPTS => store::bury(conn, lease, &error.to_string()).await,
        (Err(error), _) => {
            let wait = delay(job.attempts);
            // Jitter keeps jobs that failed together from coming back together.
            let jitter = TimeDelta::milliseconds(i64::from(rand::random::<u16>() % 1000));
            store::reschedule(conn, lease, now + wait + jitter, job.attempts, Some(&error.to_string())).await
        }
    }
}

/// The delay before the next attempt, without its jitter of less than a second.
fn delay(attempts: i32) -> TimeDelta {
    TimeDelta::seconds(1 << attempts.min(10))
}

fn longest_delay() -> TimeDelta {
    delay(i32::MAX) + TimeDelta::seconds(1)
}

/// Renews the lease of a running job, so that a long job stays with its worker and a dead worker's job is soon free.
/// Ends when another worker has claimed the job.
async fn hold(app: &App, lease: Lease) {
    loop {
        tokio::time::sleep(RENEWAL).await;
        let now = app.clock.now();
        match app.db.read(async |conn| store::renew(conn, lease, now).await).await {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => tracing::debug!(cause = error.to_string(), "a job's lease was not renewed"),
        }
    }
}

/// Runs jobs until the server stops: recurring jobs and the others separately, so that a long import, or one that waits
/// for a permit, delays no reminder.
pub async fn work(app: App, kinds: &'static [Kind]) {
    let (recurring, others): (Vec<Kind>, Vec<Kind>) = kinds.iter().partition(|kind| kind.every.is_some());
    tokio::join!(work_on(&app, &recurring), work_on(&app, &others));
}

async fn work_on(app: &App, kinds: &[Kind]) {
    loop {
        match step(app, kinds).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(IDLE).await,
            Err(error) => {
                tracing::warn!(cause = error.to_string(), "jobs cannot be claimed");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}
