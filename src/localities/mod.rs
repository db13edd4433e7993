//! Localities: the tenants, each one commune-level People's Committee. A code holds between days, because codes have
//! passed from one commune to another; nothing is ever matched by name.

mod api;
mod store;
mod view;

pub use api::routes;
pub use store::find;
