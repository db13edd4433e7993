//! People's accounts: made by an administrator or on the command line, never deleted.

mod api;
mod create;
mod import;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use create::{NewAccount, create_account};
pub use store::{Login, NewAccountRow, display_name, find, find_login, insert, lock_login, login, set_password};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(import::routes);
}
