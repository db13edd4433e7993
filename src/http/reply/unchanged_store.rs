//! What the state of a locality is known by.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Nullable, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    db::{Conn, LocalityId, statement},
    http::Result,
};

#[derive(QueryableByName)]
pub struct LocalityState {
    /// None before anything that has one was written.
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub generation: Option<Uuid>,
    /// How many records its audit log has, chained or not.
    #[diesel(sql_type = BigInt)]
    pub records: i64,
    /// The last instant passed at which reports were due.
    #[diesel(sql_type = Nullable<Timestamptz>)]
    pub due: Option<DateTime<Utc>>,
    /// Whether a record is of later than now.
    #[diesel(sql_type = Bool)]
    pub ahead: bool,
}

pub async fn state(conn: &mut Conn, locality: LocalityId, now: DateTime<Utc>) -> Result<LocalityState> {
    const READ: &str = "
        SELECT (SELECT generation FROM generations WHERE locality = $1) AS generation,
               coalesce((SELECT max(seq) FROM audit_chain WHERE locality_id = $1), 0)
                   + (SELECT count(*) FROM audit_pending WHERE locality_id = $1) AS records,
               (SELECT max(due_at) FROM periods WHERE locality_id = $1 AND due_at < $2) AS due,
               coalesce((SELECT max(at) FROM audit_records WHERE locality_id = $1) > $2, false) AS ahead";
    let read = statement(READ).bind::<SqlUuid, _>(locality).bind::<Timestamptz, _>(now);
    Ok(read.get_result(conn).await?)
}
