//! The reports that counted at an instant, with what they say, from the database.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::AsSelect,
    pg::Pg,
    sql_types::{Array, BigInt, Bool, Integer, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;

use crate::{
    db::{Conn, LocalityId, Statement, SubmissionId, UnitId, statement},
    http::Result,
    movements::Movement,
    submissions::{
        revisions::{NUMBERS, NumberRow, ValueRow, WORDS},
        store::DUE_KNOWN,
        value::Value,
    },
};

/// Which reports are asked for.
pub struct ReportQuery<'a> {
    /// Codes of the periods.
    pub periods: &'a [String],
    pub values: Wanted<'a>,
    /// What was known at this instant.
    pub as_of: DateTime<Utc>,
    /// Also what is submitted and not yet approved, returned or withdrawn.
    pub submitted: bool,
}

/// What of their values.
#[derive(Clone, Copy)]
pub enum Wanted<'a> {
    Everything,
    /// What is added up: without explanations and evidence.
    Numbers,
    /// That of some indicators. Reports that say nothing of them are left out.
    NumbersOf(&'a [&'a str]),
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

/// The columns that make a report but for its values.
const REPORT: &str = "p.place, s.unit_id, s.approved, s.first_submitted_at > p.due_at";
pub(super) type ReportColumns = (BigInt, SqlUuid, Bool, Bool);
pub(super) type ReportRow = (i64, UnitId, bool, bool);

fn report((place, unit, approved, late): ReportRow) -> CountedReport {
    CountedReport { unit, period: position(place), approved, late, values: Vec::new() }
}

/// Postgres counts from 1.
pub(super) fn position(place: i64) -> usize {
    place as usize - 1
}

/// The reports that stood: of each, the newest revision approved by then, or on the submitted basis the newest that was
/// neither returned nor withdrawn by then.
pub async fn counted_reports(
    conn: &mut Conn,
    movement: &Movement,
    query: ReportQuery<'_>,
) -> Result<Vec<CountedReport>> {
    let words = match query.values {
        Wanted::NumbersOf(indicators) => return counted_of(conn, movement, &query, indicators).await,
        Wanted::Everything => true,
        Wanted::Numbers => false,
    };
    let standing = standing(movement, &query, "s.id, s.revision", "");
    let rows: Vec<(ReportRow, SubmissionId, i32)> =
        standing.in_order::<(ReportColumns, SqlUuid, Integer)>().load(conn).await?;
    let handed_in = rows.iter().map(|(_, id, revision)| (*id, *revision)).unzip();
    let mut reports: Vec<CountedReport> = rows.into_iter().map(|(row, ..)| report(row)).collect();
    say(conn, movement.locality, handed_in, words, &mut reports).await?;
    Ok(reports)
}

/// With the values of some indicators, in one statement. The same for all values repeats each report's columns for each of
/// them, which costs more than a second statement.
async fn counted_of(
    conn: &mut Conn,
    movement: &Movement,
    query: &ReportQuery<'_>,
    indicators: &[&str],
) -> Result<Vec<CountedReport>> {
    const OWN: &str = "JOIN revision_values v ON v.locality_id = $1 AND v.submission_id = s.id
                           AND v.revision = s.revision AND v.indicator";
    // Mostly there is one, which Postgres finds by a plan that it keeps.
    let said = match indicators {
        [one] => standing(movement, query, NUMBERS, &format!("{OWN} = $6")).bind::<Text, _>(*one),
        some => standing(movement, query, NUMBERS, &format!("{OWN} = ANY($6)")).bind::<Array<Text>, _>(some),
    };
    let mut rows =
        said.in_order::<(ReportColumns, AsSelect<NumberRow, Pg>)>().load_stream::<(ReportRow, NumberRow)>(conn).await?;
    let mut reports: BTreeMap<(i64, UnitId), CountedReport> = BTreeMap::new();
    while let Some((row, said)) = rows.try_next().await? {
        let values = &mut reports.entry((row.0, row.1)).or_insert_with(|| report(row)).values;
        values.reserve_exact(1);
        values.push(said.value()?);
    }
    Ok(reports.into_values().collect())
}

/// The reports that stood, each with further columns of its own or of a join.
pub(super) fn standing<'a>(movement: &Movement, query: &'a ReportQuery, columns: &str, join: &str) -> Statement<'a> {
    statement(format!(
        // Period by period, and OFFSET 0 keeps it so: Postgres, which expects one row, would read all reports anew for each
        // period. What has not changed since the instant stands as its row says; of the others the acts say it.
        "SELECT {REPORT}, {columns}
         FROM (
             SELECT s.period, s.place, p.due_at FROM unnest($4) WITH ORDINALITY AS s (period, place) {DUE_KNOWN} OFFSET 0
         ) p
         CROSS JOIN LATERAL (
             SELECT id, unit_id, first_submitted_at,
                    CASE WHEN $5 AND state IN ('submitted', 'reopened') THEN revision ELSE approved_revision END AS revision,
                    NOT ($5 AND state IN ('submitted', 'reopened') AND revision IS DISTINCT FROM approved_revision) AS approved
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
         {join}
         WHERE s.revision IS NOT NULL"
    ))
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Timestamptz, _>(query.as_of)
    .bind::<Array<Text>, _>(query.periods)
    .bind::<Bool, _>(query.submitted)
}

/// Puts into each report what its revision says, with or without words.
async fn say(
    conn: &mut Conn,
    locality: LocalityId,
    (ids, revisions): (Vec<SubmissionId>, Vec<i32>),
    words: bool,
    reports: &mut [CountedReport],
) -> Result<()> {
    let columns = if words { format!("{NUMBERS}, {WORDS}") } else { NUMBERS.into() };
    let said = statement(format!(
        "SELECT s.place, {columns}
         FROM unnest($2, $3) WITH ORDINALITY AS s (id, revision, place)
         JOIN revision_values v ON v.locality_id = $1 AND v.submission_id = s.id AND v.revision = s.revision"
    ))
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlUuid>, _>(ids)
    .bind::<Array<Integer>, _>(revisions);
    // One after the other: as rows they take several times the place.
    if words {
        let said = said.in_order::<(BigInt, AsSelect<ValueRow, Pg>)>();
        let mut rows = said.load_stream::<(i64, ValueRow)>(conn).await?;
        while let Some((place, row)) = rows.try_next().await? {
            reports[position(place)].values.push(row.value()?);
        }
    } else {
        let said = said.in_order::<(BigInt, AsSelect<NumberRow, Pg>)>();
        let mut rows = said.load_stream::<(i64, NumberRow)>(conn).await?;
        while let Some((place, row)) = rows.try_next().await? {
            reports[position(place)].values.push(row.value()?);
        }
    }
    Ok(())
}
