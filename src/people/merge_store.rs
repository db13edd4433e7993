//! When units are merged, the people of the one belong to the other.

use std::{collections::BTreeSet, pin::Pin};

use diesel::{
    prelude::*,
    sql_types::{Date, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;

use crate::{
    db::{Conn, PersonId, schema::people},
    http::{Actor, Result},
    units::Merge,
};

#[derive(QueryableByName)]
struct Moved {
    #[diesel(sql_type = SqlUuid)]
    person_id: PersonId,
}

/// Whoever belongs to the unit on the day gets a state of that day in the other; states that were to begin later are
/// turned to it too.
const MOVE: &str = "
    WITH held AS (
        SELECT DISTINCT ON (person_id) * FROM person_versions
        WHERE locality_id = $1 AND valid_from <= $4 ORDER BY person_id, valid_from DESC
    ), now AS (
        INSERT INTO person_versions
            (locality_id, person_id, valid_from, name, kind, position, unit_id, search_name, sort_name)
        SELECT locality_id, person_id, $4, name, kind, position, $3, search_name, sort_name FROM held WHERE unit_id = $2
        ON CONFLICT (locality_id, person_id, valid_from) DO UPDATE SET unit_id = excluded.unit_id
        RETURNING person_id
    ), later AS (
        UPDATE person_versions SET unit_id = $3 WHERE locality_id = $1 AND unit_id = $2 AND valid_from > $4
        RETURNING person_id
    )
    SELECT person_id FROM now UNION SELECT person_id FROM later";

/// Moves them, and tells whom.
pub fn follow_merge<'a>(
    conn: &'a mut Conn,
    actor: &'a Actor,
    merge: Merge,
) -> Pin<Box<dyn Future<Output = Result<Vec<String>>> + 'a>> {
    Box::pin(async move {
        let moved: Vec<Moved> = diesel::sql_query(MOVE)
            .bind::<SqlUuid, _>(actor.locality)
            .bind::<SqlUuid, _>(merge.from)
            .bind::<SqlUuid, _>(merge.into)
            .bind::<Date, _>(merge.on)
            .load(conn)
            .await?;
        let ids: BTreeSet<PersonId> = moved.into_iter().map(|moved| moved.person_id).collect();
        let rows = people::table.filter(people::locality_id.eq(actor.locality).and(people::id.eq_any(&ids)));
        diesel::update(rows).set(people::version.eq(people::version + 1)).execute(conn).await?;
        Ok(ids.into_iter().map(|id| format!("people/{id}")).collect())
    })
}
