//! Deletes expired sign-ins.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::store;
use crate::{app::App, http::Result, jobs::Job};

/// How long an expired sign-in is kept, for investigations.
const KEPT: TimeDelta = TimeDelta::days(30);

/// Deletes sign-ins, with their refresh tokens, a month after they expired.
#[derive(Serialize, Deserialize)]
pub struct ForgetSignIns {}

impl Job for ForgetSignIns {
    const NAME: &'static str = "forget_sign_ins";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    async fn run(self, app: &App) -> Result<()> {
        let before = app.clock.now() - KEPT;
        let forgotten = app.db.tx(async |conn| store::forget_sign_ins(conn, before).await).await?;
        tracing::debug!(forgotten, "sign-ins forgotten");
        Ok(())
    }
}
