//! Role grants in the database.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde::Serialize;
use uuid::Uuid;

use crate::{
    db::{
        AccountId, Conn, Listed, LocalityId, Order, SortKey, Sorts, UnitId, from_text, listed,
        schema::{accounts, role_grants},
        to_text,
    },
    http::{ALL, Error, Result, Role},
    identity::{place_store::Place, rules::Request},
};

diesel::alias!(
    role_grants as sources: Sources,
    accounts as lenders: Lenders,
    accounts as givers: Givers,
    accounts as confirmers: Confirmers
);

/// Roles that one administrator gives and a second one confirms.
fn privileged() -> Result<Vec<String>> {
    ALL.iter().filter(|role| role.needs_confirmation()).map(to_text).collect()
}

#[derive(Queryable, Serialize)]
pub struct GrantRow {
    pub id: Uuid,
    pub account: AccountId,
    pub username: String,
    pub role: String,
    pub unit: Option<UnitId>,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub ended_at: Option<DateTime<Utc>>,
    pub reason: Option<String>,
    pub lender: Option<String>,
    pub granted_by: Option<AccountId>,
    pub giver: Option<String>,
    pub confirm_until: Option<DateTime<Utc>>,
    pub confirmed_at: Option<DateTime<Utc>>,
    pub confirmer: Option<String>,
}

impl GrantRow {
    /// The operation that requested it.
    pub fn requested_by(&self) -> &'static str {
        if self.lender.is_some() { "create_delegation" } else { "create_role_grant" }
    }

    pub fn request(&self) -> Request {
        Request {
            by: self.granted_by,
            beneficiary: self.account,
            confirm_until: self.confirm_until,
            confirmed: self.confirmed_at.is_some(),
            ended: self.ended_at.is_some(),
        }
    }
}

/// A new role grant.
pub struct NewGrant<'a> {
    pub account: AccountId,
    pub role: Role,
    pub place: Place,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub delegated_from: Option<Uuid>,
    pub reason: Option<&'a str>,
    /// None for the command line.
    pub granted_by: Option<AccountId>,
    /// None if it needs no confirmation.
    pub confirm_until: Option<DateTime<Utc>>,
}

/// Grants a role; none if the same grant exists. One that nobody confirmed in time makes way.
pub async fn grant(conn: &mut Conn, new: NewGrant<'_>, now: DateTime<Utc>) -> Result<Option<Uuid>> {
    let lapsed = role_grants::confirm_until.le(now).and(role_grants::confirmed_at.is_null());
    let lapsed = lapsed.and(role_grants::account_id.eq(new.account)).and(role_grants::ended_at.is_null());
    diesel::update(role_grants::table.filter(lapsed)).set(role_grants::ended_at.eq(now)).execute(conn).await?;
    let id = Uuid::now_v7();
    let given = diesel::insert_into(role_grants::table)
        .values((
            role_grants::id.eq(id),
            role_grants::account_id.eq(new.account),
            role_grants::role.eq(to_text(new.role)?),
            role_grants::locality_id.eq(new.place.locality),
            role_grants::unit_id.eq(new.place.unit),
            role_grants::valid_from.eq(new.valid_from),
            role_grants::valid_to.eq(new.valid_to),
            role_grants::delegated_from.eq(new.delegated_from),
            role_grants::reason.eq(new.reason),
            role_grants::granted_by.eq(new.granted_by),
            role_grants::confirm_until.eq(new.confirm_until),
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok((given == 1).then_some(id))
}

/// The order of a list of grants.
pub const SORTS: Sorts = Sorts {
    keys: &[
        SortKey::id("given", "role_grants.id"),
        SortKey::text("account", "accounts.username"),
        SortKey::text("role", "role_grants.role"),
        SortKey::day("valid_from", "role_grants.valid_from"),
    ],
    default: "given",
    tie: SortKey::id("given", "role_grants.id"),
};

#[derive(Queryable, Selectable)]
#[diesel(table_name = role_grants)]
struct Key {
    id: Uuid,
}

/// The grants of a locality, or of the city; those of one account if it is named.
pub async fn list(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    account: Option<&str>,
    order: &Order,
) -> Result<Listed<GrantRow>> {
    let matching = || {
        let mut found = role_grants::table
            .inner_join(accounts::table.on(accounts::id.eq(role_grants::account_id)))
            .filter(role_grants::locality_id.is_not_distinct_from(locality))
            .into_boxed();
        if let Some(username) = account {
            found = found.filter(accounts::username.eq(username));
        }
        found
    };
    let listed = listed!(conn, order, Key, matching());
    let ids: Vec<Uuid> = listed.rows.iter().map(|(key, _)| key.id).collect();
    let mut rows: HashMap<Uuid, GrantRow> =
        grants(conn, locality, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    listed.try_map(|key| rows.remove(&key.id).ok_or_else(|| Error::internal("a grant without its row")))
}

async fn grants(conn: &mut Conn, locality: Option<LocalityId>, ids: &[Uuid]) -> Result<Vec<GrantRow>> {
    let rows = role_grants::table
        .inner_join(accounts::table.on(accounts::id.eq(role_grants::account_id)))
        .left_join(sources.on(sources.field(role_grants::id).nullable().eq(role_grants::delegated_from)))
        .left_join(lenders.on(lenders.field(accounts::id).eq(sources.field(role_grants::account_id))))
        .left_join(givers.on(givers.field(accounts::id).nullable().eq(role_grants::granted_by)))
        .left_join(confirmers.on(confirmers.field(accounts::id).nullable().eq(role_grants::confirmed_by)))
        .filter(role_grants::locality_id.is_not_distinct_from(locality))
        .filter(role_grants::id.eq_any(ids))
        .select((
            role_grants::id,
            role_grants::account_id,
            accounts::username,
            role_grants::role,
            role_grants::unit_id,
            role_grants::valid_from,
            role_grants::valid_to,
            role_grants::ended_at,
            role_grants::reason,
            lenders.field(accounts::username).nullable(),
            role_grants::granted_by,
            givers.field(accounts::username).nullable(),
            role_grants::confirm_until,
            role_grants::confirmed_at,
            confirmers.field(accounts::username).nullable(),
        ));
    Ok(rows.load(conn).await?)
}

pub async fn find(conn: &mut Conn, locality: Option<LocalityId>, id: Uuid) -> Result<GrantRow> {
    grants(conn, locality, &[id]).await?.pop().ok_or_else(Error::not_found)
}

/// A grant wherever it is, with its locality; for the command line.
pub async fn find_any(conn: &mut Conn, id: Uuid) -> Result<Option<(GrantRow, Option<LocalityId>)>> {
    let of = role_grants::table.find(id).select(role_grants::locality_id);
    let Some(locality) = of.first::<Option<LocalityId>>(conn).await.optional()? else { return Ok(None) };
    Ok(Some((find(conn, locality, id).await?, locality)))
}

/// An account's own grant, not delegated, that is valid on `today` for the role and place.
pub async fn own_grant(
    conn: &mut Conn,
    account: AccountId,
    role: &str,
    unit: Option<UnitId>,
    today: NaiveDate,
) -> Result<Option<Uuid>> {
    let own = role_grants::account_id.eq(account).and(role_grants::role.eq(role));
    let here = role_grants::unit_id.is_not_distinct_from(unit).and(role_grants::delegated_from.is_null());
    let holds = role_grants::valid_from
        .le(today)
        .and(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)))
        .and(role_grants::ended_at.is_null())
        .and(role_grants::confirm_until.is_null().or(role_grants::confirmed_at.is_not_null()));
    let found = role_grants::table.filter(own.and(here)).filter(holds).select(role_grants::id);
    Ok(found.first(conn).await.optional()?)
}

/// Ends a grant at once; false if it has already ended.
pub async fn end_grant(conn: &mut Conn, id: Uuid, now: DateTime<Utc>) -> Result<bool> {
    let open = role_grants::table.filter(role_grants::id.eq(id).and(role_grants::ended_at.is_null()));
    Ok(diesel::update(open).set(role_grants::ended_at.eq(now)).execute(conn).await? == 1)
}

/// Confirms a grant: from now on it permits.
pub async fn confirm(conn: &mut Conn, id: Uuid, by: Option<AccountId>, now: DateTime<Utc>) -> Result<()> {
    let confirmed = (role_grants::confirmed_by.eq(by), role_grants::confirmed_at.eq(now));
    diesel::update(role_grants::table.find(id)).set(confirmed).execute(conn).await?;
    Ok(())
}

/// Whether an account has, or may get, a role that needs a confirmation: its own or delegated, now or later.
pub async fn is_privileged(conn: &mut Conn, account: AccountId, today: NaiveDate, now: DateTime<Utc>) -> Result<bool> {
    let lapsed = role_grants::confirm_until.is_not_null().and(role_grants::confirmed_at.is_null());
    let lapsed = lapsed.and(role_grants::confirm_until.assume_not_null().le(now));
    let lasting = role_grants::ended_at.is_null();
    let lasting = lasting.and(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)));
    let held = role_grants::account_id.eq(account).and(role_grants::role.eq_any(privileged()?));
    let found = role_grants::table.filter(held).filter(lasting).filter(diesel::dsl::not(lapsed));
    Ok(diesel::select(diesel::dsl::exists(found)).get_result(conn).await?)
}

/// The roles of their own that accounts hold in a locality today or later, each with its unit.
pub async fn held(
    conn: &mut Conn,
    locality: LocalityId,
    today: NaiveDate,
) -> Result<HashMap<AccountId, BTreeSet<(Role, Option<UnitId>)>>> {
    let here = role_grants::locality_id.eq(locality).and(role_grants::delegated_from.is_null());
    let holds =
        role_grants::ended_at.is_null().and(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)));
    let rows: Vec<(AccountId, String, Option<UnitId>)> = role_grants::table
        .filter(here)
        .filter(holds)
        .select((role_grants::account_id, role_grants::role, role_grants::unit_id))
        .load(conn)
        .await?;
    let mut held: HashMap<AccountId, BTreeSet<(Role, Option<UnitId>)>> = HashMap::new();
    for (account, role, unit) in rows {
        held.entry(account).or_default().insert((from_text(role)?, unit));
    }
    Ok(held)
}
