//! What the service signs for good: proofs of documents, by keys of their own, which verify for ever. Keys of tokens are
//! superseded and forgotten, and are removed when one becomes known; who trusts the DID document should then trust no
//! key that signs fifteen minutes' tokens. A purpose for each key (NIST SP 800-57, section 5.2) keeps both apart.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use chrono::{DateTime, SecondsFormat, Utc};
use data_encoding::BASE64URL_NOPAD as BASE64;
use jsonwebtoken::{Algorithm, crypto};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value};

use super::{
    integrity::{DataIntegrityProof, hash_data},
    keys::{Key, Keys},
    multikey::{multibase, multikey},
    proof_keys_store,
};
use crate::{
    db::Conn,
    http::{Error, Result},
};

/// What a step of a DID keeps as it is.
const STEP: &AsciiSet = &NON_ALPHANUMERIC.remove(b'.').remove(b'-').remove(b'_');

/// Signs documents in the name of the service.
#[derive(Clone)]
pub struct Sealer {
    keys: Arc<Keys>,
    did: String,
}

impl Sealer {
    /// With the keys for proofs, which are in a directory below that of the other keys.
    pub fn new(keys: Arc<Keys>, url: &str) -> Self {
        Self { keys, did: did_web(url) }
    }

    /// Reads the keys for proofs, or creates the first one.
    pub fn open(keys: &Path, url: &str) -> anyhow::Result<Self> {
        Ok(Self::new(Arc::new(Keys::open(&Self::directory(keys))?), url))
    }

    /// Where the keys for proofs are.
    pub fn directory(keys: &Path) -> PathBuf {
        keys.join("proofs")
    }

    /// The DID of the service.
    pub fn did(&self) -> &str {
        &self.did
    }

    /// Every key that ever signed for this database, as controller and Multikey, and the one that signs now.
    pub async fn keys(&self, conn: &mut Conn) -> Result<Vec<(String, String)>> {
        let mut known = proof_keys_store::all(conn).await?;
        let own = (self.did.clone(), multikey_of(&self.keys.signing())?);
        if !known.contains(&own) {
            known.push(own);
        }
        Ok(known)
    }

    /// What proves a document as of an instant. Its key is published in the transaction that stores the proof, so that none
    /// is ever without one.
    pub async fn signer(&self, conn: &mut Conn, at: DateTime<Utc>) -> Result<Signer> {
        let key = self.keys.signing();
        let public = multikey_of(&key)?;
        proof_keys_store::publish(conn, &self.did, &public, at).await?;
        let created = at.to_rfc3339_opts(SecondsFormat::Secs, true);
        Ok(Signer { key, unsigned: DataIntegrityProof::unsigned(format!("{}#{public}", self.did), created) })
    }
}

/// The key that signs, and the proof but for its signature.
pub struct Signer {
    key: Arc<Key>,
    unsigned: DataIntegrityProof,
}

impl Signer {
    /// The proof of a document.
    pub fn prove(&self, document: &Map<String, Value>) -> Result<DataIntegrityProof> {
        let mut proof = self.unsigned.clone();
        let Value::Object(config) = serde_json::to_value(&proof).map_err(Error::internal)? else {
            return Err(Error::internal("a proof is an object"));
        };
        let message = hash_data(document, &config).map_err(Error::internal)?;
        let signature = crypto::sign(&message, &self.key.encoding, Algorithm::EdDSA).map_err(Error::internal)?;
        proof.proof_value = multibase(&BASE64.decode(signature.as_bytes()).map_err(Error::internal)?);
        Ok(proof)
    }
}

fn multikey_of(key: &Key) -> Result<String> {
    let x = BASE64.decode(key.x.as_bytes()).map_err(Error::internal)?;
    let x = x.try_into().map_err(|_| Error::internal("a key has 32 bytes"))?;
    Ok(multikey(&x))
}

/// The DID of a service (did:web method): its host and port, and each step of its path. A document at a path is not at
/// `/.well-known/`: such a service's proxy must answer `/did.json` below the path by it.
fn did_web(url: &str) -> String {
    let place = url.split_once("://").map_or(url, |(_, place)| place).trim_end_matches('/');
    let steps: Vec<String> = place.split('/').map(|step| utf8_percent_encode(step, STEP).to_string()).collect();
    format!("did:web:{}", steps.join(":"))
}
