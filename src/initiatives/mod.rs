//! Initiatives (sáng kiến, mô hình, giải pháp): proposed by units and people, alone or jointly, recognised at a level by
//! the standing agency, replicated to other units. A joint one counts in full for each owner of a ranking, and once for
//! the locality.
//!
//! The life: `proposed → recognised | rejected`, and `proposed | recognised → duplicate` of another one, which alone
//! counts from then on. Which levels there are, the criteria of the plan say. `similar` finds what may be the same.

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

pub use initiative::Recognised;
pub use rules::{Action, State, check_duplicate, next};
pub use similar::{Told, are_similar};
pub use store::recognised;

pub fn routes(config: &mut ServiceConfig) {
    config.configure(api::routes).configure(transitions_api::routes).configure(replication_api::routes);
}
