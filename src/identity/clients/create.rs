//! Creates a machine client, over HTTP or on the command line.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::store;
use crate::{
    auth::{self, Secret},
    db::{AccountId, Conn, LocalityId},
    finding::Finding,
    http::{Error, Result, Scope},
    identity::{accounts, place_store, rules},
};

/// A new machine client.
pub struct NewClient<'a> {
    pub client_id: &'a str,
    pub name: &'a str,
    /// Unit code, for a client of one unit.
    pub unit: Option<&'a str>,
    pub scopes: &'a [Scope],
    /// Public keys, for a client that signs assertions.
    pub jwks: Option<&'a Value>,
}

/// Creates a client of a locality, or of the city, with its account.
pub async fn create(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    new: &NewClient<'_>,
    secret: Option<&Secret>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut findings: Vec<Finding> = new.jwks.and_then(|jwks| auth::check_keys(jwks).err()).into_iter().collect();
    findings.extend(rules::check_scopes(new.scopes, locality, new.unit.is_some()));
    let unit = place_store::named_unit(conn, locality, new.unit, &mut findings).await?;
    Error::check(findings)?;
    let id = AccountId::new();
    let (username, kind) = (new.client_id, "client");
    let account =
        accounts::NewAccountRow { id, username, locality, kind, password_hash: None, must_change_password: false };
    accounts::insert(conn, &account, now).await?;
    let (scope, none) = (Scope::write(new.scopes), json!({"keys": []}));
    let jwks = new.jwks.unwrap_or(&none);
    store::insert(conn, &store::New { id, name: new.name, locality, unit, scope: &scope, jwks }).await?;
    match secret {
        Some(secret) => store::add_secret(conn, id, &secret.digest(), now, now).await,
        None => Ok(()),
    }
}
