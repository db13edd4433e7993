//! The signed head of a chain. Kept elsewhere, it detects a truncated or rewritten chain.

use chrono::{DateTime, Utc};
use jsonwebtoken::{Algorithm, crypto};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{chain::START, store};
use crate::{
    auth::Keys,
    canonical::{canonical, hex, unhex},
    db::{Conn, LocalityId},
    http::{Error, Result},
};

/// The state of a chain, signed with the key that signs tokens. The signature (Ed25519, base64url) is over the
/// canonical JSON (RFC 8785) of all members except `kid` and itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AuditHead {
    /// The nil UUID for the log above localities.
    pub locality: LocalityId,
    /// Number of the last link; 0 before the first.
    pub seq: i64,
    /// Its hash, in hexadecimal digits.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub hash: String,
    /// Instant of its chaining; null before the first.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
    /// Number of records not yet chained, which this head does not cover.
    pub unchained: i64,
    #[schema(example = "mVd4cO1q…")]
    pub signature: String,
    /// Id of the signing key in the service's JWK set.
    #[schema(example = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k")]
    pub kid: String,
}

#[derive(Serialize)]
struct Signed<'a> {
    at: Option<DateTime<Utc>>,
    hash: &'a str,
    locality: LocalityId,
    seq: i64,
    unchained: i64,
}

impl AuditHead {
    /// The current head.
    pub async fn of(conn: &mut Conn, keys: &Keys, locality: LocalityId) -> Result<Self> {
        let unchained = store::unchained(conn, locality).await?;
        let last = store::last(conn, locality).await?;
        let key = keys.signing();
        let mut head = Self {
            locality,
            seq: last.as_ref().map_or(0, |last| last.seq),
            hash: hex(last.as_ref().map_or(&START[..], |last| &last.hash)),
            at: last.map(|last| last.chained_at),
            unchained,
            signature: String::new(),
            kid: key.kid.clone(),
        };
        head.signature = crypto::sign(&head.signed()?, &key.encoding, Algorithm::EdDSA).map_err(Error::internal)?;
        Ok(head)
    }

    /// Whether one of these keys signed it as it is.
    pub fn is_signed_by(&self, keys: &Keys) -> bool {
        let verified = |message: &[u8]| {
            let key = keys.ever(&self.kid)?;
            crypto::verify(&self.signature, message, &key.decoding, Algorithm::EdDSA).ok()
        };
        self.signed().is_ok_and(|message| verified(&message) == Some(true))
    }

    /// Number and hash.
    pub fn place(&self) -> (i64, Vec<u8>) {
        (self.seq, unhex(&self.hash).unwrap_or_default())
    }

    fn signed(&self) -> Result<Vec<u8>> {
        let Self { locality, seq, hash, at, unchained, .. } = self;
        let signed = Signed { at: *at, hash, locality: *locality, seq: *seq, unchained: *unchained };
        canonical(&signed).map_err(Error::internal)
    }
}
