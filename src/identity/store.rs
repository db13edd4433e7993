//! Accounts, grants and failed logins.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use diesel::{prelude::*, sql_types::Text};
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    db::{
        AccountId, Conn, LocalityId, OnConstraint, UnitId,
        schema::{accounts, localities as localities_table, login_failures, role_grants, units},
    },
    http::{Account, Error, Grant, Locality, Result, Role},
    localities,
};

/// What a login is checked against.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Login {
    pub id: AccountId,
    pub locality_id: Option<LocalityId>,
    pub password_hash: String,
    pub disabled_at: Option<DateTime<Utc>>,
}

/// Where a grant holds.
pub struct Scope {
    pub locality: Option<LocalityId>,
    pub unit: Option<UnitId>,
}

pub async fn find_login(conn: &mut Conn, username: &str) -> Result<Option<Login>> {
    let found = accounts::table.filter(accounts::username.eq(username)).select(Login::as_select()).first(conn).await;
    Ok(found.optional()?)
}

/// An enabled account with its locality and the grants that hold on `today`.
pub async fn find_caller(
    conn: &mut Conn,
    id: AccountId,
    today: NaiveDate,
) -> Result<Option<(Account, Option<Locality>, Vec<Grant>)>> {
    type Found = (String, Option<(LocalityId, String, String)>, Option<(String, Option<UnitId>)>);
    let holds =
        role_grants::valid_from.le(today).and(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)));
    let rows: Vec<Found> = accounts::table
        .left_join(localities_table::table)
        .left_join(role_grants::table.on(role_grants::account_id.eq(accounts::id).and(holds)))
        .filter(accounts::id.eq(id).and(accounts::disabled_at.is_null()))
        .select((
            accounts::username,
            (localities_table::id, localities_table::code, localities_table::name).nullable(),
            (role_grants::role, role_grants::unit_id).nullable(),
        ))
        .load(conn)
        .await?;
    let [(username, locality, _), ..] = rows.as_slice() else { return Ok(None) };
    let (username, locality) = (username.clone(), locality.clone());
    let grants = rows.into_iter().filter_map(|(.., grant)| {
        let (role, unit) = grant?;
        Some(Grant { role: serde_json::from_value(role.into()).ok()?, unit })
    });
    let locality = locality.map(|(id, code, name)| Locality { id, code, name });
    Ok(Some((Account { id, username }, locality, grants.collect())))
}

pub async fn scope(conn: &mut Conn, locality: Option<&str>, unit: Option<&str>, today: NaiveDate) -> Result<Scope> {
    let Some(code) = locality else { return Ok(Scope { locality: None, unit: None }) };
    let locality = localities::find(conn, code, today).await?.ok_or_else(Error::not_found)?.id;
    let unit = match unit {
        None => None,
        Some(code) => {
            let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq(code)));
            Some(found.select(units::id).first(conn).await.optional()?.ok_or_else(Error::not_found)?)
        }
    };
    Ok(Scope { locality: Some(locality), unit })
}

pub async fn insert(
    conn: &mut Conn,
    id: AccountId,
    username: &str,
    locality: Option<LocalityId>,
    password_hash: &str,
    now: DateTime<Utc>,
) -> Result<AccountId> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(id),
            accounts::username.eq(username),
            accounts::locality_id.eq(locality),
            accounts::password_hash.eq(password_hash),
            accounts::created_at.eq(now),
        ))
        .execute(conn)
        .await
        .on_constraint("accounts_username_check", || Error::of("content_invalid").at("/username", "code_malformed"))?;
    Ok(id)
}

/// Grants a role from `today` on; a grant that stands is left as it is.
pub async fn grant(conn: &mut Conn, account: AccountId, role: Role, scope: &Scope, today: NaiveDate) -> Result<()> {
    let role = serde_json::to_value(role).map_err(Error::internal)?;
    diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(Uuid::now_v7()),
            role_grants::account_id.eq(account),
            role_grants::role.eq(role.as_str().unwrap_or_default()),
            role_grants::locality_id.eq(scope.locality),
            role_grants::unit_id.eq(scope.unit),
            role_grants::valid_from.eq(today),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok(())
}

/// Counts a login as failed until it succeeds, where fewer than `most` have failed since `since`; forgets those of a
/// day ago.
pub async fn note_guess(
    conn: &mut Conn,
    username: &str,
    now: DateTime<Utc>,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Option<Uuid>> {
    // Guesses of one name stand in line here, so that each sees those before it.
    let in_line = diesel::sql_query("SELECT pg_advisory_xact_lock(hashtextextended('login:' || $1, 0))");
    in_line.bind::<Text, _>(username).execute(conn).await?;
    let recent = login_failures::table.filter(login_failures::username.eq(username).and(login_failures::at.gt(since)));
    if recent.count().get_result::<i64>(conn).await? >= most {
        return Ok(None);
    }
    let id = Uuid::now_v7();
    let row = (login_failures::username.eq(username), login_failures::at.eq(now), login_failures::id.eq(id));
    diesel::insert_into(login_failures::table).values(row).execute(conn).await?;
    diesel::delete(login_failures::table.filter(login_failures::at.lt(now - TimeDelta::days(1)))).execute(conn).await?;
    Ok(Some(id))
}

/// The guess was right.
pub async fn forget_guess(conn: &mut Conn, guess: Uuid) -> Result<()> {
    diesel::delete(login_failures::table.filter(login_failures::id.eq(guess))).execute(conn).await?;
    Ok(())
}
