//! People's accounts: made by an administrator or on the command line, never deleted.

mod api;
mod create;
mod store;

pub use api::routes;
pub use create::{NewAccount, create_account};
pub use store::{Login, NewAccountRow, display_name, find, find_login, insert, lock_login, login, set_password};
