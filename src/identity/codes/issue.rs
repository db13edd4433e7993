//! Issues a code.

use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;

use super::store::{self, NewCode};
use crate::{
    auth::Secret,
    db::{AccountId, Conn},
    http::{Result, WriteScope},
    identity::rules::{CONFIRMED_WITHIN, VALID},
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
