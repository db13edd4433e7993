//! Submissions as they were known at an instant, and which revision counted then, from the database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::replay::Snapshot;
use crate::{
    db::{Conn, LocalityId, SubmissionId, UnitId, schema::revision_values as values, to_text},
    http::Result,
    movements::Movement,
    submissions::{
        lifecycle::{Action, leads_to},
        revisions::{self, ValueRow},
        store::{Filter, Submission, Summary},
        value::Value,
    },
};

/// The submission as it was known: its content is what was handed in last.
pub async fn submission_as_of(
    conn: &mut Conn,
    locality: LocalityId,
    found: Submission,
    snapshot: &Snapshot<'_>,
) -> Result<Submission> {
    Ok(Submission {
        state: snapshot.state,
        content: revisions::content(conn, locality, found.id, snapshot.revision).await?,
        revision: snapshot.revision,
        first_submitted_at: Some(snapshot.first_submitted_at),
        lateness_excuse: snapshot.lateness_excuse.map(str::to_owned),
        updated_at: snapshot.last.at,
        version: snapshot.last.version,
        ..found
    })
}

/// What a list would have shown at `as_of` of what was handed in by then; by period, then unit. A due instant that moved
/// since makes late again what came after the former one.
pub async fn list_as_of(
    conn: &mut Conn,
    movement: &Movement,
    filter: Filter,
    as_of: DateTime<Utc>,
) -> Result<Vec<Summary>> {
    let (after_period, after_unit) = filter.after.unzip();
    let state = filter.state.map(to_text).transpose()?;
    let (mut actions, mut states) = (Vec::new(), Vec::new());
    for (action, state) in Action::ALL.into_iter().filter_map(|action| Some((action, leads_to(action)?))) {
        actions.push(to_text(action)?);
        states.push(to_text(state)?);
    }
    let rows = diesel::sql_query(
        "SELECT s.period, s.unit_id, e.state, e.revision, s.first_submitted_at, l.late, e.excuse AS lateness_excuse,
                e.at AS updated_at, e.version
         FROM submissions s
         JOIN LATERAL (
             SELECT (array_agg(leads.state ORDER BY version DESC) FILTER (WHERE leads.state IS NOT NULL))[1] AS state,
                    (array_agg(reason ORDER BY version DESC) FILTER (WHERE action = 'excuse'))[1] AS excuse,
                    max(revision) AS revision, max(at) AS at, max(version) AS version
             FROM submission_events LEFT JOIN unnest($11, $12) AS leads (action, state) USING (action)
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.state IS NOT NULL
         CROSS JOIN LATERAL (SELECT s.late OR EXISTS (
             SELECT FROM due_changes d
             WHERE d.locality_id = $1 AND d.movement_id = $2 AND d.period = s.period AND d.changed_at > $3
               AND s.first_submitted_at > d.former_due_at
         ) AS late) l
         WHERE s.locality_id = $1 AND s.movement_id = $2
           AND s.period = COALESCE($4, s.period) AND ($5 IS NULL OR s.unit_id = ANY($5))
           AND e.state = COALESCE($6, e.state) AND l.late = COALESCE($7, l.late)
           AND ($8 IS NULL OR (s.period, s.unit_id) > ($8, $9))
         ORDER BY s.period, s.unit_id LIMIT $10",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(as_of)
    .bind::<Nullable<Text>, _>(filter.period)
    .bind::<Nullable<Array<SqlUuid>>, _>(filter.units)
    .bind::<Nullable<Text>, _>(state)
    .bind::<Nullable<Bool>, _>(filter.late)
    .bind::<Nullable<Text>, _>(after_period)
    .bind::<Nullable<SqlUuid>, _>(after_unit)
    .bind::<BigInt, _>(filter.limit)
    .bind::<Array<Text>, _>(actions)
    .bind::<Array<Text>, _>(states)
    .load(conn)
    .await?;
    Ok(rows)
}

/// Which reports are asked for.
pub struct ReportQuery<'a> {
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
pub struct CountedReport {
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
pub async fn counted_reports(
    conn: &mut Conn,
    movement: &Movement,
    query: ReportQuery<'_>,
) -> Result<Vec<CountedReport>> {
    let standing: Vec<Standing> = diesel::sql_query(
        "SELECT DISTINCT ON (s.id) s.id, r.revision, s.period, s.unit_id, l.late, COALESCE(d.approved, false) AS approved
         FROM submissions s
         JOIN submission_revisions r ON r.locality_id = s.locality_id AND r.submission_id = s.id AND r.submitted_at <= $3
         LEFT JOIN LATERAL (
             SELECT bool_or(e.action = 'approve') AS approved, bool_or(e.action IN ('return', 'withdraw')) AS void
             FROM submission_events e
             WHERE e.locality_id = $1 AND e.submission_id = s.id AND e.revision = r.revision AND e.at <= $3
         ) d ON true
         CROSS JOIN LATERAL (SELECT s.late OR EXISTS (
             SELECT FROM due_changes c
             WHERE c.locality_id = $1 AND c.movement_id = $2 AND c.period = s.period AND c.changed_at > $3
               AND s.first_submitted_at > c.former_due_at
         ) AS late) l
         WHERE s.locality_id = $1 AND s.movement_id = $2 AND s.period = ANY($4)
           AND (COALESCE(d.approved, false) OR ($5 AND NOT COALESCE(d.void, false)))
         ORDER BY s.id, r.revision DESC",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(query.as_of)
    .bind::<Array<Text>, _>(query.periods)
    .bind::<Bool, _>(query.submitted)
    .load(conn)
    .await?;
    let mut by_report = values_of(conn, movement.locality, &standing, query.indicator).await?;
    let report = |s: Standing| CountedReport {
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
    let mut rows = values::table
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
        rows = rows.filter(values::indicator.eq(indicator));
    }
    let rows: Vec<(SubmissionId, i32, ValueRow)> = rows.load(conn).await?;
    let mut by_report = ByReport::new();
    for (id, revision, row) in rows {
        by_report.entry((id, revision)).or_default().push(row.value()?);
    }
    Ok(by_report)
}
