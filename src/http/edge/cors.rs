//! CORS: the origins whose scripts may read responses, exactly as listed. Scripts set the token header themselves, so
//! browser credentials are never allowed.

use actix_cors::Cors;
use actix_web::http::header;

/// Headers that a front end may send: those that the API reads, and those that browsers and tracing add by themselves.
const SENT: [&str; 17] = [
    "accept",
    "accept-language",
    "authorization",
    "baggage",
    "cache-control",
    "content-encoding",
    "content-language",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "prefer",
    "traceparent",
    "tracestate",
    "x-requested-with",
];

/// Response headers that it may read, in addition to the safelisted ones.
const READ: [&str; 14] = [
    "allow",
    "content-disposition",
    "content-length",
    "date",
    "etag",
    "preference-applied",
    "www-authenticate",
    "link",
    "location",
    "x-request-id",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "idempotency-replayed",
];

/// How long a browser may cache a preflight response.
const REMEMBERED: usize = 600;

pub fn cors(origins: &[String]) -> Cors {
    let none = Cors::default().allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"]).allowed_headers(SENT);
    let open = none.expose_headers(READ).max_age(REMEMBERED);
    origins.iter().fold(open, |cors, origin| cors.allowed_origin(origin))
}

/// Headers that a response to an unlisted origin must not have.
pub fn withhold(headers: &mut header::HeaderMap) {
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    }
}
