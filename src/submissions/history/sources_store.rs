//! What stands behind the figures of an instant, from the database: who handed in and approved each report, and what it
//! explains.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::AsSelect,
    pg::Pg,
    sql_types::{Array, BigInt, Integer, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::counted_store::{ReportColumns, ReportQuery, ReportRow, position, standing};
use crate::{
    db::{Conn, UnitId, from_text},
    http::Result,
    movements::Movement,
    submissions::{
        revisions::{NUMBERS, ValueRow, WORDS},
        value::{Value, ValueState},
    },
};

/// A revision that a figure is made of, with all that it says of one indicator.
pub struct SourceReport {
    pub revision: i32,
    pub submitted_by: String,
    pub submitted_at: DateTime<Utc>,
    pub approved_by: Option<String>,
    pub approved_at: Option<DateTime<Utc>>,
    pub values: Vec<Value>,
}

type SourceColumns = (Integer, Text, Timestamptz, Nullable<Text>, Nullable<Timestamptz>);
type SourceRow = (i32, String, DateTime<Utc>, Option<String>, Option<DateTime<Utc>>);

/// The revisions of some units that stood and say something of an indicator, by place and unit.
pub async fn source_reports(
    conn: &mut Conn,
    movement: &Movement,
    query: &ReportQuery<'_>,
    indicator: &str,
    units: &[UnitId],
) -> Result<BTreeMap<(usize, UnitId), SourceReport>> {
    let columns = format!("r.revision, h.username, r.submitted_at, a.username, a.at, {NUMBERS}, {WORDS}");
    let said = standing(
        movement,
        query,
        &columns,
        "JOIN revision_values v ON v.locality_id = $1 AND v.submission_id = s.id AND v.revision = s.revision
             AND v.indicator = $6 AND s.unit_id = ANY($7)
         JOIN submission_revisions r ON r.locality_id = $1 AND r.submission_id = s.id AND r.revision = s.revision
         JOIN accounts h ON h.id = r.submitted_by
         LEFT JOIN LATERAL (
             SELECT b.username, e.at FROM submission_events e JOIN accounts b ON b.id = e.actor_id
             WHERE e.locality_id = $1 AND e.submission_id = s.id AND e.revision = s.revision AND e.action = 'approve'
               AND e.at <= $3
             ORDER BY e.version DESC LIMIT 1
         ) a ON true",
    );
    let said = said.bind::<Text, _>(indicator).bind::<Array<SqlUuid>, _>(units);
    let said = said.in_order::<(ReportColumns, SourceColumns, AsSelect<ValueRow, Pg>)>();
    let rows: Vec<(ReportRow, SourceRow, ValueRow)> = said.load(conn).await?;
    let mut found: BTreeMap<(usize, UnitId), SourceReport> = BTreeMap::new();
    for ((place, unit, ..), (revision, submitted_by, submitted_at, approved_by, approved_at), value) in rows {
        let report = || SourceReport { revision, submitted_by, submitted_at, approved_by, approved_at, values: vec![] };
        found.entry((position(place), unit)).or_insert_with(report).values.push(value.value()?);
    }
    found.values_mut().for_each(|report| report.values.sort_by(|a, b| a.field.cmp(&b.field)));
    Ok(found)
}

/// What a unit says to its answer of an indicator, or of a field of it.
pub struct Explanation {
    pub unit: UnitId,
    /// Which of the periods asked for, from 0.
    pub period: usize,
    pub indicator: String,
    pub field: Option<String>,
    pub state: ValueState,
    pub text: String,
}

type ExplainedColumns = (ReportColumns, Text, Text, Text, Text, BigInt);
type ExplainedRow = (ReportRow, String, String, String, String, i64);

/// The explanations of some indicators in what stood at these places: of each at most so many, those of the last period
/// first.
pub async fn explanations(
    conn: &mut Conn,
    movement: &Movement,
    query: &ReportQuery<'_>,
    indicators: &[&str],
    places: &[(usize, UnitId)],
    most: i64,
) -> Result<Vec<Explanation>> {
    let (periods, units): (Vec<i64>, Vec<UnitId>) =
        places.iter().map(|(place, unit)| (*place as i64 + 1, *unit)).unzip();
    let explained = standing(
        movement,
        query,
        "v.indicator, v.field, v.state, v.explanation,
         row_number() OVER (PARTITION BY v.indicator ORDER BY p.place DESC, s.unit_id, v.field) AS nth",
        "JOIN revision_values v ON v.locality_id = $1 AND v.submission_id = s.id AND v.revision = s.revision
             AND v.indicator = ANY($6) AND v.explanation IS NOT NULL
             AND (p.place, s.unit_id) IN (SELECT * FROM unnest($7, $8))",
    );
    let explained = explained.within("SELECT * FROM (", ") AS explained WHERE nth <= $9 ORDER BY indicator, nth");
    let explained = explained
        .bind::<Array<Text>, _>(indicators)
        .bind::<Array<BigInt>, _>(periods)
        .bind::<Array<SqlUuid>, _>(units)
        .bind::<BigInt, _>(most);
    let rows: Vec<ExplainedRow> = explained.in_order::<ExplainedColumns>().load(conn).await?;
    let explanation = |((place, unit, ..), indicator, field, state, text, _): ExplainedRow| {
        let field = Some(field).filter(|field| !field.is_empty());
        Ok(Explanation { unit, period: position(place), indicator, field, state: from_text(state)?, text })
    };
    rows.into_iter().map(explanation).collect()
}
