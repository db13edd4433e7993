//! Verification of a locality's log, batch by batch: the chain link by link, then every record and every text.

use uuid::Uuid;

use super::{
    chain::{FaultKind, Verdict, Verifier},
    head::AuditHead,
    store::{self, Placed},
};
use crate::{
    auth::Keys,
    db::{Db, LocalityId},
    http::{Error, Result},
};

/// Rows read at one time.
const BATCH: i64 = 2000;

/// Verifies a locality's log, against a kept head if there is one. Without keys the head's signature is not checked.
pub async fn inspect(db: &Db, locality: LocalityId, kept: Option<&AuditHead>, keys: Option<&Keys>) -> Result<Verdict> {
    let foreign =
        kept.is_some_and(|head| head.locality != locality || keys.is_some_and(|keys| !head.is_signed_by(keys)));
    let mut verifier = Verifier::new(kept.filter(|_| !foreign).map(AuditHead::place));
    let after = look_on(db, locality, 0, &mut verifier).await?;
    let redactions = db.read(async |conn| store::waiting_redactions(conn, locality).await).await?;
    redactions.iter().for_each(|changes| verifier.explain(changes));
    // A redaction that was chained meanwhile waits no more.
    look_on(db, locality, after, &mut verifier).await?;
    let mut verdict = verifier.finish();
    if foreign {
        verdict.fault(None, None, FaultKind::HeadForeign);
    }
    look_for_strays(db, locality, &mut verdict).await?;
    verdict.unchained = db.read(async |conn| store::unchained(conn, locality).await).await?;
    Ok(verdict)
}

/// The logs to verify, by name: one locality's, or all (and the one of the kept head).
pub async fn logs(db: &Db, locality: Option<&str>, kept: Option<LocalityId>) -> Result<Vec<(LocalityId, String)>> {
    let logs = db.read(async |conn| store::logs(conn, locality, kept).await).await?;
    match logs.is_empty() && locality.is_some() {
        true => Err(Error::not_found()),
        false => Ok(logs),
    }
}

/// Verifies the links after a number; returns the last one's number.
async fn look_on(db: &Db, locality: LocalityId, mut after: i64, verifier: &mut Verifier) -> Result<i64> {
    loop {
        let rows = db.read(async |conn| store::links(conn, locality, after, BATCH).await).await?;
        let Some(last) = rows.last() else { return Ok(after) };
        after = last.link.seq;
        rows.iter().for_each(|row| verifier.look(row));
    }
}

/// Records without a link, and texts without a record.
async fn look_for_strays(db: &Db, locality: LocalityId, verdict: &mut Verdict) -> Result<()> {
    let mut stray = |rows: &[Placed], kind| {
        let strays = rows.iter().filter(|row| !row.placed);
        strays.for_each(|row| verdict.fault(None, Some(row.id), kind));
        rows.last().map(|row| row.id)
    };
    let mut after = Some(Uuid::nil());
    while let Some(id) = after {
        let rows = db.read(async |conn| store::records_placed(conn, locality, id, BATCH).await).await?;
        after = stray(&rows, FaultKind::Unchained);
    }
    let mut after = Some(Uuid::nil());
    while let Some(id) = after {
        let rows = db.read(async |conn| store::texts_placed(conn, locality, id, BATCH).await).await?;
        after = stray(&rows, FaultKind::RecordMissing);
    }
    Ok(())
}
