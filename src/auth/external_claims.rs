//! What an external issuer's claims mean here, by configuration. PURE.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::http::Role;

/// An external issuer of access tokens, such as a city's single sign-on, and how far its word goes.
/// Places in the claims are JSON Pointers (RFC 6901).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalIssuer {
    pub issuer: String,
    /// What its tokens for this service name as audience.
    pub audience: String,
    /// Where its public keys are; https, or plain http on loopback.
    pub jwks_uri: String,
    /// The `typ` of its tokens.
    #[serde(default = "types")]
    pub types: Vec<String>,
    /// Longest life of a token, in seconds.
    #[serde(default = "lifetime")]
    pub lifetime_most: i64,
    /// Where the username stands.
    pub username: String,
    /// Where the locality's code stands; people without one are the city's.
    pub locality: Option<String>,
    /// Where the unit's code stands, for unit roles.
    pub unit: Option<String>,
    /// Where the issuer's own roles stand, as a list of texts.
    pub roles: Option<String>,
    /// The issuer's roles and what they are here. What it grants holds as long as its token.
    #[serde(default)]
    pub role_names: BTreeMap<String, Role>,
    /// Localities it may speak for.
    #[serde(default)]
    pub localities: Vec<String>,
    /// Whether it may speak for the city.
    #[serde(default)]
    pub city: bool,
    /// Whether an account is made for somebody who has none.
    #[serde(default)]
    pub create_accounts: bool,
    /// Whether a person of the same username and locality who stands already is taken to be the same.
    #[serde(default)]
    pub link_by_username: bool,
}

fn types() -> Vec<String> {
    vec!["at+jwt".into(), "JWT".into()]
}

fn lifetime() -> i64 {
    3600
}

/// Who somebody is and what they may be, as an issuer says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    pub subject: String,
    pub username: String,
    /// None: of the city.
    pub locality: Option<String>,
    pub unit: Option<String>,
    pub roles: Vec<Role>,
}

/// Reads the claims; none where the issuer says what it may not, or nothing of who it is.
pub fn identity(issuer: &ExternalIssuer, claims: &Value) -> Option<ExternalIdentity> {
    let text = |pointer: &str| claims.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let of = |pointer: &Option<String>| pointer.as_deref().and_then(text).map(str::to_owned);
    let subject = text("/sub")?;
    let locality = of(&issuer.locality);
    let speaks_for = match &locality {
        Some(code) => issuer.localities.contains(code),
        None => issuer.city,
    };
    if !speaks_for || subject.len() > 255 {
        return None;
    }
    let unit = of(&issuer.unit);
    let named = issuer.roles.as_deref().and_then(|pointer| claims.pointer(pointer)).and_then(Value::as_array);
    let mut roles: Vec<Role> = named
        .into_iter()
        .flatten()
        .filter_map(|name| issuer.role_names.get(name.as_str()?).copied())
        .filter(|role| role.is_of_city() == locality.is_none() && (!role.is_of_unit() || unit.is_some()))
        .collect();
    roles.sort();
    roles.dedup();
    let username = text(&issuer.username)?.to_lowercase();
    Some(ExternalIdentity { subject: subject.to_owned(), username, locality, unit, roles })
}
