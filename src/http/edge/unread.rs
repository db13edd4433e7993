//! Requests that the HTTP library refuses before a handler sees them: a head that is malformed, too large or too slow. The
//! library answers a bare status; what is sent in its place is a problem, as any other refusal.

use actix_web::ResponseError;

use crate::http::{Error, Locale};

/// Most bytes of a bare answer.
const BARE: usize = 512;

/// The problem in place of a bare answer of the library; none for any other answer.
pub fn in_place_of(written: &[u8]) -> Option<Vec<u8>> {
    let code = match written.strip_prefix(b"HTTP/1.1 ")?.get(..3)? {
        b"400" => "request_invalid",
        b"408" => "head_too_slow",
        b"431" => "head_too_large",
        _ => return None,
    };
    let head = std::str::from_utf8(written).ok().filter(|head| head.len() < BARE && head.ends_with("\r\n\r\n"))?;
    let head = head.to_ascii_lowercase();
    // An answer of the service has its headers.
    let is_bare = head.contains("\r\ncontent-length: 0\r\n") && !head.contains("\r\nx-content-type-options:");
    is_bare.then(|| raw(&Error::of(code), ""))
}

/// An answer without a request; `more` are header lines.
pub fn raw(refused: &Error, more: &str) -> Vec<u8> {
    let (status, body) = (refused.status_code(), refused.problem(Locale::default(), "").to_string());
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: application/problem+json\r\nContent-Length: {}\r\n{more}\
         Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
