//! Initiatives (sáng kiến, mô hình, giải pháp): proposed by units and people, alone or jointly, recognised at a level by
//! the standing agency, replicated to other units. A joint one counts in full for each owner of a ranking, and once for
//! the locality.
//!
//! The life: `proposed → recognised | rejected`, and `proposed | recognised → duplicate` of another one, which alone
//! counts from then on. Which levels there are, the criteria of the plan say. `similar` finds what may be the same.

mod acts_api;
mod api;
mod duplicate_store;
mod replication_api;
mod replication_store;
mod rules;
mod similar;
mod store;
mod view;

pub use api::routes;
pub use rules::{Action, State, check_duplicate, next};
pub use similar::{Told, are_similar};
pub use store::{Recognised, recognised};
