//! Members of the council and their recusals in the database.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use diesel::{
    prelude::*,
    sql_types::{Array, Bool, Date, Nullable, Text, Uuid as SqlUuid},
};
use diesel_async::RunQueryDsl;
use serde::Serialize;

use crate::{
    db::{
        AccountId, Conn, LocalityId, NominationId, OnConstraint, PersonId, UnitId,
        schema::{council_members, recusals},
        statement,
    },
    http::{Actor, Error, Result},
};

/// Somebody who is or was of the council.
#[derive(Debug, Clone)]
pub struct Member {
    pub account: AccountId,
    pub username: String,
    pub name: Option<String>,
    /// Of the council today, by a role of their own: what is delegated does not vote. Whose account is disabled sits, too:
    /// one administrator could otherwise take a member out and put them back.
    pub sits: bool,
    /// Of the council since the day that is asked for.
    pub sat: bool,
    /// Where they have had a unit's role.
    pub units: Vec<UnitId>,
    pub known: Known,
}

/// Who a member is beside their account, as recorded.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Known {
    pub unit: Option<UnitId>,
    pub person: Option<PersonId>,
    /// 0 before anything is recorded.
    pub version: i32,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = SqlUuid)]
    id: AccountId,
    #[diesel(sql_type = Text)]
    username: String,
    #[diesel(sql_type = Nullable<Text>)]
    display_name: Option<String>,
    #[diesel(sql_type = Bool)]
    sits: bool,
    #[diesel(sql_type = Bool)]
    sat: bool,
    #[diesel(sql_type = Array<SqlUuid>)]
    units: Vec<UnitId>,
}

/// Everybody who ever was of the council, by username, with the units in which they had a role since a day.
pub async fn members(conn: &mut Conn, locality: LocalityId, today: NaiveDate, since: NaiveDate) -> Result<Vec<Member>> {
    let rows: Vec<Row> = statement(
        "SELECT a.id, a.username, a.display_name,
                bool_or(g.role = 'council_member' AND g.delegated_from IS NULL AND g.ended_at IS NULL
                    AND g.valid_from <= $2 AND (g.valid_to IS NULL OR g.valid_to >= $2)) AS sits,
                bool_or(g.role = 'council_member' AND g.delegated_from IS NULL AND g.valid_from <= $2
                    AND (g.ended_at IS NULL OR g.ended_at >= $3) AND (g.valid_to IS NULL OR g.valid_to >= $3)) AS sat,
                coalesce(array_agg(DISTINCT g.unit_id) FILTER (
                    WHERE g.unit_id IS NOT NULL AND (g.valid_to IS NULL OR g.valid_to >= $3)
                      AND (g.ended_at IS NULL OR g.ended_at >= $3)), '{}') AS units
         FROM accounts a JOIN role_grants g ON g.account_id = a.id
         WHERE g.locality_id = $1 AND (g.confirm_until IS NULL OR g.confirmed_at IS NOT NULL)
         GROUP BY a.id
         HAVING bool_or(g.role = 'council_member' AND g.delegated_from IS NULL)
         ORDER BY a.username",
    )
    .bind::<SqlUuid, _>(locality)
    .bind::<Date, _>(today)
    .bind::<Date, _>(since)
    .load(conn)
    .await?;
    let recorded = known(conn, locality).await?;
    let member = |row: Row| Member {
        known: recorded.get(&row.id).copied().unwrap_or_default(),
        account: row.id,
        username: row.username,
        name: row.display_name,
        sits: row.sits,
        sat: row.sat,
        units: row.units,
    };
    Ok(rows.into_iter().map(member).collect())
}

async fn known(conn: &mut Conn, locality: LocalityId) -> Result<BTreeMap<AccountId, Known>> {
    type Kept = (AccountId, i32, Option<UnitId>, Option<PersonId>);
    let rows: Vec<Kept> = council_members::table
        .filter(council_members::locality_id.eq(locality))
        .order(council_members::version)
        .select((
            council_members::account_id,
            council_members::version,
            council_members::unit_id,
            council_members::person_id,
        ))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(account, version, unit, person)| (account, Known { unit, person, version })).collect())
}

/// Records who a member is; of two at once the second is refused (412).
pub async fn record_member(conn: &mut Conn, actor: &Actor, member: AccountId, known: Known) -> Result<()> {
    let insert = diesel::insert_into(council_members::table).values((
        council_members::locality_id.eq(actor.locality),
        council_members::account_id.eq(member),
        council_members::version.eq(known.version),
        council_members::unit_id.eq(known.unit),
        council_members::person_id.eq(known.person),
        council_members::recorded_by.eq(actor.account),
        council_members::at.eq(actor.at),
    ));
    let taken = || Error::of("precondition_failed").with("etag", crate::http::etag(known.version));
    insert.execute(conn).await.on_constraint("council_members_pkey", taken)?;
    Ok(())
}

/// A recusal that a member declared.
#[derive(Debug, Clone, Serialize)]
pub struct Declared {
    pub nomination: NominationId,
    pub member: AccountId,
    pub reason: String,
    pub at: DateTime<Utc>,
}

pub async fn declared(conn: &mut Conn, locality: LocalityId, nominations: &[NominationId]) -> Result<Vec<Declared>> {
    type Kept = (NominationId, AccountId, String, DateTime<Utc>);
    let rows: Vec<Kept> = recusals::table
        .filter(recusals::locality_id.eq(locality).and(recusals::nomination_id.eq_any(nominations)))
        .order((recusals::nomination_id, recusals::at, recusals::member_id))
        .select((recusals::nomination_id, recusals::member_id, recusals::reason, recusals::at))
        .load(conn)
        .await?;
    Ok(rows.into_iter().map(|(nomination, member, reason, at)| Declared { nomination, member, reason, at }).collect())
}

/// A second one of the same member is refused (409).
pub async fn declare(conn: &mut Conn, actor: &Actor, declared: &Declared) -> Result<()> {
    let insert = diesel::insert_into(recusals::table).values((
        recusals::locality_id.eq(actor.locality),
        recusals::nomination_id.eq(declared.nomination),
        recusals::member_id.eq(declared.member),
        recusals::reason.eq(&declared.reason),
        recusals::at.eq(declared.at),
    ));
    insert.execute(conn).await.on_constraint("recusals_pkey", || Error::of("recused_already"))?;
    Ok(())
}
