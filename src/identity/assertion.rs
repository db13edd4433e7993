//! A machine's own proof of who it is: a token that it signed itself (`private_key_jwt`, RFC 7523), good once.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD as BASE64};
use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{Jwk, JwkSet},
};
use serde::Deserialize;
use serde_json::Value;

use super::tokens::{LEEWAY, LENGTH_MOST};
use crate::finding::Finding;

/// What may sign an assertion, or a token of an outside issuer.
pub const ALGORITHMS: [Algorithm; 5] =
    [Algorithm::EdDSA, Algorithm::ES256, Algorithm::PS256, Algorithm::RS256, Algorithm::ES384];
const SECONDS_MOST: i64 = 300;
const KEYS_MOST: usize = 10;

#[derive(Deserialize)]
struct Claims {
    exp: i64,
    #[serde(default)]
    iat: Option<i64>,
    #[serde(default)]
    nbf: Option<i64>,
    jti: String,
}

/// What an assertion says once it holds.
pub struct Asserted {
    pub jti: String,
    pub until: DateTime<Utc>,
}

/// Who an assertion says it comes from; nothing is verified yet.
pub fn subject(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let claims = BASE64.decode(assertion.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Subject>(&claims).ok().map(|claims| claims.sub)
}

/// Verifies an assertion of a client for this service, by the client's own public keys.
pub fn verify(
    assertion: &str,
    client_id: &str,
    jwks: &Value,
    audiences: &[&str],
    now: DateTime<Utc>,
) -> Option<Asserted> {
    if assertion.len() > LENGTH_MOST {
        return None;
    }
    let header = jsonwebtoken::decode_header(assertion).ok()?;
    if header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some() {
        return None;
    }
    let keys: JwkSet = serde_json::from_value(jwks.clone()).ok()?;
    let key = match &header.kid {
        Some(kid) => keys.find(kid)?,
        None if keys.keys.len() == 1 => &keys.keys[0],
        None => return None,
    };
    let algorithm = algorithm(key, header.alg)?;
    let mut validation = Validation::new(algorithm);
    validation.set_issuer(&[client_id]);
    validation.set_audience(audiences);
    validation.sub = Some(client_id.to_owned());
    validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
    validation.validate_exp = false;
    let claims = jsonwebtoken::decode::<Claims>(assertion, &DecodingKey::from_jwk(key).ok()?, &validation).ok()?.claims;
    let (second, named) = (now.timestamp(), (1..=255).contains(&claims.jti.len()));
    let begun = claims.iat.unwrap_or(second).max(claims.nbf.unwrap_or(second)) <= second + LEEWAY;
    let holds = begun && claims.exp > second - LEEWAY && claims.exp <= second + SECONDS_MOST + LEEWAY;
    let until = DateTime::from_timestamp(claims.exp, 0)?;
    (holds && named).then_some(Asserted { jti: claims.jti, until: until + TimeDelta::seconds(LEEWAY) })
}

/// The algorithm asked for, where the key is one of its kind.
pub fn algorithm(key: &Jwk, asked: Algorithm) -> Option<Algorithm> {
    use jsonwebtoken::jwk::{
        AlgorithmParameters as Kind,
        EllipticCurve::{P256, P384},
    };
    let stated = key.common.key_algorithm.is_none_or(|stated| format!("{stated:?}") == format!("{asked:?}"));
    let fits = match (&key.algorithm, asked) {
        (Kind::OctetKeyPair(_), Algorithm::EdDSA) => true,
        (Kind::EllipticCurve(curve), Algorithm::ES256) => curve.curve == P256,
        (Kind::EllipticCurve(curve), Algorithm::ES384) => curve.curve == P384,
        (Kind::RSA(_), Algorithm::PS256 | Algorithm::RS256) => true,
        _ => false,
    };
    (stated && fits && ALGORITHMS.contains(&asked)).then_some(asked)
}

/// Public keys of a kind that verifies, and none that is private or shared.
pub fn check_keys(jwks: &Value) -> Result<(), Finding> {
    let wrong = || Finding::new("/jwks", "jwks_invalid");
    let keys: JwkSet = serde_json::from_value(jwks.clone()).map_err(|_| wrong())?;
    let usable = |key: &Jwk| {
        ALGORITHMS.iter().any(|asked| algorithm(key, *asked).is_some()) && DecodingKey::from_jwk(key).is_ok()
    };
    let private = jwks["keys"].as_array().into_iter().flatten().any(|key| !key["d"].is_null() || !key["k"].is_null());
    let fine = (1..=KEYS_MOST).contains(&keys.keys.len()) && keys.keys.iter().all(usable) && !private;
    fine.then_some(()).ok_or_else(wrong)
}

pub fn key_names(jwks: &Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().into_iter().flatten();
    keys.map(|key| key["kid"].as_str().unwrap_or("–").to_owned()).collect()
}
