//! Accounts that an administrator changes.

use super::store::{self, Row};
use crate::{
    db::Conn,
    http::{Caller, Error, IfMatch, Result},
    identity::caller_store,
};

/// Another account, in the version that the caller last saw.
pub(super) async fn another(conn: &mut Conn, caller: &Caller, username: &str, if_match: &IfMatch) -> Result<Row> {
    // Whoever changes rights locks in this order, so that no two wait for each other.
    let now = caller_store::administer_in_turn(conn, caller).await?;
    let row = store::lock(conn, caller.realm(), username).await?;
    now.permit_anywhere()?;
    if_match.check(row.version)?;
    if row.id == caller.account.id { Err(Error::of("own_account")) } else { Ok(row) }
}
