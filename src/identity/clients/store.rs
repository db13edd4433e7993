//! Machine clients, their secrets, and the assertions they have used.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use serde_json::Value;

use crate::{
    db::{
        AccountId, Conn, Listed, LocalityId, Order, SortKey, Sorts, UnitId, listed,
        schema::{accounts, client_assertions, client_secrets, clients},
    },
    http::{Error, Result},
};

#[derive(Queryable, Selectable, Serialize)]
#[diesel(table_name = clients)]
pub struct Row {
    pub id: AccountId,
    #[diesel(select_expression = accounts::username)]
    pub client_id: String,
    pub name: String,
    #[diesel(column_name = unit_id)]
    pub unit: Option<UnitId>,
    pub scope: String,
    pub jwks: Value,
    pub last_used_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = accounts::disabled_at)]
    pub disabled_at: Option<DateTime<Utc>>,
    #[diesel(select_expression = accounts::created_at)]
    pub created_at: DateTime<Utc>,
    #[diesel(select_expression = accounts::version)]
    pub version: i32,
    /// None for one of the city.
    #[diesel(select_expression = accounts::locality_id)]
    #[serde(skip)]
    pub locality: Option<LocalityId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = client_secrets)]
pub struct SecretRow {
    pub created_at: DateTime<Utc>,
    pub expires_at: Option<DateTime<Utc>>,
    pub last_used_at: Option<DateTime<Utc>>,
}

#[diesel::dsl::auto_type]
fn rows() -> _ {
    clients::table.inner_join(accounts::table)
}

/// By client id.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::text("client_id", "accounts.username"),
        SortKey::words("name", "clients.name"),
        SortKey::instant("created_at", "accounts.created_at"),
    ],
    default: "client_id",
    tie: SortKey::id("id", "accounts.id"),
};

/// Clients of a locality, or of the city.
pub async fn list(conn: &mut Conn, locality: Option<LocalityId>, order: &Order) -> Result<Listed<Row>> {
    let matching = || rows().filter(accounts::locality_id.is_not_distinct_from(locality)).into_boxed();
    Ok(listed!(conn, order, Row, matching()))
}

pub async fn find(conn: &mut Conn, locality: Option<LocalityId>, client_id: &str) -> Result<Option<Row>> {
    let of = accounts::locality_id.is_not_distinct_from(locality);
    let found = rows().filter(of.and(accounts::username.eq(client_id))).select(Row::as_select());
    Ok(found.first(conn).await.optional()?)
}

pub async fn lock(conn: &mut Conn, locality: Option<LocalityId>, client_id: &str) -> Result<Row> {
    let of = accounts::locality_id.is_not_distinct_from(locality);
    let found = rows().filter(of.and(accounts::username.eq(client_id))).select(Row::as_select());
    found.for_update().first(conn).await.optional()?.ok_or_else(Error::not_found)
}

/// An enabled client of any locality: authentication knows only its public id.
pub async fn find_enabled(conn: &mut Conn, client_id: &str) -> Result<Option<Row>> {
    let enabled = accounts::username.eq(client_id).and(accounts::disabled_at.is_null());
    Ok(rows().filter(enabled).select(Row::as_select()).first(conn).await.optional()?)
}

/// A new client; its account exists already.
pub struct New<'a> {
    pub id: AccountId,
    pub name: &'a str,
    pub locality: Option<LocalityId>,
    pub unit: Option<UnitId>,
    pub scope: &'a str,
    pub jwks: &'a Value,
}

pub async fn insert(conn: &mut Conn, new: &New<'_>) -> Result<()> {
    diesel::insert_into(clients::table)
        .values((
            clients::id.eq(new.id),
            clients::name.eq(new.name),
            clients::locality_id.eq(new.locality.filter(|_| new.unit.is_some())),
            clients::unit_id.eq(new.unit),
            clients::scope.eq(new.scope),
            clients::jwks.eq(new.jwks),
        ))
        .execute(conn)
        .await?;
    Ok(())
}

pub async fn update(conn: &mut Conn, changed: &Row) -> Result<()> {
    let set = (clients::name.eq(&changed.name), clients::scope.eq(&changed.scope), clients::jwks.eq(&changed.jwks));
    diesel::update(clients::table.find(changed.id)).set(set).execute(conn).await?;
    let set = (accounts::disabled_at.eq(changed.disabled_at), accounts::version.eq(changed.version));
    diesel::update(accounts::table.find(changed.id)).set(set).execute(conn).await?;
    Ok(())
}

/// Adds a client secret; the previous ones stay valid until `until`.
pub async fn add_secret(
    conn: &mut Conn,
    client: AccountId,
    digest: &[u8],
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<()> {
    let lasting = client_secrets::expires_at.is_null().or(client_secrets::expires_at.gt(until));
    let former = client_secrets::table.filter(client_secrets::client_id.eq(client).and(lasting));
    diesel::update(former).set(client_secrets::expires_at.eq(until)).execute(conn).await?;
    let row =
        (client_secrets::digest.eq(digest), client_secrets::client_id.eq(client), client_secrets::created_at.eq(now));
    diesel::insert_into(client_secrets::table).values(row).execute(conn).await?;
    Ok(())
}

pub async fn secrets(conn: &mut Conn, client: AccountId) -> Result<Vec<SecretRow>> {
    let rows = client_secrets::table.filter(client_secrets::client_id.eq(client)).select(SecretRow::as_select());
    Ok(rows.order(client_secrets::created_at.desc()).load(conn).await?)
}

/// Whether the client has this secret at `now`, and when it was last used.
pub async fn use_secret(conn: &mut Conn, client: AccountId, digest: &[u8], now: DateTime<Utc>) -> Result<bool> {
    let lasting = client_secrets::expires_at.is_null().or(client_secrets::expires_at.gt(now));
    let held = client_secrets::client_id.eq(client).and(client_secrets::digest.eq(digest)).and(lasting);
    let used = diesel::update(client_secrets::table.filter(held)).set(client_secrets::last_used_at.eq(now));
    Ok(used.execute(conn).await? == 1)
}

/// Whether an assertion is used for the first time; deletes expired ones.
pub async fn use_assertion(
    conn: &mut Conn,
    client: AccountId,
    jti: &str,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    diesel::delete(client_assertions::table.filter(client_assertions::expires_at.lt(now))).execute(conn).await?;
    let row = (
        client_assertions::client_id.eq(client),
        client_assertions::jti.eq(jti),
        client_assertions::expires_at.eq(until),
    );
    let first = diesel::insert_into(client_assertions::table).values(row).on_conflict_do_nothing();
    Ok(first.execute(conn).await? == 1)
}

pub async fn note_use(conn: &mut Conn, client: AccountId, now: DateTime<Utc>) -> Result<()> {
    diesel::update(clients::table.find(client)).set(clients::last_used_at.eq(now)).execute(conn).await?;
    Ok(())
}
