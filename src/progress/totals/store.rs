//! The totals in the database.

use std::collections::BTreeMap;

use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use super::part::Part;
use crate::{
    db::{
        Conn, LocalityId, MovementId,
        schema::{approved_changes, totals},
        statement, write_rows,
    },
    http::{Error, Result},
    movements::Movement,
};

/// Of each indicator that has one.
pub type Parts = BTreeMap<String, Part>;

/// What is kept of a movement.
pub struct Stored {
    pub generation: Uuid,
    /// By the period's code.
    pub periods: BTreeMap<String, Parts>,
}

/// What is kept of some movements in some periods, by the movement's place.
pub async fn read(
    conn: &mut Conn,
    movements: &[(LocalityId, MovementId)],
    periods: &[String],
) -> Result<BTreeMap<usize, Stored>> {
    const READ: &str = "SELECT a.place, t.generation, p.period, p.parts
        FROM unnest($1, $2) WITH ORDINALITY AS a (locality, movement, place)
        JOIN totals t ON t.locality_id = a.locality AND t.movement_id = a.movement
        JOIN totals_by_period p ON p.locality_id = t.locality_id AND p.movement_id = t.movement_id AND p.period = ANY($3)";
    let (localities, ids): (Vec<LocalityId>, Vec<MovementId>) = movements.iter().copied().unzip();
    let asked = statement(READ)
        .bind::<Array<SqlUuid>, _>(localities)
        .bind::<Array<SqlUuid>, _>(ids)
        .bind::<Array<Text>, _>(periods);
    let rows: Vec<(i64, Uuid, String, String)> = asked.in_order::<(BigInt, SqlUuid, Text, Text)>().load(conn).await?;
    let mut found: BTreeMap<usize, Stored> = BTreeMap::new();
    for (place, generation, period, parts) in rows {
        let parts = serde_json::from_str(&parts).map_err(Error::internal)?;
        let stored = found.entry(place as usize - 1).or_insert(Stored { generation, periods: BTreeMap::new() });
        stored.periods.insert(period, parts);
    }
    Ok(found)
}

/// The generation in which a movement was counted.
pub async fn generation(conn: &mut Conn, movement: &Movement) -> Result<Option<Uuid>> {
    let known = totals::table.find((movement.locality, movement.id)).select(totals::generation);
    Ok(known.first(conn).await.optional()?)
}

/// Keeps what a movement comes to in some periods, instead of what was kept of them.
pub async fn write(conn: &mut Conn, movement: &Movement, periods: &BTreeMap<&str, &Parts>) -> Result<()> {
    const HEAD: &str = "INSERT INTO totals (locality_id, movement_id, generation) VALUES ($1, $2, $3)
        ON CONFLICT (locality_id, movement_id) DO UPDATE SET generation = excluded.generation";
    const WRITE: &str = "INSERT INTO totals_by_period
        SELECT r.* FROM json_populate_recordset(NULL::totals_by_period, $1::json) AS r WHERE r.locality_id = $2
        ON CONFLICT (locality_id, movement_id, period) DO UPDATE SET parts = excluded.parts";
    #[derive(Serialize)]
    struct Row<'a> {
        locality_id: LocalityId,
        movement_id: MovementId,
        period: &'a str,
        parts: String,
    }
    let (locality_id, movement_id) = (movement.locality, movement.id);
    statement(HEAD)
        .bind::<SqlUuid, _>(locality_id)
        .bind::<SqlUuid, _>(movement_id)
        .bind::<SqlUuid, _>(movement.recall.generation())
        .execute(conn)
        .await?;
    let mut rows = Vec::with_capacity(periods.len());
    for (period, parts) in periods {
        let parts = serde_json::to_string(parts).map_err(Error::internal)?;
        rows.push(Row { locality_id, movement_id, period, parts });
    }
    write_rows(conn, locality_id, WRITE, &rows).await?;
    Ok(())
}

/// Notes how many totals of a movement a check found wrong.
pub async fn note(conn: &mut Conn, locality: LocalityId, movement: MovementId, wrong: usize) -> Result<()> {
    let wrong = i32::try_from(wrong).unwrap_or(i32::MAX);
    let noted = diesel::update(totals::table.find((locality, movement)).filter(totals::wrong.ne(wrong)));
    noted.set(totals::wrong.eq(wrong)).execute(conn).await?;
    Ok(())
}

/// How many totals the last check found wrong.
pub async fn wrong(conn: &mut Conn) -> Result<i64> {
    let sum = totals::table.select(diesel::dsl::sum(totals::wrong)).first::<Option<i64>>(conn).await?;
    Ok(sum.unwrap_or_default())
}

/// Forgets what a movement comes to: it is counted anew.
pub async fn forget(conn: &mut Conn, movement: &Movement) -> Result<()> {
    diesel::delete(totals::table.find((movement.locality, movement.id))).execute(conn).await?;
    Ok(())
}

/// The same of every movement.
pub async fn forget_all(conn: &mut Conn) -> Result<()> {
    diesel::delete(totals::table).execute(conn).await?;
    Ok(())
}

/// Forgets the changes of a movement that are folded.
pub async fn forget_changes(conn: &mut Conn, movement: &Movement) -> Result<()> {
    let of_movement = approved_changes::locality_id.eq(movement.locality);
    let of_movement = of_movement.and(approved_changes::movement_id.eq(movement.id));
    diesel::delete(approved_changes::table.filter(of_movement)).execute(conn).await?;
    Ok(())
}

/// The movements whose totals lack something, some hundred at most.
pub async fn unfolded(conn: &mut Conn) -> Result<Vec<(LocalityId, MovementId)>> {
    const UNFOLDED: &str = "SELECT m.locality_id, m.id FROM movements m
        LEFT JOIN totals t ON t.locality_id = m.locality_id AND t.movement_id = m.id
        LEFT JOIN generations g ON g.locality = m.locality_id
        WHERE m.launched_at IS NOT NULL
          AND (t.generation IS DISTINCT FROM coalesce(g.generation, m.locality_id)
               OR EXISTS (SELECT FROM approved_changes c
                          WHERE c.locality_id = m.locality_id AND c.movement_id = m.id))
        ORDER BY m.locality_id, m.id LIMIT 500";
    Ok(statement(UNFOLDED).in_order::<(SqlUuid, SqlUuid)>().load(conn).await?)
}

/// Every movement that was ever launched, with the code of its locality.
pub async fn all(conn: &mut Conn) -> Result<Vec<(LocalityId, MovementId, String)>> {
    const ALL: &str = "SELECT m.locality_id, m.id, l.code FROM movements m JOIN localities l ON l.id = m.locality_id
        WHERE m.launched_at IS NOT NULL ORDER BY m.locality_id, m.created_at, m.id";
    Ok(statement(ALL).in_order::<(SqlUuid, SqlUuid, Text)>().load(conn).await?)
}
