//! One-time codes: with one, the owner of an account sets its password; no administrator ever sees a password.
//!
//! Lifecycle: issued → confirmed, for accounts with roles that need it → redeemed, expired or superseded. The code of
//! such an account has two halves: one is shown to who issues it, the other to who confirms it, so that neither can
//! redeem it alone. The request of a role that needs a confirmation comes with such a code where one administrator alone
//! could know how to log in.

mod api;
mod issue;
mod store;

pub use api::routes;
pub use issue::{IssuedCode, complete_for_role, issue, issue_for_role};
pub use store::{end_codes, open_code};
