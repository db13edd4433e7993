//! One-time codes: with one, the owner of an account sets its password; no administrator ever sees a password.
//!
//! Lifecycle: issued → confirmed, for accounts with roles that need it → redeemed, expired or superseded. The code of
//! such an account has two halves: one is shown to who issues it, the other to who confirms it, so that neither can
//! redeem it alone.

mod api;
mod issue;
mod store;

pub use api::routes;
pub use issue::{IssuedCode, issue};
pub use store::{end_codes, open_code};
