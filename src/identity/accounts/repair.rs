//! What the command line sets right where no second administrator can: a lost password, a role that waits for its
//! confirmation.

use chrono::{DateTime, Utc};
use serde_json::json;
use uuid::Uuid;

use super::store;
use crate::{
    auth::{Hasher, check_password},
    db::{AccountId, Db, LocalityId, Lock, advisory_lock, audit_log},
    http::{Error, Result},
    identity::{codes, confirmation, grants, sign_ins},
    text::composed,
};

/// A password from the command line for an existing account.
pub struct NewPassword<'a> {
    pub username: &'a str,
    pub password: &'a str,
}

/// Sets a password that its owner must change. Sessions and codes of the account end, and failed logins are forgotten.
pub async fn reset_password(db: &Db, hasher: &Hasher, new: NewPassword<'_>, now: DateTime<Utc>) -> Result<()> {
    let (username, password) = (composed(new.username), composed(new.password));
    check_password(&password, &username).map_err(Error::of)?;
    let refused = |code| Error::of(code).with("account", &username);
    let login = db.read(async |conn| store::find_login(conn, &username).await).await?;
    let login = login.ok_or_else(|| refused("account_missing"))?;
    if login.disabled_at.is_some() {
        return Err(refused("account_disabled"));
    }
    let hash = hasher.hash(&password).await?;
    db.tx(async |conn| {
        store::set_password(conn, login.id, &hash, true, None).await?;
        codes::end_codes(conn, login.id, now).await?;
        sign_ins::end_sign_ins(conn, login.id, None, "password reset", now).await?;
        sign_ins::forget_failures(conn, &username).await?;
        let (subject, done) = (format!("accounts/{username}"), json!({"password_set_at": now}));
        audit_log::insert_command(conn, login.locality_id, "reset_password", subject, now, &done).await
    })
    .await
}

/// Confirms a role that waits for a second administrator; answers the account and the role. What one administrator alone
/// could know of the account ends: [`reset_password`] sets another password.
pub async fn confirm_grant(db: &Db, id: Uuid, now: DateTime<Utc>) -> Result<(String, String)> {
    let found = db.read(async |conn| grants::find_any(conn, id).await).await?;
    let (found, locality) = found.ok_or_else(|| Error::of("grant_unknown"))?;
    db.tx(async |conn| {
        // After who else changes rights there; then as it stands.
        advisory_lock(conn, Lock::Rights(locality.unwrap_or(LocalityId::nil()))).await?;
        let row = grants::find(conn, locality, id).await?;
        confirmation::check(conn, &row.request(), row.requested_by(), AccountId::nil(), now).await?;
        codes::complete_for_role(conn, found.account, None, now).await?;
        grants::confirm(conn, id, None, now).await?;
        let done = json!({"account": found.username, "role": found.role, "confirmed_at": now});
        audit_log::insert_command(conn, locality, "confirm_role_grant", format!("role-grants/{id}"), now, &done).await
    })
    .await?;
    Ok((found.username, found.role))
}
