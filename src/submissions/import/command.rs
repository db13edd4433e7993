//! An import on the command line: the same as over HTTP, as an account of the locality and with its rights.

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::{
    execute,
    order::{BODY_MOST, OPERATION, Order},
    progress::Progress,
};
use crate::{
    clock::day,
    db::{Db, Memory},
    http::{Caller, Error, Locale, Permits, Result, write_for},
    identity, localities,
    tables::Format,
};

/// What is asked for.
pub struct ImportCommand {
    /// Administrative code.
    pub locality: String,
    /// Name of the account or client.
    pub account: String,
    pub format: Format,
    pub bytes: Vec<u8>,
    pub order: Order,
    pub dry_run: bool,
    pub at: DateTime<Utc>,
    /// The language of what is answered.
    pub locale: Locale,
}

/// Does it, and tells what would be answered over HTTP.
pub async fn import_on_command(db: &Db, command: ImportCommand, progress: &Progress) -> Result<Value> {
    let ImportCommand { locality, account, format, bytes, order, dry_run, at, locale } = command;
    if bytes.len() > BODY_MOST {
        return Err(Error::of("body_too_large").with("most", "32 MiB"));
    }
    let caller = db.read(async |conn| {
        let found = localities::find(conn, &locality, day(at)).await?;
        let locality = found.ok_or_else(|| Error::of("command_place"))?;
        let caller = identity::caller_named(conn, &Memory::default(), locality.id, &account, OPERATION, at).await?;
        Ok(Caller { locale, ..caller })
    });
    let (caller, turn) = (caller.await?, Permits::new(1).take().await?);
    let reading = execute::read(format, bytes, turn, (&order, progress)).await?;
    let reply = if dry_run {
        db.try_out(async |conn| execute::try_out(conn, &caller, reading, &order).await).await?
    } else {
        let work = async |conn: &mut _, caller: &_| execute::import(conn, caller, reading, &order, progress).await;
        write_for(db, caller, OPERATION, work).await?
    };
    reply.document()
}
