//! Making a machine client, over HTTP or on the command line.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::{assertion, client_store, secrets::Secret, store};
use crate::{
    db::{AccountId, Conn, LocalityId, UnitId},
    finding::Finding,
    http::{Error, Result, Scope},
};

/// A machine client to be made.
pub struct NewClient<'a> {
    pub client_id: &'a str,
    pub name: &'a str,
    /// Unit code, for a client of one unit.
    pub unit: Option<&'a str>,
    pub scopes: &'a [Scope],
    /// Public keys, for a client that signs assertions.
    pub jwks: Option<&'a Value>,
}

/// Makes a client of a locality, or of the city, with the account that it is.
pub async fn create(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    new: &NewClient<'_>,
    secret: Option<&Secret>,
    now: DateTime<Utc>,
) -> Result<()> {
    let mut findings: Vec<Finding> = new.jwks.and_then(|jwks| assertion::check_keys(jwks).err()).into_iter().collect();
    findings.extend(check_scopes(new.scopes, locality, new.unit.is_some()));
    let unit = unit(conn, locality, new.unit, &mut findings).await?;
    Error::check(findings)?;
    let id = AccountId::new();
    let (username, kind) = (new.client_id, "client");
    let account = store::New { id, username, locality, kind, password_hash: None, must_change_password: false };
    store::insert(conn, &account, now).await?;
    let (scope, none) = (Scope::write(new.scopes), json!({"keys": []}));
    let jwks = new.jwks.unwrap_or(&none);
    client_store::insert(conn, &client_store::New { id, name: new.name, locality, unit, scope: &scope, jwks }).await?;
    match secret {
        Some(secret) => client_store::add_secret(conn, id, &secret.digest(), now, now).await,
        None => Ok(()),
    }
}

/// Rankings are of the whole locality; reports are handed in within one.
pub fn check_scopes(scopes: &[Scope], locality: Option<LocalityId>, of_unit: bool) -> Option<Finding> {
    let writes = [Scope::SubmissionsDraft, Scope::SubmissionsSubmit];
    let too_wide = of_unit && scopes.contains(&Scope::RankingsRead);
    let too_high = locality.is_none() && scopes.iter().any(|scope| writes.contains(scope));
    (too_wide || too_high).then(|| Finding::new("/scopes", "scope_of_elsewhere"))
}

async fn unit(
    conn: &mut Conn,
    locality: Option<LocalityId>,
    code: Option<&str>,
    findings: &mut Vec<Finding>,
) -> Result<Option<UnitId>> {
    let Some(code) = code else { return Ok(None) };
    let found = match locality {
        Some(locality) => store::unit_of(conn, locality, Some(code)).await,
        None => Err(Error::not_found()),
    };
    found.or_else(|error| match error.code() {
        "not_found" => {
            findings.push(Finding::new("/unit", "unit_unknown").with("unit", code));
            Ok(None)
        }
        _ => Err(error),
    })
}
