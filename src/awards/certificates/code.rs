//! The code of a certificate, which nobody guesses. PURE.

use data_encoding::BASE32_NOPAD;

/// Random bits of a code.
pub const BITS: usize = 120;

/// The text of random bytes: 24 capital letters and digits (RFC 4648, base 32), as a person types them.
pub fn code(random: [u8; BITS / 8]) -> String {
    BASE32_NOPAD.encode(&random)
}
