//! Codes over HTTP: confirmed by a second administrator, redeemed by the account's owner.

use actix_web::{HttpRequest, post, web::Data};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    issue::{IssuedCode, complete},
    store::{self, Code},
};
use crate::{
    app::App,
    auth::Secret,
    clock::day,
    db::{AccountId, Conn},
    http::{Error, FindingView, Json, NoBody, Path, Reply, Result, WriteRequest, record_entrance},
    identity::{
        accounts::{self, Login},
        caller_store::administer_in_turn,
        confirmation, grants, notices,
        rules::opens,
        sign_ins,
    },
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(confirm_code).service(redeem_code);
}

/// The second half of a code, shown once.
#[derive(Serialize, ToSchema)]
struct SecondHalf {
    #[serde(flatten)]
    code: IssuedCode,
    /// What happens next.
    notices: Vec<FindingView>,
}

/// Confirm a code
///
/// A second administrator, of the locality or the city, confirms the code of an account that decides or administers,
/// within a day of its issue. Answers the second half of the code, shown once, for confidential delivery to the
/// account's owner. The old password and all sessions of the account end.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The second half", body = SecondHalf), Error))]
#[post("/accounts/{username}/confirm-code")]
async fn confirm_code(app: Data<App>, write: WriteRequest, username: Path<String>, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let now = administer_in_turn(conn, scope).await?;
            let account = accounts::lock(conn, scope.realm(), &username).await?;
            now.permit_anywhere()?;
            let code = store::lock(conn, account.id).await?.ok_or_else(|| Error::of("nothing_to_confirm"))?;
            confirmation::check(conn, &code.request(), "reset_password", scope.account.id, scope.now).await?;
            let half = complete(conn, &code, scope.account.id, scope.now).await?;
            scope.also_names([format!("accounts/{}", code.issued_by)]);
            scope.before(&json!({"code": code.id, "issued_by": code.issued_by, "confirmed_at": null}))?;
            scope.after(&json!({"code": code.id, "issued_by": code.issued_by, "confirmed_at": scope.now}))?;
            let next = notices::of_second_half("/code", &account.username, half.valid_until);
            let notices = vec![FindingView::of(&next, scope.locale)];
            Ok(Reply::ok(SecondHalf { code: half, notices })?.hidden())
        })
        .await
}

/// A one-time code and the password to set.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Redemption {
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64, example = "phong-vhxh-1")]
    username: String,
    /// As delivered; two halves are joined by a dot.
    #[validate(length(min = 1, max = 200))]
    #[schema(min_length = 1, max_length = 200, example = "u1Yk0gqK…")]
    code: String,
    #[schema(min_length = 12, max_length = 128, example = "bốn chữ ngẫu nhiên dài")]
    password: String,
}

/// Redeem a code
///
/// Sets the password of the account that the code was issued for; all its sessions end, and failed logins are
/// forgotten. A code is valid once, for a day. A wrong, used, expired or unconfirmed code answers the same 401.
#[utoipa::path(tag = "identity", responses((status = 204, description = "The password is set"), Error))]
#[post("/auth/redeem")]
async fn redeem_code(req: HttpRequest, app: Data<App>, body: Json<Redemption>) -> Result<Reply> {
    let Redemption { username, code, password } = body.valid()?;
    let (username, now) = (username.to_lowercase(), app.clock.now());
    app.db.tx(async |conn| redeemable(conn, &username, &code, now).await).await?;
    let unfit = |code| Error::of("content_invalid").at("/password", code);
    app.hasher.check(&password, &username).await?.map_err(unfit)?;
    let hash = app.hasher.hash(&password).await?;
    app.db
        .tx(async |conn| {
            // Again: somebody else may have redeemed it while the password was hashed.
            let (login, issued_by) = redeemable(conn, &username, &code, now).await?;
            store::end_codes(conn, login.id, now).await?;
            accounts::set_password(conn, login.id, &hash, false, issued_by).await?;
            sign_ins::end_sign_ins(conn, login.id, None, "password set", now).await?;
            sign_ins::forget_failures(conn, &username).await?;
            record_entrance(conn, &req, login.entrant(), now, json!({"password_set_at": now})).await
        })
        .await?;
    Ok(Reply::done())
}

/// The account whose password the code sets, locked with its code, and who alone issued it; an account may meanwhile have
/// got a role that the code is worth nothing for.
async fn redeemable(
    conn: &mut Conn,
    username: &str,
    code: &str,
    now: DateTime<Utc>,
) -> Result<(Login, Option<AccountId>)> {
    let refused = || Error::of("code_refused");
    let login = accounts::find_login(conn, username).await?.ok_or_else(refused)?;
    let login = accounts::lock_login(conn, login.id).await?;
    let issued = store::lock(conn, login.id).await?.ok_or_else(refused)?;
    let confirmed = issued.confirmed_at.is_some();
    let privileged = grants::is_privileged(conn, login.id, day(now), now).await?;
    let open = opens(confirmed, issued.needs_confirmation, privileged);
    let valid = open && issued.valid_until > now && login.disabled_at.is_none() && matches(&issued, code);
    let alone = Some(issued.issued_by).filter(|_| !confirmed);
    valid.then_some((login, alone)).ok_or_else(refused)
}

/// Whether a text is the code, both halves of it where it has two. A digest of 256 random bits tells nothing by the time
/// that its comparison takes.
fn matches(issued: &Code, code: &str) -> bool {
    let digest = |half: &str| Secret::from(half.to_owned()).digest();
    let (first, second) = match code.trim().split_once('.') {
        Some((first, second)) => (digest(first), Some(digest(second))),
        None => (digest(code.trim()), None),
    };
    issued.digest == first && issued.second_digest == second
}
