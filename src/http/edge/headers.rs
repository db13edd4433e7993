//! Security headers of every response: against content sniffing, framing, leaks and caching.

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderName, HeaderValue};

use super::cors::withhold;

/// Responses load nothing and cannot be framed.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The documentation's page loads its own files and the document. Its style sheet uses data: images, and its script
/// sets element styles.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Uploaded content never runs in the service's origin: a browser that opens it runs no script.
const FOREIGN: &str = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Path segments whose responses contain personal data or tokens and are `no-store`.
const PERSONAL: [&str; 23] = [
    "judging",
    "sessions",
    "council-members",
    "people",
    "households",
    "me",
    "accounts",
    "role-grants",
    "clients",
    "audit",
    "auth",
    "oauth",
    "evidence",
    "initiatives",
    "nominations",
    "assessments",
    "rankings",
    "sources",
    "proposals",
    "objections",
    "decisions",
    "certificates",
    "award-notices",
];

/// A year, subdomains too (ASVS 5.0, 3.4.1).
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// What the headers depend on.
#[derive(Clone)]
pub struct Requested {
    pub path: String,
    /// Clients reach the service by https.
    pub https: bool,
}

impl Requested {
    fn is_personal(&self) -> bool {
        self.path.split('/').any(|part| PERSONAL.contains(&part))
    }
}

pub fn protect(headers: &mut HeaderMap, asked: &Requested) {
    let policy = match asked.path.as_str() {
        path if path.starts_with("/docs/") => DOCUMENTATION,
        path if path.starts_with("/api/v1/evidence/") && path.ends_with("/file") => FOREIGN,
        path if path.ends_with("/signed-file") => FOREIGN,
        _ => NOTHING,
    };
    let shared = headers.contains_key(ACCESS_CONTROL_ALLOW_ORIGIN);
    let mut set = |name: &'static str, value: &'static str| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    };
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("content-security-policy", policy);
    set("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()");
    set("cross-origin-resource-policy", if shared { "cross-origin" } else { "same-origin" });
    if asked.https {
        set("strict-transport-security", HTTPS_ONLY);
    }
    if asked.is_personal() {
        set("cache-control", "no-store");
    }
    withhold(headers);
}
