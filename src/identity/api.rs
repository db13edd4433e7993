//! The current account, and the public keys.

use std::sync::Arc;

use actix_web::{get, web::Data};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    app::App,
    auth::did::DidDocument,
    db::{Conn, UnitId},
    http::{Authority, Caller, Error, Reply, Result, Role, Scope},
    identity::accounts,
    units,
};

pub fn routes(config: &mut ServiceConfig) {
    config.service(get_me);
}

/// Outside `/api/v1`: standards fix these paths.
pub fn well_known(config: &mut ServiceConfig) {
    config.service(get_jwks).service(get_did_document);
}

/// The current account.
#[derive(Serialize, ToSchema)]
struct Me {
    account: crate::db::AccountId,
    #[schema(example = "phong-vhxh-1")]
    username: String,
    /// What the account's holder is called.
    #[schema(required, example = "Nguyễn Thị Hòa")]
    display_name: Option<String>,
    /// Null for city accounts that name no locality.
    #[schema(required)]
    locality: Option<MyLocality>,
    roles: Vec<MyRole>,
    /// Scopes of a machine client.
    scopes: Vec<Scope>,
    /// The unit of a machine client, with its descendants; null for the whole locality.
    #[schema(required)]
    unit: Option<String>,
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
    /// Code of the unit: a unit role covers it and its descendants.
    #[schema(required, example = "phong-kinh-te")]
    unit: Option<String>,
    #[schema(required, example = "Phòng Kinh tế")]
    unit_name: Option<String>,
    /// Username of the account that delegated the role.
    delegated: bool,
}

/// Current account
///
/// The account of the token, its locality, and its current roles.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The account", body = Me), Error))]
#[get("/me")]
async fn get_me(app: Data<App>, caller: Caller) -> Result<Reply> {
    let read = async |conn: &mut Conn| {
        let tree = match &caller.recall {
            Some(recall) => units::ever_registered(conn, recall, caller.today()).await?,
            None => Arc::default(),
        };
        Ok((tree, accounts::display_name(conn, caller.account.id).await?))
    };
    let (tree, display_name) = app.db.read(read).await?;
    let unit = |id: Option<UnitId>| id.and_then(|id| tree.by_id(id));
    let code = |id| unit(id).map(|unit| unit.code.clone());
    let (mut roles, mut scopes, mut bound) = (Vec::new(), Vec::new(), None);
    for grant in &caller.grants {
        match grant.held {
            Authority::Role(role) => roles.push(MyRole {
                role,
                unit: code(grant.unit),
                unit_name: unit(grant.unit).map(|unit| unit.name.clone()),
                delegated: grant.acting_for.is_some(),
            }),
            Authority::Scope(scope) => {
                scopes.push(scope);
                bound = code(grant.unit);
            }
        }
    }
    Reply::ok(Me {
        account: caller.account.id,
        username: caller.account.username.clone(),
        display_name,
        roles,
        scopes,
        unit: bound,
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
/// The JWK set (RFC 7517) that verifies the tokens of every instance of this service.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The keys", body = Jwks)))]
#[get("/.well-known/jwks.json")]
async fn get_jwks(app: Data<App>) -> Result<Reply> {
    Reply::ok(app.issuer.jwks(&app.db, app.clock.now()).await)
}

/// Keys of proofs
///
/// The DID document of this service (W3C DID, method `did:web`): every public key that ever signed a proof, for ever, as
/// Multikey. Whoever keeps bundles and certificates keeps it beside them.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The document", body = DidDocument)))]
#[get("/.well-known/did.json")]
async fn get_did_document(app: Data<App>) -> Result<Reply> {
    let keys = app.db.read(async |conn| app.sealer.keys(conn).await).await?;
    Reply::ok(DidDocument::of(app.sealer.did(), keys))
}
