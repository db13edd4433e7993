//! Grants: roles given to an account, or lent by one that holds them. They run out or are ended.

mod api;

pub use api::routes;
