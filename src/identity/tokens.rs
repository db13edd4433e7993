//! Access tokens (RFC 9068): EdDSA, 15 minutes at most, verified strictly. Every token that is not wholly right gets
//! the same answer, whatever is wrong with it.

use std::sync::Arc;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeZone, Utc};
use jsonwebtoken::{Algorithm, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::keys::Keys;
use crate::{
    db::AccountId,
    http::{Error, Result},
};

const TYPE: &str = "at+jwt";
const LENGTH_MOST: usize = 8 * 1024;
const SECONDS_MOST: i64 = 900;
/// Seconds by which another machine's clock may be off.
const LEEWAY: i64 = 5;

/// Makes and verifies the service's tokens.
#[derive(Clone)]
pub struct Issuer {
    keys: Arc<Keys>,
    /// Issuer and audience: the service's public address.
    url: String,
    seconds: i64,
}

/// All that a header may hold: no key, no address of a key, no extension.
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
    iat: i64,
    nbf: i64,
    exp: i64,
    jti: Uuid,
}

impl Issuer {
    pub fn new(keys: Arc<Keys>, url: String, seconds: u32) -> Self {
        Self { keys, url, seconds: i64::from(seconds) }
    }

    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Issuer and audience of its tokens.
    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn seconds(&self) -> i64 {
        self.seconds
    }

    pub fn issue(&self, account: AccountId, now: DateTime<Utc>) -> Result<String> {
        let key = self.keys.signing();
        let header = Header { typ: Some(TYPE.into()), kid: Some(key.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        let iat = now.timestamp();
        let claims = Claims {
            iss: self.url.clone(),
            aud: self.url.clone(),
            sub: account,
            iat,
            nbf: iat,
            exp: iat + self.seconds,
            jti: Uuid::now_v7(),
        };
        jsonwebtoken::encode(&header, &claims, &key.encoding).map_err(Error::internal)
    }

    /// Whose token it is.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccountId> {
        self.verified(token, now).ok_or_else(|| Error::of("unauthenticated"))
    }

    fn verified(&self, token: &str, now: DateTime<Utc>) -> Option<AccountId> {
        if token.len() > LENGTH_MOST {
            return None;
        }
        let header: StrictHeader = serde_json::from_slice(&BASE64.decode(token.split('.').next()?).ok()?).ok()?;
        if header.alg != "EdDSA" || header.typ != TYPE {
            return None;
        }
        let mut validation = Validation::new(Algorithm::EdDSA);
        validation.set_issuer(&[&self.url]);
        validation.set_audience(&[&self.url]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp", "nbf"]);
        // Instants are held against the service's own clock below.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        let key = self.keys.find(&header.kid)?;
        let claims = jsonwebtoken::decode::<Claims>(token, &key.decoding, &validation).ok()?.claims;
        let now = now.timestamp();
        let timely = claims.exp > now - LEEWAY
            && claims.nbf <= now + LEEWAY
            && claims.iat <= now + LEEWAY
            && (1..=SECONDS_MOST).contains(&(claims.exp.checked_sub(claims.iat)?));
        Utc.timestamp_opt(claims.exp, 0).single()?;
        timely.then_some(claims.sub)
    }
}
