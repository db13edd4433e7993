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
