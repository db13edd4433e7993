//! Submissions in the database. One writer serves the act on one report, the approval of many, and an import.

use std::future::ready;

use chrono::{DateTime, Utc};
use diesel::{
    dsl::sql,
    pg::Pg,
    prelude::*,
    sql_types::{Array, Bool, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use futures_util::TryStreamExt;
use serde::Serialize;

use super::{
    content::{Content, by_place},
    lifecycle::{State, with_authors},
};
use crate::{
    db::{
        AccountId, Conn, FromJson, LocalityId, MovementId, SubmissionId, UnitId, from_text, schema::submissions,
        to_text, write_rows,
    },
    http::{Error, Result},
    movements::{Movement, periods::PeriodDates},
};

/// A submission as it stands.
#[derive(Clone, Serialize)]
pub struct Submission {
    pub id: SubmissionId,
    pub period: String,
    pub unit: UnitId,
    pub state: State,
    #[serde(flatten, serialize_with = "by_place")]
    pub content: Content,
    pub revision: i32,
    pub first_submitted_at: Option<DateTime<Utc>>,
    pub late: bool,
    pub lateness_excuse: Option<String>,
    pub updated_at: DateTime<Utc>,
    pub version: i32,
    /// Who has written it since it was last approved, and for whom.
    #[serde(skip)]
    pub drafted_by: Vec<AccountId>,
}

impl Submission {
    /// With what somebody wrote, who thereby is one of its authors.
    pub fn written(self, content: Content, actor: AccountId, acting_for: &[AccountId]) -> Self {
        let drafted_by = match self.content == content {
            true => self.drafted_by,
            false => with_authors(&self.drafted_by, actor, acting_for),
        };
        Self { content, drafted_by, ..self }
    }

    /// As it stands after an act.
    pub fn next(self, state: State, at: DateTime<Utc>) -> Self {
        Self { state, updated_at: at, version: self.version + 1, ..self }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = submissions)]
struct Row {
    id: SubmissionId,
    period: String,
    unit_id: UnitId,
    state: String,
    draft: FromJson<Content>,
    revision: i32,
    first_submitted_at: Option<DateTime<Utc>>,
    late: bool,
    lateness_excuse: Option<String>,
    updated_at: DateTime<Utc>,
    version: i32,
    drafted_by: Vec<Option<AccountId>>,
}

impl Row {
    fn into_domain(self) -> Result<Submission> {
        Ok(Submission {
            id: self.id,
            period: self.period,
            unit: self.unit_id,
            state: from_text(self.state)?,
            content: self.draft.0,
            revision: self.revision,
            first_submitted_at: self.first_submitted_at,
            late: self.late,
            lateness_excuse: self.lateness_excuse,
            updated_at: self.updated_at,
            version: self.version,
            drafted_by: self.drafted_by.into_iter().flatten().collect(),
        })
    }
}

/// Locks the submission until the transaction ends; none where the unit has not begun one.
pub async fn lock(conn: &mut Conn, movement: &Movement, period: &str, unit: UnitId) -> Result<Option<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let report =
        submissions::table.filter(of_movement.and(submissions::period.eq(period)).and(submissions::unit_id.eq(unit)));
    let row: Option<Row> = report.select(Row::as_select()).for_update().first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

pub async fn find(conn: &mut Conn, movement: &Movement, period: &str, unit: UnitId) -> Result<Option<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let report =
        submissions::table.filter(of_movement.and(submissions::period.eq(period)).and(submissions::unit_id.eq(unit)));
    let row: Option<Row> = report.select(Row::as_select()).first(conn).await.optional()?;
    row.map(Row::into_domain).transpose()
}

/// The reports of some places, each a period and a unit.
pub async fn of_places(conn: &mut Conn, movement: &Movement, places: &[(&str, UnitId)]) -> Result<Vec<Submission>> {
    let some = submissions::table.filter(at_places(movement, places));
    // One after the other: as rows they take several times the place.
    let rows = some.order((submissions::period, submissions::unit_id)).select(Row::as_select());
    let rows = rows.load_stream::<Row>(conn).await?;
    rows.map_err(Error::from).and_then(|row| ready(row.into_domain())).try_collect().await
}

/// The same, locked until the transaction ends. Every transaction locks in one order, so that no two wait for each other.
pub async fn lock_places(conn: &mut Conn, movement: &Movement, places: &[(&str, UnitId)]) -> Result<Vec<Submission>> {
    let some = submissions::table.filter(at_places(movement, places));
    let rows = some.order((submissions::period, submissions::unit_id)).select(Row::as_select()).for_update();
    let rows = rows.load_stream::<Row>(conn).await?;
    rows.map_err(Error::from).and_then(|row| ready(row.into_domain())).try_collect().await
}

type AtPlaces = Box<dyn BoxableExpression<submissions::table, Pg, SqlType = Bool>>;

fn at_places(movement: &Movement, places: &[(&str, UnitId)]) -> AtPlaces {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let places = places.iter().map(|(period, unit)| ((*period).to_owned(), *unit)).collect();
    Box::new(of_movement.and(named(places)))
}

pub fn named(places: Vec<(String, UnitId)>) -> AtPlaces {
    let (periods, units): (Vec<String>, Vec<UnitId>) = places.into_iter().unzip();
    let named = sql::<Bool>("(period, unit_id) IN (SELECT * FROM unnest(")
        .bind::<Array<Text>, _>(periods)
        .sql(", ")
        .bind::<Array<SqlUuid>, _>(units)
        .sql("))");
    Box::new(named)
}

/// Everything that stands in some periods, whole.
pub async fn of_periods(conn: &mut Conn, movement: &Movement, periods: &[&str]) -> Result<Vec<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let some = submissions::table.filter(of_movement.and(submissions::period.eq_any(periods)));
    let rows = some.order((submissions::period, submissions::unit_id)).select(Row::as_select());
    // One after the other: as rows they take several times the place.
    let rows = rows.load_stream::<Row>(conn).await?;
    rows.map_err(Error::from).and_then(|row| ready(row.into_domain())).try_collect().await
}

/// What is not approved of some units' reports, whole.
pub async fn unapproved(conn: &mut Conn, movement: &Movement, units: &[UnitId]) -> Result<Vec<Submission>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let open = submissions::unit_id.eq_any(units).and(submissions::state.ne(to_text(State::Approved)?));
    let rows: Vec<Row> = submissions::table.filter(of_movement.and(open)).select(Row::as_select()).load(conn).await?;
    rows.into_iter().map(Row::into_domain).collect()
}

/// The places where something stands, by period and unit.
pub async fn places(conn: &mut Conn, movement: &Movement) -> Result<Vec<(String, UnitId)>> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    Ok(submissions::table.filter(of_movement).select((submissions::period, submissions::unit_id)).load(conn).await?)
}

/// A join of the due instant `p.due_at` of a report `s` that was known at the instant `$3`, in the movement `$2` of the
/// locality `$1`.
pub const DUE_KNOWN: &str = "JOIN LATERAL (
    SELECT COALESCE((
        SELECT d.former_due_at FROM due_changes d
        WHERE d.locality_id = $1 AND d.movement_id = $2 AND d.period = s.period AND d.changed_at > $3
        ORDER BY d.version LIMIT 1
    ), q.due_at) AS due_at
    FROM periods q WHERE q.locality_id = $1 AND q.movement_id = $2 AND q.code = s.period
) p ON true";

/// A row as it is written.
#[derive(Serialize)]
struct Written<'a> {
    locality_id: LocalityId,
    movement_id: MovementId,
    id: SubmissionId,
    period: &'a str,
    unit_id: UnitId,
    state: State,
    draft: &'a Content,
    revision: i32,
    first_submitted_at: Option<DateTime<Utc>>,
    late: bool,
    lateness_excuse: Option<&'a str>,
    updated_at: DateTime<Utc>,
    version: i32,
    drafted_by: &'a [AccountId],
}

impl<'a> Written<'a> {
    fn of(movement: &Movement, submission: &'a Submission) -> Self {
        Self {
            locality_id: movement.locality,
            movement_id: movement.id,
            id: submission.id,
            period: &submission.period,
            unit_id: submission.unit,
            state: submission.state,
            draft: &submission.content,
            revision: submission.revision,
            first_submitted_at: submission.first_submitted_at,
            late: submission.late,
            lateness_excuse: submission.lateness_excuse.as_deref(),
            updated_at: submission.updated_at,
            version: submission.version,
            drafted_by: &submission.drafted_by,
        }
    }
}

async fn write(conn: &mut Conn, movement: &Movement, sql: &'static str, all: &[&Submission]) -> Result<bool> {
    let rows: Vec<Written> = all.iter().map(|submission| Written::of(movement, submission)).collect();
    Ok(write_rows(conn, movement.locality, sql, &rows).await? == all.len())
}

/// Begins submissions; false where somebody else began one of them first.
pub async fn insert(conn: &mut Conn, movement: &Movement, new: &[&Submission]) -> Result<bool> {
    const INSERT: &str = "INSERT INTO submissions
        SELECT r.* FROM json_populate_recordset(NULL::submissions, $1::json) AS r WHERE r.locality_id = $2
        ON CONFLICT (locality_id, movement_id, period, unit_id) DO NOTHING";
    write(conn, movement, INSERT, new).await
}

/// Changes submissions, each from the version before; busy where one of them has another by now.
pub async fn update(conn: &mut Conn, movement: &Movement, changed: &[&Submission]) -> Result<()> {
    // What an approval puts another revision in the place of is written down for the totals.
    const UPDATE: &str = "WITH r AS MATERIALIZED (
            SELECT * FROM json_populate_recordset(NULL::submissions, $1::json)
        ), changes AS (
            INSERT INTO approved_changes (locality_id, movement_id, period, unit_id, revision, former_revision)
            SELECT s.locality_id, s.movement_id, s.period, s.unit_id, r.revision, s.approved_revision
            FROM r JOIN submissions s ON s.locality_id = $2 AND s.id = r.id
            WHERE r.state = 'approved' AND s.approved_revision IS DISTINCT FROM r.revision
            ON CONFLICT DO NOTHING
        )
        UPDATE submissions AS s
        SET state = r.state, draft = r.draft, revision = r.revision, first_submitted_at = r.first_submitted_at,
            late = r.late, lateness_excuse = r.lateness_excuse, updated_at = r.updated_at, version = r.version,
            drafted_by = r.drafted_by,
            approved_revision = CASE r.state WHEN 'approved' THEN r.revision ELSE s.approved_revision END
        FROM r WHERE s.locality_id = $2 AND s.id = r.id AND s.version = r.version - 1";
    if !write(conn, movement, UPDATE, changed).await? {
        return Err(Error::busy("a submission was changed by somebody else"));
    }
    Ok(())
}

/// Whether a unit handed its report of a period in too late.
pub async fn anybody_late(conn: &mut Conn, movement: &Movement, period: &str) -> Result<bool> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let late = submissions::table.filter(of_movement.and(submissions::period.eq(period)).and(submissions::late));
    Ok(diesel::select(diesel::dsl::exists(late)).get_result(conn).await?)
}

/// Measures the timeliness of what was handed in for a period by its present due instant.
pub async fn measure_again(conn: &mut Conn, movement: &Movement, period: &PeriodDates) -> Result<()> {
    let of_movement = submissions::locality_id.eq(movement.locality).and(submissions::movement_id.eq(movement.id));
    let came = submissions::period.eq(&period.code).and(submissions::first_submitted_at.is_not_null());
    diesel::update(submissions::table.filter(of_movement.and(came)))
        .set(submissions::late.eq(submissions::first_submitted_at.gt(period.due_at).assume_not_null()))
        .execute(conn)
        .await?;
    // What came in time needs no excuse.
    let in_time = submissions::period.eq(&period.code).and(diesel::dsl::not(submissions::late));
    diesel::update(submissions::table.filter(of_movement.and(in_time)))
        .set(submissions::lateness_excuse.eq(None::<String>))
        .execute(conn)
        .await?;
    Ok(())
}
