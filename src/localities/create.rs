//! Creates a locality on the command line, such as the first one of an empty database.

use chrono::{DateTime, Utc};
use validator::Validate;

use super::{store, view::NewLocality};
use crate::{
    db::{Db, audit_log},
    finding::Finding,
    http::{Error, Result},
};

/// Creates a locality, with its record in the log above localities; answers its code.
pub async fn create_on_command(db: &Db, new: NewLocality, now: DateTime<Utc>) -> Result<String> {
    let code = new.misfit();
    if code.is_some() || new.validate().is_err() {
        let name = new.name.check("/name");
        let blank = || Some(Finding::new("/name", "text_blank")).filter(|_| code.is_none());
        let name = name.or_else(blank);
        return Err(Error::of("content_invalid").because(code.into_iter().chain(name).collect()));
    }
    db.tx(async |conn| {
        let row = store::insert(conn, &new, now).await?;
        audit_log::insert_command(conn, None, "create_locality", format!("localities/{}", row.code), now, &row).await?;
        Ok(row.code)
    })
    .await
}
