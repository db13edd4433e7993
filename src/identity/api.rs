//! Logging in, who one is, and the public keys.

use actix_web::{get, post, web::Data};
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::store;
use crate::{
    app::App,
    http::{Caller, Error, Json, Reply, Result, Role},
    units,
};

/// Guesses an account takes in [`WINDOW`].
const GUESSES: i64 = 10;
const WINDOW: TimeDelta = TimeDelta::minutes(10);

pub fn routes(config: &mut ServiceConfig) {
    config.service(log_in).service(get_me);
}

/// Outside `/api/v1`: standards fix these paths.
pub fn well_known(config: &mut ServiceConfig) {
    config.service(get_jwks);
}

/// Who wants in.
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

/// An access token (RFC 9068).
#[derive(Serialize, ToSchema)]
struct Token {
    #[schema(example = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9…")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Seconds.
    #[schema(example = 900)]
    expires_in: i64,
}

/// Log in
///
/// Answers an access token. An unknown user and a wrong password are one and the same 401; after ten failures of a
/// username within ten minutes it is 429 until the oldest is ten minutes old.
#[utoipa::path(tag = "identity", responses((status = 200, description = "A token", body = Token), Error))]
#[post("/auth/login")]
async fn log_in(app: Data<App>, body: Json<Credentials>) -> Result<Reply> {
    let Credentials { username, password } = body.valid()?;
    let now = app.clock.now();
    let username = username.to_lowercase();
    // A guess counts from before it is judged: many at once are no more than many in a row.
    let (guess, login) = app
        .db
        .tx(async |conn| {
            let guess = store::note_guess(conn, &username, now, now - WINDOW, GUESSES).await?;
            Ok((guess.ok_or_else(|| Error::of("login_throttled"))?, store::find_login(conn, &username).await?))
        })
        .await?;
    let hash = login.as_ref().map(|login| login.password_hash.clone());
    let right = app.hasher.verify(password, hash).await?;
    let login = login.filter(|login| right && login.disabled_at.is_none()).ok_or_else(|| Error::of("login_failed"))?;
    app.db.tx(async |conn| store::forget_guess(conn, guess).await).await?;
    Reply::secret(Token {
        access_token: app.issuer.issue(login.id, now)?,
        token_type: "Bearer",
        expires_in: app.issuer.seconds(),
    })
}

/// Who one is.
#[derive(Serialize, ToSchema)]
struct Me {
    account: crate::db::AccountId,
    #[schema(example = "phong-vhxh-1")]
    username: String,
    /// Null for the city's accounts that name none.
    #[schema(required)]
    locality: Option<MyLocality>,
    roles: Vec<MyRole>,
}

#[derive(Serialize, ToSchema)]
struct MyLocality {
    #[schema(example = "10210")]
    code: String,
    #[schema(example = "Xã Hồng Vân")]
    name: String,
}

#[derive(Serialize, ToSchema)]
struct MyRole {
    role: Role,
    /// Unit roles hold in this unit and what lies below it.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required, example = "Phòng Kinh tế")]
    unit_name: Option<String>,
}

/// Who one is
///
/// The account behind the token, its locality, and the roles that hold today.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The caller", body = Me), Error))]
#[get("/me")]
async fn get_me(app: Data<App>, caller: Caller) -> Result<Reply> {
    let tree = match &caller.locality {
        Some(locality) => app.db.read(async |conn| units::tree(conn, locality.id, caller.today()).await).await?,
        None => units::Tree::default(),
    };
    let roles = caller.grants.iter().map(|grant| {
        let unit = grant.unit.and_then(|id| tree.by_id(id));
        MyRole { role: grant.role, unit: unit.map(|u| u.code.clone()), unit_name: unit.map(|u| u.name.clone()) }
    });
    Reply::ok(Me {
        account: caller.account.id,
        username: caller.account.username.clone(),
        roles: roles.collect(),
        locality: caller.locality.as_ref().map(|l| MyLocality { code: l.code.clone(), name: l.name.clone() }),
    })
}

/// The public half of the signing keys.
#[derive(Serialize, ToSchema)]
struct Jwks {
    keys: Vec<Jwk>,
}

/// An Ed25519 public key (RFC 8037).
#[derive(Serialize, ToSchema)]
struct Jwk {
    #[schema(example = "OKP")]
    kty: String,
    #[schema(example = "Ed25519")]
    crv: String,
    #[serde(rename = "use")]
    #[schema(example = "sig")]
    usage: String,
    #[schema(example = "EdDSA")]
    alg: String,
    kid: String,
    x: String,
}

/// Public signing keys
///
/// The JWK set (RFC 7517) that verifies this service's tokens.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The keys", body = Jwks)))]
#[get("/.well-known/jwks.json")]
async fn get_jwks(app: Data<App>) -> Result<Reply> {
    Reply::ok(app.issuer.keys().jwks())
}
