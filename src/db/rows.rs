//! Many rows in one statement. They are bound as one JSON document, so that the text of the statement is the same however
//! many there are.

use diesel::sql_types::{Text, Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::{Conn, LocalityId, statement};
use crate::problem::{Error, Result};

/// Runs `sql`, which says `$1::json` of the rows and `$2` of the locality, on rows whose members have the names of columns;
/// how many rows it wrote. Without rows nothing is sent.
pub async fn write_rows(
    mut conn: &Conn,
    locality: LocalityId,
    sql: &'static str,
    rows: &[impl Serialize],
) -> Result<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = serde_json::to_string(rows).map_err(Error::internal)?;
    Ok(statement(sql).bind::<Text, _>(rows).bind::<SqlUuid, _>(locality).execute(&mut conn).await?)
}
