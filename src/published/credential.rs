//! A certificate as a verifiable credential in the data shape of Open Badges 3.0 (no claim of conformance: the service does not
//! run its test suite), and the list that says which are revoked. Published fields only. PURE.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};

use super::{status_list::place, view::CertificateView};
use crate::movements::plan::sheet::award_form;

const CREDENTIALS: &str = "https://www.w3.org/ns/credentials/v2";
const BADGES: &str = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json";

/// What a credential says, and where.
pub struct Claim<'a> {
    /// Where the service is, such as `https://thidua.example`.
    pub service: &'a str,
    pub did: &'a str,
    pub certificate: &'a CertificateView,
    pub position: i64,
    pub published_at: DateTime<Utc>,
}

/// The credential without its proof.
pub fn credential(claim: &Claim) -> Map<String, Value> {
    let Claim { service, did, certificate: of, position, published_at } = claim;
    let id = format!("{service}/api/v1/public/certificates/{}", of.code);
    let (list, index) = place(*position);
    let list = list_id(service, list);
    let form = award_form(&of.award.form);
    let decision = format!("Quyết định số {} ngày {}", of.decision.number, of.decision.dated_on.format("%d/%m/%Y"));
    object(json!({
        "@context": [CREDENTIALS, BADGES],
        "id": format!("{id}/credential"),
        "type": ["VerifiableCredential", "OpenBadgeCredential"],
        "name": form,
        "issuer": issuer(did, &of.decision.issuer),
        "validFrom": instant(*published_at),
        "credentialSubject": {
            "type": ["AchievementSubject"],
            "identifier": [{
                "type": "IdentityObject", "identityHash": of.recipient.name, "identityType": "name", "hashed": false,
            }],
            "achievement": {
                "id": format!("{service}/api/v1/public/localities/{}/movements/{}/awards#{}", of.locality.code, of.movement.code, of.award.code),
                "type": ["Achievement"],
                "name": format!("{form}: {}", of.movement.title),
                "description": of.recipient.achievement,
                "criteria": { "narrative": format!("{decision}. {}", of.movement.title) },
            },
        },
        "credentialStatus": {
            "id": format!("{list}#{index}"),
            "type": "BitstringStatusListEntry",
            "statusPurpose": "revocation",
            "statusListIndex": index.to_string(),
            "statusListCredential": list,
        },
    }))
}

/// The list of revoked certificates as a credential, without its proof.
pub fn status_credential(
    service: &str,
    did: &str,
    list: i64,
    bits: &str,
    changed_at: DateTime<Utc>,
) -> Map<String, Value> {
    let id = list_id(service, list);
    object(json!({
        "@context": [CREDENTIALS],
        "id": id,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": did,
        "validFrom": instant(changed_at),
        "credentialSubject": {
            "id": format!("{id}#list"),
            "type": "BitstringStatusList",
            "statusPurpose": "revocation",
            "encodedList": bits,
        },
    }))
}

fn issuer(did: &str, name: &str) -> Value {
    json!({"id": did, "type": ["Profile"], "name": name})
}

fn list_id(service: &str, list: i64) -> String {
    format!("{service}/api/v1/public/status-lists/{list}")
}

fn instant(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn object(value: Value) -> Map<String, Value> {
    if let Value::Object(members) = value { members } else { Map::new() }
}
