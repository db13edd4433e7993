//! The client's address. A proxy in front of the service writes the address that it sees into a header; a client can
//! forge the header, so it counts only as far as trusted proxies wrote it. PURE.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};

use ipnet::IpNet;

/// Reads the address that one hop of a header names.
pub type Hop = fn(&str) -> Option<IpAddr>;

/// Walks the hops from the nearest on, past trusted proxies: returns the first untrusted address, or the last address
/// that a trusted proxy named.
pub fn origin(peer: IpAddr, written: &str, hop: Hop, trusted: &[IpNet]) -> IpAddr {
    let mut known = peer.to_canonical();
    for text in hops(written).into_iter().rev() {
        if !trusted.iter().any(|net| net.contains(&known)) {
            break;
        }
        match hop(text) {
            Some(address) => known = address,
            None => break,
        }
    }
    known
}

/// The key of one client: an IPv6 address counts by its network, because a customer has 2^64 addresses.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() >> 64 << 64).into(),
        v4 => v4,
    }
}

/// The list's members; a comma within quotes does not separate.
fn hops(written: &str) -> Vec<&str> {
    let mut quoted = false;
    let hops = written.split(|c| {
        quoted ^= c == '"';
        c == ',' && !quoted
    });
    hops.map(str::trim).filter(|hop| !hop.is_empty()).collect()
}

/// A hop of `X-Forwarded-For`: an address with or without its port, an IPv6 one with or without brackets. `unknown` and
/// `_hidden` are none.
pub fn x_forwarded_for(text: &str) -> Option<IpAddr> {
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let parsed = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    parsed.map(|address: IpAddr| address.to_canonical())
}

/// A hop of `Forwarded`: its one `for` (RFC 7239, section 4).
pub fn forwarded(text: &str) -> Option<IpAddr> {
    let mut named = text.split(';').filter_map(|pair| {
        let (name, value) = pair.split_once('=')?;
        name.trim().eq_ignore_ascii_case("for").then(|| value.trim().trim_matches('"'))
    });
    named.next().filter(|_| named.next().is_none()).and_then(x_forwarded_for)
}
