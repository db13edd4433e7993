//! Work after the transaction that asks for it: a job is a struct with a name, stored in the caller's transaction and
//! claimed by any instance under a lease. A job that fails comes back later and later, and at last lies dead, to be
//! looked at; one that recurs is set to its next time instead of being removed.

mod store;

use std::{pin::Pin, time::Duration};

use chrono::TimeDelta;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    db::Conn,
    http::{Error, Result, forget_answers},
};

/// Attempts before a job lies dead.
const ATTEMPTS: i32 = 8;
/// How long an idle worker waits before it looks again.
const IDLE: Duration = Duration::from_secs(1);
/// How often a worker renews its lease, several times while one lasts.
const RENEWAL: Duration = Duration::from_secs(4);

/// A piece of work.
pub trait Job: Serialize + DeserializeOwned {
    const NAME: &'static str;
    /// Time between two runs, for jobs that recur.
    const EVERY: Option<TimeDelta> = None;

    fn run(self, app: &App) -> impl Future<Output = Result<()>>;
}

type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A job by name, for the worker.
#[derive(Clone, Copy)]
pub struct Kind {
    name: &'static str,
    every: Option<TimeDelta>,
    run: fn(&App, Value) -> Running<'_>,
}

impl Kind {
    pub const fn of<J: Job + 'static>() -> Self {
        Self { name: J::NAME, every: J::EVERY, run: |app, payload| Box::pin(read_and_run::<J>(app, payload)) }
    }
}

async fn read_and_run<J: Job>(app: &App, payload: Value) -> Result<()> {
    serde_json::from_value::<J>(payload).map_err(Error::internal)?.run(app).await
}

/// Asks for a job in the caller's transaction. A recurring job stands once, however often it is asked for.
pub async fn enqueue<J: Job>(conn: &mut Conn, app: &App, job: &J) -> Result<()> {
    let payload = serde_json::to_value(job).map_err(Error::internal)?;
    store::insert(conn, J::NAME, payload, J::EVERY.map(|_| "recurring"), app.clock.now()).await
}

/// Runs one job that is due; tells whether there was one.
pub async fn step(app: &App, kinds: &[Kind]) -> Result<bool> {
    let names: Vec<&str> = kinds.iter().map(|kind| kind.name).collect();
    let now = app.clock.now();
    let Some(job) = app.db.tx(async |conn| store::claim(conn, &names, now).await).await? else { return Ok(false) };
    let Some(kind) = kinds.iter().find(|kind| kind.name == job.name) else { return Ok(false) };
    let done = tokio::select! {
        done = (kind.run)(app, job.payload.clone()) => done,
        renewed = keep(app, job.id) => renewed,
    };
    let now = app.clock.now();
    let finish = async |conn: &mut Conn| match (&done, kind.every) {
        (Ok(()), Some(every)) => store::again(conn, job.id, now + every, 0, None).await,
        (Ok(()), None) => store::remove(conn, job.id).await,
        (Err(_), None) if job.attempts >= ATTEMPTS => store::bury(conn, job.id, &format!("{done:?}")).await,
        (Err(error), _) => {
            let wait = TimeDelta::seconds(1 << job.attempts.min(10));
            // Jitter keeps jobs that failed together from coming back together.
            let jitter = TimeDelta::milliseconds(i64::from(rand::random::<u16>() % 1000));
            store::again(conn, job.id, now + wait + jitter, job.attempts, Some(&error.to_string())).await
        }
    };
    app.db.tx(finish).await?;
    if let Err(error) = done {
        tracing::warn!(job = job.name, attempts = job.attempts, cause = error.to_string(), "a job failed");
    }
    Ok(true)
}

/// Keeps the lease of a job while it runs, so that a long one stays with its worker and a dead one's comes free soon.
async fn keep(app: &App, job: Uuid) -> Result<()> {
    loop {
        tokio::time::sleep(RENEWAL).await;
        let now = app.clock.now();
        if let Err(error) = app.db.read(async |conn| store::renew(conn, job, now).await).await {
            tracing::debug!(cause = error.to_string(), "a job's lease was not renewed");
        }
    }
}

/// Works until the server stops.
pub async fn work(app: App, kinds: &'static [Kind]) {
    loop {
        match step(&app, kinds).await {
            Ok(true) => {}
            Ok(false) => tokio::time::sleep(IDLE).await,
            Err(error) => {
                tracing::warn!(cause = error.to_string(), "jobs cannot be claimed");
                tokio::time::sleep(IDLE).await;
            }
        }
    }
}

/// Forgets stored answers that nobody will ask for again.
#[derive(serde::Serialize, serde::Deserialize)]
pub struct ForgetAnswers {}

impl Job for ForgetAnswers {
    const NAME: &'static str = "forget_answers";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::hours(1));

    async fn run(self, app: &App) -> Result<()> {
        let now = app.clock.now();
        let forgotten = app.db.tx(async |conn| forget_answers(conn, now).await).await?;
        tracing::debug!(forgotten, "stored answers forgotten");
        Ok(())
    }
}
