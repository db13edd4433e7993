//! Which front ends of other origins a browser lets read the answers: those on the list, exactly as written. Tokens
//! travel in a header that scripts set themselves, so no credentials of the browser's are ever asked for.

use actix_cors::Cors;
use actix_web::http::header;

/// Headers that a front end may send.
const SENT: [&str; 8] = [
    "accept",
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "traceparent",
];

/// Headers of answers that it may read, beside those that every page may.
const READ: [&str; 8] = [
    "etag",
    "link",
    "location",
    "x-request-id",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "idempotency-replayed",
];

/// How long a browser may remember that it may ask.
const REMEMBERED: usize = 600;

pub fn cors(origins: &[String]) -> Cors {
    let none = Cors::default().allowed_methods(["GET", "POST", "PUT", "PATCH", "DELETE"]).allowed_headers(SENT);
    let open = none.expose_headers(READ).max_age(REMEMBERED);
    origins.iter().fold(open, |cors, origin| cors.allowed_origin(origin))
}

/// What an answer to an origin that is not on the list must not carry.
pub fn withhold(headers: &mut header::HeaderMap) {
    if !headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN) {
        headers.remove(header::ACCESS_CONTROL_EXPOSE_HEADERS);
    }
}
