//! Which revision stands at an instant, with its figures.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{revisions::ValueRow, value::Value};
use crate::{
    db::{Conn, LocalityId, SubmissionId, UnitId, schema::revision_values as values},
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
