//! Which concerns are in a caller's scope, and the reply that shows one.

use super::{
    store::{self, Concern},
    view::{Showing, reaches},
};
use crate::{
    db::{ConcernId, Conn},
    http::{Caller, Error, Reply, Result},
    units::{self, History},
};

/// The concern, if its unit is within the caller's scope (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, id: ConcernId) -> Result<(Concern, History)> {
    let locality = caller.locality()?;
    let one = store::find(conn, locality, id).await?.ok_or_else(Error::not_found)?;
    let history = units::history(conn, locality).await?;
    reaches(caller, &history, &one).then_some((one, history)).ok_or_else(Error::not_found)
}

/// The reply that shows one.
pub async fn shown(
    conn: &mut Conn,
    caller: &Caller,
    movement: &str,
    history: &History,
    one: Concern,
    created: bool,
) -> Result<Reply> {
    let showing = Showing::of(conn, caller, movement, history, std::slice::from_ref(&one)).await?;
    let (location, version) = (format!("/api/v1/concerns/{}", one.id), one.version);
    Ok(Reply::put(created, location, showing.view(one))?.tag(version))
}
