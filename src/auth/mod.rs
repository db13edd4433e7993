//! Credentials: the service's keys and tokens, passwords and secrets, machines' assertions, tokens of external issuers.
//! It knows no account and no feature; `identity` maps a token to its account.

mod assertion;
pub mod did;
mod external;
mod external_claims;
pub mod integrity;
mod keys;
pub mod multikey;
mod passwords;
mod proof_keys_store;
mod registry;
mod registry_store;
mod sealer;
mod secrets;
mod tokens;

pub use assertion::{ALGORITHMS, check_keys, key_names, subject, verify as verify_assertion};
pub use external::ExternalIssuers;
pub use external_claims::{ExternalIdentity, ExternalIssuer, identity};
pub use keys::Keys;
pub use passwords::{Hasher, check as check_password};
pub use registry::{greet, keep_registered, register};
pub use sealer::{Sealer, Signer};
pub use secrets::{Secret, first_password};
pub use tokens::{Basis, Issuer};
