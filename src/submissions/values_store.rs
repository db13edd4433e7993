//! Which revision stands at an instant, with its figures, and when reports came.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{completeness::Came, revisions_store::ValueRow, value::Value};
use crate::{
    db::{
        Conn, LocalityId, SubmissionId, UnitId,
        schema::{revision_values as values, submission_events as events, submissions},
    },
    http::Result,
    movements::Movement,
};

/// Which reports are asked for.
pub struct Asked<'a> {
    /// Codes of the periods.
    pub periods: &'a [String],
    /// Only values of this indicator.
    pub indicator: Option<&'a str>,
    /// What was known at this instant.
    pub as_of: DateTime<Utc>,
    /// Also what is submitted and not yet approved, returned or withdrawn.
    pub submitted: bool,
}

/// The report of one unit and period that stood at the instant asked about.
pub struct Answered {
    pub unit: UnitId,
    pub period: String,
    pub approved: bool,
    pub late: bool,
    pub values: Vec<Value>,
}

#[derive(QueryableByName)]
struct Standing {
    #[diesel(sql_type = SqlUuid)]
    id: SubmissionId,
    #[diesel(sql_type = Integer)]
    revision: i32,
    #[diesel(sql_type = Text)]
    period: String,
    #[diesel(sql_type = SqlUuid)]
    unit_id: UnitId,
    #[diesel(sql_type = Bool)]
    late: bool,
    #[diesel(sql_type = Bool)]
    approved: bool,
}

/// The reports that stood: of each, the newest revision approved by then, or on the submitted basis the newest that was
/// neither returned nor withdrawn by then.
pub async fn answered(conn: &mut Conn, movement: &Movement, asked: Asked<'_>) -> Result<Vec<Answered>> {
    let standing: Vec<Standing> = diesel::sql_query(
        "SELECT DISTINCT ON (s.id) s.id, r.revision, s.period, s.unit_id, s.late, COALESCE(d.approved, false) AS approved
         FROM submissions s
         JOIN submission_revisions r ON r.locality_id = s.locality_id AND r.submission_id = s.id AND r.submitted_at <= $3
         LEFT JOIN LATERAL (
             SELECT bool_or(e.action = 'approve') AS approved, bool_or(e.action IN ('return', 'withdraw')) AS void
             FROM submission_events e
             WHERE e.locality_id = $1 AND e.submission_id = s.id AND e.revision = r.revision AND e.at <= $3
         ) d ON true
         WHERE s.locality_id = $1 AND s.movement_id = $2 AND s.period = ANY($4)
           AND (COALESCE(d.approved, false) OR ($5 AND NOT COALESCE(d.void, false)))
         ORDER BY s.id, r.revision DESC",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(asked.as_of)
    .bind::<Array<Text>, _>(asked.periods)
    .bind::<Bool, _>(asked.submitted)
    .load(conn)
    .await?;
    let mut by_report = values_of(conn, movement.locality, &standing, asked.indicator).await?;
    let report = |s: Standing| Answered {
        values: by_report.remove(&(s.id, s.revision)).unwrap_or_default(),
        unit: s.unit_id,
        period: s.period,
        approved: s.approved,
        late: s.late,
    };
    Ok(standing.into_iter().map(report).collect())
}

type ByReport = BTreeMap<(SubmissionId, i32), Vec<Value>>;

async fn values_of(
    conn: &mut Conn,
    locality: LocalityId,
    standing: &[Standing],
    indicator: Option<&str>,
) -> Result<ByReport> {
    let (ids, numbers): (Vec<SubmissionId>, Vec<i32>) = standing.iter().map(|s| (s.id, s.revision)).unzip();
    let mut query = values::table
        .filter(values::locality_id.eq(locality))
        .filter(
            diesel::dsl::sql::<Bool>("(submission_id, revision) IN (SELECT * FROM unnest(")
                .bind::<Array<SqlUuid>, _>(&ids)
                .sql(", ")
                .bind::<Array<Integer>, _>(&numbers)
                .sql("))"),
        )
        .select((values::submission_id, values::revision, ValueRow::as_select()))
        .into_boxed();
    if let Some(indicator) = indicator {
        query = query.filter(values::indicator.eq(indicator));
    }
    let rows: Vec<(SubmissionId, i32, ValueRow)> = query.load(conn).await?;
    let mut by_report = ByReport::new();
    for (id, revision, row) in rows {
        by_report.entry((id, revision)).or_default().push(row.value()?);
    }
    Ok(by_report)
}

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
    let came: Vec<(UnitId, String, bool, bool)> = submissions::table
        .filter(submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id)))
        .filter(submissions::unit_id.eq_any(owed.keys().copied()).and(submissions::first_submitted_at.le(as_of)))
        .select((submissions::unit_id, submissions::period, submissions::late, diesel::dsl::exists(excuse)))
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
        "SELECT s.period, s.unit_id, s.late, e.excused, e.approved
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
