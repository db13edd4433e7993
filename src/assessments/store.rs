//! Assessments in the database. Rows are only inserted.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::rules::Score;
use crate::{
    db::{AccountId, Conn, LocalityId, NominationId, schema::assessments, statement},
    exact::Decimal,
    http::{Actor, Result},
};

/// The newest answer on one criterion of one nomination.
#[derive(Debug, Clone, Serialize)]
pub struct Assessment {
    pub nomination: NominationId,
    pub criterion: String,
    pub assessor: AccountId,
    /// Username of the assessor.
    pub username: String,
    pub version: i32,
    pub points: Option<Decimal>,
    pub passed: Option<bool>,
    pub comment: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    nomination_id: NominationId,
    #[diesel(sql_type = Text)]
    criterion: String,
    #[diesel(sql_type = SqlUuid)]
    assessor_id: AccountId,
    #[diesel(sql_type = Text)]
    username: String,
    #[diesel(sql_type = Integer)]
    version: i32,
    #[diesel(sql_type = Nullable<Numeric>)]
    points: Option<rust_decimal::Decimal>,
    #[diesel(sql_type = Nullable<Bool>)]
    passed: Option<bool>,
    #[diesel(sql_type = Nullable<Text>)]
    comment: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
}

/// The agency's newest answers on these nominations (as known at an instant, where one is given); by nomination and
/// criterion.
pub async fn as_of(
    conn: &mut Conn,
    locality: LocalityId,
    nominations: &[NominationId],
    at: Option<DateTime<Utc>>,
) -> Result<Vec<Assessment>> {
    let rows: Vec<Row> = statement(
        "SELECT DISTINCT ON (a.nomination_id, a.criterion)
                a.nomination_id, a.criterion, a.assessor_id, c.username, a.version, a.points, a.passed, a.comment, a.at
         FROM assessments a JOIN accounts c ON c.id = a.assessor_id
         WHERE a.locality_id = $1 AND a.nomination_id = ANY($2) AND a.stage = 'appraisal' AND ($3 IS NULL OR a.at <= $3)
         ORDER BY a.nomination_id, a.criterion, a.version DESC",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Array<SqlUuid>, _>(nominations)
    .bind::<Nullable<Timestamptz>, _>(at)
    .load(conn)
    .await?;
    Ok(rows.into_iter().map(into_domain).collect())
}

fn into_domain(row: Row) -> Assessment {
    Assessment {
        nomination: row.nomination_id,
        criterion: row.criterion,
        assessor: row.assessor_id,
        username: row.username,
        version: row.version,
        points: row.points.map(Decimal::from),
        passed: row.passed,
        comment: row.comment,
        at: row.at,
    }
}

/// Who has scored any of these nominations, at whichever stage.
pub async fn assessors(conn: &mut Conn, locality: LocalityId, nominations: &[NominationId]) -> Result<Vec<AccountId>> {
    let scored = assessments::locality_id.eq(locality).and(assessments::nomination_id.eq_any(nominations));
    let assessors = assessments::table.filter(scored).select(assessments::assessor_id).distinct();
    Ok(assessors.order(assessments::assessor_id).load(conn).await?)
}

/// Adds the next answer on a criterion. The caller holds the nomination's lock, so versions do not collide.
pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    nomination: NominationId,
    criterion: &str,
    version: i32,
    score: &Score,
) -> Result<()> {
    diesel::insert_into(assessments::table)
        .values((
            assessments::locality_id.eq(actor.locality),
            assessments::nomination_id.eq(nomination),
            assessments::criterion.eq(criterion),
            assessments::stage.eq("appraisal"),
            assessments::assessor_id.eq(actor.account),
            assessments::version.eq(version),
            assessments::points.eq(score.points.map(rust_decimal::Decimal::from)),
            assessments::passed.eq(score.passed),
            assessments::comment.eq(&score.comment),
            assessments::at.eq(actor.at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}
