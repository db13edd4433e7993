//! What waits in a movement, counted in one statement.

use diesel::{
    QueryableByName,
    sql_types::{Array, BigInt, Nullable, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, UnitId, statement},
    http::Result,
    movements::Movement,
    people::Scope,
};

#[derive(QueryableByName)]
pub struct Waiting {
    #[diesel(sql_type = BigInt)]
    pub reports: i64,
    #[diesel(sql_type = BigInt)]
    pub raised: i64,
    #[diesel(sql_type = BigInt)]
    pub consolidated: i64,
    #[diesel(sql_type = BigInt)]
    pub decided: i64,
    #[diesel(sql_type = BigInt)]
    pub nominated: i64,
    #[diesel(sql_type = BigInt)]
    pub held: i64,
}

/// The counts within a scope: reports and concerns of these units, nominations of these parties; all for none.
pub async fn waiting(
    conn: &mut Conn,
    movement: &Movement,
    units: Option<Vec<UnitId>>,
    parties: Option<Scope>,
) -> Result<Waiting> {
    let of_units = parties.as_ref().map(|scope| scope.units.clone());
    let people = parties.as_ref().map(|scope| scope.people.clone());
    let households = parties.map(|scope| scope.households);
    let waiting = statement(
        "SELECT r.reports, c.raised, c.consolidated, c.decided, n.nominated, n.held
         FROM (SELECT count(*) AS reports FROM submissions
               WHERE locality_id = $1 AND movement_id = $2 AND state = 'submitted'
                 AND ($3 IS NULL OR unit_id = ANY($3))) r,
              (SELECT count(*) FILTER (WHERE state = 'raised') AS raised,
                      count(*) FILTER (WHERE state = 'consolidated') AS consolidated,
                      count(*) FILTER (WHERE state = 'decided') AS decided
               FROM concerns
               WHERE locality_id = $1 AND movement_id = $2 AND ($3 IS NULL OR unit_id = ANY($3))) c,
              (SELECT count(*) FILTER (WHERE state = 'nominated') AS nominated,
                      count(*) FILTER (WHERE state IN ('nominated', 'verified') AND hold_reason IS NOT NULL) AS held
               FROM nominations
               WHERE locality_id = $1 AND movement_id = $2
                 AND ($4 IS NULL OR unit_id = ANY($4) OR person_id = ANY($5) OR household_id = ANY($6))) n",
    )
    .bind::<SqlUuid, _>(movement.locality)
    .bind::<SqlUuid, _>(movement.id)
    .bind::<Nullable<Array<SqlUuid>>, _>(units)
    .bind::<Nullable<Array<SqlUuid>>, _>(of_units)
    .bind::<Nullable<Array<SqlUuid>>, _>(people)
    .bind::<Nullable<Array<SqlUuid>>, _>(households)
    .get_result(conn)
    .await?;
    Ok(waiting)
}
