//! Issues a code, and completes one that needs a confirmation.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, Code, NewCode};
use crate::{
    auth::Secret,
    db::{AccountId, Conn},
    http::{Result, WriteScope},
    identity::{
        accounts::{self, Login},
        rules::{CONFIRMED_WITHIN, Knowledge, VALID, check_confirmation, is_exposed},
        sign_ins,
    },
};

/// A one-time code, shown once.
#[derive(Serialize, ToSchema)]
pub struct IssuedCode {
    /// For confidential delivery to the account's owner, who sets a password with it: `POST /auth/redeem`. Where a
    /// confirmation is needed, the first half: the owner appends a dot and the second half.
    #[schema(example = "u1Yk0gqK…")]
    pub code: String,
    pub valid_until: DateTime<Utc>,
    /// The code is worth nothing until a second administrator confirms it.
    pub confirmation_needed: bool,
}

/// A new code for an account; earlier ones end.
pub async fn issue(
    conn: &mut Conn,
    scope: &WriteScope,
    account: AccountId,
    confirmation_needed: bool,
) -> Result<IssuedCode> {
    let half = Secret::random();
    let valid_until = scope.now + if confirmation_needed { CONFIRMED_WITHIN } else { VALID };
    store::end_codes(conn, account, scope.now).await?;
    let digest = half.digest();
    let new = NewCode { account, digest: &digest, issued_by: scope.account.id, valid_until, confirmation_needed };
    store::insert(conn, new).await?;
    Ok(IssuedCode { code: half.text, valid_until, confirmation_needed })
}

/// The second half of a code, for whoever confirms it. The password and all sessions end.
pub async fn complete(conn: &mut Conn, code: &Code, by: AccountId, now: DateTime<Utc>) -> Result<IssuedCode> {
    let (half, valid_until) = (Secret::random(), now + VALID);
    store::confirm(conn, code.id, &half.digest(), by, now, valid_until).await?;
    accounts::clear_password(conn, code.account_id).await?;
    sign_ins::end_sign_ins(conn, code.account_id, None, "password reset", now).await?;
    Ok(IssuedCode { code: half.text, valid_until, confirmation_needed: false })
}

/// Whether one administrator alone could know how to log in to an account with this code.
fn is_known(login: &Login, code: Option<&Code>) -> bool {
    is_exposed(Knowledge {
        of_password: login.password_issued_by.is_some(),
        has_password: login.password_hash.is_some(),
        code_confirmed: code.map(|code| code.confirmed_at.is_some()),
    })
}

/// The first half of a code for the holder of a role that waits for its confirmation, where one administrator alone could
/// know how to log in; what they know ends with the confirmation.
pub async fn issue_for_role(conn: &mut Conn, scope: &WriteScope, account: AccountId) -> Result<Option<IssuedCode>> {
    let login = accounts::lock_login(conn, account).await?;
    let code = store::lock(conn, account).await?;
    match is_known(&login, code.as_ref()) {
        true => issue(conn, scope, account, true).await.map(Some),
        false => Ok(None),
    }
}

/// A role that needed it is confirmed: what one administrator alone could know of the account ends. Answers the second
/// half of the code that came with the request, for whoever confirms both; none where nothing ended, or where a reset has
/// to set a password.
pub async fn complete_for_role(
    conn: &mut Conn,
    account: AccountId,
    by: Option<AccountId>,
    now: DateTime<Utc>,
) -> Result<Option<IssuedCode>> {
    let login = accounts::lock_login(conn, account).await?;
    let code = store::lock(conn, account).await?;
    if !is_known(&login, code.as_ref()) {
        return Ok(None);
    }
    let fits = |(code, by): &(Code, AccountId)| check_confirmation(&code.request(), *by, now).is_none();
    if let Some((code, by)) = code.zip(by).filter(fits) {
        return complete(conn, &code, by, now).await.map(Some);
    }
    store::end_codes(conn, account, now).await?;
    accounts::clear_password(conn, account).await?;
    sign_ins::end_sign_ins(conn, account, None, "role confirmed", now).await?;
    Ok(None)
}
