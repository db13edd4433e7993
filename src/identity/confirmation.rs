//! What one administrator requested and a second one confirms now.

use chrono::{DateTime, Utc};

use super::{
    caller_store::may_still,
    rules::{Request, check_confirmation},
};
use crate::{
    clock::day,
    db::{AccountId, Conn},
    http::{Error, Result},
};

/// Refuses a confirmation that this account cannot give now, or whose requester has lost the right to `operation` since
/// (409).
pub async fn check(
    conn: &mut Conn,
    request: &Request,
    operation: &str,
    confirmer: AccountId,
    now: DateTime<Utc>,
) -> Result<()> {
    if let Some(refused) = check_confirmation(request, confirmer, now) {
        return Err(Error::of(refused));
    }
    match request.by {
        Some(requester) if !may_still(conn, requester, operation, day(now)).await? => {
            Err(Error::of("requester_without_right"))
        }
        _ => Ok(()),
    }
}
