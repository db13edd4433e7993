//! Accounts of an external issuer's people.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    accounts::{self as people, NewAccountRow},
    place_store,
    rules::{fitted, username},
};
use crate::{
    auth::{ExternalIdentity, ExternalIssuer},
    canonical::hex,
    clock::day,
    db::{
        AccountId, Conn, LocalityId, Lock, UnitId, advisory_lock,
        audit_log::{self, Entry},
        schema::{accounts, external_accounts},
    },
    http::{Authority, Grant, Result},
    localities,
};

/// The account of an issuer's subject: the known one, a linked one, or a new one, as the issuer's configuration
/// permits; else the cause, for the log.
pub async fn account(
    conn: &mut Conn,
    issuer: &ExternalIssuer,
    who: &ExternalIdentity,
    now: DateTime<Utc>,
) -> Result<Result<AccountId, &'static str>> {
    let Some(locality) = locality(conn, who, now).await? else { return Ok(Err("its locality does not exist")) };
    if let Some(known) = known(conn, issuer, who, locality).await? {
        return Ok(known);
    }
    let exact = username(&who.username).is_ok();
    let name = if exact { who.username.clone() } else { fitted(&who.username) };
    // Somebody's first requests may come at once: the others wait here and find the account.
    advisory_lock(conn, Lock::NewAccount { username: &name }).await?;
    if let Some(known) = known(conn, issuer, who, locality).await? {
        return Ok(known);
    }
    let id = match people::find_login(conn, &name).await? {
        // Only a username as it is names an account; one that was fitted may be anybody's.
        Some(login) if exact && issuer.link_by_username && login.locality_id == locality => login.id,
        Some(_) if exact => return Ok(Err("its username belongs to another account")),
        _ if !issuer.create_accounts => return Ok(Err("its subject has no account, and none is created")),
        None => create(conn, issuer, who, (&name, locality), now).await?,
        Some(_) => {
            let name = format!("{name}-{}", hex(&Sha256::digest(format!("{}\0{}", issuer.issuer, who.subject))[..4]));
            create(conn, issuer, who, (&name, locality), now).await?
        }
    };
    let row = (
        external_accounts::issuer.eq(&issuer.issuer),
        external_accounts::subject.eq(&who.subject),
        external_accounts::account_id.eq(id),
    );
    diesel::insert_into(external_accounts::table).values(row).execute(conn).await?;
    Ok(Ok(id))
}

/// The account that the subject is known to have.
async fn known(
    conn: &mut Conn,
    issuer: &ExternalIssuer,
    who: &ExternalIdentity,
    locality: Option<LocalityId>,
) -> Result<Option<Result<AccountId, &'static str>>> {
    let known = external_accounts::table.inner_join(accounts::table);
    let known =
        known.filter(external_accounts::issuer.eq(&issuer.issuer).and(external_accounts::subject.eq(&who.subject)));
    let found: Option<(AccountId, Option<LocalityId>)> =
        known.select((accounts::id, accounts::locality_id)).first(conn).await.optional()?;
    let of_it = |(id, of)| if of == locality { Ok(id) } else { Err("its account belongs to another locality") };
    Ok(found.map(of_it))
}

async fn create(
    conn: &mut Conn,
    issuer: &ExternalIssuer,
    who: &ExternalIdentity,
    (username, locality): (&str, Option<LocalityId>),
    now: DateTime<Utc>,
) -> Result<AccountId> {
    let id = AccountId::new();
    let kind = "person";
    let new = NewAccountRow { id, username, locality, kind, password_hash: None, must_change_password: false };
    people::insert(conn, &new, now).await?;
    let made = json!({"username": username, "issuer": issuer.issuer, "subject": who.subject});
    let entry = Entry::of_command_line(locality, "create_account", format!("accounts/{username}"), now);
    audit_log::insert(conn, &Entry { actor: issuer.issuer.clone(), after: Some(made), ..entry }).await?;
    Ok(id)
}

/// The locality of the claims: `Some(None)` for the city, none if it does not exist.
async fn locality(conn: &mut Conn, who: &ExternalIdentity, now: DateTime<Utc>) -> Result<Option<Option<LocalityId>>> {
    let Some(code) = &who.locality else { return Ok(Some(None)) };
    Ok(localities::find(conn, code, day(now)).await?.map(|locality| Some(locality.id)))
}

/// The roles of the claims, in addition to the account's own.
pub async fn grants(conn: &mut Conn, who: &ExternalIdentity, locality: Option<LocalityId>) -> Result<Vec<Grant>> {
    let unit: Option<UnitId> = match (locality, &who.unit) {
        (Some(locality), Some(code)) => place_store::unit_of(conn, locality, code).await?,
        _ => None,
    };
    let placed = who.roles.iter().filter(|role| !role.is_of_unit() || unit.is_some());
    let grant = |role: &_| {
        let role: crate::http::Role = *role;
        Grant { held: Authority::Role(role), unit: unit.filter(|_| role.is_of_unit()), acting_for: None }
    };
    Ok(placed.map(grant).collect())
}
