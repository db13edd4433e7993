//! Chains the records. Writers only insert; in every instance the sequencer takes the pending records and appends them
//! to their locality's chain. One instance at a time holds a chain; the others skip it, and writers never wait.

use std::time::Duration;

use chrono::{DateTime, SubsecRound, Utc};

use super::{
    chain::{self, Link, START},
    store,
};
use crate::{
    app::App,
    db::{Conn, LocalityId},
    http::{Error, Result},
    record::Record,
};

/// Between two looks: records are chained within a second.
const PAUSE: Duration = Duration::from_millis(250);
/// Records chained in one transaction.
const BATCH: i64 = 1000;

/// Chains until the server stops.
pub async fn keep_chaining(app: App) {
    loop {
        if let Err(error) = chain_waiting(&app).await {
            tracing::warn!(cause = %error, "records wait to be chained");
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// Chains the pending records and returns their number. A locality that fails delays no other; the first failure is
/// returned after all were tried.
pub async fn chain_waiting(app: &App) -> Result<usize> {
    let (mut chained, mut failed) = (0, None);
    for locality in app.db.read(store::waiting).await? {
        match chain_locality(app, locality).await {
            Ok(links) => chained += links,
            Err(error) => {
                tracing::warn!(%locality, cause = %error, "a locality's records were not chained");
                failed = failed.or(Some(error));
            }
        }
    }
    failed.map_or(Ok(chained), Err)
}

async fn chain_locality(app: &App, locality: LocalityId) -> Result<usize> {
    let mut chained = 0;
    loop {
        let links = app.db.tx(async |conn| chain_some(conn, locality, app.clock.now()).await).await?;
        chained += links;
        if links < BATCH as usize {
            return Ok(chained);
        }
    }
}

async fn chain_some(conn: &mut Conn, locality: LocalityId, now: DateTime<Utc>) -> Result<usize> {
    if !store::take(conn, locality).await? {
        return Ok(0);
    }
    // Read after the lock: what another instance chained before it let go is seen.
    let last = store::last(conn, locality).await?;
    let records = store::pending(conn, locality, BATCH).await?;
    if records.is_empty() {
        return Ok(0);
    }
    let links = link(last, &records, now.trunc_subsecs(6))?;
    store::append(conn, locality, &links).await?;
    Ok(links.len())
}

fn link(last: Option<Link>, records: &[Record], chained_at: DateTime<Utc>) -> Result<Vec<Link>> {
    let (mut seq, mut previous) = last.map_or((0, START.to_vec()), |last| (last.seq, last.hash));
    let mut links = Vec::with_capacity(records.len());
    for record in records {
        seq += 1;
        let hash = chain::hash(seq, &previous, chained_at, record).map_err(Error::internal)?.to_vec();
        links.push(Link { seq, record: record.id, previous, hash: hash.clone(), chained_at });
        previous = hash;
    }
    Ok(links)
}
