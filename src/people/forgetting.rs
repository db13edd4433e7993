//! The daily work of forgetting people whose term is over.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{forget_store, retention};
use crate::{app::App, clock::day, http::Result, jobs::Job};

/// Forgets people who were part of nothing for the configured years.
#[derive(Serialize, Deserialize)]
pub struct ForgetPeople {}

impl Job for ForgetPeople {
    const NAME: &'static str = "forget_people";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    async fn run(self, app: &App) -> Result<()> {
        let (now, years) = (app.clock.now(), app.config.retention_years);
        let Some(start) = retention::term_start(day(now), years).filter(|_| years > 0) else { return Ok(()) };
        let known = app.db.read(async |conn| forget_store::known_since(conn, start).await).await?;
        let mut forgotten: BTreeMap<&str, u32> = BTreeMap::new();
        for person in known.iter().filter(|person| retention::is_over(&person.last_part(), start)) {
            // One by one, so that a day with many holds up nobody.
            app.db.tx(async |conn| forget_store::forget(conn, person.locality_id, person.id, now).await).await?;
            *forgotten.entry(&person.locality).or_default() += 1;
        }
        for (locality, people) in forgotten {
            tracing::info!(locality, people, "past their term, names became pseudonyms");
        }
        Ok(())
    }
}
