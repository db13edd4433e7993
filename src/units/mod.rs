//! Units: the locality's organisation tree. Name, kind and parent hold from a day on, so that any day's tree can be
//! told again; a unit is never deleted, it ends.
//!
//! Everybody of a locality may read its tree: who exists is no secret, what they reported is.

mod api;
mod store;
mod tree;
mod view;

pub use api::routes;
pub use store::{history, register, scope, tree, within};
pub use tree::{History, Node, Tree};
