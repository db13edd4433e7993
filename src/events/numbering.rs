//! Numbering: a reader first numbers the pending events.

use super::store;
use crate::{
    db::{Db, LocalityId},
    http::Result,
};

/// Numbers the pending events and returns their count. Without pending events it takes no lock.
pub async fn number(db: &Db, locality: LocalityId) -> Result<usize> {
    match db.read(async |conn| store::waits(conn, locality).await).await? {
        true => db.tx(async |conn| store::number(conn, locality).await).await,
        false => Ok(0),
    }
}
