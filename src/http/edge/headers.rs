//! The headers that keep an answer from being misread, framed, leaked or kept: on every answer, whatever it says.

use actix_web::http::header::{ACCESS_CONTROL_ALLOW_ORIGIN, HeaderMap, HeaderName, HeaderValue};

use super::cors::withhold;

/// Nothing of ours loads anything or stands in a frame.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// The documentation's page loads its own files and the document. Its style sheet draws with data: images, and its
/// script sets styles of elements.
const DOCUMENTATION: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What others wrote is never shown as ours: even a browser that opens it runs nothing of it.
const FOREIGN: &str = "sandbox; default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Parts of paths whose answers tell of people, or hold tokens: no cache may keep them.
const PERSONAL: [&str; 13] = [
    "people",
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
];

/// A year, subdomains too (ASVS 5.0, 3.4.1).
const HTTPS_ONLY: &str = "max-age=31536000; includeSubDomains";

/// What the headers depend on.
#[derive(Clone)]
pub struct Asked {
    pub path: String,
    /// Clients reach the service by https.
    pub https: bool,
}

impl Asked {
    fn is_personal(&self) -> bool {
        self.path.split('/').any(|part| PERSONAL.contains(&part))
    }
}

pub fn protect(headers: &mut HeaderMap, asked: &Asked) {
    let policy = match asked.path.as_str() {
        path if path.starts_with("/docs/") => DOCUMENTATION,
        path if path.starts_with("/api/v1/evidence/") && path.ends_with("/file") => FOREIGN,
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
