//! Access tokens of configured external issuers (single sign-on), verified by the issuer's published keys. The service
//! caches keys for an hour and fetches them again for an unknown key, at most every half minute; while the issuer is
//! unreachable, cached keys stay valid.

use std::{
    collections::HashMap,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use anyhow::{Context, ensure};
use chrono::{DateTime, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{DecodingKey, Validation, jwk::JwkSet};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::Mutex;

use super::{
    assertion::{algorithm, names_extensions},
    external_claims::{ExternalIdentity, ExternalIssuer, identity},
    tokens::{LENGTH_MOST, timely},
};
use crate::http;

const KEPT: Duration = Duration::from_secs(3600);
const PAUSE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(5);
const ANSWER_MOST: usize = 64 * 1024;

/// The external issuers and their cached keys.
#[derive(Clone, Default)]
pub struct ExternalIssuers(Arc<Vec<KnownIssuer>>);

struct KnownIssuer {
    issuer: ExternalIssuer,
    keys: Mutex<CachedKeys>,
}

#[derive(Default)]
struct CachedKeys {
    keys: Option<JwkSet>,
    asked: Option<Instant>,
}

impl ExternalIssuers {
    /// Reads the file of external issuers.
    pub fn read(file: &Path) -> anyhow::Result<Self> {
        let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
        let issuers: Vec<ExternalIssuer> =
            serde_json::from_slice(&bytes).with_context(|| format!("{} lists no issuers", file.display()))?;
        Self::new(issuers)
    }

    pub fn new(issuers: Vec<ExternalIssuer>) -> anyhow::Result<Self> {
        for issuer in &issuers {
            let uri = reqwest::Url::parse(&issuer.jwks_uri).with_context(|| issuer.jwks_uri.clone())?;
            let loopback = matches!(uri.host_str(), Some("127.0.0.1" | "localhost" | "[::1]"));
            ensure!(
                uri.scheme() == "https" || (uri.scheme() == "http" && loopback),
                "{}: keys are fetched by https, or by http on loopback only",
                issuer.jwks_uri
            );
        }
        let known = |issuer| KnownIssuer { issuer, keys: Mutex::default() };
        Ok(Self(Arc::new(issuers.into_iter().map(known).collect())))
    }

    /// The issuer that a token claims, and its subject once verified; else the cause, for the log.
    pub async fn verify(
        &self,
        token: &str,
        now: DateTime<Utc>,
    ) -> Result<(&ExternalIssuer, ExternalIdentity), &'static str> {
        #[derive(Deserialize)]
        struct Issued {
            iss: String,
        }
        if self.0.is_empty() {
            return Err("it is no valid token of this service");
        }
        if token.len() > LENGTH_MOST {
            return Err("it is too long");
        }
        let claims = token.split('.').nth(1).and_then(|claims| BASE64.decode(claims.as_bytes()).ok());
        let issued = claims.and_then(|claims| serde_json::from_slice::<Issued>(&claims).ok()).ok_or("it is no JWT")?;
        let mut known = self.0.iter();
        let known = known.find(|known| known.issuer.issuer == issued.iss).ok_or("its issuer is not configured")?;
        let claims = known.verify(token, now).await?;
        Ok((&known.issuer, identity(&known.issuer, &claims)?))
    }
}

impl KnownIssuer {
    async fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Value, &'static str> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| "its header is malformed")?;
        let typ = header.typ.as_deref().map(|typ| typ.trim_start_matches("application/")).ok_or("it has no typ")?;
        let typed = self.issuer.types.iter().any(|known| known.eq_ignore_ascii_case(typ));
        let bare = header.jwk.is_none() && header.jku.is_none() && header.x5u.is_none() && header.x5c.is_none();
        if !typed || !bare || names_extensions(token).is_none_or(|extended| extended) {
            return Err("its typ is not configured, or its header names a key or an extension");
        }
        let kid = header.kid.ok_or("it has no kid")?;
        let key = self.key(&kid).await.ok_or("the issuer publishes no such key")?;
        let mut validation = Validation::new(algorithm(&key, header.alg).ok_or("the key is not for its algorithm")?);
        validation.set_issuer(&[&self.issuer.issuer]);
        validation.set_audience(&[&self.issuer.audience]);
        validation.set_required_spec_claims(&["iss", "aud", "sub", "exp"]);
        // Instants are held against the service's own clock.
        validation.validate_exp = false;
        let bytes = token.split('.').nth(1).and_then(|claims| BASE64.decode(claims.as_bytes()).ok());
        // Read strictly: a duplicate claim is ambiguous.
        let claims = bytes.and_then(|bytes| http::read::<Value>(&bytes).ok()).ok_or("its claims are malformed")?;
        let key = DecodingKey::from_jwk(&key).map_err(|_| "the issuer's key is malformed")?;
        jsonwebtoken::decode::<Value>(token, &key, &validation)
            .map_err(|_| "its signature, audience or a required claim is wrong")?;
        let instant = |name: &str| claims[name].as_i64().ok_or("its instants are malformed");
        let (iat, exp) = (instant("iat")?, instant("exp")?);
        let nbf = if claims["nbf"].is_null() { iat } else { instant("nbf")? };
        match timely(iat, nbf, exp, self.issuer.lifetime_most, now) {
            true => Ok(claims),
            false => Err("it has expired, is not valid yet, or lives too long"),
        }
    }

    /// The issuer's key with this id. Fetches queue, so that many requests fetch once.
    async fn key(&self, kid: &str) -> Option<jsonwebtoken::jwk::Jwk> {
        let mut held = self.keys.lock().await;
        let known = held.keys.as_ref().is_some_and(|keys| keys.find(kid).is_some());
        let age = held.asked.map(|asked| asked.elapsed());
        let due = age.is_none_or(|age| age > if known { KEPT } else { PAUSE });
        if due {
            held.asked = Some(Instant::now());
            match fetch(&self.issuer.jwks_uri).await {
                Ok(keys) => held.keys = Some(keys),
                Err(cause) => tracing::warn!(issuer = self.issuer.issuer, cause = format!("{cause:#}"), "no keys"),
            }
        }
        held.keys.as_ref()?.find(kid).cloned()
    }
}

async fn fetch(uri: &str) -> anyhow::Result<JwkSet> {
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).timeout(PATIENCE).build()?;
    let mut answer = client.get(uri).send().await?.error_for_status()?;
    let mut bytes = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        bytes.extend_from_slice(&chunk);
        ensure!(bytes.len() <= ANSWER_MOST, "more than {ANSWER_MOST} bytes");
    }
    // A key of a kind unknown here must not hide the others.
    let keys: HashMap<String, Value> = serde_json::from_slice(&bytes)?;
    let keys = keys.get("keys").and_then(Value::as_array).context("no keys")?;
    let readable = keys.iter().filter_map(|key| serde_json::from_value(key.clone()).ok());
    Ok(JwkSet { keys: readable.collect() })
}
