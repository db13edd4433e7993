//! A machine's signed assertion: a JWT that it signed itself (`private_key_jwt`, RFC 7523), valid once.

use chrono::{DateTime, TimeDelta, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{
    Algorithm, DecodingKey, Validation,
    jwk::{AlgorithmParameters, EllipticCurve, Jwk, JwkSet},
};
use serde::Deserialize;
use serde_json::Value;

use super::tokens::{LEEWAY, LENGTH_MOST};
use crate::finding::Finding;

/// Algorithms of assertions and of external issuers' tokens.
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

/// The claims of a verified assertion.
pub struct Asserted {
    pub jti: String,
    pub until: DateTime<Utc>,
}

/// The claimed issuer of an assertion, not yet verified.
pub fn subject(assertion: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Subject {
        sub: String,
    }
    let claims = BASE64.decode(assertion.split('.').nth(1)?.as_bytes()).ok()?;
    serde_json::from_slice::<Subject>(&claims).ok().map(|claims| claims.sub).filter(|sub| is_name(sub))
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
    let extended = names_extensions(assertion)?;
    if header.jku.is_some() || header.jwk.is_some() || header.x5u.is_some() || header.x5c.is_some() || extended {
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
    let (second, named) = (now.timestamp(), is_name(&claims.jti));
    let begun = claims.iat.unwrap_or(second).max(claims.nbf.unwrap_or(second)) <= second + LEEWAY;
    let holds = begun && claims.exp > second - LEEWAY && claims.exp <= second + SECONDS_MOST + LEEWAY;
    let until = DateTime::from_timestamp(claims.exp, 0)?;
    (holds && named).then_some(Asserted { jti: claims.jti, until: until + TimeDelta::seconds(LEEWAY) })
}

/// A text that is usable as an identifier.
fn is_name(text: &str) -> bool {
    (1..=255).contains(&text.len()) && !text.contains(char::is_control)
}

/// Whether a token's header names extensions that must be understood (RFC 7515, section 4.1.11): none is.
pub fn names_extensions(token: &str) -> Option<bool> {
    let header = BASE64.decode(token.split('.').next()?.as_bytes()).ok()?;
    Some(!serde_json::from_slice::<Value>(&header).ok()?["crit"].is_null())
}

/// The requested algorithm, if the key has its type.
pub fn algorithm(key: &Jwk, asked: Algorithm) -> Option<Algorithm> {
    let stated = key.common.key_algorithm.is_none_or(|stated| format!("{stated:?}") == format!("{asked:?}"));
    let fits = match (&key.algorithm, asked) {
        (AlgorithmParameters::OctetKeyPair(_), Algorithm::EdDSA) => true,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES256) => curve.curve == EllipticCurve::P256,
        (AlgorithmParameters::EllipticCurve(curve), Algorithm::ES384) => curve.curve == EllipticCurve::P384,
        (AlgorithmParameters::RSA(_), Algorithm::PS256 | Algorithm::RS256) => true,
        _ => false,
    };
    (stated && fits && ALGORITHMS.contains(&asked)).then_some(asked)
}

/// Public keys of a supported type; a private or shared key is refused.
pub fn check_keys(jwks: &Value) -> Result<(), Finding> {
    let wrong = || Finding::new("/jwks", "jwks_invalid");
    let keys: JwkSet = serde_json::from_value(jwks.clone()).map_err(|_| wrong())?;
    let usable = |key: &Jwk| {
        ALGORITHMS.iter().any(|asked| algorithm(key, *asked).is_some())
            && DecodingKey::from_jwk(key).is_ok()
            && is_whole(&key.algorithm)
    };
    const PRIVATE: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];
    let mut members = jwks["keys"].as_array().into_iter().flatten();
    let private = members.any(|key| PRIVATE.iter().any(|member| !key[*member].is_null()));
    let fine = (1..=KEYS_MOST).contains(&keys.keys.len()) && keys.keys.iter().all(usable) && !private;
    fine.then_some(()).ok_or_else(wrong)
}

/// Whether a key has the minimum length of its type; RSA of 2048 bits or more.
fn is_whole(key: &AlgorithmParameters) -> bool {
    let length = |text: &str| BASE64.decode(text.as_bytes()).map_or(0, |bytes| bytes.len());
    match key {
        AlgorithmParameters::OctetKeyPair(pair) => length(&pair.x) == 32,
        AlgorithmParameters::EllipticCurve(point) => {
            let size = if point.curve == EllipticCurve::P256 { 32 } else { 48 };
            length(&point.x) == size && length(&point.y) == size
        }
        AlgorithmParameters::RSA(rsa) => length(&rsa.n) >= 256,
        _ => false,
    }
}

pub fn key_names(jwks: &Value) -> Vec<String> {
    let keys = jwks["keys"].as_array().into_iter().flatten();
    keys.map(|key| key["kid"].as_str().unwrap_or("–").to_owned()).collect()
}
