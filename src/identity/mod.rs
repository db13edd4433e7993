//! Identity: accounts made by the command line, logins, access tokens, and the guard that turns a token into a
//! [`Caller`](crate::http::Caller). Account and grants are read anew at every request, so that a withdrawn role or a
//! disabled account is refused at once. No default account exists.

mod api;
mod guard;
mod keys;
mod passwords;
mod store;
mod tokens;

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use serde_json::json;

pub use api::{routes, well_known};
pub use guard::guard;
pub use keys::Keys;
pub use passwords::Hasher;
pub use tokens::Issuer;

use crate::{
    clock::day,
    db::{
        AccountId, Db,
        audit_log::{self, Entry},
    },
    http::{Error, Role},
};

/// An account to be made from the command line, with one role.
pub struct NewAccount<'a> {
    pub username: &'a str,
    pub password: &'a str,
    pub role: Role,
    /// Administrative code; none for the city's roles.
    pub locality: Option<&'a str>,
    /// Unit code; for unit roles.
    pub unit: Option<&'a str>,
}

/// Makes an account, or gives one that stands, in the same locality and with the same password, another role.
pub async fn create_account(db: &Db, hasher: &Hasher, new: NewAccount<'_>, now: DateTime<Utc>) -> anyhow::Result<()> {
    ensure!(
        new.role.is_of_city() == new.locality.is_none(),
        "a city role takes no --locality, every other role needs one"
    );
    ensure!(
        new.role.is_of_unit() == new.unit.is_some(),
        "the roles reporter and unit_head need --unit, others take none"
    );
    passwords::check(new.password).map_err(anyhow::Error::msg)?;
    let made = db
        .tx(async |conn| {
            let scope = store::scope(conn, new.locality, new.unit, day(now)).await?;
            let account = match store::find_login(conn, new.username).await? {
                // A grant must not reach from one locality into another, nor may a forgotten password pass unnoticed.
                Some(login) if login.locality_id != scope.locality => return Err(Error::of("forbidden")),
                Some(login) => match hasher.verify(new.password.into(), Some(login.password_hash)).await? {
                    true => login.id,
                    false => return Err(Error::of("login_failed")),
                },
                None => {
                    let hash = hasher.hash(new.password).await?;
                    store::insert(conn, AccountId::new(), new.username, scope.locality, &hash, now).await?
                }
            };
            store::grant(conn, account, new.role, &scope, day(now)).await?;
            let subject = format!("accounts/{account}");
            let mut entry = Entry::of_command_line(scope.locality, "create_account", subject, now);
            entry.after = Some(json!({"username": new.username, "role": new.role, "unit": new.unit}));
            audit_log::insert(conn, &entry).await
        })
        .await;
    made.map_err(|error| match error.code() {
        "not_found" => anyhow::anyhow!("there is no such locality or unit; load it first"),
        "forbidden" => anyhow::anyhow!("the username belongs to another locality; choose another one"),
        "login_failed" => anyhow::anyhow!("the account stands with another password; give that one"),
        "content_invalid" => anyhow::anyhow!("a username has 3 to 63 of a-z, 0-9, dot, hyphen and underscore"),
        _ => anyhow::anyhow!("{error}"),
    })
    .with_context(|| format!("account {} was not made", new.username))
}
