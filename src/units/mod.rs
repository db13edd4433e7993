//! Units: the locality's organisation tree. Name, kind and parent hold from a day on, so that any day's tree can be
//! told again; a unit is never deleted, it ends.
//!
//! Everybody of a locality may read its tree: who exists is no secret, what they reported is.

mod api;
mod import_api;
pub mod import_rows;
pub mod importing;
mod merge_api;
mod reach;
mod rules;
mod store;
mod tree;
mod view;

use std::pin::Pin;

use utoipa_actix_web::service_config::ServiceConfig;

pub use api::{keep_rules, rules};
pub use reach::{named, reaches, scope, units_of_scope};
pub use store::{all, history, lock_tree, register, share_tree, tree, within};
pub use tree::{History, Node, Tree};

use crate::{
    db::{Conn, LocalityId},
    finding::Finding,
    http::Result,
};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(merge_api::routes).configure(import_api::routes);
}

/// What somebody who counts on the tree finds wrong with it; a change that adds to it is refused.
pub type TreeRule = fn(&mut Conn, LocalityId) -> Pin<Box<dyn Future<Output = Result<Vec<Finding>>> + '_>>;
