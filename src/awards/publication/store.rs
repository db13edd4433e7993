//! Published results, and what units are told, in the database.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Bool, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;

use crate::{
    awards::{
        Member, Recipient,
        certificates::{Correction, current},
    },
    db::{
        CertificateId, Conn, DecisionId, HouseholdId, LocalityId, MovementId, NominationId, PersonId, UnitId,
        from_text,
        schema::{
            award_decisions as decisions, award_notices as notices, award_publications as publications, movements,
            nominations, units,
        },
        statement, to_text,
    },
    http::{Actor, Error, Result},
    movements::Movement,
    people::Party,
};

/// What a unit is told of its candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AwardNoticeKind)]
pub enum NoticeKind {
    Awarded,
    NotAwarded,
    Revoked,
    Corrected,
}

/// One notice.
pub struct Notice {
    pub unit: UnitId,
    pub nomination: NominationId,
    /// 0: of the publication; else the number of the act.
    pub act: i32,
    pub kind: NoticeKind,
}

pub async fn insert_notices(conn: &mut Conn, actor: &Actor, of: DecisionId, new: &[Notice]) -> Result<()> {
    let row = |one: &Notice| {
        Ok((
            notices::locality_id.eq(actor.locality),
            notices::unit_id.eq(one.unit),
            notices::decision_id.eq(of),
            notices::nomination_id.eq(one.nomination),
            notices::act.eq(one.act),
            notices::kind.eq(to_text(one.kind)?),
            notices::at.eq(actor.at),
        ))
    };
    let rows = new.iter().map(row).collect::<Result<Vec<_>>>()?;
    diesel::insert_into(notices::table).values(rows).execute(conn).await?;
    Ok(())
}

/// A notice as it is read.
pub struct Told {
    pub unit: String,
    pub movement: String,
    pub award: String,
    pub decision: DecisionId,
    pub candidate: Party,
    pub kind: NoticeKind,
    pub at: DateTime<Utc>,
}

/// What these units were told, of all where none is given; the newest first.
pub async fn told(conn: &mut Conn, locality: LocalityId, to: Option<Vec<UnitId>>, most: i64) -> Result<Vec<Told>> {
    type Kept = (
        String,
        String,
        String,
        DecisionId,
        (Option<UnitId>, Option<PersonId>, Option<HouseholdId>),
        String,
        DateTime<Utc>,
    );
    let mut query = notices::table
        .inner_join(
            decisions::table
                .on(decisions::locality_id.eq(notices::locality_id).and(decisions::id.eq(notices::decision_id))),
        )
        .inner_join(
            movements::table
                .on(movements::locality_id.eq(notices::locality_id).and(movements::id.eq(decisions::movement_id))),
        )
        .inner_join(
            nominations::table
                .on(nominations::locality_id.eq(notices::locality_id).and(nominations::id.eq(notices::nomination_id))),
        )
        .inner_join(units::table.on(units::locality_id.eq(notices::locality_id).and(units::id.eq(notices::unit_id))))
        .filter(notices::locality_id.eq(locality))
        .order((notices::at.desc(), notices::nomination_id, notices::act.desc()))
        .limit(most)
        .select((
            units::code,
            movements::code,
            decisions::award,
            decisions::id,
            (nominations::unit_id, nominations::person_id, nominations::household_id),
            notices::kind,
            notices::at,
        ))
        .into_boxed();
    if let Some(units) = to {
        query = query.filter(notices::unit_id.eq_any(units));
    }
    let rows: Vec<Kept> = query.load(conn).await?;
    let read = |(unit, movement, award, decision, (own, person, household), kind, at): Kept| {
        let candidate = Party::of(own, person, household);
        let candidate = candidate.ok_or_else(|| Error::internal("a nomination without a candidate"))?;
        Ok(Told { unit, movement, award, decision, candidate, kind: from_text(kind)?, at })
    };
    rows.into_iter().map(read).collect()
}

/// A published award of somebody.
#[derive(Debug, Clone)]
pub struct PublishedAward {
    pub award: String,
    pub nomination: NominationId,
    pub decision: DecisionId,
    pub certificate: CertificateId,
    pub ordinal: u32,
    pub place: Option<String>,
    /// After all corrections.
    pub recipient: Recipient,
    pub revoked: bool,
    pub published_at: DateTime<Utc>,
    pub number: u32,
    pub paper_type: String,
    pub issuer: String,
    pub date: NaiveDate,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Text)]
    award: String,
    #[diesel(sql_type = SqlUuid)]
    nomination_id: NominationId,
    #[diesel(sql_type = SqlUuid)]
    decision_id: DecisionId,
    #[diesel(sql_type = SqlUuid)]
    certificate_id: CertificateId,
    #[diesel(sql_type = Integer)]
    ordinal: i32,
    #[diesel(sql_type = Nullable<Text>)]
    place: Option<String>,
    #[diesel(sql_type = Jsonb)]
    recipient: Value,
    #[diesel(sql_type = Jsonb)]
    corrections: Value,
    #[diesel(sql_type = Bool)]
    revoked: bool,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Text)]
    paper_type: String,
    #[diesel(sql_type = Text)]
    issuer: String,
    #[diesel(sql_type = Date)]
    dated_on: NaiveDate,
}

/// What is published of a movement's awards, by award, decision and ordinal, revoked ones too.
pub async fn results(conn: &mut Conn, locality: LocalityId, movement: MovementId) -> Result<Vec<PublishedAward>> {
    let rows: Vec<Row> = statement(
        "SELECT d.award, c.nomination_id, d.id AS decision_id, newest.id AS certificate_id, c.ordinal, c.place,
                first.recipient,
                coalesce((SELECT jsonb_agg(jsonb_build_array(a.member, a.text) ORDER BY a.act) FROM award_acts a
                          WHERE a.locality_id = $1 AND a.decision_id = d.id AND a.nomination_id = c.nomination_id
                            AND a.kind = 'correction'), '[]') AS corrections,
                EXISTS (SELECT FROM award_acts a WHERE a.locality_id = $1 AND a.decision_id = d.id
                        AND a.nomination_id = c.nomination_id AND a.kind = 'revocation') AS revoked,
                p.published_at, r.number, r.paper_type, r.issuer, r.dated_on
         FROM award_decisions d
             JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = d.id
             JOIN award_registrations r ON r.locality_id = $1 AND r.decision_id = d.id AND r.act = 0
             JOIN award_decision_candidates c ON c.locality_id = $1 AND c.decision_id = d.id AND c.ordinal IS NOT NULL
             JOIN award_certificates first ON first.locality_id = $1 AND first.decision_id = d.id
                 AND first.ordinal = c.ordinal AND first.version = 1
             JOIN LATERAL (SELECT id FROM award_certificates n WHERE n.locality_id = $1 AND n.decision_id = d.id
                           AND n.ordinal = c.ordinal ORDER BY n.version DESC LIMIT 1) newest ON true
         WHERE d.locality_id = $1 AND d.movement_id = $2
         ORDER BY d.award, p.published_at, d.id, c.ordinal",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(movement)
    .load(conn)
    .await?;
    rows.into_iter().map(published).collect()
}

fn published(row: Row) -> Result<PublishedAward> {
    let first: Recipient = serde_json::from_value(row.recipient).map_err(Error::internal)?;
    let corrections: Vec<(Member, String)> = serde_json::from_value(row.corrections).map_err(Error::internal)?;
    let corrections = corrections.into_iter().map(|(member, text)| Correction { member, text });
    Ok(PublishedAward {
        award: row.award,
        nomination: row.nomination_id,
        decision: row.decision_id,
        certificate: row.certificate_id,
        ordinal: row.ordinal as u32,
        place: row.place,
        recipient: current(first, corrections),
        revoked: row.revoked,
        published_at: row.published_at,
        number: row.number as u32,
        paper_type: row.paper_type,
        issuer: row.issuer,
        date: row.dated_on,
    })
}

/// Whether a decision on an award is published: maybe nobody gets it.
pub async fn is_published(conn: &mut Conn, movement: &Movement, award: &str) -> Result<bool> {
    let published =
        decisions::table
            .inner_join(publications::table.on(
                publications::locality_id.eq(decisions::locality_id).and(publications::decision_id.eq(decisions::id)),
            ))
            .filter(decisions::locality_id.eq(movement.locality).and(decisions::movement_id.eq(movement.id)))
            .filter(decisions::award.eq(award));
    Ok(diesel::select(diesel::dsl::exists(published)).get_result(conn).await?)
}
