//! Login, logout, token refresh, password change.

use actix_web::{HttpRequest, http::header::USER_AGENT, post, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;
use validator::Validate;

use super::store::{self as sign_ins, RefreshGrant};
use crate::{
    app::App,
    auth::Secret,
    db::Conn,
    http::{Caller, Error, Json, NoBody, Reply, Result, WriteRequest, client_address, network, record_entrance},
    identity::accounts::{self, Login},
};

/// An unused refresh token expires after this time.
const IDLE: TimeDelta = TimeDelta::hours(12);
/// A session ends after this time, however active it was.
const MOST: TimeDelta = TimeDelta::days(7);
/// How long a client that lost the answer to a refresh gets it again.
const GRACE: TimeDelta = TimeDelta::seconds(10);
/// Tolerated difference between the clocks of instances.
const SKEW: TimeDelta = TimeDelta::minutes(1);
const TWICE: &str = "refresh token used twice";

pub fn routes(config: &mut ServiceConfig) {
    config.service(log_in).service(refresh_token).service(log_out).service(change_password);
}

/// Credentials of a login.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct Credentials {
    #[validate(length(min = 1, max = 64))]
    #[schema(min_length = 1, max_length = 64, example = "phong-vhxh-1")]
    username: String,
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, example = "bốn chữ ngẫu nhiên dài")]
    password: String,
}

/// An access token (RFC 9068) and a refresh token.
#[derive(Serialize, ToSchema)]
struct Tokens {
    #[schema(example = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9…")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Lifetime in seconds.
    expires_in: i64,
    /// Valid for one use within 12 hours.
    #[schema(example = "u1Yk0gqK…")]
    refresh_token: String,
    /// The password was set on the command line: until it is changed, every other request is refused.
    must_change_password: bool,
}

/// Log in
///
/// Answers an access token and a refresh token. An unknown user, a wrong password and a disabled account answer the
/// same 401. After ten failures of a username within ten minutes a login answers 429 until the oldest failure is ten
/// minutes old, except from an address that the account has logged in from before.
#[utoipa::path(tag = "identity", responses((status = 200, description = "Tokens", body = Tokens), Error))]
#[post("/auth/login")]
async fn log_in(req: HttpRequest, app: Data<App>, body: Json<Credentials>) -> Result<Reply> {
    let Credentials { username, password } = body.valid()?;
    let (username, address, now) = (username.to_lowercase(), address(&req), app.clock.now());
    let refused = || Error::of("login_failed");
    let judged = judge(&app, &username, password, &address, now).await?.ok_or_else(refused)?;
    let account = judged.id;
    let tokens = app.db.tx(async |conn| {
        // The password may have been changed, or the account disabled, while it was judged.
        let login = accounts::lock_login(conn, account).await?;
        if login.password_hash != judged.password_hash || login.disabled_at.is_some() {
            return Err(refused());
        }
        let sign_in = sign_ins::sign_in(conn, account, now, now + MOST).await?;
        let given = json!({"sign_in": sign_in, "expires_at": now + MOST});
        record_entrance(conn, &req, login.entrant(), now, given).await?;
        tokens(conn, &app, &login, sign_in, Secret::random(), (now, now + MOST)).await
    });
    Reply::secret(tokens.await?)
}

/// The source of a login attempt; an IPv6 address counts by the network of one household.
fn address(req: &HttpRequest) -> String {
    network(client_address(req)).to_string()
}

/// Checks the password and returns its account. An attempt counts before it is checked, so that many at once are no
/// more than many in a row; it takes its turn before it counts, so that right ones that wait are nobody's failures. An
/// unknown user costs the same work.
async fn judge(
    app: &App,
    username: &str,
    password: String,
    address: &str,
    now: DateTime<Utc>,
) -> Result<Option<Login>> {
    let turn = app.hasher.turn().await?;
    let (guess, login) = app
        .db
        .tx(async |conn| {
            let guess = sign_ins::record_failure(conn, username, address, now).await?;
            let guess = guess.map_err(|seconds| Error::of("login_throttled").with("retry_after", seconds))?;
            Ok((guess, accounts::find_login(conn, username).await?))
        })
        .await?;
    let hash = login.as_ref().and_then(|login| login.password_hash.clone());
    let right = turn.verify(password, hash).await?;
    let Some(login) = login.filter(|login| right && login.disabled_at.is_none()) else { return Ok(None) };
    app.db.tx(async |conn| sign_ins::clear_failures(conn, guess, login.id, address, now).await).await?;
    Ok(Some(login))
}

/// New tokens of a session. Only the digest of the refresh token is stored.
async fn tokens(
    conn: &mut Conn,
    app: &App,
    login: &Login,
    sign_in: Uuid,
    refresh: Secret,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Tokens> {
    sign_ins::keep_token(conn, &refresh.digest(), sign_in, until.min(now + IDLE)).await?;
    issued(app, login, sign_in, refresh, now)
}

fn issued(app: &App, login: &Login, sign_in: Uuid, refresh: Secret, now: DateTime<Utc>) -> Result<Tokens> {
    Ok(Tokens {
        access_token: app.issuer.issue(login.id, sign_in, now)?,
        token_type: "Bearer",
        expires_in: app.issuer.seconds(),
        refresh_token: refresh.text,
        must_change_password: login.must_change_password,
    })
}

/// The current refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Refresh {
    #[schema(example = "u1Yk0gqK…")]
    refresh_token: String,
}

/// Refresh tokens
///
/// A refresh token is valid once. A client that lost the answer asks again within ten seconds, from the same address and
/// with the same `User-Agent`, and gets the same next refresh token while that one is unused. Any other reuse means that
/// the token has two holders and ends the whole session with all its tokens.
#[utoipa::path(tag = "identity", responses((status = 200, description = "Tokens", body = Tokens), Error))]
#[post("/auth/refresh")]
async fn refresh_token(req: HttpRequest, app: Data<App>, body: Json<Refresh>) -> Result<Reply> {
    let held = Secret::from(body.unjudged().refresh_token);
    let now = app.clock.now();
    // What ends the sign-in must be kept, so that a refusal is no error of the transaction.
    let next = app.db.tx(async |conn| refresh(conn, &req, &app, &held, now).await);
    Reply::secret(next.await?.ok_or_else(|| Error::of("refresh_refused"))?)
}

async fn refresh(
    conn: &mut Conn,
    req: &HttpRequest,
    app: &App,
    token: &Secret,
    now: DateTime<Utc>,
) -> Result<Option<Tokens>> {
    let (digest, from) = (token.digest(), asker(req));
    let Some(held) = sign_ins::lock_token(conn, &digest).await? else { return Ok(None) };
    let login = accounts::login(conn, held.account).await?;
    let again = successor(conn, token, &held, &from, now).await?;
    if held.used_at.is_some() && again.is_none() {
        tracing::warn!(account = %held.account, "a refresh token was used twice");
        sign_ins::end_sign_in(conn, held.sign_in, TWICE, now).await?;
        let ended = json!({"sign_in": held.sign_in, "ended_at": now, "why": TWICE});
        record_entrance(conn, req, login.entrant(), now, ended).await?;
        return Ok(None);
    }
    // A sign-in that begins in the future was dated by a wrong clock, and so was its end.
    let timely = held.sign_in_began_at <= now + SKEW && held.sign_in_expires_at > now && held.expires_at > now;
    if !timely || login.disabled_at.is_some() {
        return Ok(None);
    }
    let refreshed = json!({"sign_in": held.sign_in, "refreshed_at": now, "again": again.is_some()});
    record_entrance(conn, req, login.entrant(), now, refreshed).await?;
    if let Some(again) = again {
        return issued(app, &login, held.sign_in, again, now).map(Some);
    }
    let next = Secret::random();
    sign_ins::use_token(conn, &digest, now, &from, token.mask(&next)).await?;
    tokens(conn, app, &login, held.sign_in, next, (now, held.sign_in_expires_at)).await.map(Some)
}

/// The unused successor of a token that the same client has just replaced.
async fn successor(
    conn: &mut Conn,
    token: &Secret,
    held: &RefreshGrant,
    from: &[u8],
    now: DateTime<Utc>,
) -> Result<Option<Secret>> {
    // One that waited for the other's lock began before it.
    let just = held.used_at.is_some_and(|used| (now - used).abs() <= GRACE);
    let same = just && held.used_from.as_deref() == Some(from);
    let Some(masked) = held.successor.as_ref().filter(|_| same) else { return Ok(None) };
    let next = token.unmask(masked);
    Ok(sign_ins::is_unused(conn, &next.digest()).await?.then_some(next))
}

/// Who asks, by address and program; a digest is enough to compare.
fn asker(req: &HttpRequest) -> Vec<u8> {
    let program = req.headers().get(USER_AGENT).map(|agent| agent.as_bytes()).unwrap_or_default();
    Sha256::new()
        .chain_update(client_address(req).to_string())
        .chain_update([0])
        .chain_update(program)
        .finalize()
        .to_vec()
}

/// Log out
///
/// Ends the session: its access and refresh tokens are invalid from now on.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Logged out"), Error))]
#[post("/auth/logout")]
async fn log_out(app: Data<App>, write: WriteRequest, _: NoBody) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let sign_in = sign_in(scope)?;
            sign_ins::end_sign_in(conn, sign_in, "logged out", scope.now).await?;
            scope.set_subject(format!("accounts/{}", scope.account.username));
            scope.before(&json!({"sign_in": sign_in, "ended_at": null}))?;
            scope.after(&json!({"sign_in": sign_in, "ended_at": scope.now}))?;
            Ok(Reply::done())
        })
        .await
}

/// The session of the caller's token; machines and people of an external issuer have none.
fn sign_in(caller: &Caller) -> Result<Uuid> {
    caller.account.sign_in.ok_or_else(|| Error::of("sign_in_needed"))
}

/// The current and the new password.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct PasswordChange {
    #[validate(length(min = 1, max = 128))]
    #[schema(min_length = 1, max_length = 128, example = "bốn chữ ngẫu nhiên dài")]
    current: String,
    #[schema(min_length = 12, max_length = 128, example = "năm chữ khác hẳn bốn chữ cũ")]
    new: String,
}

/// Change the password
///
/// Requires the current password. All other sessions of the account end.
#[utoipa::path(tag = "identity", responses((status = 204, description = "Changed"), Error))]
#[post("/auth/password")]
async fn change_password(
    req: HttpRequest,
    app: Data<App>,
    write: WriteRequest,
    body: Json<PasswordChange>,
) -> Result<Reply> {
    let (account, now) = (write.caller.account.clone(), write.caller.now);
    let sign_in = sign_in(&write.caller)?;
    let PasswordChange { current, new } = body.valid()?;
    if current == new {
        return Err(Error::of("content_invalid").at("/new", "password_same"));
    }
    let judged = judge(&app, &account.username, current, &address(&req), now).await?;
    let wrong = || Error::of("content_invalid").at("/current", "password_wrong");
    let judged = judged.ok_or_else(wrong)?;
    app.hasher.check(&new, &account.username).await?.map_err(|code| Error::of("content_invalid").at("/new", code))?;
    let hash = app.hasher.hash(&new).await?;
    write
        .run(&app.db, async |conn, scope| {
            // The password may have been taken away, or the account disabled, while it was judged.
            let login = accounts::lock_login(conn, account.id).await?;
            if login.password_hash != judged.password_hash || login.disabled_at.is_some() {
                return Err(wrong());
            }
            // Who could know the current password could know what follows it.
            accounts::set_password(conn, account.id, &hash, false, login.password_issued_by).await?;
            sign_ins::end_sign_ins(conn, account.id, Some(sign_in), "password changed", now).await?;
            scope.set_subject(format!("accounts/{}", account.username));
            // Not even a digest of a password is recorded.
            scope.before(&json!({"password_set_at": null}))?;
            scope.after(&json!({"password_set_at": now}))?;
            Ok(Reply::done())
        })
        .await
}
