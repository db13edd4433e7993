//! Which initiatives are in a caller's scope.

use super::initiative::Initiative;
use crate::{
    db::Conn,
    http::{Caller, Error, Result},
    people::{self, Directory},
};

/// Its owners by name, if one of them is within the caller's scope (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, one: &Initiative) -> Result<Directory> {
    let (locality, reach) = (caller.locality()?, caller.reach());
    let directory = people::directory(conn, locality, one.owners.clone(), caller.today()).await?;
    match one.owners.iter().any(|owner| directory.reaches(&reach, *owner)) {
        true => Ok(directory),
        false => Err(Error::not_found()),
    }
}
