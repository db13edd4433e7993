//! Making an account with a role on the command line: the first administrator comes from here.

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use serde_json::json;

use crate::{
    auth::{Hasher, check_password},
    clock::day,
    db::{AccountId, Db, audit_log},
    http::{self, Error, Locale, Role},
    identity::{
        rules::username,
        store::{self, NewGrant},
    },
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
    username(new.username).map_err(|_| say("username_malformed"))?;
    check_password(new.password, new.username).map_err(say)?;
    let made = db
        .tx(async |conn| {
            let place = store::place(conn, new.locality, new.unit, day(now)).await?;
            let account = match store::find_login(conn, new.username).await? {
                // A grant must not reach from one locality into another, nor may a forgotten password pass unnoticed.
                Some(login) if login.locality_id != place.locality => return Err(Error::of("username_taken")),
                Some(login) => match hasher.verify(new.password.into(), login.password_hash).await? {
                    true => login.id,
                    false => return Err(Error::of("login_failed")),
                },
                None => {
                    let hash = hasher.hash(new.password).await?;
                    let id = AccountId::new();
                    let locality = place.locality;
                    let (kind, password_hash) = ("person", Some(hash.as_str()));
                    let (username, must_change_password) = (new.username, false);
                    let account = store::New { id, username, locality, kind, password_hash, must_change_password };
                    store::insert(conn, &account, now).await?;
                    id
                }
            };
            let (role, valid_from, locality) = (new.role, day(now), place.locality);
            let none = (None, None, None);
            let (valid_to, delegated_from, reason) = none;
            let grant = NewGrant { account, role, place, valid_from, valid_to, delegated_from, reason };
            store::grant(conn, grant).await?;
            let subject = format!("accounts/{}", new.username);
            let made = json!({"username": new.username, "role": new.role, "unit": new.unit});
            audit_log::insert_command(conn, locality, "create_account", subject, now, &made).await
        })
        .await;
    made.map_err(|error| match error.code() {
        "not_found" => anyhow::anyhow!("there is no such locality or unit; load it first"),
        "username_taken" => anyhow::anyhow!("the username belongs to another locality; choose another one"),
        "login_failed" => anyhow::anyhow!("the account stands with another password; give that one"),
        _ => anyhow::anyhow!("{error}"),
    })
    .with_context(|| format!("account {} was not made", new.username))
}

fn say(code: &'static str) -> anyhow::Error {
    anyhow::anyhow!("{}", http::entry(code).message(Locale::En))
}
