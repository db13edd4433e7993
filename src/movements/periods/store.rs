//! Moves of due instants in the database.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;

use crate::{
    db::{
        Conn,
        events::{self, Event, EventType},
        schema::due_changes,
    },
    http::{Actor, Result},
    movements::{
        movement::{Movement, Period},
        store,
    },
};

/// A period whose due instant moves.
pub struct DueMove<'a> {
    pub before: &'a Period,
    pub after: &'a Period,
    pub reason: &'a str,
}

/// Stores the moves, and tells of each that reaches the units.
pub async fn move_due(conn: &mut Conn, movement: &Movement, actor: &Actor, moves: &[DueMove<'_>]) -> Result<()> {
    let mut told = Vec::new();
    for DueMove { before, after, reason } in moves {
        store::update_period(conn, movement, after).await?;
        let (former, due_at) = (before.dates.due_at, after.dates.due_at);
        if former == due_at {
            continue;
        }
        diesel::insert_into(due_changes::table)
            .values((
                due_changes::locality_id.eq(movement.locality),
                due_changes::movement_id.eq(movement.id),
                due_changes::period.eq(&after.dates.code),
                due_changes::version.eq(after.version),
                due_changes::former_due_at.eq(former),
                due_changes::due_at.eq(due_at),
                due_changes::reason.eq(*reason),
                due_changes::changed_by.eq(actor.account),
                due_changes::changed_at.eq(actor.at),
            ))
            .execute(conn)
            .await?;
        told.push(event(movement, &after.dates.code, former, due_at));
    }
    events::emit(conn, movement.locality, actor.at, &told).await.map(drop)
}

fn event(movement: &Movement, period: &str, former: DateTime<Utc>, due_at: DateTime<Utc>) -> Event {
    let movement = movement.code.clone();
    Event {
        kind: EventType::PeriodDueMoved,
        subject: format!("movements/{movement}/periods/{period}"),
        data: json!({"period": period, "due_at": due_at, "former_due_at": former}),
        movement,
        once: None,
    }
}

/// The periods with the due instants that were known at an instant.
pub async fn due_as_of(
    conn: &mut Conn,
    movement: &Movement,
    mut periods: Vec<Period>,
    at: DateTime<Utc>,
) -> Result<Vec<Period>> {
    let of_movement = due_changes::locality_id.eq(movement.locality).and(due_changes::movement_id.eq(movement.id));
    let later: Vec<(String, DateTime<Utc>)> = due_changes::table
        .filter(of_movement.and(due_changes::changed_at.gt(at)))
        .order((due_changes::period, due_changes::version))
        .select((due_changes::period, due_changes::former_due_at))
        .load(conn)
        .await?;
    for period in &mut periods {
        if let Some((_, former)) = later.iter().find(|(code, _)| *code == period.dates.code) {
            period.dates.due_at = *former;
        }
    }
    Ok(periods)
}
