//! Evidence in the database: what is said of a document in one row, its bytes in pieces of their own.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, NaiveDate, Utc};
use data_encoding::HEXLOWER;
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::{
    about::About,
    kind::Kind,
    upload::{Received, Upload},
};
use crate::{
    canonical::hex,
    db::{
        self, AccountId, Conn, EvidenceId, LocalityId, MovementId, UnitId, from_text,
        schema::{
            accounts, evidence, evidence_chunks as chunks, movements, nominations, periods,
            submission_revisions as revisions, submissions,
        },
        to_text,
    },
    http::{Actor, Result},
    movements::Movement,
};

/// A document of one unit's place in one period.
#[derive(Clone, Serialize)]
pub struct Evidence {
    pub id: EvidenceId,
    pub movement: MovementId,
    pub period: String,
    pub unit: UnitId,
    #[serde(flatten)]
    pub about: About,
    pub file: Option<FileFacts>,
    pub uploaded_by: AccountId,
    pub uploaded_at: DateTime<Utc>,
}

#[derive(Clone, Serialize)]
pub struct FileFacts {
    pub name: String,
    pub kind: Kind,
    pub size: i64,
    /// Hexadecimal.
    pub sha256: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = evidence)]
struct Row {
    id: EvidenceId,
    movement_id: MovementId,
    period: String,
    unit_id: UnitId,
    name: Option<String>,
    kind: Option<String>,
    size: Option<i64>,
    sha256: Option<Vec<u8>>,
    link: Option<String>,
    number: Option<String>,
    issued_on: Option<NaiveDate>,
    issuer: Option<String>,
    excerpt: Option<String>,
    uploaded_by: AccountId,
    uploaded_at: DateTime<Utc>,
}

impl Row {
    fn into_domain(self) -> Result<Evidence> {
        let file = match (self.name, self.kind, self.size, self.sha256) {
            (Some(name), Some(kind), Some(size), Some(sha256)) => {
                Some(FileFacts { name, kind: from_text(kind)?, size, sha256: hex(&sha256) })
            }
            _ => None,
        };
        let Self { number, issued_on: date, issuer, excerpt, link, .. } = self;
        Ok(Evidence {
            id: self.id,
            movement: self.movement_id,
            period: self.period,
            unit: self.unit_id,
            about: About { number, date, issuer, excerpt, link },
            file,
            uploaded_by: self.uploaded_by,
            uploaded_at: self.uploaded_at,
        })
    }
}

/// Stores what was sent, its bytes piece by piece.
pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    (movement, period, unit): (&Movement, &str, UnitId),
    upload: Upload,
) -> Result<Evidence> {
    let Upload { about, file } = upload;
    let id = EvidenceId::new();
    let kind = file.as_ref().map(|file| to_text(file.kind)).transpose()?;
    let row: Row = diesel::insert_into(evidence::table)
        .values((
            evidence::locality_id.eq(actor.locality),
            evidence::id.eq(id),
            evidence::movement_id.eq(movement.id),
            evidence::period.eq(period),
            evidence::unit_id.eq(unit),
            evidence::name.eq(file.as_ref().map(|file| &file.name)),
            evidence::kind.eq(kind),
            evidence::size.eq(file.as_ref().map(|file| file.size as i64)),
            evidence::sha256.eq(file.as_ref().map(|file| file.sha256.to_vec())),
            (
                evidence::link.eq(about.link),
                evidence::number.eq(about.number),
                evidence::issued_on.eq(about.date),
                evidence::issuer.eq(about.issuer),
                evidence::excerpt.eq(about.excerpt),
            ),
            evidence::uploaded_by.eq(actor.account),
            evidence::uploaded_at.eq(actor.at),
        ))
        .returning(Row::as_returning())
        .get_result(conn)
        .await?;
    if let Some(file) = file {
        insert_bytes(conn, actor.locality, id, file).await?;
    }
    row.into_domain()
}

async fn insert_bytes(conn: &mut Conn, locality: LocalityId, id: EvidenceId, file: Received) -> Result<()> {
    let mut bytes = file.bytes;
    for number in 0.. {
        let Some(piece) = db::next_piece(&mut bytes).await? else { break };
        diesel::insert_into(chunks::table)
            .values((
                chunks::locality_id.eq(locality),
                chunks::evidence_id.eq(id),
                chunks::number.eq(number),
                chunks::bytes.eq(piece),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// One piece of a file's bytes; none behind the last.
pub async fn piece(conn: &mut Conn, locality: LocalityId, id: EvidenceId, number: i32) -> Result<Option<Vec<u8>>> {
    let found = chunks::table.find((locality, id, number)).select(chunks::bytes);
    Ok(found.first(conn).await.optional()?)
}

/// A document with the words that its ids stand for.
pub struct DescribedEvidence {
    pub evidence: Evidence,
    pub movement: String,
    /// Units are named as they were on this day.
    pub cutoff_on: NaiveDate,
    pub uploaded_by: String,
}

type DescribedRow = (Row, String, NaiveDate, String);

impl DescribedEvidence {
    fn of((row, movement, cutoff_on, uploaded_by): DescribedRow) -> Result<Self> {
        Ok(Self { evidence: row.into_domain()?, movement, cutoff_on, uploaded_by })
    }
}

macro_rules! same_movement {
    () => {
        movements::locality_id.eq(evidence::locality_id).and(movements::id.eq(evidence::movement_id))
    };
}

macro_rules! same_period {
    () => {
        periods::locality_id
            .eq(evidence::locality_id)
            .and(periods::movement_id.eq(evidence::movement_id))
            .and(periods::code.eq(evidence::period))
    };
}

/// Evidence with the movement, period and account that it names.
macro_rules! named {
    () => {
        evidence::table
            .inner_join(movements::table.on(same_movement!()))
            .inner_join(periods::table.on(same_period!()))
            .inner_join(accounts::table.on(accounts::id.eq(evidence::uploaded_by)))
            .select((Row::as_select(), movements::code, periods::cutoff_on, accounts::username))
    };
}

pub async fn find(conn: &mut Conn, locality: LocalityId, id: EvidenceId) -> Result<Option<DescribedEvidence>> {
    let document = named!().filter(evidence::locality_id.eq(locality).and(evidence::id.eq(id)));
    let row: Option<DescribedRow> = document.first(conn).await.optional()?;
    row.map(DescribedEvidence::of).transpose()
}

/// What was handed in for one unit's place in one period, oldest first: those after an id.
pub async fn of_place(
    conn: &mut Conn,
    (movement, period, unit): (&Movement, &str, UnitId),
    after: Option<EvidenceId>,
    limit: i64,
) -> Result<Vec<DescribedEvidence>> {
    let of_place = evidence::locality_id.eq(movement.locality).and(evidence::movement_id.eq(movement.id));
    let of_place = of_place.and(evidence::period.eq(period)).and(evidence::unit_id.eq(unit));
    let rows = named!().filter(of_place).filter(evidence::id.gt(after.unwrap_or(EvidenceId::nil())));
    let rows: Vec<DescribedRow> = rows.order(evidence::id).limit(limit).load(conn).await?;
    rows.into_iter().map(DescribedEvidence::of).collect()
}

/// The documents of these ids, oldest first.
pub async fn of_ids(conn: &mut Conn, locality: LocalityId, ids: &BTreeSet<Uuid>) -> Result<Vec<DescribedEvidence>> {
    let documents = named!().filter(evidence::locality_id.eq(locality).and(evidence::id.eq_any(ids)));
    let rows: Vec<DescribedRow> = documents.order(evidence::id).load(conn).await?;
    rows.into_iter().map(DescribedEvidence::of).collect()
}

/// Every document with the bytes of one of these, oldest first; `most` others on average.
pub async fn same_files(
    conn: &mut Conn,
    locality: LocalityId,
    of: &[DescribedEvidence],
    most: usize,
) -> Result<Vec<DescribedEvidence>> {
    let files = of.iter().filter_map(|found| found.evidence.file.as_ref());
    let digests: Vec<Vec<u8>> = files.filter_map(|file| HEXLOWER.decode(file.sha256.as_bytes()).ok()).collect();
    if digests.is_empty() {
        return Ok(Vec::new());
    }
    let limit = digests.len() * (most + 1);
    let same = named!()
        .filter(evidence::locality_id.eq(locality).and(evidence::sha256.eq_any(digests)))
        .order((evidence::uploaded_at, evidence::id))
        .limit(limit as i64);
    let rows: Vec<DescribedRow> = same.load(conn).await?;
    rows.into_iter().map(DescribedEvidence::of).collect()
}

/// Which of these ids are evidence of one unit's place in one period.
pub async fn known(
    conn: &mut Conn,
    (movement, period, unit): (&Movement, &str, UnitId),
    ids: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let of_place = evidence::table
        .filter(evidence::locality_id.eq(movement.locality).and(evidence::movement_id.eq(movement.id)))
        .filter(evidence::period.eq(period).and(evidence::unit_id.eq(unit)))
        .filter(evidence::id.eq_any(ids));
    let found: Vec<Uuid> = of_place.select(evidence::id).load(conn).await?;
    Ok(found.into_iter().collect())
}

/// Which of these ids are evidence of one unit, in any period of the movement.
pub async fn of_unit(
    conn: &mut Conn,
    movement: &Movement,
    unit: UnitId,
    ids: &BTreeSet<Uuid>,
) -> Result<BTreeSet<Uuid>> {
    if ids.is_empty() {
        return Ok(BTreeSet::new());
    }
    let of_unit = evidence::table
        .filter(evidence::locality_id.eq(movement.locality).and(evidence::movement_id.eq(movement.id)))
        .filter(evidence::unit_id.eq(unit).and(evidence::id.eq_any(ids)));
    let found: Vec<Uuid> = of_unit.select(evidence::id).load(conn).await?;
    Ok(found.into_iter().collect())
}

/// Which of these documents a standing dossier names.
pub async fn of_dossiers(conn: &mut Conn, locality: LocalityId, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>> {
    let asked: Vec<Option<Uuid>> = ids.iter().map(|id| Some(Uuid::from(*id))).collect();
    let stands = nominations::state.eq_any(["nominated", "verified"]);
    let named: Vec<Vec<Option<Uuid>>> = nominations::table
        .filter(nominations::locality_id.eq(locality).and(stands).and(nominations::evidence.overlaps_with(asked)))
        .select(nominations::evidence)
        .load(conn)
        .await?;
    Ok(named.into_iter().flatten().flatten().map(EvidenceId::from).filter(|id| ids.contains(id)).collect())
}

/// Which of these documents were there when their report was last handed in.
pub async fn handed_in(conn: &mut Conn, locality: LocalityId, ids: &[EvidenceId]) -> Result<HashSet<EvidenceId>> {
    let report = submissions::locality_id
        .eq(evidence::locality_id)
        .and(submissions::movement_id.eq(evidence::movement_id))
        .and(submissions::period.eq(evidence::period))
        .and(submissions::unit_id.eq(evidence::unit_id));
    let hand_in = revisions::locality_id
        .eq(submissions::locality_id)
        .and(revisions::submission_id.eq(submissions::id))
        .and(revisions::submitted_at.ge(evidence::uploaded_at));
    let found = evidence::table
        .inner_join(submissions::table.on(report))
        .inner_join(revisions::table.on(hand_in))
        .filter(evidence::locality_id.eq(locality).and(evidence::id.eq_any(ids)))
        .select(evidence::id)
        .load(conn)
        .await?;
    Ok(found.into_iter().collect())
}
