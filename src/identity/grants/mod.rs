//! Grants: roles given to an account, or lent by one that holds them. They run out or are ended.

mod api;
mod store;

pub use api::routes;
pub use store::{NewGrant, grant, held};
