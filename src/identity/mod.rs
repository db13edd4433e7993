//! Identity: accounts of people and of machines (clients), their sign-ins and tokens, the roles and scopes they hold, and
//! the guard that turns a token into a [`Caller`](crate::http::Caller). Account and grants are read anew at every
//! request, so that a withdrawn role, an ended sign-in or a disabled account is refused at once.
//!
//! No default account exists: the command line creates the first administrator. Grants are never deleted; they expire
//! or are ended.

mod accounts;
mod api;
mod caller_store;
mod callers;
mod clients;
mod codes;
mod confirmation;
mod external_store;
mod grants;
mod guard;
pub mod notices;
mod place_store;
pub mod rules;
mod sign_ins;

use utoipa_actix_web::service_config::ServiceConfig;

pub use accounts::{
    Enrolled, NewAccount, NewPassword, confirm_grant, create_account, display_name, reset_password, unfit,
};
pub use callers::{caller_named, caller_of};
pub use clients::{NewClient, create_client};
pub use guard::guard;
pub use place_store::place;
pub use sign_ins::ForgetSignIns;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(sign_ins::routes);
    config.configure(accounts::routes).configure(codes::routes).configure(grants::routes).configure(clients::routes);
}

/// Outside `/api/v1`: standards fix these paths.
pub fn well_known(config: &mut ServiceConfig) {
    config.configure(api::well_known).configure(clients::well_known);
}
