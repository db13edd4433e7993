//! Households in the database: one row a household, one row for each state of head and residential unit.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, BigInt, Date, Integer, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use crate::{
    db::{
        Conn, HouseholdId, Listed, LocalityId, Order, Positioned, SortKey, Sorts, Total, UnitId,
        schema::{household_versions, households},
        statement,
    },
    http::{Actor, Result},
    people::names::{plain, sort_key},
    text::searched,
};

/// A household as of a day.
#[derive(QueryableByName, Clone, Serialize)]
pub struct Row {
    #[diesel(sql_type = SqlUuid)]
    pub id: HouseholdId,
    #[diesel(sql_type = Integer)]
    pub version: i32,
    #[diesel(sql_type = Text)]
    pub head: String,
    #[diesel(sql_type = SqlUuid)]
    pub unit_id: UnitId,
    #[diesel(sql_type = Date)]
    pub valid_from: NaiveDate,
}

pub type HouseholdFacts = Row;

/// Households as of day `$2`, by their newest state until then.
const AS_OF: &str =
    "SELECT DISTINCT ON (h.id) h.id, h.version, v.head, v.unit_id, v.valid_from, v.sort_name, v.search_name
     FROM households h JOIN household_versions v ON v.locality_id = h.locality_id AND v.household_id = h.id
     WHERE h.locality_id = $1 AND v.valid_from <= $2
     ORDER BY h.id, v.valid_from DESC";

/// Which households a list shows.
pub struct Filter {
    pub on: NaiveDate,
    /// Words of the head's name, with or without diacritics.
    pub q: Option<String>,
    pub units: Option<Vec<UnitId>>,
}

/// By the head's given name, then the other words.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::words("head", "split_part(now.sort_name, chr(1), 2)"),
        SortKey::day("valid_from", "now.valid_from"),
    ],
    default: "head",
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

/// A household as it stood on a day.
pub async fn facts(conn: &mut Conn, locality: LocalityId, id: HouseholdId, on: NaiveDate) -> Result<Option<Row>> {
    Ok(facts_of(conn, locality, &[id], on).await?.pop())
}

/// Several households as they stood on a day.
pub async fn facts_of(conn: &mut Conn, locality: LocalityId, ids: &[HouseholdId], on: NaiveDate) -> Result<Vec<Row>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let rows = statement(format!("SELECT * FROM ({AS_OF}) AS now WHERE id = ANY($3)"))
        .bind::<SqlUuid, _>(locality)
        .bind::<Date, _>(on)
        .bind::<Array<SqlUuid>, _>(ids);
    Ok(rows.load(conn).await?)
}

/// All of them as they stood on a day.
pub async fn all(conn: &mut Conn, locality: LocalityId, on: NaiveDate) -> Result<Vec<Row>> {
    Ok(statement(AS_OF).bind::<SqlUuid, _>(locality).bind::<Date, _>(on).load(conn).await?)
}

/// Those that lived in these units on a day.
pub async fn members(
    conn: &mut Conn,
    locality: LocalityId,
    units: &[UnitId],
    on: NaiveDate,
) -> Result<Vec<HouseholdId>> {
    let rows = statement(format!("SELECT * FROM ({AS_OF}) AS now WHERE unit_id = ANY($3)"))
        .bind::<SqlUuid, _>(locality)
        .bind::<Date, _>(on)
        .bind::<Array<SqlUuid>, _>(units);
    let rows: Vec<Row> = rows.load(conn).await?;
    Ok(rows.into_iter().map(|row| row.id).collect())
}

/// Locks the household until the transaction ends, and tells the version.
pub async fn lock(conn: &mut Conn, locality: LocalityId, id: HouseholdId) -> Result<Option<i32>> {
    let row = households::table.find((locality, id)).select(households::version).for_update();
    Ok(row.first(conn).await.optional()?)
}

/// Stores the household in its new version, with what holds of it from a day on; a second change on one day corrects the
/// first.
pub async fn put(conn: &mut Conn, actor: &Actor, row: &Row) -> Result<()> {
    let version = households::version.eq(row.version);
    // Whoever is registered anew is known again.
    let known = households::forgotten_at.eq(None::<DateTime<Utc>>);
    diesel::insert_into(households::table)
        .values((households::locality_id.eq(actor.locality), households::id.eq(row.id), version))
        .on_conflict((households::locality_id, households::id))
        .do_update()
        .set((version, known))
        .execute(conn)
        .await?;
    let (search, sort) = (plain(&row.head), sort_key(&row.head));
    let what = (
        household_versions::head.eq(&row.head),
        household_versions::unit_id.eq(row.unit_id),
        household_versions::search_name.eq(&search),
        household_versions::sort_name.eq(&sort),
    );
    let of = (
        household_versions::locality_id.eq(actor.locality),
        household_versions::household_id.eq(row.id),
        household_versions::valid_from.eq(row.valid_from),
    );
    diesel::insert_into(household_versions::table)
        .values((of, what))
        .on_conflict((
            household_versions::locality_id,
            household_versions::household_id,
            household_versions::valid_from,
        ))
        .do_update()
        .set(what)
        .execute(conn)
        .await?;
    Ok(())
}
