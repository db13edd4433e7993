//! Secrets that the service generates: shown once, stored as a digest. They have 256 random bits, so that a fast digest
//! is safe.

use data_encoding::BASE64URL_NOPAD as BASE64;
use sha2::{Digest, Sha256};

pub struct Secret {
    pub text: String,
}

impl Secret {
    pub fn random() -> Self {
        Self { text: BASE64.encode(&rand::random::<[u8; 32]>()) }
    }

    pub fn digest(&self) -> Vec<u8> {
        Sha256::digest(&self.text).to_vec()
    }

    /// Another secret, masked so that only who holds this one can read it. A secret masks one other at most.
    pub fn mask(&self, other: &Self) -> Option<Vec<u8>> {
        Some(self.masked(&BASE64.decode(other.text.as_bytes()).ok()?))
    }

    /// The secret that [`mask`](Secret::mask) masked.
    pub fn unmask(&self, masked: &[u8]) -> Self {
        Self { text: BASE64.encode(&self.masked(masked)) }
    }

    fn masked(&self, bytes: &[u8]) -> Vec<u8> {
        let pad = Sha256::new().chain_update("thidua successor\0").chain_update(&self.text).finalize();
        bytes.iter().zip(pad).map(|(byte, pad)| byte ^ pad).collect()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self { text }
    }
}

/// A generated password: 20 characters of a 32-letter alphabet, 100 bits.
pub fn first_password() -> String {
    const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    (0..20).map(|_| char::from(LETTERS[usize::from(rand::random::<u8>() % 32)])).collect()
}
