//! Where a request comes from.

use actix_web::HttpRequest;

/// The address of the peer, without its port.
pub fn client_address(req: &HttpRequest) -> String {
    req.peer_addr().map(|peer| peer.ip().to_string()).unwrap_or_default()
}
