//! Meaning of an external issuer's claims, by configuration. PURE.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::http::Role;

/// An external issuer of access tokens, such as a city's single sign-on, and its limits. Paths into the claims are JSON
/// Pointers (RFC 6901).
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExternalIssuer {
    pub issuer: String,
    /// Audience of its tokens for this service.
    pub audience: String,
    /// URL of its public keys; https, or plain http on loopback.
    pub jwks_uri: String,
    /// The `typ` of its tokens.
    #[serde(default = "types")]
    pub types: Vec<String>,
    /// Maximum lifetime of a token, in seconds.
    #[serde(default = "lifetime")]
    pub lifetime_most: i64,
    /// Path of the username.
    pub username: String,
    /// Path of the locality's code; people without one belong to the city.
    pub locality: Option<String>,
    /// Path of the unit's code, for unit roles.
    pub unit: Option<String>,
    /// Path of the issuer's own roles, a list of texts.
    pub roles: Option<String>,
    /// The issuer's roles and their roles here. A granted role is valid as long as the token.
    #[serde(default)]
    pub role_names: BTreeMap<String, Role>,
    /// Localities that it may issue tokens for.
    #[serde(default)]
    pub localities: Vec<String>,
    /// Whether it may issue tokens for the city.
    #[serde(default)]
    pub city: bool,
    /// Whether an account is created for an unknown subject.
    #[serde(default)]
    pub create_accounts: bool,
    /// Whether an existing account with the same username and locality is linked to the subject.
    #[serde(default)]
    pub link_by_username: bool,
}

fn types() -> Vec<String> {
    vec!["at+jwt".into(), "JWT".into()]
}

fn lifetime() -> i64 {
    3600
}

/// Identity and roles by an issuer's claims.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalIdentity {
    pub subject: String,
    pub username: String,
    /// None: the city.
    pub locality: Option<String>,
    pub unit: Option<String>,
    pub roles: Vec<Role>,
}

/// Reads the claims; the cause, if they exceed the issuer's limits or name no subject.
pub fn identity(issuer: &ExternalIssuer, claims: &Value) -> Result<ExternalIdentity, &'static str> {
    let text = |pointer: &str| claims.pointer(pointer).and_then(Value::as_str).filter(|text| !text.is_empty());
    let of = |pointer: &Option<String>| pointer.as_deref().and_then(text).map(str::to_owned);
    let subject = text("/sub").filter(|subject| subject.len() <= 255).ok_or("its sub is missing or too long")?;
    let locality = of(&issuer.locality);
    let speaks_for = match &locality {
        Some(code) => issuer.localities.contains(code),
        None => issuer.city,
    };
    if !speaks_for {
        return Err("the issuer does not speak for its locality");
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
    let username = text(&issuer.username).ok_or("it has no username")?.to_lowercase();
    Ok(ExternalIdentity { subject: subject.to_owned(), username, locality, unit, roles })
}
