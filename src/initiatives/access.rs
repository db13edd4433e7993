//! Which initiatives a caller reaches.

use super::initiative::Initiative;
use crate::{
    db::Conn,
    http::{Caller, Error, Result},
    people::{self, Directory},
};

/// Its owners by name, where the caller's roles reach one of them (404).
pub async fn reached(conn: &mut Conn, caller: &Caller, one: &Initiative) -> Result<Directory> {
    let (locality, reach) = (caller.locality()?, caller.reach());
    let directory = people::directory(conn, locality, one.owners.clone(), caller.today()).await?;
    match one.owners.iter().any(|owner| directory.reaches(&reach, *owner)) {
        true => Ok(directory),
        false => Err(Error::not_found()),
    }
}
