//! An import that is done after the request that asked for it: as whoever asked, with the rights they then have. What
//! breaks off is claimed again, and what was sent is forgotten with the end.

use std::time::Duration;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::store::{self, ClaimedImport, Ended, ImportState};
use crate::{
    app::App,
    db::{ImportId, LocalityId},
    http::{Error, Reply, Result, write_for},
    identity,
    jobs::Job,
    submissions::import::{execute, order::OPERATION, progress::Progress},
};

/// How often one is claimed before it is given up; fewer than a job's attempts, so that none is left half done.
const ATTEMPTS: i32 = 5;
/// How often its progress is recorded.
const PROGRESS_EVERY: Duration = Duration::from_secs(1);
/// How long the result of one can be read.
const KEPT: TimeDelta = TimeDelta::days(30);

#[derive(Serialize, Deserialize)]
pub struct RunImport {
    pub locality: LocalityId,
    pub id: ImportId,
}

impl Job for RunImport {
    const NAME: &'static str = "run_import";

    async fn run(self, app: &App) -> Result<()> {
        let claimed = app.db.tx(async |conn| store::claim(conn, self.locality, self.id).await).await?;
        let Some(claimed) = claimed else { return Ok(()) };
        let progress = Progress::default();
        let done = if claimed.attempts > ATTEMPTS {
            Err(Error::of("import_given_up"))
        } else {
            tokio::select! {
                done = self.import(app, &claimed, &progress) => done,
                reported = self.report_progress(app, &progress) => reported,
            }
        };
        match done {
            Ok(()) => Ok(()),
            Err(busy @ (Error::Busy(_) | Error::StorageFull(_))) => Err(busy),
            Err(error) => self.fail(app, &claimed, error).await,
        }
    }
}

impl RunImport {
    async fn import(&self, app: &App, claimed: &ClaimedImport, progress: &Progress) -> Result<()> {
        let request = &claimed.request;
        let (turn, now) = (app.imports.wait().await?, app.clock.now());
        let bytes = app.db.read(async |conn| store::bytes(conn, self.locality, self.id, request.size).await).await?;
        let reading = execute::read(request.format, bytes, turn.clone(), (&request.order, progress)).await?;
        let caller = app
            .db
            .read(async |conn| {
                let (scopes, locale) = (&request.scopes, request.locale);
                identity::caller_of(conn, &app.memory, claimed.by, scopes, OPERATION, locale, now).await
            })
            .await?;
        let work = write_for(&app.db, caller, OPERATION, async |conn, scope| {
            let reply = execute::import(conn, scope, reading, &request.order, progress).await?;
            scope.also_names([format!("imports/{}", self.id)]);
            let ended = Ended { state: ImportState::Done, answer: &reply.document()?, at: now };
            store::end(conn, self.locality, self.id, ended, progress.seen()).await?;
            Ok(reply)
        });
        work.await.map(|_: Reply| ())
    }

    /// Records how far it is, until it is done.
    async fn report_progress(&self, app: &App, progress: &Progress) -> Result<()> {
        loop {
            tokio::time::sleep(PROGRESS_EVERY).await;
            let recorded = app
                .db
                .read(async |conn| store::record_progress(conn, self.locality, self.id, progress.seen()).await)
                .await;
            if let Err(error) = recorded {
                tracing::debug!(cause = error.to_string(), "the progress of an import was not recorded");
            }
        }
    }

    async fn fail(&self, app: &App, claimed: &ClaimedImport, error: Error) -> Result<()> {
        if let Error::Internal(cause) = &error {
            tracing::error!(cause = format!("{cause:#}"), "an import failed");
        }
        let id = claimed.request.request.unwrap_or_default().to_string();
        let answer = error.problem(claimed.request.locale, &id);
        let ended = Ended { state: ImportState::Failed, answer: &answer, at: app.clock.now() };
        app.db.tx(async |conn| store::end(conn, self.locality, self.id, ended, (0, 0)).await).await
    }
}

/// Forgets what came of imports, a month after they ended.
#[derive(Serialize, Deserialize)]
pub struct ForgetImports {}

impl Job for ForgetImports {
    const NAME: &'static str = "forget_imports";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    async fn run(self, app: &App) -> Result<()> {
        let before = app.clock.now() - KEPT;
        let forgotten = app.db.tx(async |conn| store::forget(conn, before).await).await?;
        tracing::debug!(forgotten, "imports forgotten");
        Ok(())
    }
}
