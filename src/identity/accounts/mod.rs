//! People's accounts: made by an administrator or on the command line, never deleted.

mod api;
mod create;
mod repair;
mod store;

pub use api::routes;
pub use create::{NewAccount, create_account};
pub use repair::{NewPassword, confirm_grant, reset_password};
pub use store::{
    Login, NewAccountRow, clear_password, find, find_login, insert, lock, lock_login, login, set_password,
};
