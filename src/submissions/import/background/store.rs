//! Imports that are done later, and what was sent for them, piece by piece.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use tokio::fs::File;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    db::{
        self, AccountId, Conn, ImportId, LocalityId, MovementId, from_text,
        schema::{import_chunks as chunks, imports, movements},
        to_text,
    },
    http::{Actor, Error, Locale, Result, Scope},
    submissions::import::order::Order,
    tables::Format,
};

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportState {
    Queued,
    Running,
    /// Imported, and its result is there.
    Done,
    /// Nothing was imported, and the problem is there.
    Failed,
}

/// What is asked for, by whom, and how they are to be answered.
#[derive(Serialize, Deserialize)]
pub struct ImportRequest {
    pub order: Order,
    pub format: Format,
    pub size: usize,
    /// Hexadecimal.
    pub sha256: String,
    /// Of a machine's token; none for people.
    pub scopes: Vec<Scope>,
    pub locale: Locale,
    /// The id of the request.
    pub request: Option<Uuid>,
}

/// Stores it with what was sent.
pub async fn insert(
    conn: &mut Conn,
    actor: &Actor,
    id: ImportId,
    movement: MovementId,
    request: &ImportRequest,
    mut file: File,
) -> Result<()> {
    diesel::insert_into(imports::table)
        .values((
            imports::locality_id.eq(actor.locality),
            imports::id.eq(id),
            imports::movement_id.eq(movement),
            imports::asked_by.eq(actor.account),
            imports::asked.eq(serde_json::to_value(request).map_err(Error::internal)?),
            imports::state.eq(to_text(ImportState::Queued)?),
            imports::attempts.eq(0),
            imports::received.eq(0),
            imports::done.eq(0),
            imports::asked_at.eq(actor.at),
        ))
        .execute(conn)
        .await?;
    for number in 0.. {
        let Some(bytes) = db::next_piece(&mut file).await? else { break };
        let of = (chunks::locality_id.eq(actor.locality), chunks::import_id.eq(id));
        let piece = (of, chunks::number.eq(number), chunks::bytes.eq(bytes));
        diesel::insert_into(chunks::table).values(piece).execute(conn).await?;
    }
    Ok(())
}

/// What was sent.
pub async fn bytes(conn: &mut Conn, locality: LocalityId, id: ImportId, size: usize) -> Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    for number in 0.. {
        let piece = chunks::table.find((locality, id, number)).select(chunks::bytes);
        let Some(piece): Option<Vec<u8>> = piece.first(conn).await.optional()? else { break };
        bytes.extend_from_slice(&piece);
    }
    if bytes.len() != size {
        return Err(Error::internal("what was sent for an import is not there"));
    }
    Ok(bytes)
}

/// An import that a worker has claimed.
pub struct ClaimedImport {
    pub request: ImportRequest,
    pub by: AccountId,
    /// This one counted.
    pub attempts: i32,
}

/// Claims an import that has not ended.
pub async fn claim(conn: &mut Conn, locality: LocalityId, id: ImportId) -> Result<Option<ClaimedImport>> {
    let claimed = (imports::state.eq(to_text(ImportState::Running)?), imports::attempts.eq(imports::attempts + 1));
    let open = imports::table.find((locality, id)).filter(imports::ended_at.is_null());
    let row: Option<(Json, AccountId, i32)> = diesel::update(open)
        .set(claimed)
        .returning((imports::asked, imports::asked_by, imports::attempts))
        .get_result(conn)
        .await
        .optional()?;
    let Some((asked, by, attempts)) = row else { return Ok(None) };
    Ok(Some(ClaimedImport { request: serde_json::from_value(asked).map_err(Error::internal)?, by, attempts }))
}

/// Records how far it is: rows read, and rows dealt with of them.
pub async fn record_progress(
    conn: &mut Conn,
    locality: LocalityId,
    id: ImportId,
    (received, done): (usize, usize),
) -> Result<()> {
    let progress = (imports::received.eq(received as i32), imports::done.eq(done as i32));
    let open = imports::table.find((locality, id)).filter(imports::ended_at.is_null());
    diesel::update(open).set(progress).execute(conn).await?;
    Ok(())
}

/// What came of it.
pub struct Ended<'a> {
    pub state: ImportState,
    pub answer: &'a Json,
    pub at: DateTime<Utc>,
}

/// Ends it, once, and forgets what was sent.
pub async fn end(
    conn: &mut Conn,
    locality: LocalityId,
    id: ImportId,
    ended: Ended<'_>,
    (received, done): (usize, usize),
) -> Result<()> {
    let open = imports::table.find((locality, id)).filter(imports::ended_at.is_null());
    let changed = diesel::update(open)
        .set((
            imports::state.eq(to_text(ended.state)?),
            imports::answer.eq(ended.answer),
            imports::ended_at.eq(ended.at),
            imports::received.eq(received as i32),
            imports::done.eq(done as i32),
        ))
        .execute(conn)
        .await?;
    if changed == 0 {
        return Err(Error::busy("another worker ended this import"));
    }
    let sent = chunks::table.filter(chunks::locality_id.eq(locality).and(chunks::import_id.eq(id)));
    diesel::delete(sent).execute(conn).await?;
    Ok(())
}

/// What is known of an import.
pub struct ImportStatus {
    pub movement: String,
    pub state: ImportState,
    pub received: i32,
    pub done: i32,
    pub answer: Option<Json>,
    pub asked_at: DateTime<Utc>,
    pub ended_at: Option<DateTime<Utc>>,
}

/// One that this account asked for.
pub async fn find(conn: &mut Conn, locality: LocalityId, id: ImportId, by: AccountId) -> Result<Option<ImportStatus>> {
    type Row = (String, String, i32, i32, Option<Json>, DateTime<Utc>, Option<DateTime<Utc>>);
    let same = movements::locality_id.eq(imports::locality_id).and(movements::id.eq(imports::movement_id));
    let row: Option<Row> = imports::table
        .inner_join(movements::table.on(same))
        .filter(imports::locality_id.eq(locality).and(imports::id.eq(id)).and(imports::asked_by.eq(by)))
        .select((
            movements::code,
            imports::state,
            imports::received,
            imports::done,
            imports::answer,
            imports::asked_at,
            imports::ended_at,
        ))
        .first(conn)
        .await
        .optional()?;
    let found = |(movement, state, received, done, answer, asked_at, ended_at)| {
        Ok(ImportStatus { movement, state: from_text(state)?, received, done, answer, asked_at, ended_at })
    };
    row.map(found).transpose()
}

/// Forgets those that ended before.
pub async fn forget(conn: &mut Conn, before: DateTime<Utc>) -> Result<usize> {
    Ok(diesel::delete(imports::table.filter(imports::ended_at.lt(before))).execute(conn).await?)
}
