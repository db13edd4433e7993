//! Access tokens (RFC 9068): EdDSA, 15 minutes at most, verified strictly. Every invalid token gets the same answer,
//! for whichever reason.

use std::sync::Arc;

use chrono::{DateTime, TimeZone, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{Algorithm, Header, Validation};
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{keys::Keys, registry};
use crate::{
    db::{AccountId, Db},
    http::{Error, Result, Scope},
};

const TYPE: &str = "at+jwt";
pub(super) const LENGTH_MOST: usize = 8 * 1024;
const SECONDS_MOST: i64 = 900;
/// How many tokens are not verified again.
const SIGNED_MOST: usize = 4096;
/// Tolerated clock difference in seconds.
pub(super) const LEEWAY: i64 = 5;
/// The `client_id` of people's tokens.
const PEOPLE: &str = "thidua";

/// Issues and verifies the service's tokens.
#[derive(Clone)]
pub struct Issuer {
    keys: Arc<Keys>,
    /// Issuer and audience: the service's public address.
    url: String,
    seconds: i64,
    signed: Signed,
}

/// Tokens whose signature was found right, each by its digest, with the key and the claims that it signs. Whether the key
/// still verifies and whether it is time is asked at each use.
type Signed = Arc<Cache<[u8; 32], Arc<(String, Claims)>>>;

/// What a token is based on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Basis {
    /// A person's login.
    SignIn(Uuid),
    /// A machine's credentials, and the scopes it asked for.
    Client(Vec<Scope>),
    /// A token of an external issuer.
    External,
}

/// All members that a header may have: no key, no URL of a key, no extension.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StrictHeader {
    alg: String,
    typ: String,
    kid: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Claims {
    iss: String,
    aud: String,
    sub: AccountId,
    client_id: String,
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
    #[serde(skip_serializing_if = "Option::is_none")]
    sid: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

impl Issuer {
    pub fn new(keys: Arc<Keys>, url: String, seconds: u32) -> Self {
        Self { keys, url, seconds: i64::from(seconds), signed: Arc::new(Cache::new(SIGNED_MOST)) }
    }

    pub fn keys(&self) -> &Arc<Keys> {
        &self.keys
    }

    /// Issuer and audience of its tokens.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    /// A token for a person who logged in.
    pub fn issue(&self, account: AccountId, sign_in: Uuid, now: DateTime<Utc>) -> Result<String> {
        self.sign(account, PEOPLE, Some(sign_in), None, now)
    }

    /// A token for a machine.
    pub fn issue_to_client(
        &self,
        account: AccountId,
        client: &str,
        scopes: &[Scope],
        now: DateTime<Utc>,
    ) -> Result<String> {
        self.sign(account, client, None, Some(Scope::write(scopes)), now)
    }

    fn sign(
        &self,
        sub: AccountId,
        client: &str,
        sid: Option<Uuid>,
        scope: Option<String>,
        now: DateTime<Utc>,
    ) -> Result<String> {
        let key = self.keys.signing();
        let header = Header { typ: Some(TYPE.into()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let iat = now.timestamp();
        let claims = Claims {
            iss: self.url.clone(),
            aud: self.url.clone(),
            sub,
            client_id: client.to_owned(),
            iat,
            nbf: iat,
            exp: iat + self.seconds,
            jti: Uuid::now_v7(),
            sid,
            scope,
        };
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::internal)
    }

    /// The public keys by which tokens of any instance are verified.
    pub async fn jwks(&self, db: &Db, now: DateTime<Utc>) -> Value {
        registry::look(db, &self.keys).await;
        self.keys.jwks(now)
    }

    /// The subject of a token, and its basis. The token may be of another instance, by a key that this one has not seen.
    pub async fn verify(&self, db: &Db, token: &str, now: DateTime<Utc>) -> Option<(AccountId, Basis)> {
        if let Some(found) = self.check(token, now) {
            return Some(found);
        }
        if registry::look(db, &self.keys).await { self.check(token, now) } else { None }
    }

    fn check(&self, token: &str, now: DateTime<Utc>) -> Option<(AccountId, Basis)> {
        if token.len() > LENGTH_MOST {
            return None;
        }
        let digest: [u8; 32] = Sha256::digest(token).into();
        let signed = match self.signed.get(&digest) {
            Some(signed) => signed,
            None => {
                let signed = Arc::new(self.verified(token, now)?);
                self.signed.insert(digest, signed.clone());
                signed
            }
        };
        let (kid, claims) = &*signed;
        if !self.keys.verifies(kid, now) || !timely(claims.iat, claims.nbf, claims.exp, SECONDS_MOST, now) {
            return None;
        }
        let ground = match (claims.sid, &claims.scope) {
            (Some(sign_in), None) if claims.client_id == PEOPLE => Basis::SignIn(sign_in),
            (None, Some(scope)) => Basis::Client(Scope::read(scope).collect()),
            _ => return None,
        };
        Some((claims.sub, ground))
    }

    /// What a token says and the key that signed it, whatever the time.
    fn verified(&self, token: &str, now: DateTime<Utc>) -> Option<(String, Claims)> {
        let header: StrictHeader =
            serde_json::from_slice(&BASE64.decode(token.split('.').next()?.as_bytes()).ok()?).ok()?;
        if header.alg != "EdDSA" || header.typ != TYPE {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.url]);
        validation.set_audience(&[&self.url]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // Instants are held against the service's own clock at each use.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let key = self.keys.find(&header.kid, now)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &validation).ok()?.claims;
        Some((header.kid, claims))
    }
}

/// Whether a token with these instants is valid at `now`, and has a lifetime of at most `most` seconds.
pub(super) fn timely(iat: i64, nbf: i64, exp: i64, most: i64, now: DateTime<Utc>) -> bool {
    let lifetime = exp.checked_sub(iat).unwrap_or(i64::MAX);
    let now = now.timestamp();
    exp > now - LEEWAY
        && nbf <= now + LEEWAY
        && iat <= now + LEEWAY
        && (1..=most).contains(&lifetime)
        && Utc.timestamp_opt(exp, 0).single().is_some()
}
