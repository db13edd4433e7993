//! What a database holds before the sample data are loaded.

use diesel::{
    QueryableByName,
    sql_types::{Array, Bool, Text},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, statement},
    http::Result,
};

#[derive(QueryableByName)]
struct Fit {
    #[diesel(sql_type = Bool)]
    fit: bool,
}

/// Whether the database is empty, or holds the sample's accounts already.
pub async fn is_fit(conn: &mut Conn, usernames: &[&str]) -> Result<bool> {
    let fit = "SELECT EXISTS (SELECT FROM accounts WHERE username = ANY($1))
        OR NOT EXISTS (SELECT FROM accounts) AND NOT EXISTS (SELECT FROM localities) AS fit";
    Ok(statement(fit).bind::<Array<Text>, _>(usernames).get_result::<Fit>(conn).await?.fit)
}
