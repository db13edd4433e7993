//! Machine clients: an administrator creates and changes them and issues new secrets.

use std::{collections::BTreeMap, sync::Arc};

use actix_web::{HttpRequest, get, patch, post, web::Data};
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use validator::Validate;

use super::{
    create,
    store::{self, Row, SecretRow},
};
use crate::{
    app::App,
    auth::{self, Secret},
    db::{Conn, Listed},
    finding::Finding,
    http::{
        Bounded, Caller, Error, IfMatch, Json, ListQuery, OptionalJson, Page, Path, Query, Reply, Result, Scope,
        WriteRequest, nullable, present,
    },
    identity::rules::{self, username},
    units,
};

/// Hours for which a previous secret stays valid beside a new one, by default.
const OVERLAP: u32 = 24;

pub fn routes(config: &mut ServiceConfig) {
    config.service(list_clients).service(create_client).service(get_client).service(patch_client);
    config.service(create_client_secret);
}

/// A machine client.
#[derive(Serialize, ToSchema)]
struct Client {
    #[schema(example = "phan-mem-mot-cua")]
    client_id: String,
    #[schema(example = "Phần mềm một cửa")]
    name: String,
    /// Code of its unit: it acts only there and in descendants; null for the whole locality.
    #[schema(required, example = "ttpvhcc")]
    unit: Option<String>,
    scopes: Vec<Scope>,
    disabled: bool,
    /// Key ids of the public keys that verify its assertions.
    keys: Vec<String>,
    secrets: Vec<ClientSecret>,
    created_at: DateTime<Utc>,
    /// Instant of its last token.
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

/// Times of a secret; the secret itself is not stored.
#[derive(Serialize, ToSchema)]
struct ClientSecret {
    created_at: DateTime<Utc>,
    #[schema(required)]
    expires_at: Option<DateTime<Utc>>,
    #[schema(required)]
    last_used_at: Option<DateTime<Utc>>,
}

impl From<SecretRow> for ClientSecret {
    fn from(row: SecretRow) -> Self {
        Self { created_at: row.created_at, expires_at: row.expires_at, last_used_at: row.last_used_at }
    }
}

/// With a unit's current code.
async fn view(conn: &mut Conn, caller: &Caller, row: Row) -> Result<Client> {
    let tree = match (&caller.recall, row.unit) {
        (Some(recall), Some(_)) => units::ever_registered(conn, recall, caller.today()).await?,
        _ => Arc::default(),
    };
    Ok(Client {
        unit: row.unit.and_then(|id| tree.by_id(id)).map(|unit| unit.code.clone()),
        scopes: Scope::read(&row.scope).collect(),
        disabled: row.disabled_at.is_some(),
        keys: auth::key_names(&row.jwks),
        secrets: store::secrets(conn, row.id).await?.into_iter().map(ClientSecret::from).collect(),
        client_id: row.client_id,
        name: row.name,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
    })
}

/// Machine clients
///
/// The clients of the locality, by client id; the city's if no locality is given. Sort keys: `client_id`, `name`,
/// `created_at`.
#[utoipa::path(
    tag = "identity", params(ListQuery),
    responses((status = 200, description = "A page", body = Page<Client>), Error)
)]
#[get("/clients")]
async fn list_clients(req: HttpRequest, app: Data<App>, caller: Caller, page: Query<ListQuery>) -> Result<Reply> {
    caller.permit_anywhere()?;
    let order = page.order(&store::SORTS)?;
    app.db
        .read(async |conn| {
            let Listed { rows, total } = store::list(conn, caller.realm(), &order).await?;
            let mut views = Vec::new();
            for (row, position) in rows {
                views.push((view(conn, &caller, row).await?, position));
            }
            Page::listed(Listed { rows: views, total }, &order, |client| client)?.reply(&req)
        })
        .await
}

/// A new machine client.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewClient {
    #[validate(custom(function = username))]
    #[schema(min_length = 3, max_length = 63, pattern = "^[a-z0-9][a-z0-9._-]{2,62}$", example = "phan-mem-mot-cua")]
    client_id: String,
    #[validate(nested)]
    name: Bounded<200>,
    /// Code of a unit, to restrict the client to it and its descendants.
    #[serde(default)]
    unit: Option<String>,
    scopes: Vec<Scope>,
    /// A JWK set of public keys (Ed25519, P-256 or RSA). A client with keys gets no secret.
    #[serde(default)]
    #[schema(value_type = Option<PublicKeys>)]
    jwks: Option<Value>,
}

/// Public keys (RFC 7517).
#[derive(ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code)] // for the document
struct PublicKeys {
    #[schema(min_items = 1, max_items = 10)]
    keys: Vec<BTreeMap<String, KeyMember>>,
}

/// A member of a public key.
#[derive(ToSchema)]
#[serde(untagged)]
#[allow(dead_code)] // for the document
enum KeyMember {
    Text(String),
    Flag(bool),
    Texts(Vec<String>),
}

/// A client with its secret, shown once.
#[derive(Serialize, ToSchema)]
struct ClientWithSecret {
    client: Client,
    /// Null for a client that signs assertions.
    #[schema(required, example = "pXr5…")]
    client_secret: Option<String>,
}

/// Create a machine client
///
/// Answers its secret, shown once. With public keys the client gets no secret and signs assertions (RFC 7523).
#[utoipa::path(tag = "identity", responses((status = 201, description = "Created", body = ClientWithSecret), Error))]
#[post("/clients")]
async fn create_client(app: Data<App>, write: WriteRequest, body: Json<NewClient>) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            scope.permit_anywhere()?;
            let new = body.valid()?;
            let secret = new.jwks.is_none().then(Secret::random);
            create::create(conn, scope.realm(), &(&new).into(), secret.as_ref(), scope.now).await?;
            let row = store::find(conn, scope.realm(), &new.client_id).await?.ok_or_else(Error::not_found)?;
            scope.after(&row)?;
            let location = format!("/api/v1/clients/{}", new.client_id);
            let client = view(conn, scope, row).await?;
            let body = ClientWithSecret { client, client_secret: secret.map(|secret| secret.text) };
            Ok(Reply::created(location, body)?.tag(1).hidden())
        })
        .await
}

impl<'a> From<&'a NewClient> for create::NewClient<'a> {
    fn from(new: &'a NewClient) -> Self {
        Self {
            client_id: &new.client_id,
            name: &new.name,
            unit: new.unit.as_deref(),
            scopes: &new.scopes,
            jwks: new.jwks.as_ref(),
        }
    }
}

/// A machine client
///
/// With the times of its secrets and its last token.
#[utoipa::path(tag = "identity", responses((status = 200, description = "The client", body = Client), Error))]
#[get("/clients/{client}")]
async fn get_client(app: Data<App>, caller: Caller, client: Path<String>) -> Result<Reply> {
    app.db
        .read(async |conn| {
            let row = store::find(conn, caller.realm(), &client).await?.ok_or_else(Error::not_found)?;
            caller.permit_anywhere()?;
            let version = row.version;
            Ok(Reply::ok(view(conn, &caller, row).await?)?.tag(version))
        })
        .await
}

/// Changes of a client; absent members stay unchanged.
#[derive(Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClientPatch {
    #[serde(default, deserialize_with = "present")]
    #[validate(nested)]
    #[schema(value_type = Bounded<200>, required = false)]
    name: Option<Bounded<200>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = Vec<Scope>, required = false)]
    scopes: Option<Vec<Scope>>,
    #[serde(default, deserialize_with = "present")]
    #[schema(value_type = bool, required = false)]
    disabled: Option<bool>,
    /// Null removes the keys.
    #[serde(default, deserialize_with = "nullable")]
    #[schema(value_type = Option<PublicKeys>)]
    jwks: Option<Option<Value>>,
}

/// Change a machine client
///
/// Removing a scope or disabling the client takes effect at its next request, whatever token it holds.
#[utoipa::path(tag = "identity", params(IfMatch), responses((status = 200, description = "Changed", body = Client), Error))]
#[patch("/clients/{client}")]
async fn patch_client(
    app: Data<App>,
    write: WriteRequest,
    client: Path<String>,
    if_match: IfMatch,
    body: Json<ClientPatch>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let row = store::lock(conn, scope.realm(), &client).await?;
            scope.permit_anywhere()?;
            if_match.check(row.version)?;
            let patch = body.valid()?;
            let scopes = patch.scopes.as_deref().unwrap_or_default();
            let misplaced = rules::check_scopes(scopes, scope.realm(), row.unit.is_some());
            Error::check(misplaced.into_iter().collect())?;
            Error::check(
                patch.jwks.iter().flatten().next().and_then(|jwks| auth::check_keys(jwks).err()).into_iter().collect(),
            )?;
            scope.before(&row)?;
            let disabled_at = match patch.disabled {
                Some(true) => Some(row.disabled_at.unwrap_or(scope.now)),
                Some(false) => None,
                None => row.disabled_at,
            };
            let changed = Row {
                name: patch.name.map_or(row.name, String::from),
                scope: patch.scopes.map_or(row.scope, |scopes| Scope::write(&scopes)),
                jwks: patch.jwks.map_or(row.jwks, |keys| keys.unwrap_or_else(|| json!({"keys": []}))),
                disabled_at,
                version: row.version + 1,
                ..row
            };
            store::update(conn, &changed).await?;
            scope.after(&changed)?;
            let version = changed.version;
            Ok(Reply::ok(view(conn, scope, changed).await?)?.tag(version))
        })
        .await
}

/// How long the previous secrets stay valid.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct SecretOverlap {
    /// 0 to 720; default 24.
    #[serde(default = "overlap")]
    #[schema(minimum = 0, maximum = 720)]
    overlap_hours: u32,
}

impl Default for SecretOverlap {
    fn default() -> Self {
        Self { overlap_hours: OVERLAP }
    }
}

fn overlap() -> u32 {
    OVERLAP
}

/// Issue a new client secret
///
/// Answers the secret, shown once. The previous ones stay valid for the given hours, so that the machine can switch
/// over.
#[utoipa::path(tag = "identity", params(IfMatch), responses((status = 200, description = "The secret", body = ClientWithSecret), Error))]
#[post("/clients/{client}/secrets")]
async fn create_client_secret(
    app: Data<App>,
    write: WriteRequest,
    client: Path<String>,
    if_match: IfMatch,
    body: OptionalJson<SecretOverlap>,
) -> Result<Reply> {
    write
        .run(&app.db, async |conn, scope| {
            let row = store::lock(conn, scope.realm(), &client).await?;
            scope.permit_anywhere()?;
            if_match.check(row.version)?;
            if row.jwks["keys"].as_array().is_some_and(|keys| !keys.is_empty()) {
                return Err(Error::of("client_signs"));
            }
            let hours = body.unjudged().overlap_hours;
            let too_long = (hours > 720)
                .then(|| Finding::new("/overlap_hours", "number_out_of_range").with("min", "0").with("max", "720"));
            Error::check(too_long.into_iter().collect())?;
            let secret = Secret::random();
            let until = scope.now + TimeDelta::hours(i64::from(hours));
            store::add_secret(conn, row.id, &secret.digest(), scope.now, until).await?;
            scope.before(&row)?;
            let changed = Row { version: row.version + 1, ..row };
            store::update(conn, &changed).await?;
            scope.after(&changed)?;
            let version = changed.version;
            let body = ClientWithSecret { client: view(conn, scope, changed).await?, client_secret: Some(secret.text) };
            Ok(Reply::ok(body)?.tag(version).hidden())
        })
        .await
}
