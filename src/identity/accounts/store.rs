//! People's accounts and their passwords.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;

use crate::{
    db::{AccountId, Conn, Listed, LocalityId, OnConstraint, Order, SortKey, Sorts, listed, schema::accounts},
    http::{Error, Result, SignInSubject},
};

#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = accounts)]
pub struct Row {
    pub id: AccountId,
    pub username: String,
    pub display_name: Option<String>,
    pub must_change_password: bool,
    pub disabled_at: Option<DateTime<Utc>>,
    pub created_at: DateTime<Utc>,
    pub version: i32,
}

/// People's accounts of a locality, or the city's.
#[diesel::dsl::auto_type]
fn people(locality: Option<LocalityId>) -> _ {
    accounts::table.filter(accounts::locality_id.is_not_distinct_from(locality).and(accounts::kind.eq("person")))
}

/// By username.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("username", "accounts.username"),
        SortKey::words("display_name", "coalesce(accounts.display_name, '')"),
        SortKey::instant("created_at", "accounts.created_at"),
    ],
    default: "username",
    tie: SortKey::id("id", "accounts.id"),
};

pub async fn list(conn: &mut Conn, locality: Option<LocalityId>, order: &Order) -> Result<Listed<Row>> {
    Ok(listed!(conn, order, Row, people(locality).into_boxed()))
}

pub async fn find(conn: &mut Conn, locality: Option<LocalityId>, username: &str) -> Result<Option<Row>> {
    let found = people(locality).filter(accounts::username.eq(username)).select(Row::as_select());
    Ok(found.first(conn).await.optional()?)
}

pub async fn lock(conn: &mut Conn, locality: Option<LocalityId>, username: &str) -> Result<Row> {
    let found = people(locality).filter(accounts::username.eq(username)).select(Row::as_select());
    found.for_update().first(conn).await.optional()?.ok_or_else(Error::not_found)
}

/// The accounts of a place that bear some usernames, locked in one order until the transaction ends, each with whether it
/// has a password.
pub async fn lock_named(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    usernames: &[String],
) -> Result<Vec<(Row, bool)>> {
    let some = people(locality).filter(accounts::username.eq_any(usernames)).order(accounts::id);
    let select = (Row::as_select(), accounts::password_hash.is_not_null());
    Ok(some.select(select).for_update().load(conn).await?)
}

/// Whether an account has a password.
pub async fn has_password(conn: &mut Conn, account: AccountId) -> Result<bool> {
    Ok(accounts::table.find(account).select(accounts::password_hash.is_not_null()).first(conn).await?)
}

pub async fn set_disabled(conn: &mut Conn, account: AccountId, at: Option<DateTime<Utc>>) -> Result<i32> {
    let set = (accounts::disabled_at.eq(at), accounts::version.eq(accounts::version + 1));
    Ok(diesel::update(accounts::table.find(account)).set(set).returning(accounts::version).get_result(conn).await?)
}

/// An account of any locality.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct NamedAccount {
    pub id: AccountId,
    pub username: String,
    pub display_name: Option<String>,
    pub locality_id: Option<LocalityId>,
    pub kind: String,
}

/// The accounts that bear some usernames, wherever they belong.
pub async fn named(conn: &mut Conn, usernames: &[&str]) -> Result<Vec<NamedAccount>> {
    let some = accounts::table.filter(accounts::username.eq_any(usernames));
    Ok(some.select(NamedAccount::as_select()).load(conn).await?)
}

/// What the account's holder is called; none for nothing but the username.
pub async fn set_display_name(conn: &mut Conn, account: AccountId, name: Option<&str>) -> Result<()> {
    let set = accounts::display_name.eq(name);
    diesel::update(accounts::table.find(account)).set(set).execute(conn).await?;
    Ok(())
}

/// The same for an account that others may be looking at: it gets a new version.
pub async fn rename(conn: &mut Conn, account: AccountId, name: &str) -> Result<()> {
    let set = (accounts::display_name.eq(name), accounts::version.eq(accounts::version + 1));
    diesel::update(accounts::table.find(account)).set(set).execute(conn).await?;
    Ok(())
}

pub async fn display_name(conn: &mut Conn, account: AccountId) -> Result<Option<String>> {
    Ok(accounts::table.find(account).select(accounts::display_name).first(conn).await?)
}

/// The stored data that a login is checked against.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Login {
    pub id: AccountId,
    pub username: String,
    pub locality_id: Option<LocalityId>,
    pub password_hash: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub must_change_password: bool,
    /// Who alone issued the code that the password stems from, and so could know it.
    pub password_issued_by: Option<AccountId>,
}

impl Login {
    pub fn entrant(&self) -> SignInSubject<'_> {
        let subject = format!("accounts/{}", self.username);
        SignInSubject { account: self.id, username: &self.username, locality: self.locality_id, subject }
    }
}

/// A human login by its name.
pub async fn find_login(conn: &mut Conn, username: &str) -> Result<Option<Login>> {
    let people = accounts::username.eq(username).and(accounts::kind.eq("person"));
    Ok(accounts::table.filter(people).select(Login::as_select()).first(conn).await.optional()?)
}

/// The same, locked until the transaction ends.
pub async fn lock_login(conn: &mut Conn, account: AccountId) -> Result<Login> {
    Ok(accounts::table.find(account).select(Login::as_select()).for_update().first(conn).await?)
}

pub async fn login(conn: &mut Conn, account: AccountId) -> Result<Login> {
    Ok(accounts::table.find(account).select(Login::as_select()).first(conn).await?)
}

/// A new account.
pub struct NewAccountRow<'a> {
    pub id: AccountId,
    pub username: &'a str,
    pub locality: Option<LocalityId>,
    pub kind: &'static str,
    /// None for machines and for people of an external issuer.
    pub password_hash: Option<&'a str>,
    pub must_change_password: bool,
}

pub async fn insert(conn: &mut Conn, new: &NewAccountRow<'_>, now: DateTime<Utc>) -> Result<()> {
    diesel::insert_into(accounts::table)
        .values((
            accounts::id.eq(new.id),
            accounts::username.eq(new.username),
            accounts::locality_id.eq(new.locality),
            accounts::kind.eq(new.kind),
            accounts::password_hash.eq(new.password_hash),
            accounts::must_change_password.eq(new.must_change_password),
            accounts::created_at.eq(now),
        ))
        .execute(conn)
        .await
        .on_constraint("accounts_username_key", || Error::of("username_taken"))
        .map(drop)
}

/// Sets a password; `issued_by` alone issued the code that it stems from.
pub async fn set_password(
    conn: &mut Conn,
    account: AccountId,
    hash: &str,
    must_change: bool,
    issued_by: Option<AccountId>,
) -> Result<()> {
    let set = (
        accounts::password_hash.eq(hash),
        accounts::password_issued_by.eq(issued_by),
        accounts::must_change_password.eq(must_change),
        accounts::version.eq(accounts::version + 1),
    );
    diesel::update(accounts::table.find(account)).set(set).execute(conn).await?;
    Ok(())
}

/// Takes the password away: no login succeeds until the owner sets another one.
pub async fn clear_password(conn: &mut Conn, account: AccountId) -> Result<()> {
    let set = (
        accounts::password_hash.eq(None::<String>),
        accounts::password_issued_by.eq(None::<AccountId>),
        accounts::must_change_password.eq(false),
        accounts::version.eq(accounts::version + 1),
    );
    diesel::update(accounts::table.find(account)).set(set).execute(conn).await?;
    Ok(())
}

/// Marks an account as changed.
pub async fn touch(conn: &mut Conn, account: AccountId) -> Result<()> {
    let next = accounts::version.eq(accounts::version + 1);
    diesel::update(accounts::table.find(account)).set(next).execute(conn).await?;
    Ok(())
}
