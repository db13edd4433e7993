//! Published awards in the database. Whoever asks has no account and names no locality but in the address.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{BigInt, Bool, Date, Integer, Jsonb, Nullable, Text, Timestamptz, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use super::{
    status_list::LENGTH,
    view::{
        AwardResultsView, AwardView, CertificateView, CorrectionView, LocalityView, MovementView, PaperView,
        RecipientView, ResultView, ResultsView,
    },
};
use crate::{
    awards::{self, CertificateState, Member, PublishedAward, Recipient, symbol},
    db::{CertificateId, Conn, DecisionId, FromJson, LocalityId, MovementId, NominationId, from_text, statement},
    http::Result,
    movements::plan::{Award, CandidateKind},
};

/// A certificate, its position in the lists of revoked ones, and when it was published.
pub struct Issued {
    pub view: CertificateView,
    pub position: i64,
}

#[derive(QueryableByName)]
struct Place {
    #[diesel(sql_type = SqlUuid)]
    locality_id: LocalityId,
    #[diesel(sql_type = SqlUuid)]
    id: CertificateId,
}

#[derive(QueryableByName)]
struct CertificateRow {
    #[diesel(sql_type = Text)]
    code: String,
    #[diesel(sql_type = Integer)]
    ordinal: i32,
    #[diesel(sql_type = Jsonb)]
    recipient: FromJson<Recipient>,
    #[diesel(sql_type = BigInt)]
    position: i64,
    #[diesel(sql_type = Bool)]
    replaced: bool,
    #[diesel(sql_type = SqlUuid)]
    decision_id: DecisionId,
    #[diesel(sql_type = SqlUuid)]
    nomination_id: NominationId,
    #[diesel(sql_type = Nullable<Text>)]
    place: Option<String>,
    #[diesel(sql_type = Timestamptz)]
    published_at: DateTime<Utc>,
    #[diesel(sql_type = Text)]
    locality: String,
    #[diesel(sql_type = Text)]
    locality_name: String,
    #[diesel(sql_type = Text)]
    movement: String,
    #[diesel(sql_type = Jsonb)]
    title: FromJson<crate::movements::plan::Text>,
    #[diesel(sql_type = Text)]
    award: String,
    #[diesel(sql_type = Jsonb)]
    awards: FromJson<Vec<Award>>,
}

/// A number of the registry that a decision or an act on it got.
#[derive(QueryableByName)]
struct Paper {
    #[diesel(sql_type = SqlUuid)]
    decision_id: DecisionId,
    #[diesel(sql_type = Integer)]
    act: i32,
    #[diesel(sql_type = Nullable<Text>)]
    kind: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    nomination_id: Option<NominationId>,
    #[diesel(sql_type = Nullable<Text>)]
    member: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    text: Option<String>,
    #[diesel(sql_type = Text)]
    issuer: String,
    #[diesel(sql_type = Text)]
    paper_type: String,
    #[diesel(sql_type = Integer)]
    number: i32,
    #[diesel(sql_type = Date)]
    dated_on: NaiveDate,
}

impl Paper {
    fn view(&self) -> PaperView {
        let number = symbol(self.number as u32, &self.paper_type, &self.issuer);
        PaperView { number, dated_on: self.dated_on, issuer: self.issuer.clone() }
    }
}

/// What the papers on decisions say of one candidate.
struct Acts<'a> {
    decision: Option<&'a Paper>,
    revocation: Option<&'a Paper>,
    corrections: Vec<&'a Paper>,
}

impl<'a> Acts<'a> {
    fn of(papers: &'a [Paper], decision: DecisionId, nomination: NominationId) -> Self {
        let of_decision = || papers.iter().filter(move |paper| paper.decision_id == decision);
        let own = || of_decision().filter(move |paper| paper.nomination_id == Some(nomination));
        Self {
            decision: of_decision().find(|paper| paper.act == 0),
            revocation: own().find(|paper| paper.kind.as_deref() == Some("revocation")),
            corrections: own().filter(|paper| paper.kind.as_deref() == Some("correction")).collect(),
        }
    }

    /// As corrected, with the papers that did it.
    fn corrected(&self, recipient: Recipient) -> Result<(Recipient, Vec<CorrectionView>)> {
        let (mut recipient, mut corrections) = (recipient, Vec::new());
        for paper in &self.corrections {
            let (Some(member), Some(text)) = (&paper.member, &paper.text) else { continue };
            let member: Member = from_text(member.clone())?;
            recipient = recipient.corrected(member, text);
            corrections.push(CorrectionView { member, by: paper.view() });
        }
        Ok((recipient, corrections))
    }
}

/// The numbers of decisions and of the acts on them, in their order.
async fn papers(conn: &mut Conn, locality: LocalityId, decisions: &[DecisionId]) -> Result<Vec<Paper>> {
    let papers: Vec<Paper> = statement(
        "SELECT r.decision_id, r.act, a.kind, a.nomination_id, a.member, a.text, r.issuer, r.paper_type, r.number, r.dated_on
         FROM award_registrations r
         LEFT JOIN award_acts a ON a.locality_id = $1 AND a.decision_id = r.decision_id AND a.act = r.act
         WHERE r.locality_id = $1 AND r.decision_id = ANY($2)
         ORDER BY r.decision_id, r.act",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<diesel::sql_types::Array<SqlUuid>, _>(decisions)
    .load(conn)
    .await?;
    Ok(papers)
}

/// The published certificate of a code. An unknown code takes the same statements.
pub async fn certificate(conn: &mut Conn, code: &str) -> Result<Option<Issued>> {
    let place: Option<Place> = statement("SELECT c.locality_id, c.id FROM award_certificates c WHERE c.code = $1")
        .bind::<Text, _>(code)
        .get_result(conn)
        .await
        .optional()?;
    let unknown = || (LocalityId::from(uuid::Uuid::nil()), CertificateId::from(uuid::Uuid::nil()));
    let (locality, id) = place.map_or_else(unknown, |place| (place.locality_id, place.id));
    let row: Option<CertificateRow> = statement(
        "SELECT c.code, c.ordinal, c.recipient, c.position, c.decision_id, c.nomination_id, d.award, dc.place, p.published_at,
                l.code AS locality, l.name AS locality_name, m.code AS movement,
                v.document -> 'title' AS title, v.document -> 'awards' AS awards,
                EXISTS (SELECT FROM award_certificates n WHERE n.locality_id = $1 AND n.replaces = c.id) AS replaced
         FROM award_certificates c
         JOIN award_decisions d ON d.locality_id = $1 AND d.id = c.decision_id
         JOIN award_decision_candidates dc
              ON dc.locality_id = $1 AND dc.decision_id = c.decision_id AND dc.nomination_id = c.nomination_id
         JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = d.id
         JOIN movements m ON m.locality_id = $1 AND m.id = d.movement_id
         JOIN plan_versions v ON v.locality_id = $1 AND v.movement_id = m.id AND v.version = m.plan_version
         JOIN localities l ON l.id = $1
         WHERE c.locality_id = $1 AND c.id = $2",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<SqlUuid, _>(id)
    .get_result(conn)
    .await
    .optional()?;
    let decisions: Vec<DecisionId> = row.iter().map(|row| row.decision_id).collect();
    let papers = papers(conn, locality, &decisions).await?;
    row.map(|row| row.view(&papers)).transpose().map(Option::flatten)
}

impl CertificateRow {
    fn view(self, papers: &[Paper]) -> Result<Option<Issued>> {
        let acts = Acts::of(papers, self.decision_id, self.nomination_id);
        let award = self.awards.0.into_iter().find(|award| award.code == self.award);
        let Some((award, decision)) = award.zip(acts.decision) else { return Ok(None) };
        let (published, corrections) = acts.corrected(self.recipient.0)?;
        let state = CertificateState::of(acts.revocation.is_some(), !self.replaced);
        let view = CertificateView {
            code: self.code,
            state,
            ordinal: self.ordinal,
            recipient: RecipientView { kind: award.candidates, published },
            award: AwardView { code: award.code, form: award.form, place: self.place },
            locality: LocalityView { code: self.locality, name: self.locality_name },
            movement: MovementView { code: self.movement, title: self.title.0.vi },
            decision: decision.view(),
            published_at: self.published_at,
            revoked_by: acts.revocation.map(Paper::view),
            corrections,
        };
        Ok(Some(Issued { view, position: self.position }))
    }
}

/// Positions of the certificates of a list that no longer stand, and when the last of them ceased to or, of none, when the
/// first certificate of the list was published; none of a list without certificates.
pub async fn revoked(conn: &mut Conn, list: i64) -> Result<Option<(Vec<u32>, DateTime<Utc>)>> {
    #[derive(QueryableByName)]
    struct Row {
        #[diesel(sql_type = BigInt)]
        position: i64,
        #[diesel(sql_type = Nullable<Timestamptz>)]
        revoked_at: Option<DateTime<Utc>>,
        #[diesel(sql_type = Nullable<Timestamptz>)]
        replaced_at: Option<DateTime<Utc>>,
        #[diesel(sql_type = Timestamptz)]
        published_at: DateTime<Utc>,
    }
    let first = 1 + (list - 1).saturating_mul(i64::from(LENGTH));
    let rows: Vec<Row> = statement(
        "SELECT c.position, a.at AS revoked_at, n.issued_at AS replaced_at, p.published_at
         FROM award_certificates c
         JOIN award_publications p ON p.locality_id = c.locality_id AND p.decision_id = c.decision_id
         LEFT JOIN award_acts a ON a.locality_id = c.locality_id AND a.decision_id = c.decision_id
              AND a.nomination_id = c.nomination_id AND a.kind = 'revocation'
         LEFT JOIN award_certificates n ON n.locality_id = c.locality_id AND n.replaces = c.id
         WHERE c.position >= $1 AND c.position < $1 + $2
         ORDER BY c.position",
    )
    .bind::<BigInt, _>(first)
    .bind::<BigInt, _>(i64::from(LENGTH))
    .load(conn)
    .await?;
    let Some(begun) = rows.iter().map(|row| row.published_at).min() else { return Ok(None) };
    let ended = |row: &Row| row.revoked_at.into_iter().chain(row.replaced_at).min();
    let changed = rows.iter().filter_map(|row| row.revoked_at.max(row.replaced_at)).max();
    let gone = rows.iter().filter(|row| ended(row).is_some()).map(|row| (row.position - first) as u32);
    Ok(Some((gone.collect(), changed.unwrap_or(begun))))
}

/// An award of which a decision is published.
#[derive(QueryableByName)]
struct Decided {
    #[diesel(sql_type = Text)]
    award: String,
}

#[derive(QueryableByName)]
struct MovementRow {
    #[diesel(sql_type = SqlUuid)]
    locality_id: LocalityId,
    #[diesel(sql_type = SqlUuid)]
    id: MovementId,
    #[diesel(sql_type = Text)]
    name: String,
    #[diesel(sql_type = Jsonb)]
    title: FromJson<crate::movements::plan::Text>,
    #[diesel(sql_type = Jsonb)]
    awards: FromJson<Vec<Award>>,
}

/// The awards of a movement that was launched, with what is published of them.
pub async fn results(conn: &mut Conn, locality: &str, movement: &str) -> Result<Option<ResultsView>> {
    let found: Option<MovementRow> = statement(
        "SELECT m.locality_id, m.id, l.name, v.document -> 'title' AS title, v.document -> 'awards' AS awards
         FROM localities l
         JOIN movements m ON m.locality_id = l.id
         JOIN plan_versions v ON v.locality_id = m.locality_id AND v.movement_id = m.id AND v.version = m.plan_version
         WHERE l.code = $1 AND m.code = $2 AND m.launched_at IS NOT NULL",
    )
    .bind::<Text, _>(locality)
    .bind::<Text, _>(movement)
    .get_result(conn)
    .await
    .optional()?;
    let Some(found) = found else { return Ok(None) };
    let decided: Vec<Decided> = statement(
        "SELECT DISTINCT d.award FROM award_decisions d
         JOIN award_publications p ON p.locality_id = $1 AND p.decision_id = d.id
         WHERE d.locality_id = $1 AND d.movement_id = $2",
    )
    .bind::<SqlUuid, _>(found.locality_id)
    .bind::<SqlUuid, _>(found.id)
    .load(conn)
    .await?;
    let mut by_award: BTreeMap<String, Vec<PublishedAward>> =
        decided.into_iter().map(|decided| (decided.award, Vec::new())).collect();
    for result in awards::results(conn, found.locality_id, found.id).await? {
        by_award.entry(result.award.clone()).or_default().push(result);
    }
    let award = |award: Award| AwardResultsView {
        results: by_award
            .remove(&award.code)
            .map(|all| all.into_iter().map(|one| result(award.candidates, one)).collect()),
        code: award.code,
        form: award.form,
        candidates: award.candidates,
    };
    Ok(Some(ResultsView {
        locality: LocalityView { code: locality.to_owned(), name: found.name },
        movement: MovementView { code: movement.to_owned(), title: found.title.0.vi },
        awards: found.awards.0.into_iter().map(award).collect(),
    }))
}

fn result(kind: CandidateKind, one: PublishedAward) -> ResultView {
    ResultView {
        state: CertificateState::of(one.revoked, true),
        ordinal: one.ordinal,
        recipient: RecipientView { kind, published: one.recipient },
        place: one.place,
        decision: PaperView {
            number: symbol(one.number, &one.paper_type, &one.issuer),
            dated_on: one.date,
            issuer: one.issuer,
        },
    }
}
