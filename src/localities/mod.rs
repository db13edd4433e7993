//! Localities: the tenants, each one commune-level People's Committee. A code holds between days, because codes have
//! passed from one commune to another; nothing is ever matched by name.

mod api;
mod create;
mod store;
mod view;

pub use api::routes;
pub use create::create_on_command;
pub use store::find;
pub use view::{LocalityKind, NewLocality};
