//! People in the database: one row a person, one row for each state of name, kind, position and unit.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use super::names::{plain, sort_key};
use crate::{
    db::{
        Conn, Listed, LocalityId, Order, PersonId, Positioned, SortKey, Sorts, Total, UnitId,
        schema::{people, person_versions},
        statement, write_rows,
    },
    http::{Actor, Error, Result},
    text::searched,
};

/// A person as of a day.
#[derive(QueryableByName, Clone, Serialize)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: PersonId,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Text)]
    pub name: String,
    #[diesel(sql_type = Text)]
    pub kind: String,
    #[diesel(sql_type = Nullable<Text>)]
    pub position: Option<String>,
    #[diesel(sql_type = Nullable<SqlUuid>)]
    pub unit_id: Option<UnitId>,
    #[diesel(sql_type = Date)]
    pub valid_from: NaiveDate,
    #[diesel(sql_type = Text)]
    #[serde(skip)]
    pub sort_name: String,
}

/// What a ranking needs to know of a person on a day.
pub type PersonFacts = Row;

/// The newest state of each person that began by the day.
const AS_OF: &str = "SELECT DISTINCT ON (p.id) p.id, p.version, v.name, v.kind, v.position, v.unit_id, v.valid_from,
            v.sort_name, v.search_name
     FROM people p JOIN person_versions v ON v.locality_id = p.locality_id AND v.person_id = p.id
     WHERE p.locality_id = $1 AND v.valid_from <= $2
     ORDER BY p.id, v.valid_from DESC";

/// Which people a list shows.
pub struct Filter {
    pub on: NaiveDate,
    /// Words of the name, with or without diacritics.
    pub q: Option<String>,
    pub units: Option<Vec<UnitId>>,
}

/// By given name, then the other words.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::words("name", "split_part(now.sort_name, chr(1), 2)"),
        SortKey::text("kind", "now.kind"),
        SortKey::day("valid_from", "now.valid_from"),
    ],
    default: "name",
    tie: SortKey::id("id", "now.id"),
};

pub async fn list(conn: &mut Conn, locality: LocalityId, filter: Filter, order: &Order) -> Result<Listed<Row>> {
    const MATCH: &str = "search_name LIKE ALL($3) AND ($4 IS NULL OR unit_id = ANY($4))";
    let words: Vec<String> = filter.q.iter().flat_map(|q| searched(q)).map(|word| format!("%{word}%")).collect();
    let query = |sql: String| {
        diesel::sql_query(sql)
            .bind::<SqlUuid, _>(locality)
            .bind::<Date, _>(filter.on)
            .bind::<Array<Text>, _>(words.clone())
            .bind::<Nullable<Array<SqlUuid>>, _>(filter.units.clone())
    };
    let page = query(format!(
        "WITH now AS ({AS_OF})
         SELECT now.*, {position} AS keys FROM now
         WHERE {MATCH} AND ($5 IS NOT NULL) AND {beyond}
         ORDER BY {by} LIMIT $6",
        position = order.position(),
        beyond = order.beyond_array("$5"),
        by = order.by(),
    ));
    let page = page.bind::<Array<Text>, _>(order.values()).bind::<BigInt, _>(order.fetch());
    let rows: Vec<(Row, Positioned)> = page.load(conn).await?;
    let total = match order.count {
        true => {
            let all = query(format!("WITH now AS ({AS_OF}) SELECT count(*) AS total FROM now WHERE {MATCH}"));
            Some(all.get_result::<Total>(conn).await?.total)
        }
        false => None,
    };
    Ok(Listed { rows: rows.into_iter().map(|(row, positioned)| (row, positioned.keys)).collect(), total })
}

/// A person as they stood on a day.
pub async fn facts(conn: &mut Conn, locality: LocalityId, id: PersonId, on: NaiveDate) -> Result<Option<Row>> {
    let found = statement(format!("SELECT * FROM ({AS_OF}) AS now WHERE id = $3"))
        .bind::<SqlUuid, _>(locality)
        .bind::<Date, _>(on)
        .bind::<SqlUuid, _>(id)
        .get_result(conn)
        .await;
    Ok(found.optional()?)
}

/// Several people as they stood on a day.
pub async fn facts_of(conn: &mut Conn, locality: LocalityId, ids: &[PersonId], on: NaiveDate) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = statement(format!("SELECT * FROM ({AS_OF}) AS now WHERE id = ANY($3)"))
        .bind::<SqlUuid, _>(locality)
        .bind::<Date, _>(on)
        .bind::<Array<SqlUuid>, _>(ids)
        .load(conn)
        .await?;
    Ok(rows)
}

/// Everybody as they stood on a day.
pub async fn all(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Vec<Row>> {
    let rows = statement(AS_OF).bind::<SqlUuid, _>(locality).bind::<Date, _>(on).load(conn).await?;
    Ok(rows)
}

/// Everybody who was ever registered, as they stood on a day; whoever was registered later as they first stood.
pub async fn ever_registered(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Vec<Row>> {
    let rows = statement(
        "SELECT DISTINCT ON (p.id) p.id, p.version, v.name, v.kind, v.position, v.unit_id, v.valid_from, v.sort_name
         FROM people p JOIN person_versions v ON v.locality_id = p.locality_id AND v.person_id = p.id
         WHERE p.locality_id = $1
         ORDER BY p.id, v.valid_from <= $2 DESC, abs(v.valid_from - $2)",
    );
    Ok(rows.bind::<SqlUuid, _>(locality).bind::<Date, _>(on).load(conn).await?)
}

/// Who belonged to these units on a day.
pub async fn members(conn: &mut Conn, locality: LocalityId, units: &[UnitId], on: NaiveDate) -> Result<Vec<PersonId>> {
    let rows: Vec<Row> = statement(format!("SELECT * FROM ({AS_OF}) AS now WHERE unit_id = ANY($3)"))
        .bind::<SqlUuid, _>(locality)
        .bind::<Date, _>(on)
        .bind::<Array<SqlUuid>, _>(units)
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Locks the person until the transaction ends, and tells the version.
pub async fn lock(conn: &mut Conn, locality: LocalityId, id: PersonId) -> Result<Option<i32>> {
    Ok(people::table.find((locality, id)).select(people::version).for_update().first(conn).await.optional()?)
}

pub async fn insert(conn: &mut Conn, actor: &Actor, id: PersonId) -> Result<()> {
    let row = (people::locality_id.eq(actor.locality), people::id.eq(id), people::version.eq(1));
    diesel::insert_into(people::table).values(row).execute(conn).await?;
    Ok(())
}

pub async fn bump(conn: &mut Conn, actor: &Actor, id: PersonId, version: i32) -> Result<()> {
    let row = people::table.find((actor.locality, id));
    // Whoever is registered anew is known again.
    let known = people::forgotten_at.eq(None::<DateTime<Utc>>);
    diesel::update(row).set((people::version.eq(version), known)).execute(conn).await?;
    Ok(())
}

/// Sets what holds from a day on; a second change on one day corrects the first.
pub async fn put_state(conn: &mut Conn, actor: &Actor, row: &Row) -> Result<()> {
    let (search, sort) = (plain(&row.name), sort_key(&row.name));
    let what = (
        person_versions::name.eq(&row.name),
        person_versions::kind.eq(&row.kind),
        person_versions::position.eq(&row.position),
        person_versions::unit_id.eq(row.unit_id),
        person_versions::search_name.eq(&search),
        person_versions::sort_name.eq(&sort),
    );
    diesel::insert_into(person_versions::table)
        .values((
            person_versions::locality_id.eq(actor.locality),
            person_versions::person_id.eq(row.id),
            person_versions::valid_from.eq(row.valid_from),
            what,
        ))
        .on_conflict((person_versions::locality_id, person_versions::person_id, person_versions::valid_from))
        .do_update()
        .set(what)
        .execute(conn)
        .await?;
    Ok(())
}

/// A state as it is written.
#[derive(Serialize)]
struct Written<'a> {
    locality_id: LocalityId,
    id: PersonId,
    version: i32,
    person_id: PersonId,
    valid_from: NaiveDate,
    name: &'a str,
    kind: &'a str,
    position: Option<&'a str>,
    unit_id: Option<UnitId>,
    search_name: String,
    sort_name: String,
}

impl<'a> Written<'a> {
    fn of(locality: LocalityId, row: &'a Row) -> Self {
        Self {
            locality_id: locality,
            id: row.id,
            version: row.version,
            person_id: row.id,
            valid_from: row.valid_from,
            name: &row.name,
            kind: &row.kind,
            position: row.position.as_deref(),
            unit_id: row.unit_id,
            search_name: plain(&row.name),
            sort_name: sort_key(&row.name),
        }
    }
}

/// Stores people, new ones and known ones alike, each in the next version, with what holds of them from a day on.
pub async fn put_all(conn: &mut Conn, actor: &Actor, rows: &[Row]) -> Result<()> {
    const PEOPLE: &str = "INSERT INTO people (locality_id, id, version)
        SELECT r.locality_id, r.id, r.version FROM json_populate_recordset(NULL::people, $1::json) AS r
        WHERE r.locality_id = $2
        ON CONFLICT (locality_id, id) DO UPDATE SET version = excluded.version, forgotten_at = NULL
        WHERE people.version = excluded.version - 1";
    const STATES: &str = "INSERT INTO person_versions
            (locality_id, person_id, valid_from, name, kind, position, unit_id, search_name, sort_name)
        SELECT r.locality_id, r.person_id, r.valid_from, r.name, r.kind, r.position, r.unit_id, r.search_name, r.sort_name
        FROM json_populate_recordset(NULL::person_versions, $1::json) AS r WHERE r.locality_id = $2
        ON CONFLICT (locality_id, person_id, valid_from) DO UPDATE
        SET name = excluded.name, kind = excluded.kind, position = excluded.position, unit_id = excluded.unit_id,
            search_name = excluded.search_name, sort_name = excluded.sort_name";
    let written: Vec<Written> = rows.iter().map(|row| Written::of(actor.locality, row)).collect();
    if write_rows(conn, actor.locality, PEOPLE, &written).await? != written.len() {
        return Err(Error::busy("a person was changed by somebody else"));
    }
    write_rows(conn, actor.locality, STATES, &written).await.map(drop)
}
