//! When reports came, from the database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Bool, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::counts::Came;
use crate::{
    db::{
        Conn, UnitId,
        schema::{due_changes, submission_events as events, submissions},
    },
    http::Result,
    movements::Movement,
};

/// How a unit kept its due instants: reports due, and of them on time and excused.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timeliness {
    pub due: u32,
    pub on_time: u32,
    pub excused: u32,
}

/// Of each unit over the periods that it `owed`, as known at `as_of`.
pub async fn timeliness(
    conn: &mut Conn,
    movement: &Movement,
    owed: &BTreeMap<UnitId, Vec<String>>,
    as_of: DateTime<Utc>,
) -> Result<BTreeMap<UnitId, Timeliness>> {
    let excuse = events::locality_id.eq(submissions::locality_id).and(events::submission_id.eq(submissions::id));
    let excuse = events::table.filter(excuse.and(events::action.eq("excuse")).and(events::at.le(as_of)));
    let moved = due_changes::locality_id.eq(submissions::locality_id);
    let moved = moved.and(due_changes::movement_id.eq(submissions::movement_id));
    let moved = due_changes::table.filter(
        moved.and(due_changes::period.eq(submissions::period)).and(
            due_changes::changed_at
                .gt(as_of)
                .and(submissions::first_submitted_at.gt(due_changes::former_due_at.nullable())),
        ),
    );
    let late = submissions::late.or(diesel::dsl::exists(moved));
    let came: Vec<(UnitId, String, bool, bool)> = submissions::table
        .filter(submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id)))
        .filter(submissions::unit_id.eq_any(owed.keys().copied()).and(submissions::first_submitted_at.le(as_of)))
        .select((submissions::unit_id, submissions::period, late, diesel::dsl::exists(excuse)))
        .load(conn)
        .await?;
    let due = |periods: &Vec<String>| u32::try_from(periods.len()).unwrap_or(u32::MAX);
    let mut kept: BTreeMap<UnitId, Timeliness> =
        owed.iter().map(|(unit, periods)| (*unit, Timeliness { due: due(periods), ..Timeliness::default() })).collect();
    let counts = |unit: &UnitId, period: &String| owed.get(unit).is_some_and(|owed| owed.contains(period));
    for (unit, _, late, excused) in came.into_iter().filter(|(unit, period, ..)| counts(unit, period)) {
        let kept = kept.entry(unit).or_default();
        kept.on_time += u32::from(!late);
        kept.excused += u32::from(late && excused);
    }
    Ok(kept)
}

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
/// what was approved before still stands; its timeliness stays that of its first submit.
pub async fn arrivals(conn: &mut Conn, movement: &Movement, as_of: DateTime<Utc>) -> Result<Vec<Arrival>> {
    let rows: Vec<ArrivalRow> = diesel::sql_query(
        "SELECT s.period, s.unit_id, e.excused, e.approved,
                s.late OR EXISTS (
                    SELECT FROM due_changes d
                    WHERE d.locality_id = $1 AND d.movement_id = $2 AND d.period = s.period AND d.changed_at > $3
                      AND s.first_submitted_at > d.former_due_at
                ) AS late
         FROM submissions s
         JOIN LATERAL (
             SELECT bool_or(action = 'excuse') AS excused, bool_or(action = 'approve') AS approved,
                    (array_agg(action ORDER BY version DESC) FILTER (WHERE action IN ('submit', 'withdraw')))[1] AS last
             FROM submission_events
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.last = 'submit' OR e.approved
         WHERE s.locality_id = $1 AND s.movement_id = $2",
    )
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
