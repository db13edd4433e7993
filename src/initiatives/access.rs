//! Which initiatives are in a caller's scope.

use super::initiative::Initiative;
use crate::{
    db::Conn,
    http::{Caller, Error, Result},
    people::{self, Directory},
};

/// Its owners by name, if one of them is within the caller's scope (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, initiative: &Initiative) -> Result<Directory> {
    let reach = caller.reach();
    let directory = people::directory(conn, caller.recall()?, initiative.owners.clone(), caller.today()).await?;
    match initiative.owners.iter().any(|owner| directory.reaches(&reach, *owner)) {
        true => Ok(directory),
        false => Err(Error::not_found()),
    }
}
