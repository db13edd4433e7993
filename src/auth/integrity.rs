//! Proofs of the W3C Data Integrity 1.0 by the cryptosuite `eddsa-jcs-2022` (Data Integrity EdDSA Cryptosuites v1.0,
//! section 3.3): an Ed25519 signature over the SHA-256 of the proof's other members and that of the document without it,
//! both canonical by RFC 8785. Any software that knows the standard verifies them. PURE.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::ToSchema;

use super::multikey::{PublicKey, read_multibase};
use crate::canonical::digest;

/// What the terms of a secured document mean; the standard asks every document to name it.
pub const CONTEXT: &str = "https://w3id.org/security/data-integrity/v2";
const TYPE: &str = "DataIntegrityProof";
const CRYPTOSUITE: &str = "eddsa-jcs-2022";
const PURPOSE: &str = "assertionMethod";
/// The member that the signature is in.
const VALUE: &str = "proofValue";

/// A W3C Data Integrity proof.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataIntegrityProof {
    /// The same as of the document.
    #[serde(rename = "@context")]
    #[schema(value_type = String, example = "https://w3id.org/security/data-integrity/v2")]
    pub context: Value,
    #[serde(rename = "type")]
    #[schema(example = "DataIntegrityProof")]
    pub kind: String,
    #[schema(example = "eddsa-jcs-2022")]
    pub cryptosuite: String,
    #[schema(example = "2025-12-14T17:00:00Z")]
    pub created: String,
    /// The key: the DID of the service, and behind `#` the public key itself (Multikey).
    #[schema(example = "did:web:thidua.example#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")]
    pub verification_method: String,
    #[schema(example = "assertionMethod")]
    pub proof_purpose: String,
    /// The signature, base58btc.
    #[schema(example = "z63t83Y53KfzJ5ZosfKTnqfMcKB2dmTrfjSaQjeNNjAD5srBowQfmWqeRb8rRjmeEuCBEsddF9LsVogtuTsijJKh4")]
    pub proof_value: String,
}

impl DataIntegrityProof {
    /// A proof without its value: what is signed with the document.
    pub fn unsigned(verification_method: String, created: String) -> Self {
        Self {
            context: CONTEXT.into(),
            kind: TYPE.to_owned(),
            cryptosuite: CRYPTOSUITE.to_owned(),
            created,
            verification_method,
            proof_purpose: PURPOSE.to_owned(),
            proof_value: String::new(),
        }
    }
}

/// What is signed: the digest of the proof without its value, then that of the document without its proof.
pub fn hash_data(document: &Map<String, Value>, proof: &Map<String, Value>) -> serde_json::Result<[u8; 64]> {
    let without = |of: &Map<String, Value>, name: &str| {
        let mut of = of.clone();
        of.remove(name);
        digest(&of)
    };
    let mut both = [0; 64];
    both[..32].copy_from_slice(&without(proof, VALUE)?);
    both[32..].copy_from_slice(&without(document, "proof")?);
    Ok(both)
}

/// Why a proof does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// This member is missing, or another than the cryptosuite says.
    Member(&'static str),
    Signature,
}

/// Verifies the proof of a document by a key. Every other member of both is signed.
pub fn verify(document: &Map<String, Value>, proof: &Map<String, Value>, key: &PublicKey) -> Result<(), Refused> {
    for (member, asked) in [("type", TYPE), ("cryptosuite", CRYPTOSUITE), ("proofPurpose", PURPOSE)] {
        if proof.get(member).and_then(Value::as_str) != Some(asked) {
            return Err(Refused::Member(member));
        }
    }
    if proof.get("@context") != document.get("@context") {
        return Err(Refused::Member("@context"));
    }
    let signature = proof.get(VALUE).and_then(Value::as_str).and_then(read_multibase);
    let signature = signature.filter(|signature| signature.len() == 64).ok_or(Refused::Member(VALUE))?;
    let message = hash_data(document, proof).map_err(|_| Refused::Signature)?;
    UnparsedPublicKey::new(&ED25519, key).verify(&message, &signature).map_err(|_| Refused::Signature)
}
