//! Deletes stored replies of idempotent requests that have expired.

use chrono::TimeDelta;

use super::job::Job;
use crate::{
    app::App,
    http::{Result, forget_answers},
};

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
