//! Tokens for machines (RFC 6749, section 4.4), and the authorization server metadata (RFC 8414).

use actix_web::{HttpRequest, get, http::header::AUTHORIZATION, post, web::Data};
use chrono::{DateTime, Utc};
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::store::{self, Row};
use crate::{
    app::App,
    auth::{self, Secret},
    db::Conn,
    http::{Error, Form, MATRIX, Reply, Result, Scope, SignInSubject, record_entrance},
};

const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ENDPOINT: &str = "/api/v1/oauth/token";

pub fn routes(config: &mut ServiceConfig) {
    config.service(create_token);
}

/// Outside `/api/v1`: a standard fixes the path.
pub fn well_known(config: &mut ServiceConfig) {
    config.service(get_authorization_server);
}

/// Token request of a machine, as a form. The client authenticates here or in an `Authorization: Basic` header.
#[derive(Deserialize, ToSchema)]
struct TokenRequest {
    #[schema(example = "client_credentials")]
    grant_type: String,
    /// Requested scopes, separated by spaces; default: all scopes of the client.
    #[schema(example = "submissions:draft submissions:read")]
    scope: Option<String>,
    #[schema(example = "phan-mem-mot-cua")]
    client_id: Option<String>,
    #[schema(example = "pXr5…")]
    client_secret: Option<String>,
    /// `urn:ietf:params:oauth:client-assertion-type:jwt-bearer`
    client_assertion_type: Option<String>,
    /// A JWT that the client signed: iss and sub are its id, aud is this service, exp is within five minutes, jti is
    /// new.
    client_assertion: Option<String>,
}

/// An access token for a machine (RFC 6749, section 5.1).
#[derive(Serialize, ToSchema)]
struct ClientToken {
    #[schema(example = "eyJhbGciOiJFZERTQSIsInR5cCI6ImF0K2p3dCJ9…")]
    access_token: String,
    #[schema(example = "Bearer")]
    token_type: &'static str,
    /// Lifetime in seconds.
    expires_in: i64,
    #[schema(example = "submissions:draft submissions:read")]
    scope: String,
}

/// How a client authenticates.
enum Proof {
    Secret(String),
    Assertion(String),
}

/// Get a machine token
///
/// Authenticates a client by its secret or by a signed assertion. An unknown client and a wrong credential answer the
/// same 401.
#[utoipa::path(
    tag = "identity",
    request_body(content = TokenRequest, content_type = "application/x-www-form-urlencoded"),
    responses((status = 200, description = "A token", body = ClientToken), Error)
)]
#[post("/oauth/token")]
async fn create_token(req: HttpRequest, app: Data<App>, form: Form<TokenRequest>) -> Result<Reply> {
    let form = form.into_inner();
    if form.grant_type != "client_credentials" {
        return Err(Error::of("unsupported_grant_type"));
    }
    let (client_id, proof) = proof(&req, &form)?;
    let now = app.clock.now();
    app.db
        .tx(async |conn| {
            let refused = || Error::of("invalid_client");
            let client = store::find_enabled(conn, &client_id).await?.ok_or_else(refused)?;
            if !proves(conn, &app, &client, proof, now).await? {
                return Err(refused());
            }
            let scopes = scopes(&client, form.scope.as_deref())?;
            store::note_use(conn, client.id, now).await?;
            let (username, subject) = (client.client_id.as_str(), format!("clients/{client_id}"));
            let who = SignInSubject { account: client.id, username, locality: client.locality, subject };
            record_entrance(conn, &req, who, now, json!({"scope": Scope::write(&scopes), "at": now})).await?;
            Reply::secret(ClientToken {
                access_token: app.issuer.issue_to_client(client.id, &client.client_id, &scopes, now)?,
                token_type: "Bearer",
                expires_in: app.issuer.seconds(),
                scope: Scope::write(&scopes),
            })
        })
        .await
}

/// Exactly one authentication method (RFC 6749, section 2.3).
fn proof(req: &HttpRequest, form: &TokenRequest) -> Result<(String, Proof)> {
    let malformed = || Error::of("invalid_request");
    let header = req.headers().get(AUTHORIZATION);
    match (header, &form.client_secret, &form.client_assertion) {
        (Some(header), None, None) => {
            let basic = header.to_str().ok().and_then(basic).ok_or_else(|| Error::of("invalid_client"))?;
            let same = form.client_id.as_ref().is_none_or(|id| *id == basic.0);
            if same { Ok((basic.0, Proof::Secret(basic.1))) } else { Err(malformed()) }
        }
        (None, Some(secret), None) => {
            Ok((form.client_id.clone().ok_or_else(malformed)?, Proof::Secret(secret.clone())))
        }
        (None, None, Some(assertion)) if form.client_assertion_type.as_deref() == Some(ASSERTION) => {
            let subject = auth::subject(assertion).ok_or_else(|| Error::of("invalid_client"))?;
            let same = form.client_id.as_ref().is_none_or(|id| *id == subject);
            if same { Ok((subject, Proof::Assertion(assertion.clone()))) } else { Err(malformed()) }
        }
        (None, None, None) => Err(Error::of("invalid_client")),
        _ => Err(malformed()),
    }
}

/// Id and secret of a Basic header, each form-encoded within it (RFC 6749, section 2.3.1).
fn basic(header: &str) -> Option<(String, String)> {
    let (scheme, encoded) = header.split_once(' ')?;
    let text = String::from_utf8(BASE64.decode(encoded.trim().as_bytes()).ok()?).ok()?;
    let (id, secret) = text.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let decode = |text: &str| form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned());
    Some((decode(id)?, decode(secret)?)).filter(|(id, secret)| !format!("{id}{secret}").contains(char::is_control))
}

async fn proves(conn: &mut Conn, app: &App, client: &Row, proof: Proof, now: DateTime<Utc>) -> Result<bool> {
    match proof {
        Proof::Secret(secret) => store::use_secret(conn, client.id, &Secret::from(secret).digest(), now).await,
        Proof::Assertion(assertion) => {
            let endpoint = format!("{}{ENDPOINT}", app.issuer.url());
            let audiences = [app.issuer.url(), endpoint.as_str()];
            match auth::verify_assertion(&assertion, &client.client_id, &client.jwks, &audiences, now) {
                Some(said) => store::use_assertion(conn, client.id, &said.jti, now, said.until).await,
                None => Ok(false),
            }
        }
    }
}

/// The requested scopes, all of which the client must have; all of its scopes if it requests none.
fn scopes(client: &Row, asked: Option<&str>) -> Result<Vec<Scope>> {
    let has: Vec<Scope> = Scope::read(&client.scope).collect();
    let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(has) };
    let wanted: Vec<Scope> = Scope::read(asked).collect();
    let all = wanted.len() == asked.split(' ').count() && wanted.iter().all(|scope| has.contains(scope));
    all.then_some(wanted).ok_or_else(|| Error::of("invalid_scope"))
}

/// Authorization server metadata (RFC 8414).
#[derive(Serialize, ToSchema)]
struct AuthorizationServer {
    #[schema(example = "https://thidua.example")]
    issuer: String,
    token_endpoint: String,
    jwks_uri: String,
    grant_types_supported: [&'static str; 1],
    response_types_supported: [&'static str; 0],
    token_endpoint_auth_methods_supported: [&'static str; 3],
    token_endpoint_auth_signing_alg_values_supported: Vec<String>,
    scopes_supported: Vec<Scope>,
    service_documentation: String,
}

/// Authorization server metadata
///
/// The token endpoint, the supported scopes and the authentication methods (RFC 8414).
#[utoipa::path(tag = "identity", responses((status = 200, description = "The metadata", body = AuthorizationServer)))]
#[get("/.well-known/oauth-authorization-server")]
async fn get_authorization_server(app: Data<App>) -> Result<Reply> {
    let url = app.issuer.url();
    let mut scopes: Vec<Scope> = MATRIX.iter().filter_map(|(_, access)| access.scope()).collect();
    scopes.sort();
    scopes.dedup();
    Reply::ok(AuthorizationServer {
        issuer: url.to_owned(),
        token_endpoint: format!("{url}{ENDPOINT}"),
        jwks_uri: format!("{url}/.well-known/jwks.json"),
        grant_types_supported: ["client_credentials"],
        response_types_supported: [],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        token_endpoint_auth_signing_alg_values_supported: auth::ALGORITHMS.map(|alg| format!("{alg:?}")).to_vec(),
        scopes_supported: scopes,
        service_documentation: format!("{url}/docs/"),
    })
}
