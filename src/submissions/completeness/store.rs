//! When reports came, from the database.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::counts::Came;
use crate::{
    db::{Conn, UnitId, statement},
    http::Result,
    movements::Movement,
    submissions::store::DUE_KNOWN,
};

/// A report that had come and was not withdrawn.
pub struct Arrival {
    pub period: String,
    pub unit: UnitId,
    pub came: Came,
}

#[derive(QueryableByName)]
struct ArrivalRow {
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = SqlUuid)]
    unit_id: UnitId,
    #[diesel(sql_type = Bool)]
    late: bool,
    #[diesel(sql_type = Bool)]
    excused: bool,
    #[diesel(sql_type = Bool)]
    approved: bool,
}

/// The reports of a movement as known at `as_of`. One that was taken back has not come until it is handed in again, unless
/// what was approved before still stands. Its timeliness is that of the first hand-in that the unit did not take back.
pub async fn arrivals(conn: &mut Conn, movement: &Movement, as_of: DateTime<Utc>) -> Result<Vec<Arrival>> {
    let rows: Vec<ArrivalRow> = statement(format!(
        "SELECT s.period, s.unit_id, f.submitted_at > p.due_at AS late, e.excused, e.approved
         FROM submissions s
         {DUE_KNOWN}
         JOIN LATERAL (
             SELECT r.revision, r.submitted_at FROM submission_revisions r
             WHERE r.locality_id = $1 AND r.submission_id = s.id AND r.submitted_at <= $3 AND NOT EXISTS (
                 SELECT 1 FROM submission_events w
                 WHERE w.locality_id = $1 AND w.submission_id = s.id AND w.revision = r.revision
                   AND w.action = 'withdraw' AND w.at <= $3)
             ORDER BY r.revision LIMIT 1
         ) f ON true
         JOIN LATERAL (
             SELECT bool_or(action = 'excuse' AND revision >= f.revision) AS excused, bool_or(action = 'approve') AS approved,
                    (array_agg(action ORDER BY version DESC) FILTER (WHERE action IN ('submit', 'withdraw')))[1] AS last
             FROM submission_events
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.last = 'submit' OR e.approved
         WHERE s.locality_id = $1 AND s.movement_id = $2"
    ))
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(as_of)
    .load(conn)
    .await?;
    let arrival = |row: ArrivalRow| Arrival {
        period: row.period,
        unit: row.unit_id,
        came: Came { late: row.late, excused: row.excused, approved: row.approved },
    };
    Ok(rows.into_iter().map(arrival).collect())
}
