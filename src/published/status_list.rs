//! A list of bits by which a verifier learns that a credential was revoked without asking for that one (W3C Bitstring Status
//! List 1.0): the bit of a certificate is at its position, the leftmost of a byte first. PURE.

use std::io::{self, Write};

use data_encoding::BASE64URL_NOPAD as BASE64;
use flate2::{Compression, GzBuilder};

/// Certificates of one list: the least length that the standard asks for, so that a look-up hides among others.
pub const LENGTH: u32 = 131_072;

/// Which list a certificate is in, from 1, and where.
pub fn place(position: i64) -> (i64, u32) {
    let length = i64::from(LENGTH);
    (1 + (position - 1).div_euclid(length), (position - 1).rem_euclid(length) as u32)
}

/// The list as the standard writes it: compressed by gzip, multibase base64url. The same bits give the same text.
pub fn encoded(set: impl IntoIterator<Item = u32>) -> io::Result<String> {
    let mut bits = vec![0_u8; LENGTH as usize / 8];
    for index in set {
        if let Some(byte) = bits.get_mut(index as usize / 8) {
            *byte |= 0x80 >> (index % 8);
        }
    }
    let mut gzip = GzBuilder::new().mtime(0).write(Vec::new(), Compression::default());
    gzip.write_all(&bits)?;
    Ok(format!("u{}", BASE64.encode(&gzip.finish()?)))
}
