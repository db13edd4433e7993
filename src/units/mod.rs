//! Units: the locality's organisation tree. Name, kind and parent hold from a day on, so that any day's tree can be
//! told again; a unit is never deleted, it ends.
//!
//! Everybody of a locality may read its tree: who exists is no secret, what they reported is.

mod api;
pub mod change;
pub mod import;
mod judge;
mod kinds;
mod kinds_api;
mod merge_api;
mod reach;
mod rules;
mod store;
mod tree;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use change::{TreeChange, newly_broken};
pub use judge::{TreeRule, TreeRules};
pub use kinds::{UnitKind, code_among, code_of};
pub use kinds_api::{KindsOfPlans, UnitKinds};
pub use reach::{named, reaches, scope, units_of_scope};
pub use rules::check_code;
pub use store::{ever_registered, history, history_now, lock_tree, register, share_tree, tree, within};
pub use tree::{History, Node, Tree};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(merge_api::routes).configure(import::routes).configure(kinds_api::routes);
}
