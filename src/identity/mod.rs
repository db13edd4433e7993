//! Identity: accounts of people and of machines (clients), their sign-ins and tokens, the roles and scopes they hold, and
//! the guard that turns a token into a [`Caller`](crate::http::Caller). Account and grants are read anew at every
//! request, so that a withdrawn role, an ended sign-in or a disabled account is refused at once.
//!
//! No default account exists: the first administrator is made by the command line. Grants are never deleted; they run
//! out or are ended.

mod account_api;
mod account_store;
mod accounts;
mod again;
mod api;
mod assertion;
mod client_api;
mod client_store;
mod clients;
mod grant_api;
mod guard;
mod jobs;
mod keys;
mod oauth_api;
mod outside;
mod outside_claims;
mod outside_store;
mod passwords;
mod rules;
mod secrets;
mod sign_in_api;
mod sign_in_store;
mod store;
mod throttle;
mod tokens;

use utoipa_actix_web::service_config::ServiceConfig;

use account_api::username;
pub use accounts::{NewAccount, create_account};
pub use again::{caller_named, caller_of};
pub use clients::{NewClient, create as create_client};
pub use guard::guard;
pub use jobs::ForgetSignIns;
pub use keys::Keys;
pub use outside::{Outside, read as read_issuers};
pub use passwords::Hasher;
pub use secrets::{Secret, first_password};
pub use store::place;
pub use tokens::{Ground, Issuer};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(sign_in_api::routes).configure(oauth_api::routes);
    config.configure(account_api::routes).configure(grant_api::routes).configure(client_api::routes);
}

/// Outside `/api/v1`: standards fix these paths.
pub fn well_known(config: &mut ServiceConfig) {
    config.configure(api::well_known).configure(oauth_api::well_known);
}
