//! Events in the database: numbered, and read by number.

use chrono::{DateTime, Utc};
use diesel::{prelude::*, sql_types::Uuid as SqlUuid};
use diesel_async::RunQueryDsl;
use serde_json::Value;
use uuid::Uuid;

use crate::{
    db::{
        Conn, LocalityId, Lock, advisory_lock,
        events::EventType,
        from_text,
        schema::{event_numbers as numbers, event_queue as queue, events},
        statement, to_text,
    },
    http::Result,
};

/// A numbered event.
pub struct Numbered {
    pub seq: i64,
    pub id: Uuid,
    pub kind: EventType,
    pub movement: String,
    pub subject: String,
    pub occurred_at: DateTime<Utc>,
    pub data: Value,
}

/// Whether events are pending.
pub async fn waits(conn: &mut Conn, locality: LocalityId) -> Result<bool> {
    let waiting = queue::table.filter(queue::locality_id.eq(locality)).select(queue::event_id);
    let first: Option<Uuid> = waiting.first(conn).await.optional()?;
    Ok(first.is_some())
}

/// Numbers the pending events in the order of their publication. Other readers wait until this transaction ends and see
/// its numbers: a number is never visible before the ones below it.
pub async fn number(conn: &mut Conn, locality: LocalityId) -> Result<usize> {
    advisory_lock(conn, Lock::EventNumbers(locality)).await?;
    let number = statement(
        "WITH taken AS (DELETE FROM event_queue WHERE locality_id = $1 RETURNING event_id, place),
              last AS (SELECT coalesce(max(seq), 0) AS seq FROM event_numbers WHERE locality_id = $1)
         INSERT INTO event_numbers (locality_id, seq, event_id)
         SELECT $1, last.seq + row_number() OVER (ORDER BY taken.place), taken.event_id FROM taken, last",
    );
    Ok(number.bind::<SqlUuid, _>(locality).execute(conn).await?)
}

/// Filter of events.
#[derive(Default)]
pub struct EventsQuery {
    pub kind: Option<EventType>,
    pub movement: Option<String>,
    /// Only events with a greater number.
    pub after: i64,
    pub limit: i64,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = events)]
struct Row {
    id: Uuid,
    #[diesel(column_name = type_)]
    kind: String,
    movement: String,
    subject: String,
    occurred_at: DateTime<Utc>,
    data: Value,
}

/// Numbered events, in the order of their numbers.
pub async fn after(conn: &mut Conn, locality: LocalityId, asked: EventsQuery) -> Result<Vec<Numbered>> {
    let same = events::locality_id.eq(numbers::locality_id).and(events::id.eq(numbers::event_id));
    let mut query = numbers::table
        .inner_join(events::table.on(same))
        .filter(numbers::locality_id.eq(locality).and(numbers::seq.gt(asked.after)))
        .select((numbers::seq, Row::as_select()))
        .into_boxed();
    if let Some(kind) = asked.kind {
        query = query.filter(events::type_.eq(to_text(kind)?));
    }
    if let Some(movement) = asked.movement {
        query = query.filter(events::movement.eq(movement));
    }
    let rows: Vec<(i64, Row)> = query.order(numbers::seq).limit(asked.limit).load(conn).await?;
    rows.into_iter()
        .map(|(seq, row)| {
            let Row { id, kind, movement, subject, occurred_at, data } = row;
            Ok(Numbered { seq, id, kind: from_text(kind)?, movement, subject, occurred_at, data })
        })
        .collect()
}
