//! The DID document of the service (W3C DID Core 1.0, Controlled Identifiers 1.0): the public keys of its proofs, those
//! of every time and of every address that it had. PURE.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The service's DID document.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct DidDocument {
    #[serde(rename = "@context")]
    context: [&'static str; 2],
    #[schema(example = "did:web:thidua.example")]
    id: String,
    /// The DIDs of its former addresses, and of other instances with addresses of their own.
    also_known_as: Vec<String>,
    verification_method: Vec<VerificationMethod>,
    /// Ids of the keys that sign proofs.
    assertion_method: Vec<String>,
}

/// A public key (Multikey).
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct VerificationMethod {
    #[schema(example = "did:web:thidua.example#z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")]
    id: String,
    #[serde(rename = "type")]
    #[schema(example = "Multikey")]
    kind: &'static str,
    #[schema(example = "did:web:thidua.example")]
    controller: String,
    #[schema(example = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2")]
    public_key_multibase: String,
}

impl DidDocument {
    /// Of keys with the DIDs under which they signed.
    pub fn of(did: &str, keys: Vec<(String, String)>) -> Self {
        let former: BTreeSet<&String> = keys.iter().map(|(controller, _)| controller).collect();
        let also_known_as = former.into_iter().filter(|former| *former != did).cloned().collect();
        let method = |(controller, key): (String, String)| VerificationMethod {
            id: format!("{controller}#{key}"),
            kind: "Multikey",
            controller,
            public_key_multibase: key,
        };
        let verification_method: Vec<VerificationMethod> = keys.into_iter().map(method).collect();
        Self {
            context: ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
            id: did.to_owned(),
            also_known_as,
            assertion_method: verification_method.iter().map(|method| method.id.clone()).collect(),
            verification_method,
        }
    }
}

/// The DIDs of a DID document: its own, and those that it says are the same.
pub fn dids(document: &Value) -> BTreeSet<String> {
    let others = document["alsoKnownAs"].as_array().into_iter().flatten();
    others.chain([&document["id"]]).filter_map(|did| did.as_str().map(str::to_owned)).collect()
}

/// The keys that a DID document names for assertions.
pub fn assertion_keys(document: &Value) -> BTreeSet<String> {
    let list = |name: &str| document[name].as_array().into_iter().flatten();
    let asserts = |id: &Value| list("assertionMethod").any(|asserted| asserted == id);
    let methods = list("verificationMethod").filter(|method| method["type"] == "Multikey" && asserts(&method["id"]));
    methods.filter_map(|method| method["publicKeyMultibase"].as_str().map(str::to_owned)).collect()
}
