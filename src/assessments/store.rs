//! Assessments and send-backs in the database. Rows are only inserted.

use chrono::{DateTime, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Integer, Nullable, Numeric, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::rules::Score;
use crate::{
    db::{
        AccountId, Conn, LocalityId, NominationId,
        schema::{assessment_returns as returns, assessments},
        statement, to_text,
    },
    exact::Decimal,
    http::{Actor, Result},
    movements::plan::Stage,
};

/// The newest answer of the agency on one criterion of one nomination.
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
    pub internal_comment: Option<String>,
    pub at: DateTime<Utc>,
    pub sent_back: Option<SentBack>,
}

/// Why an answer is to be given again.
#[derive(Debug, Clone, Serialize)]
pub struct SentBack {
    pub reason: String,
    pub by: String,
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
    #[diesel(sql_type = Nullable<Text>)]
    internal_comment: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    at: DateTime<Utc>,
    #[diesel(sql_type = Nullable<Text>)]
    back_reason: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    back_by: Option<String>,
    #[diesel(sql_type = Nullable<Timestamptz>)]
    back_at: Option<DateTime<Utc>>,
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
                a.nomination_id, a.criterion, a.assessor_id, c.username, a.version, a.points, a.passed, a.comment,
                a.internal_comment, a.at, r.reason AS back_reason, b.username AS back_by, r.at AS back_at
         FROM assessments a JOIN accounts c ON c.id = a.assessor_id
             LEFT JOIN assessment_returns r ON r.locality_id = a.locality_id AND r.nomination_id = a.nomination_id
                 AND r.criterion = a.criterion AND r.version = a.version AND ($3 IS NULL OR r.at <= $3)
             LEFT JOIN accounts b ON b.id = r.returned_by
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
    let back = row.back_reason.zip(row.back_by).zip(row.back_at);
    Assessment {
        nomination: row.nomination_id,
        criterion: row.criterion,
        assessor: row.assessor_id,
        username: row.username,
        version: row.version,
        points: row.points.map(Decimal::from),
        passed: row.passed,
        comment: row.comment,
        internal_comment: row.internal_comment,
        at: row.at,
        sent_back: back.map(|((reason, by), at)| SentBack { reason, by, at }),
    }
}

/// Who has scored any of these nominations, at whichever stage.
pub async fn assessors(conn: &mut Conn, locality: LocalityId, nominations: &[NominationId]) -> Result<Vec<AccountId>> {
    let scored = assessments::locality_id.eq(locality).and(assessments::nomination_id.eq_any(nominations));
    let assessors = assessments::table.filter(scored).select(assessments::assessor_id).distinct();
    Ok(assessors.order(assessments::assessor_id).load(conn).await?)
}

/// Adds the next answer on a criterion: of the agency (round 1), or of one member of the council. The caller holds the nomination's
/// lock, so versions do not collide.
pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    (nomination, criterion): (NominationId, &str),
    stage: Stage,
    (version, round): (i32, i32),
    score: &Score,
) -> Result<()> {
    diesel::insert_into(assessments::table)
        .values((
            assessments::locality_id.eq(actor.locality),
            assessments::nomination_id.eq(nomination),
            assessments::criterion.eq(criterion),
            assessments::stage.eq(to_text(stage)?),
            assessments::assessor_id.eq(actor.account),
            assessments::version.eq(version),
            assessments::points.eq(score.points.map(rust_decimal::Decimal::from)),
            assessments::passed.eq(score.passed),
            assessments::comment.eq(&score.comment),
            assessments::at.eq(actor.at),
            assessments::internal_comment.eq(&score.internal_comment),
            assessments::reason.eq(&score.reason),
            assessments::round.eq(round),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// Sends an answer back to the appraiser. The caller holds the nomination's lock.
pub async fn send_back(
    conn: &mut Conn,
    actor: &Actor,
    nomination: NominationId,
    (criterion, version): (&str, i32),
    reason: &str,
) -> Result<()> {
    diesel::insert_into(returns::table)
        .values((
            returns::locality_id.eq(actor.locality),
            returns::nomination_id.eq(nomination),
            returns::criterion.eq(criterion),
            returns::version.eq(version),
            returns::reason.eq(reason),
            returns::returned_by.eq(actor.account),
            returns::at.eq(actor.at),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

/// One vote of a member of the council on one criterion of one nomination.
#[derive(Debug, Clone)]
pub struct Ballot {
    pub nomination: NominationId,
    pub criterion: String,
    pub member: AccountId,
    pub version: i32,
    pub round: i32,
    pub points: Option<Decimal>,
    pub comment: Option<String>,
    pub internal_comment: Option<String>,
    /// Why it was cast again.
    pub reason: Option<String>,
    pub at: DateTime<Utc>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = assessments)]
struct BallotRow {
    nomination_id: NominationId,
    criterion: String,
    assessor_id: AccountId,
    version: i32,
    round: i32,
    points: Option<rust_decimal::Decimal>,
    comment: Option<String>,
    internal_comment: Option<String>,
    reason: Option<String>,
    at: DateTime<Utc>,
}

/// Every ballot on these nominations, each member's own in the order cast.
pub async fn ballots(conn: &mut Conn, locality: LocalityId, nominations: &[NominationId]) -> Result<Vec<Ballot>> {
    let of_council = assessments::locality_id.eq(locality).and(assessments::stage.eq(to_text(Stage::Council)?));
    let known = assessments::nomination_id.eq_any(nominations.to_vec());
    let rows: Vec<BallotRow> = assessments::table
        .filter(of_council.and(known))
        .order((assessments::nomination_id, assessments::criterion, assessments::assessor_id, assessments::version))
        .select(BallotRow::as_select())
        .load(conn)
        .await?;
    let ballot = |row: BallotRow| Ballot {
        nomination: row.nomination_id,
        criterion: row.criterion,
        member: row.assessor_id,
        version: row.version,
        round: row.round,
        points: row.points.map(Decimal::from),
        comment: row.comment,
        internal_comment: row.internal_comment,
        reason: row.reason,
        at: row.at,
    };
    Ok(rows.into_iter().map(ballot).collect())
}
