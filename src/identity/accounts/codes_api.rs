//! One-time codes for accounts that are there: for one, which resets its password, or for many that have none yet.

use std::collections::BTreeMap;

use actix_web::{post, web::Data};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    access::another,
    enrol::{Enrolled, unfit},
    store::{self, Row},
    view::AccountWithCode,
};
use crate::{
    app::App,
    db::Conn,
    http::{Error, IfMatch, Json, NoBody, Path, Reply, Result, WriteRequest, WriteScope},
    identity::{
        caller_store::administer_in_turn,
        codes::{self, IssuedCode},
        grants, sign_ins,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_codes).service(reset_password);
}

/// A new code for an account. Its password and sessions end at once, or where a second administrator confirms the code,
/// when that is done.
async fn renew(conn: &mut Conn, scope: &WriteScope, row: &Row) -> Result<IssuedCode> {
    let privileged = grants::is_privileged(conn, row.id, scope.today(), scope.now).await?;
    let code = codes::issue(conn, scope, row.id, privileged).await?;
    match privileged {
        true => store::touch(conn, row.id).await?,
        false => {
            store::clear_password(conn, row.id).await?;
            sign_ins::end_sign_ins(conn, row.id, None, "password reset", scope.now).await?;
        }
    }
    Ok(code)
}

/// Reset a password
///
/// Answers a one-time code, shown once, with which the owner sets a new password (`POST /auth/redeem`). The old password
/// and all sessions of the account end at once. For an account with a role that decides or administers a second
/// administrator confirms the code first, and the old password ends then.
#[utoipa::path(tag = "identity", params(IfMatch), responses((status = 200, description = "The code", body = AccountWithCode), Error))]
#[post("/accounts/{username}/reset-password")]
async fn reset_password(
    app: Data<App>,
    write: WriteRequest,
    username: Path<String>,
    if_match: IfMatch,
    _: NoBody,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let row = another(conn, scope, &username, &if_match).await?;
            let code = renew(conn, scope, &row).await?;
            let account = store::find(conn, scope.realm(), &username).await?.ok_or_else(Error::not_found)?;
            scope.before(&row)?;
            scope.after(&account)?;
            let version = account.version;
            Ok(Reply::ok(AccountWithCode::of(account, code, scope.locale))?.tag(version).hidden())
        })
        .await
}

/// The accounts that get a code.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct CodesWanted {
    /// Usernames, each once.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_items = 1, max_items = 200, example = json!(["phong-vhxh-3"]))]
    accounts: Vec<String>,
}

/// A code for each account, in the order asked.
#[derive(Serialize, ToSchema)]
struct IssuedCodes {
    items: Vec<AccountWithCode>,
}

/// Issue codes for many accounts
///
/// A one-time code for each of up to 200 accounts without a password, such as those of an import: for all or for none.
/// Each code is shown once, and earlier codes of the accounts end. The code of an account with a role that decides or
/// administers waits for a second administrator (`POST /accounts/{username}/confirm-code`). An account that has a
/// password is refused: its password is reset by itself.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The codes", body = IssuedCodes), Error))]
#[post("/accounts/codes")]
async fn create_codes(app: Data<App>, write: WriteRequest, body: Json<CodesWanted>) -> Result<Reply> {
    write.caller.permit_anywhere()?;
    write.run(&app.db, async |conn, scope| issue_all(conn, scope, body).await).await
}

async fn issue_all(conn: &mut Conn, scope: &WriteScope, body: Json<CodesWanted>) -> Result<Reply> {
    let usernames = body.valid()?.accounts;
    administer_in_turn(conn, scope).await?.permit_anywhere()?;
    let found = store::lock_named(conn, scope.realm(), &usernames).await?;
    let enrolled = |(row, has_password): &(Row, bool)| {
        let (own, disabled) = (row.id == scope.account.id, row.disabled_at.is_some());
        (row.username.clone(), Enrolled { own, disabled, has_password: *has_password })
    };
    Error::check(unfit(&usernames, &found.iter().map(enrolled).collect()))?;
    let mut rows: BTreeMap<String, Row> = found.into_iter().map(|(row, _)| (row.username.clone(), row)).collect();
    scope.collect_parts();
    scope.set_subject("accounts".to_owned());
    scope.also_names(rows.keys().map(|username| format!("accounts/{username}")));
    let mut issued = BTreeMap::new();
    for (username, row) in &rows {
        issued.insert(username.clone(), renew(conn, scope, row).await?);
    }
    let after = store::lock_named(conn, scope.realm(), &usernames).await?;
    let mut after: BTreeMap<String, Row> = after.into_iter().map(|(row, _)| (row.username.clone(), row)).collect();
    for (username, row) in &after {
        scope.part(conn, username, rows.remove(username).as_ref(), row).await?;
    }
    let item = |name: &String| Some((after.remove(name)?, issued.remove(name)?));
    let items = usernames.iter().filter_map(item).map(|(row, code)| AccountWithCode::of(row, code, scope.locale));
    let items = items.collect();
    Reply::secret(IssuedCodes { items })
}
