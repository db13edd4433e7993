//! Accounts of an external issuer's people.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use diesel_async::RunQueryDsl;
use serde_json::json;

use super::{
    accounts::{self as people, NewAccountRow},
    place_store,
    rules::username,
};
use crate::{
    auth::{ExternalIdentity, ExternalIssuer},
    clock::day,
    db::{
        AccountId, Conn, LocalityId, UnitId,
        audit_log::{self, Entry},
        schema::{accounts, external_accounts},
    },
    http::{Grant, Held, Result},
    localities,
};

/// The account of an issuer's subject: the known one, a linked one, or a new one, as the issuer's configuration
/// permits. None if there is no account, or it belongs to another locality than the claims name.
pub async fn account(
    conn: &mut Conn,
    issuer: &ExternalIssuer,
    who: &ExternalIdentity,
    now: DateTime<Utc>,
) -> Result<Option<AccountId>> {
    let Some(locality) = locality(conn, who, now).await? else { return Ok(None) };
    let known = external_accounts::table.inner_join(accounts::table);
    let known =
        known.filter(external_accounts::issuer.eq(&issuer.issuer).and(external_accounts::subject.eq(&who.subject)));
    let known = known.select((accounts::id, accounts::locality_id));
    if let Some((id, of)) = known.first::<(AccountId, Option<LocalityId>)>(conn).await.optional()? {
        return Ok((of == locality).then_some(id));
    }
    if username(&who.username).is_err() {
        return Ok(None);
    }
    let id = match people::find_login(conn, &who.username).await? {
        Some(login) if issuer.link_by_username && login.locality_id == locality => login.id,
        None if issuer.create_accounts => {
            let id = AccountId::new();
            let (username, kind) = (who.username.as_str(), "person");
            let new = NewAccountRow { id, username, locality, kind, password_hash: None, must_change_password: false };
            people::insert(conn, &new, now).await?;
            let made = json!({"username": username, "issuer": issuer.issuer, "subject": who.subject});
            let subject = format!("accounts/{username}");
            let entry = Entry::of_command_line(locality, "create_account", subject, now);
            audit_log::insert(conn, &Entry { actor: issuer.issuer.clone(), after: Some(made), ..entry }).await?;
            id
        }
        _ => return Ok(None),
    };
    let row = (
        external_accounts::issuer.eq(&issuer.issuer),
        external_accounts::subject.eq(&who.subject),
        external_accounts::account_id.eq(id),
    );
    // Somebody's first two requests may come at once.
    diesel::insert_into(external_accounts::table).values(row).on_conflict_do_nothing().execute(conn).await?;
    Ok(Some(id))
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
        Grant { held: Held::Role(role), unit: unit.filter(|_| role.is_of_unit()), acting_for: None }
    };
    Ok(placed.map(grant).collect())
}
