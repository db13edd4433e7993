//! The daily work of forgetting people and heads of households whose term is over.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{
    forget_store::{self, Kind, Named, Tenant},
    retention,
};
use crate::{app::App, clock::day, http::Result, jobs::Job};

/// Forgets people who were part of nothing for the configured years.
#[derive(Serialize, Deserialize)]
pub struct ForgetPeople {}

impl Job for ForgetPeople {
    const NAME: &'static str = "forget_people";
    const EVERY: Option<TimeDelta> = Some(TimeDelta::days(1));

    /// A locality that fails keeps nobody of another known; the first failure is returned once all were tried.
    async fn run(self, app: &App) -> Result<()> {
        let (now, years) = (app.clock.now(), app.config.retention_years);
        let Some(start) = retention::term_start(day(now), years).filter(|_| years > 0) else { return Ok(()) };
        let mut failed = None;
        for tenant in app.db.read(forget_store::tenants).await? {
            if let Err(error) = forget_in(app, &tenant, start, now).await {
                tracing::warn!(locality = tenant.code, cause = %error, "people past their term are still known");
                failed = failed.or(Some(error));
            }
        }
        failed.map_or(Ok(()), Err)
    }
}

/// Forgets the people of one locality, each in a transaction of their own; one who fails keeps nobody else known.
async fn forget_in(app: &App, tenant: &Tenant, start: NaiveDate, now: DateTime<Utc>) -> Result<()> {
    let (mut forgotten, mut failed) = (0, None);
    for kind in Kind::ALL {
        let known = app.db.read(async |conn| forget_store::known_since(conn, kind, tenant.id, start).await).await?;
        for person in known.iter().filter(|person| retention::is_over(&person.last_part(), start)) {
            let who = Named { kind, id: person.id };
            match app.db.tx(async |conn| forget_store::forget(conn, tenant.id, who, now).await).await {
                Ok(()) => forgotten += 1,
                Err(error) => {
                    tracing::warn!(locality = tenant.code, person = %who.id, cause = %error, "a person is still known");
                    failed = failed.or(Some(error));
                }
            }
        }
    }
    if forgotten > 0 {
        tracing::info!(locality = tenant.code, people = forgotten, "past their term, names became pseudonyms");
    }
    failed.map_or(Ok(()), Err)
}
