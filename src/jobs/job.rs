//! What a job is, and how it is enqueued.

use std::pin::Pin;

use chrono::TimeDelta;
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::store;
use crate::{
    app::App,
    db::Conn,
    http::{Error, Result},
};

/// A piece of work.
pub trait Job: Serialize + DeserializeOwned {
    const NAME: &'static str;
    /// Time between two runs, for jobs that recur.
    const EVERY: Option<TimeDelta> = None;

    fn run(self, app: &App) -> impl Future<Output = Result<()>>;
}

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = Result<()>> + 'a>>;

/// A job by name, for the worker.
#[derive(Clone, Copy)]
pub struct Kind {
    pub(super) name: &'static str,
    pub(super) every: Option<TimeDelta>,
    pub(super) run: fn(&App, Value) -> Running<'_>,
}

impl Kind {
    pub const fn of<J: Job + 'static>() -> Self {
        Self { name: J::NAME, every: J::EVERY, run: |app, payload| Box::pin(read_and_run::<J>(app, payload)) }
    }
}

async fn read_and_run<J: Job>(app: &App, payload: Value) -> Result<()> {
    serde_json::from_value::<J>(payload).map_err(Error::internal)?.run(app).await
}

/// Enqueues a job in the caller's transaction. A recurring job is stored once.
pub async fn enqueue<J: Job>(conn: &mut Conn, app: &App, job: &J) -> Result<()> {
    let payload = serde_json::to_value(job).map_err(Error::internal)?;
    store::insert(conn, J::NAME, payload, J::EVERY.map(|_| "recurring"), app.clock.now()).await
}
