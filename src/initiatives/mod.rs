//! Initiatives (sáng kiến, mô hình, giải pháp): units and people propose them, alone or jointly; the standing agency
//! recognises them at a level and records their replication in other units. A joint initiative counts in full for each
//! owner of a ranking, and once for the locality.
//!
//! Lifecycle: `proposed → recognised | rejected`, and `proposed | recognised → duplicate` of another one, which alone
//! counts from then on. The plan's criteria define the levels. `similar` finds possible duplicates.

mod access;
mod api;
mod duplicate_store;
mod initiative;
mod replication_api;
mod replication_store;
mod rules;
mod similar;
mod store;
mod transitions_api;
mod view;

use utoipa_actix_web::service_config::ServiceConfig;

pub use initiative::{Initiative, Recognised};
pub use rules::{Action, State, check_duplicate, next};
pub use similar::{Described, are_similar};
pub use store::{lock_all, recognised, recognised_among};

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes).configure(replication_api::routes);
}
