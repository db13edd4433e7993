//! Which concerns are in a caller's scope, and the reply that shows one.

use std::sync::Arc;

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
pub async fn reached(conn: &mut Conn, caller: &Caller, id: ConcernId) -> Result<(Concern, Arc<History>)> {
    let locality = caller.locality()?;
    let concern = store::find(conn, locality, id).await?.ok_or_else(Error::not_found)?;
    let history = units::history(conn, caller.recall()?).await?;
    reaches(caller, &history, &concern).then_some((concern, history)).ok_or_else(Error::not_found)
}

/// The reply that shows one.
pub async fn shown(
    conn: &mut Conn,
    caller: &Caller,
    movement: &str,
    history: &History,
    concern: Concern,
    created: bool,
) -> Result<Reply> {
    let showing = Showing::of(conn, caller, movement, history, std::slice::from_ref(&concern)).await?;
    let (location, version) = (format!("/api/v1/concerns/{}", concern.id), concern.version);
    Ok(Reply::put(created, location, showing.view(concern))?.tag(version))
}
