//! Accounts and grants.

use chrono::{DateTime, NaiveDate, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use uuid::Uuid;

use crate::{
    auth::Basis,
    db::{
        AccountId, Conn, LocalityId, Lock, OnConstraint, UnitId, advisory_lock, from_text,
        schema::{accounts, clients, localities as localities_table, role_grants, sign_ins, units},
        to_text,
    },
    finding::Finding,
    http::{Account, Caller, Entrant, Error, Grant, Held, Locality, Result, Role, Scope},
    localities,
};

diesel::alias!(role_grants as lent: Lent);

/// What a login is checked against.
#[derive(Queryable, Selectable)]
#[diesel(table_name = accounts)]
pub struct Login {
    pub id: AccountId,
    pub username: String,
    pub locality_id: Option<LocalityId>,
    pub password_hash: Option<String>,
    pub disabled_at: Option<DateTime<Utc>>,
    pub must_change_password: bool,
}

impl Login {
    pub fn entrant(&self) -> Entrant<'_> {
        let subject = format!("accounts/{}", self.username);
        Entrant { account: self.id, username: &self.username, locality: self.locality_id, subject }
    }
}

/// Where a grant holds.
pub struct Place {
    pub locality: Option<LocalityId>,
    pub unit: Option<UnitId>,
}

/// Somebody as a token shows them.
pub struct Found {
    pub account: Account,
    pub must_change_password: bool,
    pub locality: Option<Locality>,
    pub grants: Vec<Grant>,
}

/// A human login by its name.
pub async fn find_login(conn: &mut Conn, username: &str) -> Result<Option<Login>> {
    let people = accounts::username.eq(username).and(accounts::kind.eq("person"));
    Ok(accounts::table.filter(people).select(Login::as_select()).first(conn).await.optional()?)
}

/// The same, as it stays until the transaction ends.
pub async fn lock_login(conn: &mut Conn, account: AccountId) -> Result<Login> {
    Ok(accounts::table.find(account).select(Login::as_select()).for_update().first(conn).await?)
}

pub async fn login(conn: &mut Conn, account: AccountId) -> Result<Login> {
    Ok(accounts::table.find(account).select(Login::as_select()).first(conn).await?)
}

/// The enabled account behind a token whose ground still stands, with its locality and what it holds on `today`.
pub async fn find_caller(conn: &mut Conn, id: AccountId, ground: &Basis, today: NaiveDate) -> Result<Option<Found>> {
    type Row = (String, bool, Option<(LocalityId, String, String)>);
    let enabled = accounts::id.eq(id).and(accounts::disabled_at.is_null());
    let select = (
        accounts::username,
        accounts::must_change_password,
        (localities_table::id, localities_table::code, localities_table::name).nullable(),
    );
    let query = accounts::table.left_join(localities_table::table).filter(enabled).select(select);
    let (row, grants, sign_in): (Option<Row>, Vec<Grant>, _) = match ground {
        Basis::SignIn(sign_in) => {
            let open = sign_ins::table.filter(sign_ins::id.eq(sign_in).and(sign_ins::account_id.eq(id)));
            let open = open.filter(sign_ins::ended_at.is_null()).select(sign_ins::id);
            let row = query.filter(diesel::dsl::exists(open)).first(conn).await.optional()?;
            (row, grants(conn, id, today).await?, Some(*sign_in))
        }
        Basis::Client(scopes) => {
            let row = query.filter(accounts::kind.eq("client")).first(conn).await.optional()?;
            (row, scoped(conn, id, scopes).await?, None)
        }
        Basis::External => (query.first(conn).await.optional()?, grants(conn, id, today).await?, None),
    };
    Ok(row.map(|(username, must_change_password, locality)| Found {
        account: Account { id, username, sign_in },
        must_change_password,
        locality: locality.map(|(id, code, name)| Locality { id, code, name }),
        grants,
    }))
}

/// Waits for others who change rights in the same place, and looks what the caller may by now: two administrators do
/// not end each other at once. Roles told by an outside issuer stand as they were told.
pub async fn administer_in_turn(conn: &mut Conn, caller: &Caller) -> Result<Caller> {
    let realm = caller.locality.as_ref().map_or(LocalityId::nil(), |locality| locality.id);
    advisory_lock(conn, Lock::Rights(realm)).await?;
    let Some(sign_in) = caller.account.sign_in else { return Ok(caller.clone()) };
    let found = find_caller(conn, caller.account.id, &Basis::SignIn(sign_in), caller.today()).await?;
    let grants = found.ok_or_else(|| Error::of("unauthenticated"))?.grants;
    Ok(Caller { grants, ..caller.clone() })
}

/// The roles that hold on `today`. A role that was lent holds while the grant it is lent from does.
async fn grants(conn: &mut Conn, account: AccountId, today: NaiveDate) -> Result<Vec<Grant>> {
    let source = lent.on(lent.field(role_grants::id).nullable().eq(role_grants::delegated_from));
    let source_holds = lent
        .field(role_grants::ended_at)
        .is_null()
        .and(lent.field(role_grants::valid_from).le(today))
        .and(lent.field(role_grants::valid_to).is_null().or(lent.field(role_grants::valid_to).ge(today)));
    let lender = accounts::table.filter(accounts::id.eq(lent.field(role_grants::account_id)));
    let lender = lender.filter(accounts::disabled_at.is_null());
    let rows: Vec<(String, Option<UnitId>, Option<AccountId>)> = role_grants::table
        .left_join(source)
        .filter(role_grants::account_id.eq(account).and(role_grants::ended_at.is_null()))
        .filter(role_grants::valid_from.le(today))
        .filter(role_grants::valid_to.is_null().or(role_grants::valid_to.ge(today)))
        .filter(
            role_grants::delegated_from.is_null().or(source_holds.assume_not_null().and(diesel::dsl::exists(lender))),
        )
        .select((role_grants::role, role_grants::unit_id, lent.field(role_grants::account_id).nullable()))
        .order(role_grants::id)
        .load(conn)
        .await?;
    let grant = |(role, unit, acting_for)| Ok(Grant { held: Held::Role(from_text(role)?), unit, acting_for });
    rows.into_iter().map(grant).collect()
}

/// The scopes asked for that the client still has.
async fn scoped(conn: &mut Conn, client: AccountId, asked: &[Scope]) -> Result<Vec<Grant>> {
    let row = clients::table.filter(clients::id.eq(client)).select((clients::scope, clients::unit_id));
    let Some((scope, unit)): Option<(String, Option<UnitId>)> = row.first(conn).await.optional()? else {
        return Ok(Vec::new());
    };
    let had = Scope::read(&scope).filter(|scope| asked.contains(scope));
    Ok(had.map(|scope| Grant { held: Held::Scope(scope), unit, acting_for: None }).collect())
}

/// A place by its codes; none where one of them is unknown.
pub async fn place(
    conn: &mut Conn,
    locality: Option<&str>,
    unit: Option<&str>,
    today: NaiveDate,
) -> Result<Option<Place>> {
    let Some(code) = locality else { return Ok(Some(Place { locality: None, unit: None })) };
    let Some(locality) = localities::find(conn, code, today).await? else { return Ok(None) };
    let place = |unit| Place { locality: Some(locality.id), unit };
    match unit {
        Some(code) => Ok(unit_of(conn, locality.id, code).await?.map(|unit| place(Some(unit)))),
        None => Ok(Some(place(None))),
    }
}

/// A unit by its code.
pub async fn unit_of(conn: &mut Conn, locality: LocalityId, code: &str) -> Result<Option<UnitId>> {
    let found = units::table.filter(units::locality_id.eq(locality).and(units::code.eq(code)));
    Ok(found.select(units::id).first(conn).await.optional()?)
}

/// The unit that is named, if any; one that is unknown is a finding.
pub async fn named_unit(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    code: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Result<Option<UnitId>> {
    let Some(code) = code else { return Ok(None) };
    let found = match locality {
        Some(locality) => unit_of(conn, locality, code).await?,
        None => None,
    };
    if found.is_none() {
        findings.push(Finding::new("/unit", "unit_unknown").with("unit", code));
    }
    Ok(found)
}

/// An account to be stored.
pub struct New<'a> {
    pub id: AccountId,
    pub username: &'a str,
    pub locality: Option<LocalityId>,
    pub kind: &'static str,
    /// None for machines and for people of an outside issuer.
    pub password_hash: Option<&'a str>,
    pub must_change_password: bool,
}

pub async fn insert(conn: &mut Conn, new: &New<'_>, now: DateTime<Utc>) -> Result<()> {
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

pub async fn set_password(conn: &mut Conn, account: AccountId, hash: &str, must_change: bool) -> Result<()> {
    let set = (
        accounts::password_hash.eq(hash),
        accounts::must_change_password.eq(must_change),
        accounts::version.eq(accounts::version + 1),
    );
    diesel::update(accounts::table.find(account)).set(set).execute(conn).await?;
    Ok(())
}

/// A role to be given.
pub struct NewGrant<'a> {
    pub account: AccountId,
    pub role: Role,
    pub place: Place,
    pub valid_from: NaiveDate,
    pub valid_to: Option<NaiveDate>,
    pub delegated_from: Option<Uuid>,
    pub reason: Option<&'a str>,
}

/// Gives a role; none where the same stands already.
pub async fn grant(conn: &mut Conn, new: NewGrant<'_>) -> Result<Option<Uuid>> {
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
        ))
        .on_conflict_do_nothing()
        .execute(conn)
        .await?;
    Ok((given == 1).then_some(id))
}
