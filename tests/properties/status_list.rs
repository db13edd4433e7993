//! Lists of revoked certificates: the bits that are set, and no others.

use std::{collections::BTreeSet, io::Read};

use data_encoding::BASE64URL_NOPAD as BASE64;
use flate2::read::GzDecoder;
use proptest::prelude::*;
use thidua::published::{LENGTH, encoded, place};

fn bits(text: &str) -> Vec<u8> {
    let gzip = BASE64.decode(text.strip_prefix('u').unwrap().as_bytes()).unwrap();
    let mut bits = Vec::new();
    GzDecoder::new(&gzip[..]).read_to_end(&mut bits).unwrap();
    bits
}

#[test]
fn the_first_bit_is_the_leftmost() {
    let list = bits(&encoded([0, 9, LENGTH - 1]).unwrap());
    assert_eq!((list.len(), list[0], list[1], list[list.len() - 1]), (16_384, 0x80, 0x40, 0x01));
}

proptest! {
    #[test]
    fn a_list_has_the_bits_that_were_set_and_no_others(set in proptest::collection::btree_set(0..LENGTH, 0..50)) {
        let text = encoded(set.iter().copied()).unwrap();
        prop_assert_eq!(&text, &encoded(set.iter().rev().copied()).unwrap());
        let list = bits(&text);
        let found: BTreeSet<u32> =
            (0..LENGTH).filter(|index| list[*index as usize / 8] & (0x80 >> (index % 8)) != 0).collect();
        prop_assert_eq!(found, set);
    }

    #[test]
    fn every_certificate_has_a_place_of_its_own(a in 1..2_000_000_i64, b in 1..2_000_000_i64) {
        let ((list, index), other) = (place(a), place(b));
        prop_assert_eq!((list - 1) * i64::from(LENGTH) + i64::from(index) + 1, a);
        prop_assert_eq!(a == b, (list, index) == other);
    }
}
