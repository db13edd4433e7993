//! Numbering: whoever is to read first gives what waits its numbers.

use super::store;
use crate::{
    db::{Db, LocalityId},
    http::Result,
};

/// Numbers what waits, and tells how many events that were. Where nothing waits, nobody is held up.
pub async fn number(db: &Db, locality: LocalityId) -> Result<usize> {
    match db.read(async |conn| store::waits(conn, locality).await).await? {
        true => db.tx(async |conn| store::number(conn, locality).await).await,
        false => Ok(0),
    }
}
