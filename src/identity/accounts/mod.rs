//! People's accounts: made by an administrator or on the command line, never deleted.

mod api;
mod create;
mod import;
mod repair;
mod store;

use utoipa_actix_web::service_config::ServiceConfig;

pub use create::{NewAccount, create_account};
pub use repair::{NewPassword, confirm_grant, reset_password};
pub use store::{
    Login, NewAccountRow, clear_password, display_name, find, find_login, insert, lock, lock_login, login, set_password,
};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(import::routes);
}
