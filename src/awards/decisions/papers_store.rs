//! The papers of decisions in the database: numbers of the registry, and the signed files with their bytes.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use tokio::fs::File;

use super::rules::Numbered;
use crate::{
    awards::proposals::is_by,
    canonical::hex,
    db::{
        self, AccountId, Conn, DecisionId, LocalityId, OnConstraint, from_text,
        schema::{award_registrations as papers, award_signed_chunks as chunks, award_signed_files as files},
        to_text,
    },
    http::{Actor, Error, Result, etag},
    submissions::Kind,
};

/// The number of a decision, or of an act on one.
#[derive(Debug, Clone, Serialize)]
pub struct Paper {
    #[serde(flatten)]
    pub numbered: Numbered,
    pub decision: DecisionId,
    /// 0: the decision itself.
    pub act: i32,
    pub by: AccountId,
    pub acting_for: Vec<AccountId>,
}

impl Paper {
    /// Whether one of these persons registered it, or somebody for them.
    pub fn is_by(&self, persons: &[AccountId]) -> bool {
        is_by(persons, self.by, &self.acting_for)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = papers)]
struct Row {
    issuer: String,
    paper_type: String,
    number: i32,
    dated_on: NaiveDate,
    decision_id: DecisionId,
    act: i32,
    registered_by: AccountId,
    acting_for: Vec<Option<AccountId>>,
}

impl From<Row> for Paper {
    fn from(row: Row) -> Self {
        let Row { issuer, paper_type, number, dated_on: date, .. } = row;
        Self {
            numbered: Numbered { issuer, paper_type, number: number as u32, date },
            decision: row.decision_id,
            act: row.act,
            by: row.registered_by,
            acting_for: row.acting_for.into_iter().flatten().collect(),
        }
    }
}

/// The numbers of a decision and of the acts on it, in their order.
pub async fn papers_of(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Vec<Paper>> {
    let of_decision = papers::table.filter(papers::locality_id.eq(locality).and(papers::decision_id.eq(id)));
    let rows: Vec<Row> = of_decision.order(papers::act).select(Row::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(Paper::from).collect())
}

/// The numbers of the year's registry that stand next to this one, before and behind it, by number and by date.
pub async fn neighbours(conn: &mut Conn, locality: LocalityId, of: &Numbered) -> Result<Vec<Numbered>> {
    let registry = papers::locality_id
        .eq(locality)
        .and(papers::issuer.eq(&of.issuer))
        .and(papers::paper_type.eq(&of.paper_type))
        .and(papers::year.eq(of.year()));
    let number = of.number as i32;
    let later = papers::number.lt(number).and(papers::dated_on.gt(of.date));
    let earlier = papers::number.gt(number).and(papers::dated_on.lt(of.date));
    let crossed = papers::table.filter(registry.and(later.or(earlier))).order(papers::number).limit(10);
    let rows: Vec<Row> = crossed.select(Row::as_select()).load(conn).await?;
    Ok(rows.into_iter().map(|row| Paper::from(row).numbered).collect())
}

/// Takes a number; one that is taken is refused (409).
pub async fn insert_paper(conn: &mut Conn, actor: &Actor, new: &Paper) -> Result<()> {
    let of = &new.numbered;
    let insert = diesel::insert_into(papers::table).values((
        papers::locality_id.eq(actor.locality),
        papers::issuer.eq(&of.issuer),
        papers::paper_type.eq(&of.paper_type),
        papers::year.eq(of.year()),
        papers::number.eq(of.number as i32),
        papers::dated_on.eq(of.date),
        papers::decision_id.eq(new.decision),
        papers::act.eq(new.act),
        papers::registered_by.eq(new.by),
        papers::acting_for.eq(&new.acting_for),
        papers::at.eq(actor.at),
    ));
    let taken = || Error::of("number_taken").with("symbol", of.symbol()).with("year", of.year());
    insert.execute(conn).await.on_constraint("award_registrations_pkey", taken)?;
    Ok(())
}

/// A signed paper.
#[derive(Debug, Clone, Serialize)]
pub struct SignedFile {
    pub version: i32,
    pub kind: Kind,
    pub size: i64,
    /// Hexadecimal.
    pub sha256: String,
    pub by: AccountId,
    pub at: DateTime<Utc>,
}

/// The newest signed paper.
pub async fn file_of(conn: &mut Conn, locality: LocalityId, id: DecisionId) -> Result<Option<SignedFile>> {
    type Kept = (i32, String, i64, Vec<u8>, AccountId, DateTime<Utc>);
    let newest = files::table
        .filter(files::locality_id.eq(locality).and(files::decision_id.eq(id)))
        .order(files::version.desc())
        .select((files::version, files::kind, files::size, files::sha256, files::taken_by, files::at));
    let row: Option<Kept> = newest.first(conn).await.optional()?;
    let read = |(version, kind, size, sha256, by, at): Kept| {
        Ok(SignedFile { version, kind: from_text(kind)?, size, sha256: hex(&sha256), by, at })
    };
    row.map(read).transpose()
}

/// Stores a signed paper, its bytes piece by piece; of two at once the second is refused (412).
pub async fn insert_file(
    conn: &mut Conn,
    actor: &Actor,
    of: DecisionId,
    (new, sha256): (&SignedFile, &[u8]),
    bytes: &mut File,
) -> Result<()> {
    let insert = diesel::insert_into(files::table).values((
        files::locality_id.eq(actor.locality),
        files::decision_id.eq(of),
        files::version.eq(new.version),
        files::kind.eq(to_text(new.kind)?),
        files::size.eq(new.size),
        files::sha256.eq(sha256),
        files::taken_by.eq(new.by),
        files::acting_for.eq(&actor.acting_for),
        files::at.eq(new.at),
    ));
    let taken = || Error::of("precondition_failed").with("etag", etag(new.version));
    insert.execute(conn).await.on_constraint("award_signed_files_pkey", taken)?;
    for number in 0.. {
        let Some(piece) = db::next_piece(bytes).await? else { break };
        diesel::insert_into(chunks::table)
            .values((
                chunks::locality_id.eq(actor.locality),
                chunks::decision_id.eq(of),
                chunks::version.eq(new.version),
                chunks::number.eq(number),
                chunks::bytes.eq(piece),
            ))
            .execute(conn)
            .await?;
    }
    Ok(())
}

/// One piece of a signed paper; none behind the last.
pub async fn piece(
    conn: &mut Conn,
    locality: LocalityId,
    (id, version): (DecisionId, i32),
    number: i32,
) -> Result<Option<Vec<u8>>> {
    let found = chunks::table.find((locality, id, version, number)).select(chunks::bytes);
    Ok(found.first(conn).await.optional()?)
}
