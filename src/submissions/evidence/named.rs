//! The documents that the values of reports name.

use std::collections::BTreeSet;

use uuid::Uuid;

use super::{
    api::{EvidenceView, views},
    store,
};
use crate::{
    db::Conn,
    http::{Caller, Result},
    units,
};

/// The documents of these ids, of reports that were handed in and that the caller reaches.
pub async fn named(conn: &mut Conn, caller: &Caller, ids: &BTreeSet<Uuid>) -> Result<Vec<EvidenceView>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let history = units::history(conn, caller.recall()?).await?;
    let found = store::of_ids(conn, caller.locality()?, ids).await?;
    views(conn, caller, found, &history).await
}
