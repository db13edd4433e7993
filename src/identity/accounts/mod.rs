//! People's accounts: made by an administrator or on the command line, never deleted.

mod access;
mod api;
mod codes_api;
mod create;
mod enrol;
mod import;
mod repair;
mod store;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use create::{NewAccount, create_account};
pub use enrol::{Enrolled, unfit};
pub use repair::{NewPassword, confirm_grant, reset_password};
pub use store::{
    Login, NewAccountRow, clear_password, display_name, find, find_login, has_password, insert, lock, lock_login,
    login, set_password,
};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(import::routes).configure(codes_api::routes).configure(api::routes);
}
