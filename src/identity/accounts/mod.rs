//! People's accounts: made by an administrator or on the command line, never deleted.

mod api;
mod create;
mod store;

pub use api::routes;
pub use create::{NewAccount, create_account};
pub use store::{Filter, GrantRow, end_grant, find, grant, grants, own_grant};
