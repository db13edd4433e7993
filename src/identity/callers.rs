//! A caller without a request: the requester of a job, or an account named on the command line. Their rights are read
//! again, as at a request.

use chrono::{DateTime, Utc};

use super::{
    accounts,
    caller_store::{TokenSubject, find_caller},
    clients,
};
use crate::{
    auth::Basis,
    clock::day,
    db::{AccountId, Conn, LocalityId, Memory, Recall},
    http::{Caller, Error, Locale, Result, Scope, access, forbidden},
};

/// The account as a caller of an operation now; `scopes` are those of a machine's token.
pub async fn caller_of(
    conn: &mut Conn,
    memory: &Memory,
    account: AccountId,
    scopes: &[Scope],
    operation: &str,
    locale: Locale,
    now: DateTime<Utc>,
) -> Result<Caller> {
    let ground = if scopes.is_empty() { Basis::External } else { Basis::Client(scopes.to_vec()) };
    let found =
        find_caller(conn, account, &ground, None, day(now)).await?.ok_or_else(|| forbidden(access(operation)))?;
    if found.must_change_password {
        return Err(Error::of("password_change_needed"));
    }
    let TokenSubject { account, locality, generation, grants, .. } = found;
    let recall = locality.as_ref().map(|locality| Recall::of(memory, locality.id, generation));
    Ok(Caller { account, locality, recall, grants, access: access(operation), locale, now })
}

/// The account or client of a locality with this name, as a caller of an operation now.
pub async fn caller_named(
    conn: &mut Conn,
    memory: &Memory,
    locality: LocalityId,
    name: &str,
    operation: &str,
    now: DateTime<Utc>,
) -> Result<Caller> {
    let (account, scopes) = match clients::find(conn, Some(locality), name).await? {
        Some(client) => (client.id, Scope::read(&client.scope).collect()),
        None => {
            let login = accounts::find_login(conn, name).await?.filter(|login| login.locality_id == Some(locality));
            (login.ok_or_else(|| Error::of("account_unknown").with("account", name))?.id, Vec::new())
        }
    };
    caller_of(conn, memory, account, &scopes, operation, Locale::En, now).await
}
