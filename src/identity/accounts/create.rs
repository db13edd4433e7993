//! Creates an account with a role on the command line, such as the first administrator.

use chrono::{DateTime, Utc};
use serde_json::json;

use super::store::{self, Login};
use crate::{
    auth::{Hasher, check_password},
    clock::day,
    db::{AccountId, Conn, Db, audit_log},
    http::{Error, Result, Role},
    identity::{
        grants::{self, NewGrant},
        place_store::{self, Place},
        rules::username_fault,
    },
    text::composed,
};

/// A new account from the command line, with one role.
pub struct NewAccount<'a> {
    pub username: &'a str,
    pub password: &'a str,
    pub role: Role,
    /// Administrative code; none for the city's roles.
    pub locality: Option<&'a str>,
    /// Unit code; for unit roles.
    pub unit: Option<&'a str>,
}

/// Creates an account, or grants an existing one, of the same locality and with the same password, another role.
pub async fn create_account(db: &Db, hasher: &Hasher, new: NewAccount<'_>, now: DateTime<Utc>) -> Result<()> {
    if new.role.is_of_city() != new.locality.is_none() {
        return Err(Error::of("command_locality"));
    }
    if new.role.is_of_unit() != new.unit.is_some() {
        return Err(Error::of("command_unit"));
    }
    // As the API reads texts.
    let (name, password) = (composed(new.username), composed(new.password));
    let new = NewAccount { username: &name, password: &password, ..new };
    username_fault(new.username).map_or(Ok(()), |code| Err(Error::of(code)))?;
    check_password(new.password, new.username).map_err(Error::of)?;
    let find = async |conn: &mut Conn| {
        let place = place_store::place(conn, new.locality, new.unit, day(now)).await?;
        Ok((place, store::find_login(conn, new.username).await?))
    };
    let (place, login) = db.read(find).await?;
    let place = place.ok_or_else(|| Error::of("command_place"))?;
    if let Some(login) = &login {
        // A grant must not reach from one locality into another, nor may a forgotten password pass unnoticed.
        if login.locality_id != place.locality {
            return Err(Error::of("username_elsewhere"));
        }
        if !hasher.verify(new.password.into(), login.password_hash.clone()).await? {
            return Err(Error::of("password_differs").with("account", new.username));
        }
    }
    db.tx(async |conn| store_account(conn, hasher, &new, place, login, now).await).await
}

/// Stores the account, unless it exists, its role and the record of both.
async fn store_account(
    conn: &mut Conn,
    hasher: &Hasher,
    new: &NewAccount<'_>,
    place: Place,
    login: Option<Login>,
    now: DateTime<Utc>,
) -> Result<()> {
    let (locality, valid_from) = (place.locality, day(now));
    let account = match login {
        Some(login) => login.id,
        None => {
            let hash = hasher.hash(new.password).await?;
            let (id, kind, password_hash) = (AccountId::new(), "person", Some(hash.as_str()));
            let (username, must_change_password) = (new.username, false);
            let account = store::NewAccountRow { id, username, locality, kind, password_hash, must_change_password };
            store::insert(conn, &account, now).await?;
            id
        }
    };
    let grant = NewGrant {
        account,
        role: new.role,
        place,
        valid_from,
        valid_to: None,
        delegated_from: None,
        reason: None,
        granted_by: None,
        confirm_until: None,
    };
    grants::grant(conn, grant, now).await?;
    let subject = format!("accounts/{}", new.username);
    let made = json!({"username": new.username, "role": new.role, "unit": new.unit});
    audit_log::insert_command(conn, locality, "create_account", subject, now, &made).await
}
