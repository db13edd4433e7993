//! Whose request it is: what trusted proxies saw, and never what a client made up.

use std::net::IpAddr;

use ipnet::IpNet;
use proptest::prelude::*;
use rstest::rstest;
use thidua::http::{
    address::{Hop, forwarded, origin, x_forwarded_for},
    network,
};

fn proxies() -> Vec<IpNet> {
    ["10.0.0.0/8", "192.0.2.7/32", "fd00::/8"].iter().map(|net| net.parse().unwrap()).collect()
}

fn found(peer: &str, written: &str, hop: Hop) -> String {
    origin(peer.parse().unwrap(), written, hop, &proxies()).to_string()
}

#[rstest]
#[case::nothing_written("10.0.0.1", "", "10.0.0.1")]
#[case::one_hop("10.0.0.1", "203.0.113.9", "203.0.113.9")]
#[case::no_proxy("203.0.113.5", "198.51.100.1", "203.0.113.5")]
#[case::made_up_in_front("10.0.0.1", "1.1.1.1, 203.0.113.9", "203.0.113.9")]
#[case::two_proxies("10.0.0.1", "1.1.1.1, 203.0.113.9, 192.0.2.7", "203.0.113.9")]
#[case::an_unnamed_proxy_between("10.0.0.1", "203.0.113.9, 192.0.2.8", "192.0.2.8")]
#[case::proxies_only("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3")]
#[case::a_port("10.0.0.1", "203.0.113.9:4711", "203.0.113.9")]
#[case::brackets("10.0.0.1", "[2001:db8::1]", "2001:db8::1")]
#[case::brackets_and_port("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::1")]
#[case::bare_v6("fd00::1", "2001:db8::1", "2001:db8::1")]
#[case::mapped("::ffff:10.0.0.1", "::ffff:203.0.113.9", "203.0.113.9")]
#[case::mapped_proxy("10.0.0.1", "203.0.113.9, ::ffff:192.0.2.7", "203.0.113.9")]
#[case::unknown("10.0.0.1", "203.0.113.9, unknown, 192.0.2.7", "192.0.2.7")]
#[case::nonsense("10.0.0.1", "203.0.113.9, '; DROP TABLE", "10.0.0.1")]
#[case::empty_members("10.0.0.1", "203.0.113.9, ,", "203.0.113.9")]
#[case::spaces("10.0.0.1", "  203.0.113.9  ", "203.0.113.9")]
#[case::octal("10.0.0.1", "0203.0.113.9", "10.0.0.1")]
fn x_forwarded_for_is_read_from_the_right(#[case] peer: &str, #[case] written: &str, #[case] client: &str) {
    assert_eq!(found(peer, written, x_forwarded_for), client);
}

#[rstest]
#[case("10.0.0.1", "for=203.0.113.9", "203.0.113.9")]
#[case("10.0.0.1", "For=\"[2001:db8:cafe::17]:4711\"", "2001:db8:cafe::17")]
#[case("10.0.0.1", "for=192.0.2.60;proto=http;by=203.0.113.43", "192.0.2.60")]
#[case("10.0.0.1", "for=1.1.1.1, for=203.0.113.9;by=\"a,b\", for=192.0.2.7", "203.0.113.9")]
#[case("10.0.0.1", "for=203.0.113.9, for=unknown", "10.0.0.1")]
#[case("10.0.0.1", "for=203.0.113.9, for=_hidden", "10.0.0.1")]
#[case("10.0.0.1", "proto=https", "10.0.0.1")]
#[case("10.0.0.1", "for=1.1.1.1;for=2.2.2.2", "10.0.0.1")]
#[case("10.0.0.1", "for=\"1.1.1.1, for=203.0.113.9", "10.0.0.1")]
#[case("203.0.113.5", "for=1.1.1.1", "203.0.113.5")]
fn forwarded_is_read_from_the_right(#[case] peer: &str, #[case] written: &str, #[case] client: &str) {
    assert_eq!(found(peer, written, forwarded), client);
}

#[rstest]
#[case("203.0.113.9", "203.0.113.9")]
#[case("::ffff:203.0.113.9", "203.0.113.9")]
#[case("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
fn an_ipv6_customer_is_one_network(#[case] address: &str, #[case] one: &str) {
    assert_eq!(network(address.parse().unwrap()).to_string(), one);
}

fn any_address() -> impl Strategy<Value = IpAddr> {
    // Few proxies and few others, so that they meet.
    prop_oneof![
        (0..4u8).prop_map(|n| IpAddr::from([10, 0, 0, n])),
        (0..4u8).prop_map(|n| IpAddr::from([203, 0, 113, n])),
        any::<[u8; 16]>().prop_map(IpAddr::from),
        any::<[u8; 4]>().prop_map(IpAddr::from),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn what_a_client_writes_in_front_changes_nothing(
        peer in any_address(), made_up in ".{0,60}", client in any_address(),
    ) {
        // The proxy at the door writes the client behind whatever came with the request.
        let written = format!("{}, {client}", made_up.replace('"', ""));
        let trusted = proxies().iter().any(|net| net.contains(&client.to_canonical()));
        prop_assume!(!trusted);
        let honest = origin(peer, &client.to_string(), x_forwarded_for, &proxies());
        prop_assert_eq!(origin(peer, &written, x_forwarded_for, &proxies()), honest);
    }

    #[test]
    fn without_trusted_proxies_it_is_the_peer(peer in any_address(), written in ".{0,80}") {
        for hop in [x_forwarded_for, forwarded] {
            prop_assert_eq!(origin(peer, &written, hop, &[]), peer.to_canonical());
        }
    }

    #[test]
    fn it_is_the_peer_or_an_address_that_stands_there(peer in any_address(), hops in prop::collection::vec(any_address(), 0..6)) {
        let written = hops.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        let found = origin(peer, &written, x_forwarded_for, &proxies());
        prop_assert!(found == peer.to_canonical() || hops.iter().any(|hop| hop.to_canonical() == found));
    }
}
