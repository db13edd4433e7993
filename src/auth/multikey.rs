//! Keys and signatures as texts: base58btc behind the prefix `z` (Multibase), of an Ed25519 key with the prefix of its
//! kind (Multikey; W3C Controlled Identifiers 1.0, sections 2.4 and 2.2.2). One key has one text. PURE.

use num_bigint::BigUint;

const DIGITS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
/// Of Ed25519 public keys in the table of Multicodec.
const ED25519: [u8; 2] = [0xed, 0x01];
/// More characters than any key or signature has.
const LENGTH_MOST: usize = 128;

/// The bytes of an Ed25519 public key (RFC 8032).
pub type PublicKey = [u8; 32];

pub fn multikey(key: &PublicKey) -> String {
    multibase(&[&ED25519[..], key].concat())
}

pub fn read_multikey(text: &str) -> Option<PublicKey> {
    read_multibase(text)?.strip_prefix(&ED25519)?.try_into().ok()
}

/// Each zero in front is a digit of its own.
pub fn multibase(bytes: &[u8]) -> String {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    let number = match zeros == bytes.len() {
        true => Vec::new(),
        false => BigUint::from_bytes_be(bytes).to_radix_be(58),
    };
    let digits = std::iter::repeat_n(0, zeros).chain(number).map(|digit| char::from(DIGITS[usize::from(digit)]));
    std::iter::once('z').chain(digits).collect()
}

pub fn read_multibase(text: &str) -> Option<Vec<u8>> {
    let digits = text.strip_prefix('z').filter(|digits| digits.len() <= LENGTH_MOST)?;
    let value = |digit: u8| u8::try_from(DIGITS.iter().position(|known| *known == digit)?).ok();
    let values = digits.bytes().map(value).collect::<Option<Vec<u8>>>()?;
    let zeros = values.iter().take_while(|value| **value == 0).count();
    let number = match &values[zeros..] {
        [] => Vec::new(),
        number => BigUint::from_radix_be(number, 58)?.to_bytes_be(),
    };
    Some(std::iter::repeat_n(0, zeros).chain(number).collect())
}
