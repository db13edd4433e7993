//! Many rows in one statement. They are bound as one JSON document, so that the text of the statement is the same however
//! many there are, and Postgres parses it once for each connection.

use diesel::{
    pg::Pg,
    prelude::*,
    query_builder::{AstPass, QueryFragment, QueryId},
    sql_types::{Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::{Conn, LocalityId};
use crate::problem::{Error, Result};

/// A statement that says `$1::json` of the rows and, after it, `$2` of the locality.
struct WithRows {
    sql: &'static str,
    rows: String,
    locality: LocalityId,
}

// Kept by its text.
impl QueryId for WithRows {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Pg> for WithRows {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let missing = |place: &str| diesel::result::Error::QueryBuilderError(format!("without {place}").into());
        let (head, rest) = self.sql.split_once("$1").ok_or_else(|| missing("$1"))?;
        let (middle, tail) = rest.split_once("$2").ok_or_else(|| missing("$2"))?;
        out.push_sql(head);
        out.push_bind_param::<Text, _>(&self.rows)?;
        out.push_sql(middle);
        out.push_bind_param::<SqlUuid, _>(&self.locality)?;
        out.push_sql(tail);
        Ok(())
    }
}

/// Runs `sql` on the rows, whose members have the names of columns; how many rows it wrote. Without rows nothing is sent.
pub async fn write_rows(
    conn: &mut Conn,
    locality: LocalityId,
    sql: &'static str,
    rows: &[impl Serialize],
) -> Result<usize> {
    if rows.is_empty() {
        return Ok(0);
    }
    let rows = serde_json::to_string(rows).map_err(Error::internal)?;
    Ok(WithRows { sql, rows, locality }.execute(conn).await?)
}
