//! Submissions as they were known at an instant, and which revision counted then, from the database.

use chrono::{DateTime, Utc};
use diesel::{
    dsl::AsSelect,
    pg::Pg,
    prelude::*,
    sql_types::{Array, BigInt, Bool, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::replay::Snapshot;
use crate::{
    db::{Conn, Listed, LocalityId, Order, Positioned, SubmissionId, Total, UnitId, statement, to_text},
    http::Result,
    movements::Movement,
    submissions::{
        lifecycle::{Action, leads_to},
        list_store::{Filter, Summary},
        revisions::{self, NUMBERS, NumberRow, ValueRow, WORDS},
        store::{DUE_KNOWN, Submission},
        value::Value,
    },
};

/// The submission as it was known: its content is what was handed in last.
pub async fn submission_as_of(
    conn: &mut Conn,
    locality: LocalityId,
    found: Submission,
    snapshot: &Snapshot<'_>,
    due_at: DateTime<Utc>,
) -> Result<Submission> {
    Ok(Submission {
        state: snapshot.state,
        content: revisions::content(conn, locality, found.id, snapshot.revision).await?,
        revision: snapshot.revision,
        first_submitted_at: snapshot.first.map(|(_, at)| at),
        late: snapshot.first.is_some_and(|(_, at)| at > due_at),
        lateness_excuse: snapshot.lateness_excuse.map(str::to_owned),
        updated_at: snapshot.last.at,
        version: snapshot.last.version,
        ..found
    })
}

/// What a list would have shown at `as_of` of what was handed in by then.
pub async fn list_as_of(
    conn: &mut Conn,
    movement: &Movement,
    filter: &Filter,
    as_of: DateTime<Utc>,
    order: &Order,
) -> Result<Listed<Summary>> {
    let state = filter.state.map(to_text).transpose()?;
    let (mut actions, mut states) = (Vec::new(), Vec::new());
    for (action, state) in Action::ALL.into_iter().filter_map(|action| Some((action, leads_to(action)?))) {
        actions.push(to_text(action)?);
        states.push(to_text(state)?);
    }
    let (place_periods, place_units): (Option<Vec<String>>, Option<Vec<UnitId>>) =
        filter.places.clone().map(|places| places.into_iter().unzip()).unzip();
    let known = format!(
        "SELECT s.locality_id, s.id, s.period, s.unit_id, e.state, e.revision,
                f.submitted_at AS first_submitted_at, COALESCE(f.submitted_at > p.due_at, false) AS late,
                e.excuse AS lateness_excuse, e.at AS updated_at, e.version
         FROM submissions s
         {DUE_KNOWN}
         LEFT JOIN LATERAL (
             SELECT r.revision, r.submitted_at FROM submission_revisions r
             WHERE r.locality_id = $1 AND r.submission_id = s.id AND r.submitted_at <= $3 AND NOT EXISTS (
                 SELECT 1 FROM submission_events w
                 WHERE w.locality_id = $1 AND w.submission_id = s.id AND w.revision = r.revision
                   AND w.action = 'withdraw' AND w.at <= $3)
             ORDER BY r.revision LIMIT 1
         ) f ON true
         JOIN LATERAL (
             SELECT (array_agg(leads.state ORDER BY version DESC) FILTER (WHERE leads.state IS NOT NULL))[1] AS state,
                    (array_agg(reason ORDER BY version DESC) FILTER (WHERE action = 'excuse' AND revision >= f.revision))[1]
                        AS excuse,
                    max(revision) AS revision, max(at) AS at, max(version) AS version
             FROM submission_events LEFT JOIN unnest($8, $9) AS leads (action, state) USING (action)
             WHERE locality_id = $1 AND submission_id = s.id AND at <= $3
         ) e ON e.state IS NOT NULL
         WHERE s.locality_id = $1 AND s.movement_id = $2
           AND s.period = COALESCE($4, s.period) AND ($5 IS NULL OR s.unit_id = ANY($5))
           AND e.state = COALESCE($6, e.state) AND ($7 IS NULL OR COALESCE(f.submitted_at > p.due_at, false) = $7)
           AND ($10 IS NULL OR (s.period, s.unit_id) IN (SELECT * FROM unnest($10, $11)))"
    );
    let query = |sql: String| {
        diesel::sql_query(sql)
            .bind::<SqlUuid, _>(movement.locality)
            .bind::<SqlUuid, _>(movement.id)
            .bind::<Timestamptz, _>(as_of)
            .bind::<Nullable<Text>, _>(filter.period.clone())
            .bind::<Nullable<Array<SqlUuid>>, _>(filter.units.clone())
            .bind::<Nullable<Text>, _>(state.clone())
            .bind::<Nullable<Bool>, _>(filter.late)
            .bind::<Array<Text>, _>(actions.clone())
            .bind::<Array<Text>, _>(states.clone())
            .bind::<Nullable<Array<Text>>, _>(place_periods.clone())
            .bind::<Nullable<Array<SqlUuid>>, _>(place_units.clone())
    };
    let page = query(format!(
        "SELECT submissions.*, {position} AS keys FROM ({known}) AS submissions
         WHERE $12 IS NOT NULL AND {beyond} ORDER BY {by} LIMIT $13",
        position = order.position(),
        beyond = order.beyond_array("$12"),
        by = order.by(),
    ));
    let page = page.bind::<Array<Text>, _>(order.values()).bind::<BigInt, _>(order.fetch());
    let rows: Vec<(Summary, Positioned)> = page.load(conn).await?;
    let total = match order.count {
        true => Some(
            query(format!("SELECT count(*) AS total FROM ({known}) AS known")).get_result::<Total>(conn).await?.total,
        ),
        false => None,
    };
    Ok(Listed { rows: rows.into_iter().map(|(row, positioned)| (row, positioned.keys)).collect(), total })
}

/// Which reports are asked for.
pub struct ReportQuery<'a> {
    /// Codes of the periods.
    pub periods: &'a [String],
    /// Only values of this indicator.
    pub indicator: Option<&'a str>,
    /// Also what explains and proves the values, which no figure needs.
    pub words: bool,
    /// What was known at this instant.
    pub as_of: DateTime<Utc>,
    /// Also what is submitted and not yet approved, returned or withdrawn.
    pub submitted: bool,
}

/// The report of one unit and period that stood at the instant asked about.
pub struct CountedReport {
    pub unit: UnitId,
    /// Which of the periods asked for, from 0.
    pub period: usize,
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
    #[diesel(sql_type = BigInt)]
    place: i64,
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
    let standing: Vec<Standing> = statement(format!(
        // Period by period, or Postgres, which expects one row, reads all reports anew for each period. What has not changed
        // since the instant stands as its row says; of the others the acts say it.
        "SELECT s.id, s.revision, p.place, s.unit_id, s.first_submitted_at > p.due_at AS late, s.approved
         FROM (
             SELECT s.period, s.place, p.due_at FROM unnest($4) WITH ORDINALITY AS s (period, place) {DUE_KNOWN} OFFSET 0
         ) p
         CROSS JOIN LATERAL (
             SELECT id, unit_id, first_submitted_at,
                    CASE WHEN $5 AND state = 'submitted' THEN revision ELSE approved_revision END AS revision,
                    NOT ($5 AND state = 'submitted') AS approved
             FROM submissions
             WHERE locality_id = $1 AND movement_id = $2 AND period = p.period AND updated_at <= $3
             UNION ALL
             SELECT c.id, c.unit_id, f.submitted_at, n.revision, n.approved
             FROM submissions c
             CROSS JOIN LATERAL (
                 SELECT min(o.submitted_at) AS submitted_at FROM submission_revisions o
                 WHERE o.locality_id = $1 AND o.submission_id = c.id AND o.submitted_at <= $3 AND NOT EXISTS (
                     SELECT 1 FROM submission_events w
                     WHERE w.locality_id = $1 AND w.submission_id = c.id AND w.revision = o.revision
                       AND w.action = 'withdraw' AND w.at <= $3)
             ) f
             CROSS JOIN LATERAL (
                 SELECT r.revision, COALESCE(d.approved, false) AS approved
                 FROM submission_revisions r
                 CROSS JOIN LATERAL (
                     SELECT bool_or(e.action = 'approve') AS approved,
                            bool_or(e.action IN ('return', 'withdraw')) AS void
                     FROM submission_events e
                     WHERE e.locality_id = $1 AND e.submission_id = c.id AND e.revision = r.revision AND e.at <= $3
                 ) d
                 WHERE r.locality_id = $1 AND r.submission_id = c.id AND r.submitted_at <= $3
                   AND (COALESCE(d.approved, false) OR ($5 AND NOT COALESCE(d.void, false)))
                 ORDER BY r.revision DESC LIMIT 1
             ) n
             WHERE c.locality_id = $1 AND c.movement_id = $2 AND c.period = p.period AND c.updated_at > $3
         ) s
         WHERE s.revision IS NOT NULL"
    ))
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(query.as_of)
    .bind::<Array<Text>, _>(query.periods)
    .bind::<Bool, _>(query.submitted)
    .load(conn)
    .await?;
    let said = values_of(conn, movement.locality, &standing, &query).await?;
    let report = |s: Standing| CountedReport {
        unit: s.unit_id,
        period: s.place as usize - 1,
        approved: s.approved,
        late: s.late,
        values: Vec::new(),
    };
    let mut reports: Vec<CountedReport> = standing.into_iter().map(report).collect();
    for (report, value) in said {
        reports[report].values.push(value);
    }
    Ok(reports)
}

/// What each of the reports says, with the report's position from 0.
async fn values_of(
    conn: &mut Conn,
    locality: LocalityId,
    standing: &[Standing],
    query: &ReportQuery<'_>,
) -> Result<Vec<(usize, Value)>> {
    let (ids, revisions): (Vec<SubmissionId>, Vec<i32>) = standing.iter().map(|s| (s.id, s.revision)).unzip();
    let words = if query.words { format!(", {WORDS}") } else { String::new() };
    let of_indicator = if query.indicator.is_some() { "AND v.indicator = $4" } else { "" };
    let mut values = statement(format!(
        "SELECT s.place, {NUMBERS}{words}
         FROM unnest($2, $3) WITH ORDINALITY AS s (id, revision, place)
         JOIN revision_values v
           ON v.locality_id = $1 AND v.submission_id = s.id AND v.revision = s.revision {of_indicator}"
    ))
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlUuid>, _>(&ids)
    .bind::<Array<Integer>, _>(&revisions);
    if let Some(indicator) = query.indicator {
        values = values.bind::<Text, _>(indicator);
    }
    if query.words {
        let rows: Vec<(i64, ValueRow)> = values.in_order::<(BigInt, AsSelect<ValueRow, Pg>)>().load(conn).await?;
        return rows.into_iter().map(|(place, row)| Ok((place as usize - 1, row.value()?))).collect();
    }
    let rows: Vec<(i64, NumberRow)> = values.in_order::<(BigInt, AsSelect<NumberRow, Pg>)>().load(conn).await?;
    rows.into_iter().map(|(place, row)| Ok((place as usize - 1, row.value()?))).collect()
}
