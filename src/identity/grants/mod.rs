//! Grants: roles given to an account, or lent by one that holds them. They run out or are ended. A role that
//! decides or administers permits nothing until a second administrator confirms it.

mod api;
mod store;
mod view;

pub use api::routes;
pub use store::{NewGrant, confirm, find, find_any, grant, held, is_privileged};
